"""Reading media: one with its sizes, lists for the desk, and where something is used."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from cms.core.database import Base, db
from cms.core.errors import NotFound
from cms.media import models
from cms.media.models import Media, MediaUse, MediaVariant, Portrait

PAGE_SIZE = 30
_ADDRESS = re.compile(r"/media/([a-z0-9][a-z0-9./_-]{0,119})")


@dataclass(frozen=True)
class MediaPage:
    """Some media, newest first, and the key of what follows: `before` of the next page."""

    items: list[Media]
    next_before: int | None


@dataclass(frozen=True)
class Use:
    """One place that needs a file: the table or kind of text, and which one."""

    place: str
    id: int


def sizes() -> ORMOption:
    """Loader option for queries that show media: `select(Media).options(sizes())`."""
    return selectinload(Media.variants)


def get_media(media_id: int) -> Media:
    """One file with its sizes."""
    found = db.session.scalar(select(Media).where(Media.id == media_id).options(sizes()))
    if found is None:
        raise NotFound
    return found


def find_media(media_id: int) -> Media | None:
    """One file with its sizes, or None."""
    return db.session.scalar(select(Media).where(Media.id == media_id).options(sizes()))


def media_url(name: str) -> str:
    """The address of a stored file, without language prefix: `/media/3f/a2/….jpg`."""
    return models.media_url(name)


def find_media_by_digest(digest: str) -> Media | None:
    """The row that an upload of these bytes made."""
    return db.session.scalar(select(Media).where(Media.digest == digest))


def find_media_by_source(source: str) -> Media | None:
    """The row that an import made of this source."""
    return db.session.scalar(select(Media).where(Media.source == source))


def media_by_ids(ids: Iterable[int]) -> list[Media]:
    """These files with their sizes, in the order asked for; missing ones are left out."""
    wanted = list(dict.fromkeys(ids))
    rows = db.session.scalars(select(Media).where(Media.id.in_(wanted)).options(sizes()))
    found = {row.id: row for row in rows}
    return [found[one] for one in wanted if one in found]


def media_page(
    *,
    before: int | None = None,
    search: str = "",
    kind: str = "",
    missing_alt: bool = False,
    size: int = PAGE_SIZE,
) -> MediaPage:
    """One page of the media list, newest first; `before` is the `next_before` of the page before."""
    query: Select[Any] = select(Media).options(sizes()).order_by(Media.id.desc()).limit(size + 1)
    if search:
        query = _matching(query, search)
    if kind:
        query = query.where(Media.kind == kind)
    if missing_alt:
        query = query.where(Media.kind == "image", func.trim(Media.alt) == "")
    if before is not None:
        query = query.where(Media.id < before)
    rows = list(db.session.scalars(query))
    return MediaPage(rows[:size], rows[size - 1].id if len(rows) > size else None)


def count_missing_alt() -> int:
    """How many pictures say nothing to somebody who cannot see them."""
    query = select(func.count()).select_from(Media).where(Media.kind == "image", func.trim(Media.alt) == "")
    return db.session.scalar(query) or 0


def portraits_of(person_ids: Iterable[int]) -> dict[int, Media]:
    """The pictures of these people, with their sizes, by person."""
    query = (
        select(Portrait)
        .where(Portrait.person_id.in_(list(person_ids)))
        .options(selectinload(Portrait.media).selectinload(Media.variants))
    )
    return {portrait.person_id: portrait.media for portrait in db.session.scalars(query)}


def names_in_html(html: str) -> set[str]:
    """The stored files that a text shows by their address."""
    return {name.rstrip(".") for name in _ADDRESS.findall(html)}


def ids_in_html(html: str) -> set[int]:
    """The media that a text shows by address, in whatever size."""
    names = names_in_html(html)
    if not names:
        return set()
    main = select(Media.id).where(Media.file.in_(names))
    size = select(MediaVariant.media_id).where(MediaVariant.file.in_(names))
    return set(db.session.scalars(main.union(size)))


def uses_of(media_id: int, *, most: int = 20) -> list[Use]:
    """Where a file is used: rows of any table that point at it, and texts that show it."""
    uses = []
    for table, column in _pointing_columns():
        key = next(iter(table.primary_key.columns))
        ids = db.session.scalars(select(key).where(column == media_id).limit(most))
        uses += [Use(table.name, int(one)) for one in ids]
    for holder in db.session.scalars(
        select(MediaUse.holder).where(MediaUse.media_id == media_id).limit(most)
    ):
        place, _, number = holder.partition(":")
        uses.append(Use(place, int(number) if number.isdecimal() else 0))
    return uses[:most]


def names_kept(names: list[str]) -> set[str]:
    """Those of these stored names that a row still speaks of."""
    main = select(Media.file).where(Media.file.in_(names))
    size = select(MediaVariant.file).where(MediaVariant.file.in_(names))
    return set(db.session.scalars(main.union(size)))


def _pointing_columns() -> list[tuple[Table, ColumnElement[int]]]:
    """Every foreign key to media in the whole schema, also of rooms below: the tables know each other."""
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        if table.name not in ("media_variants", "media_uses")
        for key in table.foreign_keys
        if key.column.table.name == "media"
    ]


def _matching(query: Select[Any], search: str) -> Select[Any]:
    """Words in file name, alternative text or credit."""
    for word in search.split()[:5]:
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            or_(*(column.ilike(like, escape="\\") for column in (Media.filename, Media.alt, Media.credit)))
        )
    return query
