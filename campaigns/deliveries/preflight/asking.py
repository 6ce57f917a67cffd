"""All findings about sending one post to some accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries.composing import Tailored, tailored_drafts
from campaigns.deliveries.preflight.moments import at_its_time, moment_of
from campaigns.deliveries.preflight.neighbours import Neighbours, beside, neighbours_of
from campaigns.deliveries.preflight.texts import in_its_words, what_is_known
from campaigns.deliveries.timing import When
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.seams import Finding
from cms.posts.models import Post


@dataclass(frozen=True)
class Proposed:
    """One account, and when; as `services.Choice`."""

    account_id: int
    when: When
    ignores_quiet: bool = False


def preflight(
    post_id: int, proposed: Sequence[Proposed], *, at: datetime, but: Sequence[int] = ()
) -> dict[int, list[Finding]]:
    """By account, what forbids it first. `but` are deliveries that are being moved or retried: they are not in the way.

    Accounts that are unknown are left out. Raises `NotFound` for a post that is. The queries do not grow with the
    number of accounts, but for the next free slot of each.
    """
    post = db.session.get(Post, post_id)
    if post is None:
        raise NotFound
    drafts = {one.account.id: one for one in tailored_drafts(post_id, [one.account_id for one in proposed])}
    neighbours = neighbours_of(post_id, list(drafts), at=at, but=but)
    known = what_is_known(list(drafts.values()))
    found = {
        one.account_id: _about(post, one, drafts[one.account_id], neighbours, known, at=at)
        for one in proposed
        if one.account_id in drafts
    }
    return found | {one: _without_network() for one in _left_out([one.account_id for one in proposed], found)}


def blocking(found: Mapping[int, Sequence[Finding]]) -> list[Finding]:
    """Those that forbid it, of all accounts."""
    return [one for findings in found.values() for one in findings if one.is_blocking]


def _left_out(account_ids: Sequence[int], found: Mapping[int, object]) -> list[int]:
    """Accounts that there are, of networks that there are no more."""
    missing = [one for one in account_ids if one not in found]
    return list(db.session.scalars(select(Account.id).where(Account.id.in_(missing)))) if missing else []


def _without_network() -> list[Finding]:
    return [Finding("account.network", _("This version has no such network."), is_blocking=True)]


def _about(
    post: Post, proposed: Proposed, draft: Tailored, neighbours: Neighbours, known: object, *, at: datetime
) -> list[Finding]:
    account: Account = draft.account
    moment, refused = moment_of(proposed.when, account, post, proposed.ignores_quiet, at=at)
    found = [
        *refused,
        *at_its_time(post, account, moment, at=at),
        *in_its_words(post, draft, known),  # type: ignore[arg-type]
        *beside(draft, moment, neighbours),
    ]
    return sorted(found, key=lambda one: not one.is_blocking)
