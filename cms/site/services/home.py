"""Arranging the home page: the whole order of its blocks at once, as the editor saw it in the preview."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.pagecache import touch
from cms.people import audit
from cms.people.models import Person
from cms.site.models import HomeBlock
from cms.site.queries.home import Arranged, stored_arrangement

MOST_BLOCKS = 30
MOST_POSTS = 24


class TooManyBlocks(Invalid):
    """A home page that long is read by nobody."""

    message = _("The home page has as many blocks as it can have. Please remove one first.")


class ArrangedMeanwhile(Conflict):
    """Somebody else saved an arrangement since this one was begun."""

    message = _(
        "Somebody else arranged the home page in the meantime. Yours is below, not saved yet; saving it now replaces "
        "theirs."
    )


def save_arrangement(arranged: Sequence[Arranged], *, base: str, by: Person | None, at: datetime) -> None:
    """Make the home page what is given, in this order. `base` is the `fingerprint` of what it was begun from."""
    if len(arranged) > MOST_BLOCKS:
        raise TooManyBlocks
    if base != fingerprint():
        raise ArrangedMeanwhile
    known = {one.id: one for one in db.session.scalars(select(HomeBlock))}
    kept = {one.id for one in arranged}
    for block_id, block in known.items():
        if block_id not in kept:
            db.session.delete(block)
    for position, one in enumerate(arranged):
        block = known.get(one.id or 0) or HomeBlock(kind=one.kind)
        block.title, block.count = one.title, max(1, min(MOST_POSTS, one.how_many))
        block.section_id = one.section_id if block.kind == "section" else None
        block.post_id = one.post_id if block.kind == "lead" else None
        block.is_shown, block.position = one.is_shown, position
        db.session.add(block)
    db.session.flush()
    audit.record("home.arranged", "home", by=by, at=at)
    touch("site", "posts")


def fingerprint() -> str:
    """What the stored arrangement is recognised by."""
    stored = [asdict(one) for one in stored_arrangement()]
    return sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]
