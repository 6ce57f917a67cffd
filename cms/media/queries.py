"""Reading media: one with its sizes, lists for the desk, and where something is used."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Table, exists, func, select, text, union
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from cms.core.database import Base, Instant, db
from cms.core.errors import NotFound
from cms.media import models
from cms.media.models import MISSING_ALT, Media, MediaAlias, MediaCrop, MediaUse, MediaVariant, Portrait
from cms.media.search import found_by

PAGE_SIZE = 30
MOST_MONTHS = 600
_OWN = ("media_variants", "media_uses", "media_aliases", "media_crops", "media_search")
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


class Month(NamedTuple):
    """A month in which files were uploaded, and how many are left."""

    year: int
    month: int
    files: int


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
    only: str = "",
    month: tuple[datetime, datetime] | None = None,
    today: date | None = None,
    size: int = PAGE_SIZE,
) -> MediaPage:
    """One page of the media list, newest first; `before` is the `next_before` of the page before.

    `only` narrows it to what is `missing` its alternative text, `unused`, `ended` (the licence, before `today`) or in
    the `trash`; `month` to what was uploaded between two instants.
    """
    query: Select[Any] = select(Media).options(sizes()).order_by(Media.id.desc()).limit(size + 1)
    if search:
        query = query.where(found_by(search))
    if kind:
        query = query.where(Media.kind == kind)
    if month is not None:
        query = query.where(Media.created_at >= month[0], Media.created_at < month[1])
    query = query.where(Media.trashed_at.is_not(None) if only == "trash" else Media.trashed_at.is_(None))
    if only == "missing":
        query = query.where(text(MISSING_ALT))
    elif only == "unused":
        query = query.where(*(~exists().where(column == Media.id) for column in _pointers()))
    elif only == "ended":
        query = query.where(Media.licence_ends_on < today)
    if before is not None:
        query = query.where(Media.id < before)
    rows = list(db.session.scalars(query))
    return MediaPage(rows[:size], rows[size - 1].id if len(rows) > size else None)


def offered(media: Media) -> dict[str, Any]:
    """A file as scripts and other rooms' pages are told of it. Needs its sizes."""
    return {
        "id": media.id,
        "kind": media.kind,
        "state": media.state,
        "src": media.src,
        "thumb": media.thumb,
        "width": media.width,
        "height": media.height,
        "alt": media.alt,
        "credit": media.credit,
        "filename": media.filename,
        "markdown": media.markdown,
    }


def count_missing_alt() -> int:
    """How many pictures say nothing to somebody who cannot see them."""
    return db.session.scalar(select(func.count()).select_from(Media).where(text(MISSING_ALT))) or 0


def next_missing_alt(*, after: int | None, person_id: int | None = None) -> Media | None:
    """The newest picture without alternative text, or the one that follows `after`; of one person's uploads only."""
    query = select(Media).where(text(MISSING_ALT)).options(sizes())
    if after is not None:
        query = query.where(Media.id < after)
    if person_id is not None:
        query = query.where(Media.uploaded_by_id == person_id)
    return db.session.scalar(query.order_by(Media.id.desc()).limit(1))


def months(zone: str) -> list[Month]:
    """The months in which something was uploaded, newest first, counted along an index."""
    ends = select(func.min(Media.created_at, type_=Instant()), func.max(Media.created_at, type_=Instant()))
    first, last = db.session.execute(ends.where(Media.trashed_at.is_(None))).one()
    if first is None:
        return []
    place, found = ZoneInfo(zone), []
    year, month = last.astimezone(place).year, last.astimezone(place).month
    while (year, month) >= (first.astimezone(place).year, first.astimezone(place).month):
        start, end = month_bounds(year, month, zone)
        within = (Media.created_at >= start, Media.created_at < end, Media.trashed_at.is_(None))
        found.append((year, month, select(func.count()).select_from(Media).where(*within).scalar_subquery()))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    counts = db.session.execute(select(*(one[2] for one in found[:MOST_MONTHS]))).one()
    return [Month(one[0], one[1], count) for one, count in zip(found, counts, strict=False) if count]


def month_bounds(year: int, month: int, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a month in this zone, and the first of the next."""
    place = ZoneInfo(zone)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=place), datetime(*following, 1, tzinfo=place)


def find_crop(media_id: int) -> MediaCrop | None:
    """The part of a picture that is shown; None when it is the whole."""
    return db.session.get(MediaCrop, media_id)


def find_alias(name: str) -> str | None:
    """The stored name that a file has now, by one that it had."""
    return db.session.scalar(
        select(Media.file).join(MediaAlias, MediaAlias.media_id == Media.id).where(MediaAlias.name == name)
    )


def trash_to_purge(before: datetime, *, limit: int = 100) -> list[int]:
    """Files that have been in the trash since before this moment."""
    query = select(Media.id).where(Media.trashed_at < before).order_by(Media.trashed_at).limit(limit)
    return list(db.session.scalars(query))


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
    old = select(MediaAlias.media_id).where(MediaAlias.name.in_(names))
    return set(db.session.scalars(main.union(size, old)))


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
    return set(db.session.scalars(union(*(select(one).where(one.in_(names)) for one in _stored_files()))))


def names_of(media_id: int) -> list[str]:
    """Every name a file has or had, of every size: whichever stands in a text, the text shows it."""
    main = select(Media.file).where(Media.id == media_id)
    size = select(MediaVariant.file).where(MediaVariant.media_id == media_id)
    old = select(MediaAlias.name).where(MediaAlias.media_id == media_id)
    return list(db.session.scalars(main.union(size, old)))


def _stored_files() -> list[ColumnElement[str]]:
    """Every column that names a file in the store, also of rooms below: they say so themselves."""
    columns = (one for table in Base.metadata.sorted_tables for one in table.columns)
    return [one for one in columns if one.info.get("is_stored_file")]


def _pointing_columns() -> list[tuple[Table, ColumnElement[int]]]:
    """Every foreign key to media in the whole schema, also of rooms below: the tables know each other."""
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        if table.name not in _OWN
        for key in table.foreign_keys
        if key.column.table.name == "media"
    ]


def _pointers() -> list[ColumnElement[int]]:
    return [MediaUse.media_id.expression, *(column for _table, column in _pointing_columns())]
