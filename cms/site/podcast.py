"""The podcast's artwork: directories want a square JPEG of 1400 to 3000 pixels (PSP-1)."""

import io

from PIL import Image, ImageDraw

from cms.core.database import db
from cms.core.storage import storage
from cms.media.models import Media
from cms.site.queries.site import Site

SMALLEST, LARGEST = 1400, 3000


def artwork(site: Site) -> bytes:
    """The artwork of this site as JPEG."""
    media = db.session.get(Media, int(site.podcast.get("artwork") or 0))
    if media is None or media.kind != "image":
        return _jpeg(drawn_mark(site.accent))
    with storage().open(media.file) as file, Image.open(file) as picture:
        picture.load()
        return _jpeg(_square(picture.convert("RGB"), media.focal_x, media.focal_y))


def _square(picture: Image.Image, focal_x: float, focal_y: float) -> Image.Image:
    side = min(picture.size)
    left = round((picture.width - side) * focal_x)
    top = round((picture.height - side) * focal_y)
    wanted = max(SMALLEST, min(LARGEST, side))
    return picture.crop((left, top, left + side, top + side)).resize(
        (wanted, wanted), Image.Resampling.LANCZOS
    )


def drawn_mark(accent: str) -> Image.Image:
    """Two speech bubbles in the colour of the site."""
    picture = Image.new("RGB", (SMALLEST, SMALLEST), accent)
    pen = ImageDraw.Draw(picture)
    light, pale = (
        "#ffffff",
        Image.blend(Image.new("RGB", (1, 1), accent), Image.new("RGB", (1, 1), "white"), 0.35),
    )
    pen.rounded_rectangle((520, 330, 1180, 800), 110, fill=pale.getpixel((0, 0)))
    pen.polygon([(1010, 780), (1130, 780), (1130, 930)], fill=pale.getpixel((0, 0)))
    pen.rounded_rectangle((220, 560, 880, 1030), 110, fill=light)
    pen.polygon([(270, 1000), (400, 1000), (270, 1160)], fill=light)
    return picture


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85, optimize=True)
    return file.getvalue()
