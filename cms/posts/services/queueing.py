"""Keeping the queue of planned times sound: tries that end unexpectedly are counted, and instants follow the clocks of
their zones when a government changes its mind."""

import logging
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid
from cms.posts.models import Post, Release

log = logging.getLogger(__name__)
WAITS = tuple(timedelta(seconds=one) for one in (0, 2, 10, 60, 300))  # from the time it was due to each try
_CLOCKS = (
    (Post, "due_at", "due_wall", "due_zone"),
    (Post, "removal_at", "removal_wall", "removal_zone"),
    (Post, "embargo_until", "embargo_wall", "embargo_zone"),
    (Release, "due_at", "due_wall", "due_zone"),
)


def is_turn(due_at: datetime, tries: int, *, at: datetime) -> bool:
    """Whether something that failed `tries` times is tried now: soon at first, then less and less often."""
    return at >= due_at + WAITS[min(tries, len(WAITS) - 1)]


def count_try(model: type[Post] | type[Release], row_id: int, *, of: str = "due") -> str | None:
    """Note that a try ended unexpectedly. After the last one, the sentence with which the row leaves the queue."""
    column = getattr(model, f"{of}_tries")
    row = model.id == row_id
    db.session.execute(
        update(model).where(row).values({column: column + 1}),
        execution_options={"synchronize_session": False},
    )
    if (db.session.scalar(select(column).where(row)) or 0) < len(WAITS):
        return None
    return str(_("Something unexpected stopped it %(count)d times. The log says more.", count=len(WAITS)))


def realign_times(*, at: datetime) -> int:
    """Let every planned instant still to come be what its wall time means now; gives how many moved.

    The rules of a zone change a few times a year, with a new version of the time zone data.
    """
    moved = 0
    for model, instant, wall, zone in _CLOCKS:
        column = getattr(model, instant)
        rows = db.session.execute(
            select(model.id, column, getattr(model, wall), getattr(model, zone)).where(
                column > at, getattr(model, wall).is_not(None)
            )
        ).all()
        for row_id, stored, said, place in rows:
            moved += _realign(model, row_id, instant, stored=stored, said=said, place=place)
    return moved


def _realign(
    model: type[Post] | type[Release], row_id: int, name: str, *, stored: datetime, said: str, place: str
) -> int:
    try:
        meant = walltime.instant_near(said, place, stored)
    except Invalid:  # the clocks now jump over it: the instant that was promised stays
        log.warning(
            "%s of %s %d: %s in %s does not exist any more", name, model.__name__, row_id, said, place
        )
        return 0
    if meant == stored:
        return 0
    db.session.execute(
        update(model).where(model.id == row_id).values({name: meant}),
        execution_options={"synchronize_session": False},
    )
    log.warning(
        "%s of %s %d moved from %s to %s: the rules of %s changed",
        name,
        model.__name__,
        row_id,
        stored,
        meant,
        place,
    )
    return 1
