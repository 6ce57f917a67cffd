"""Arranging the home page. Blocks keep their order by position; moving one swaps it with its neighbour."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.pagecache import touch
from cms.people import audit
from cms.people.models import Person
from cms.site.models import BLOCK_KINDS, HomeBlock
from cms.topics.models import Section

MOST_BLOCKS = 30
MOST_POSTS = 24


class TooManyBlocks(Invalid):
    """A home page that long is read by nobody."""

    message = _("The home page has as many blocks as it can have. Please remove one first.")


def begin_arrangement(
    usual: Sequence[tuple[str, int, int | None]], *, by: Person | None, at: datetime
) -> None:
    """Write down the usual arrangement (kind, count, section), so that it can be changed. Done once."""
    if db.session.scalar(select(func.count(HomeBlock.id))):
        return
    for position, (kind, count, section_id) in enumerate(usual):
        db.session.add(HomeBlock(kind=kind, count=count, section_id=section_id, title={}, position=position))
    _note("home.arranged", "home", by, at)


def add_block(kind: str, *, section_id: int | None = None, by: Person | None, at: datetime) -> HomeBlock:
    """Add a block at the end."""
    if kind not in BLOCK_KINDS:
        raise NotFound
    count, last = db.session.execute(select(func.count(HomeBlock.id), func.max(HomeBlock.position))).one()
    if count >= MOST_BLOCKS:
        raise TooManyBlocks
    block = HomeBlock(
        kind=kind,
        section_id=_section(kind, section_id),
        title={},
        count=4,
        position=0 if last is None else last + 1,
    )
    db.session.add(block)
    db.session.flush()
    _note("home.block_added", f"block:{block.id}", by, at)
    return block


def change_block(
    block_id: int,
    *,
    title: dict[str, str],
    count: int,
    section_id: int | None = None,
    post_id: int | None = None,
    is_shown: bool = True,
    by: Person | None,
    at: datetime,
) -> None:
    """Say what a block is called, how much it holds and whether it is shown."""
    block = _get(block_id)
    block.title = {language: words for language, words in title.items() if words}
    block.count = max(1, min(MOST_POSTS, count))
    block.section_id = _section(block.kind, section_id)
    block.post_id = post_id if block.kind == "lead" else None
    block.is_shown = is_shown
    _note("home.block_changed", f"block:{block_id}", by, at)


def move_block(block_id: int, *, up: bool, by: Person | None, at: datetime) -> None:
    """Change places with the block above or below; at the end of the page nothing happens."""
    blocks = list(db.session.scalars(select(HomeBlock).order_by(HomeBlock.position, HomeBlock.id)))
    place = next((number for number, one in enumerate(blocks) if one.id == block_id), None)
    if place is None:
        raise NotFound
    other = place - 1 if up else place + 1
    if not 0 <= other < len(blocks):
        return
    blocks[place], blocks[other] = blocks[other], blocks[place]
    for position, block in enumerate(blocks):
        block.position = position
    _note("home.block_moved", f"block:{block_id}", by, at)


def remove_block(block_id: int, *, by: Person | None, at: datetime) -> None:
    """Take a block off the page."""
    db.session.delete(_get(block_id))
    _note("home.block_removed", f"block:{block_id}", by, at)


def _get(block_id: int) -> HomeBlock:
    block = db.session.get(HomeBlock, block_id)
    if block is None:
        raise NotFound
    return block


def _section(kind: str, section_id: int | None) -> int | None:
    if kind != "section":
        return None
    if section_id is None or db.session.get(Section, section_id) is None:
        raise Invalid(errors={"section_id": str(_("Please choose a section."))})
    return section_id


def _note(act: str, subject: str, by: Person | None, at: datetime) -> None:
    db.session.flush()
    audit.record(act, subject, by=by, at=at)
    touch("site", "posts")
