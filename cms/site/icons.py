"""The icons of the site: made from its logo, else its mark in its colour."""

import io

from PIL import Image

from cms.core.database import db
from cms.core.storage import storage
from cms.media.models import Media
from cms.site.podcast import drawn_mark
from cms.site.queries.site import Site

SIZES = (32, 180, 192, 512)  # a tab, a phone's home screen, and what a manifest names
MARGIN = 0.08  # of the side, around a logo that is not square


def icon_png(site: Site, size: int) -> bytes:
    """A square PNG. On a phone's home screen a logo stands on white, elsewhere on nothing."""
    picture = square(site, size, is_opaque=size == 180)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def icon_ico(site: Site) -> bytes:
    """The same for browsers that ask for `/favicon.ico`."""
    file = io.BytesIO()
    square(site, 48).save(file, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return file.getvalue()


def square(site: Site, size: int, *, is_opaque: bool = False) -> Image.Image:
    """The logo within a square, whole; without one the mark."""
    media = db.session.get(Media, site.logo.id) if site.logo else None
    if media is None:
        return drawn_mark(site.accent).resize((size, size), Image.Resampling.LANCZOS)
    with storage().open(media.file) as file, Image.open(file) as opened:
        opened.load()
        logo = opened.convert("RGBA")
    room = size if logo.width == logo.height else round(size * (1 - 2 * MARGIN))
    scale = room / max(logo.size)
    small = logo.resize(
        (max(1, round(logo.width * scale)), max(1, round(logo.height * scale))), Image.Resampling.LANCZOS
    )
    ground = Image.new("RGBA", (size, size), (255, 255, 255, 255 if is_opaque else 0))
    ground.alpha_composite(small, ((size - small.width) // 2, (size - small.height) // 2))
    return ground.convert("RGB") if is_opaque else ground
