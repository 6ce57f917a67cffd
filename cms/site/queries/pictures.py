"""Pictures and recordings ready to be shown, with the sizes and formats a browser may choose from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, select

from cms.core.database import db
from cms.media.models import SOURCE_FORMATS, Media, MediaVariant, media_url
from cms.site.queries.rows import AnyRow


class Variant(NamedTuple):
    """One encoding of a picture."""

    file: str
    mime: str
    width: int


Variants = Mapping[int, Sequence[Variant]]
_NAMES = "id kind file mime byte_size width height duration_seconds colour focal_x focal_y alt credit".split()
media_columns = tuple(getattr(Media, name).label(f"media_{name}") for name in _NAMES)  # what `picture` reads


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, recording or film: `sources` are (type, srcset) pairs, best format first."""

    id: int
    kind: str
    mime: str
    byte_size: int
    src: str
    width: int | None
    height: int | None
    duration_seconds: float | None
    colour: str | None
    focal_x: float
    focal_y: float
    alt: str
    caption: str
    credit: str
    sources: Sequence[tuple[str, str]]
    poster: str | None = None  # of a film


def variants_of(media_ids: Iterable[int]) -> Variants:
    """The encodings of these media, narrowest first."""
    found: dict[int, list[Variant]] = defaultdict(list)
    ids = sorted(set(media_ids))
    if ids:
        for row in db.session.execute(_VARIANTS, {"ids": ids}):
            found[row.media_id].append(Variant(row.file, row.mime, row.width))
    return found


def picture(row: AnyRow, variants: Variants, *, alt: str = "", caption: str = "") -> Picture:
    """One medium as templates want it, from a row with the columns of `media_columns`; addresses have no host."""
    made = variants.get(row.media_id, ())
    stills = [one for one in made if one.mime == "image/jpeg"]
    return Picture(
        id=row.media_id,
        kind=row.media_kind,
        mime=row.media_mime,
        byte_size=row.media_byte_size,
        src=media_url(row.media_file),
        width=row.media_width,
        height=row.media_height,
        duration_seconds=row.media_duration_seconds,
        colour=row.media_colour,
        focal_x=row.media_focal_x,
        focal_y=row.media_focal_y,
        alt=alt or row.media_alt,
        caption=caption,
        credit=row.media_credit,
        sources=_sources(made),
        poster=media_url(stills[-1].file) if stills else None,
    )


def _sources(variants: Sequence[Variant]) -> list[tuple[str, str]]:
    by_format: dict[str, list[str]] = defaultdict(list)
    for one in variants:
        by_format[one.mime].append(f"{media_url(one.file)} {one.width}w")
    return [(mime, ", ".join(by_format[mime])) for mime in SOURCE_FORMATS if mime in by_format]


_VARIANTS = (
    select(MediaVariant.media_id, MediaVariant.file, MediaVariant.mime, MediaVariant.width)
    .where(MediaVariant.media_id.in_(bindparam("ids", expanding=True)))
    .order_by(MediaVariant.media_id, MediaVariant.width)
)
