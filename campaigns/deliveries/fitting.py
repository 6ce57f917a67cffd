"""Bringing one picture to a network's limits: its sides in one step that is worked out, its bytes by a short search.

Pure, and run in a helper process. What comes in is a picture that we encoded ourselves, so it knows nothing of where
it was taken; what goes out carries no metadata either.
"""

import io
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from PIL import Image

from cms.media.pictures import MOST_COLOURS_OF_A_DRAWING, Encoded, Unreadable

BEST, WORST = 90, 55  # quality of lossy pictures
TRIES = 4  # encodings at one size: half of 35 steps of quality, four times, is 2
ROUNDS = 4  # sizes
ROOM = 0.92  # of the bytes allowed: what a size worked out aims at
SMALLEST = 64  # pixels, the longer side: below that there is no picture
_FORMS = {"image/jpeg": ("JPEG", ".jpg"), "image/png": ("PNG", ".png"), "image/webp": ("WEBP", ".webp")}


@dataclass(frozen=True)
class Target:
    """What a network takes of a picture."""

    most_bytes: int
    longest_side: int  # pixels
    types: tuple[str, ...]

    def takes(self, mime: str, width: int | None, height: int | None, size: int) -> bool:
        """Whether a file can go as it is."""
        side = max(width or 0, height or 0)
        return mime in self.types and 0 < side <= self.longest_side and size <= self.most_bytes


def fit(path: Path, target: Target) -> Encoded:
    """The picture within the target, as large and as good as goes. Raises `Unreadable`."""
    try:
        with Image.open(path, formats=["JPEG", "WEBP", "PNG"]) as image:
            image.seek(0)  # of one that moves, the first picture
            is_clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
            source = image.convert("RGBA" if is_clear else "RGB")
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable("damaged") from error
    if is_clear and source.getchannel("A").getextrema() == (255, 255):
        source, is_clear = source.convert("RGB"), False
    side = min(target.longest_side, max(source.size))
    for mime in _order(source, is_clear=is_clear, types=target.types):
        found = _within(source, mime, side, target.most_bytes)
        if found is not None:
            return found
    raise Unreadable("cannot_fit")


def _order(source: Image.Image, *, is_clear: bool, types: tuple[str, ...]) -> list[str]:
    """The types to try, best first: drawings and what one can see through stay sharp where that fits."""
    is_drawing = is_clear or bool(source.getcolors(MOST_COLOURS_OF_A_DRAWING))
    wanted = (
        ["image/png", "image/webp", "image/jpeg"] if is_drawing else ["image/jpeg", "image/webp", "image/png"]
    )
    return [one for one in wanted if one in types]


def _within(source: Image.Image, mime: str, side: int, most: int) -> Encoded | None:
    """In this type within the bytes. A PNG that is too large is left to the lossy types, if there is another."""
    for _round in range(ROUNDS):
        picture = _resized(source, side)
        found, size = _best_quality(picture, mime, most)
        if found is not None or mime == "image/png":
            return found
        side = int(side * min(sqrt(most / size) * sqrt(ROOM), ROOM))
        if side < SMALLEST:
            return None
    return None


def _best_quality(picture: Image.Image, mime: str, most: int) -> tuple[Encoded | None, int]:
    """The best quality that fits, and the bytes of the smallest that was tried."""
    best = _encoded(picture, mime, BEST)
    if len(best.data) <= most or mime == "image/png":
        return (best if len(best.data) <= most else None), len(best.data)
    worst = _encoded(picture, mime, WORST)
    if len(worst.data) > most:
        return None, len(worst.data)
    low, high, found = WORST, BEST, worst
    for _try in range(TRIES):
        middle = (low + high) // 2
        made = _encoded(picture, mime, middle)
        if len(made.data) <= most:
            low, found = middle, made
        else:
            high = middle
    return found, len(worst.data)


def _resized(source: Image.Image, side: int) -> Image.Image:
    scale = side / max(source.size)
    if scale >= 1:
        return source
    size = (max(1, round(source.width * scale)), max(1, round(source.height * scale)))
    return source.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, mime: str, quality: int) -> Encoded:
    form, suffix = _FORMS[mime]
    file = io.BytesIO()
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())  # nothing but pixels
    if form == "JPEG":
        _on_white(bare).save(file, form, quality=quality, progressive=True, optimize=True)
    elif form == "WEBP":
        bare.save(file, form, quality=quality, method=4)
    else:
        bare.save(file, form, optimize=True)
    return Encoded(file.getvalue(), suffix, mime, picture.width, picture.height)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground
