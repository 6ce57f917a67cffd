"""Pictures and recordings ready to be shown, with the sizes and formats a browser may choose from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cms.core.database import db
from cms.media.models import SOURCE_FORMATS, Media, MediaVariant, media_url


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


Variants = Mapping[int, Sequence[MediaVariant]]


def variants_of(media_ids: Iterable[int]) -> Variants:
    """The encodings of these media, narrowest first."""
    found: dict[int, list[MediaVariant]] = defaultdict(list)
    ids = sorted(set(media_ids))
    if ids:
        rows = db.session.scalars(
            select(MediaVariant)
            .where(MediaVariant.media_id.in_(ids))
            .order_by(MediaVariant.media_id, MediaVariant.width)
        )
        for variant in rows:
            found[variant.media_id].append(variant)
    return found


def picture(media: Media, variants: Variants, *, alt: str = "", caption: str = "") -> Picture:
    """One medium as templates want it; its addresses begin at the root of the host."""
    made = variants.get(media.id, ())
    stills = [one for one in made if one.mime == "image/jpeg"]
    return Picture(
        id=media.id,
        kind=media.kind,
        mime=media.mime,
        byte_size=media.byte_size,
        src=media_url(media.file),
        width=media.width,
        height=media.height,
        duration_seconds=media.duration_seconds,
        colour=media.colour,
        focal_x=media.focal_x,
        focal_y=media.focal_y,
        alt=alt or media.alt,
        caption=caption,
        credit=media.credit,
        sources=_sources(made),
        poster=media_url(stills[-1].file) if stills else None,
    )


def _sources(variants: Sequence[MediaVariant]) -> list[tuple[str, str]]:
    by_format: dict[str, list[str]] = defaultdict(list)
    for one in variants:
        by_format[one.mime].append(f"{media_url(one.file)} {one.width}w")
    return [(mime, ", ".join(by_format[mime])) for mime in SOURCE_FORMATS if mime in by_format]
