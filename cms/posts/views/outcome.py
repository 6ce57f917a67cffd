"""What a page says about an act on many posts: how far it is, what was refused and why, whether it can be undone."""

from dataclasses import dataclass

from flask import request

from cms.core import clock
from cms.core.errors import NotFound
from cms.posts import queries, services
from cms.posts.models import BulkAct
from cms.posts.queries import Left
from cms.posts.views.asked import me


@dataclass(frozen=True)
class Outcome:
    """An act on many posts as its page shows it."""

    act: BulkAct
    total: int
    left: int  # that were not looked at yet
    done: int
    refused: int
    reasons: list[Left]
    can_be_undone: bool


def outcome_of(bulk_id: int) -> Outcome:
    """What became of an act; only for whoever asked for it."""
    act = queries.get_bulk(bulk_id)
    if act.by_id != me().id:
        raise NotFound
    counts = queries.bulk_counts(act.id)
    is_over = act.finished_at is not None
    names = ("done", "undone", "kept") if act.is_undoing else ("waiting", "done", "refused")
    left, done, refused = (counts.get(name, 0) for name in names)
    is_fresh = clock.now() - act.created_at <= services.UNDONE_WITHIN
    return Outcome(
        act=act,
        total=sum(counts.values()),
        left=0 if is_over else left,
        done=done,
        refused=refused,
        reasons=list(queries.bulk_refused(act.id)),
        can_be_undone=is_over and not act.is_undoing and done > 0 and is_fresh,
    )


def outcome_here() -> Outcome | None:
    """What became of the act that led back to this page."""
    number = request.args.get("done", "")
    if not (number.isdecimal() and len(number) < 10):
        return None
    try:
        return outcome_of(int(number))
    except NotFound:
        return None
