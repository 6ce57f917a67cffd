"""What the worker does to deliveries that only wait: repeats get their next rows, late ones are missed, walls are kept."""

import logging

from campaigns.deliveries import pictures
from campaigns.deliveries.composing import compose
from campaigns.deliveries.services import keeping, repeating
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Problem
from cms.core.worker import Job, Outcome

log = logging.getLogger(__name__)
MOST_REMEMBERED = 5_000
_prepared: dict[int, int] = {}  # versions of deliveries whose pictures this process saw to


def extend_repeats() -> Outcome:
    """Make the rows of the weeks to come, one repeat at a time; one that fails never stops the rest."""
    made = failed = 0
    for repeat_id in keeping.repeats_to_extend():
        try:
            with transaction():
                made += repeating.extend_repeat(repeat_id, at=clock.now())
        except Exception:  # one bad row never stops the rest
            log.exception("repeat %d could not be extended", repeat_id)
            failed += 1
    return {name: count for name, count in (("made", made), ("failed", failed)) if count}


def look_after_waiting() -> Outcome:
    """Deliveries whose post did not come in time are missed; those whose post was removed are cancelled."""
    with transaction():
        missed = keeping.miss_waiting(at=clock.now())
    with transaction():
        cancelled = keeping.cancel_orphans(at=clock.now())
    return {name: count for name, count in (("missed", missed), ("cancelled", cancelled)) if count}


def realign_deliveries() -> Outcome:
    """Let planned instants follow their walls, after the rules of a zone changed. Also when the worker starts."""
    moved, shifted = 0, keeping.shifted_deliveries(at=clock.now())
    for start in range(0, len(shifted), keeping.AT_ONCE):  # so that nobody waits long for the lock
        with transaction():
            batch = shifted[start : start + keeping.AT_ONCE]
            moved += keeping.realign_deliveries(batch, at=clock.now())
    return {"moved": moved} if moved else {}


def prepare_pictures() -> Outcome:
    """Convert the pictures of what goes out soon, so that sending does not wait for it. What cannot be composed is left
    to the send, which tells people."""
    prepared = 0
    for delivery_id, version in keeping.due_soon(at=clock.now()):
        if _prepared.get(delivery_id) == version:
            continue
        try:
            compose(delivery_id)
        except Exception as error:  # one bad row never stops the rest
            if not isinstance(error, Problem):
                log.exception("pictures of delivery %d could not be made", delivery_id)
        db.session.rollback()
        _remember(delivery_id, version)
        prepared += 1
    return {"prepared": prepared} if prepared else {}


def forget_pictures() -> Outcome:
    """Remove converted pictures that no message named for long, and let go of files that only removed variants showed."""
    removed = pictures.forget_unused(at=clock.now())
    with transaction():
        released = keeping.release_media()
    return {name: count for name, count in (("removed", removed), ("released", released)) if count}


def _remember(delivery_id: int, version: int) -> None:
    """A restart forgets it, and what was made is found in the store."""
    if len(_prepared) >= MOST_REMEMBERED:
        _prepared.clear()
    _prepared[delivery_id] = version


JOBS = [
    Job("extend_repeats", extend_repeats, every=3600),
    Job("look_after_waiting_deliveries", look_after_waiting, every=30),
    Job("prepare_pictures", prepare_pictures, every=20),
    Job("forget_converted_pictures", forget_pictures, every=21_600),
    Job("realign_deliveries", realign_deliveries, every=86_400),
]
