"""Pictures: decoded under a pixel limit, turned upright, brought to sRGB, and always encoded anew.

Nothing of the uploaded bytes survives: no metadata, no colour profile, no tail after the end of the picture.
Everything here is pure and runs in a helper process with a deadline and little memory.
"""

import io
import struct
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2560  # of the main encoding
MOST_FRAMES = 300
MOST_ANIMATED_PIXELS = 400_000_000  # width x height x frames
WIDTHS = (400, 800, 1200, 1600, 2400)
MOST_COLOURS_OF_A_DRAWING = 60_000  # a photograph has more, and is not worth trying without loss
ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
_ORIENTATION = 0x0112
# What cameras and programs really write. The picture is sound, and none of this is kept.
_HARMLESS = (
    "Image appears to be a malformed MPO",
    "Invalid APNG",
    "Metadata Warning",
    "Tag offset too large",
    "Tag data larger than file",
    "Possibly corrupt EXIF",
    "Corrupt EXIF",
)
_TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")


class Unreadable(Exception):
    """Why a file is refused: one of the words that `receiving` has a sentence for."""


@dataclass(frozen=True)
class Encoded:
    """A picture as we encoded it, ready to be stored."""

    data: bytes
    suffix: str
    mime: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """The main encoding of an upload, and its colour, shown before the picture arrives."""

    main: Encoded
    colour: str


def read_picture(path: Path, form: str) -> Picture:
    """Decode an uploaded picture of this format (`JPEG`, `PNG`, …) and encode it anew. Raises `Unreadable`."""
    with _strictly(), _opened(path, form) as image:
        if getattr(image, "n_frames", 1) > 1 and image.format in ANIMATED:
            return _animation(image)
        still = _upright(image, LONGEST_SIDE)
        return Picture(_encode_main(still, was_lossless=form in ("PNG", "GIF")), dominant_colour(still))


def widths_for(width: int) -> list[int]:
    """The widths a picture is offered in: never larger than it is."""
    return [one for one in WIDTHS if one < width * 0.95] + ([width] if width <= WIDTHS[-1] else [])


def make_size(path: Path, width: int, mime: str) -> Encoded:
    """One of our own pictures, in one width and format. Raises `Unreadable`."""
    with _strictly(), Image.open(path, formats=["JPEG", "WEBP"]) as image:
        size = (width, max(1, round(image.height * width / image.width)))
        source = image.convert("RGBA" if _has_transparency(image) else "RGB")
        resized = source if size == source.size else source.resize(size, Image.Resampling.LANCZOS)
        return _ENCODERS[mime](resized)


def cut(path: Path, box: tuple[float, float, float, float]) -> Picture:
    """A part of one of our own pictures: left, top, width and height in shares of the whole. Raises `Unreadable`."""
    with _strictly(), Image.open(path, formats=["JPEG", "WEBP"]) as image:
        if getattr(image, "n_frames", 1) > 1:
            raise Unreadable("moving")
        x, y, width, height = box
        left, top = (
            min(round(x * image.width), image.width - 1),
            min(round(y * image.height), image.height - 1),
        )
        right = max(left + 1, min(image.width, round((x + width) * image.width)))
        bottom = max(top + 1, min(image.height, round((y + height) * image.height)))
        part = _bare(
            image.convert("RGBA" if _has_transparency(image) else "RGB").crop((left, top, right, bottom))
        )
        return Picture(_encode_main(part, was_lossless=image.format == "WEBP"), dominant_colour(part))


def is_animation(path: Path) -> bool:
    """Whether one of our own pictures moves."""
    with Image.open(path, formats=["JPEG", "WEBP"]) as image:
        return getattr(image, "n_frames", 1) > 1


def dominant_colour(image: Image.Image) -> str:
    """The colour that most of a picture has, as `#rrggbb`."""
    small = _on_white(image.resize((48, 48), Image.Resampling.BOX)).quantize(6)
    counted = Counter(small.tobytes())  # one byte a pixel: its place in the palette
    palette, at = small.getpalette() or [0, 0, 0], counted.most_common(1)[0][0] * 3
    return "#{:02x}{:02x}{:02x}".format(*palette[at : at + 3])


def as_jpeg(image: Image.Image) -> Encoded:
    """A JPEG that any program of the last thirty years can show."""
    return _encoded(_on_white(image), "JPEG", ".jpg", quality=88, progressive=True, optimize=True)


# Reading --------------------------------------------------------------------------------------------------------


@contextmanager
def _strictly() -> Iterator[None]:
    """Pillow's warnings are errors, its own limit is ours, and whatever breaks a decoder is a damaged file."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for harmless in _HARMLESS:
                warnings.filterwarnings("ignore", message=harmless)
            yield
    except Unreadable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise Unreadable("too_many_pixels") from error
    except Exception as error:  # decoders raise anything: OSError, SyntaxError, struct.error, EOFError, …
        raise Unreadable("damaged") from error


@contextmanager
def _opened(path: Path, form: str) -> Iterator[Image.Image]:
    """The picture with its header read and its size checked; not one pixel is decoded yet."""
    if form == "WEBP":  # Pillow makes room for the whole canvas when it opens one
        _refuse_large(*_webp_size(path))
    with Image.open(path, formats=[form]) as image:
        _refuse_large(*image.size)
        yield image


def _refuse_large(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Unreadable("too_many_pixels")


def _webp_size(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        head = file.read(30)
    chunk = head[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = struct.unpack("<I", head[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _upright(image: Image.Image, longest: int) -> Image.Image:
    """Decoded, turned as the camera was held, no side longer than this, in sRGB; only pixels are left.

    It is made small first, which is the same picture and saves most of the memory.
    """
    orientation = _orientation(image)
    profile = image.info.get("icc_profile")
    image.draft(None, (longest, longest))  # a JPEG can be decoded at a half or a quarter
    if image.mode in ("1", "P", "PA"):
        has_transparency = image.mode == "PA" or "transparency" in image.info
        image = image.convert("RGBA" if has_transparency else "RGB")
    elif image.mode.startswith(("I", "F")):
        image = image.convert("I").point(lambda value: value / 256)
        image = image.convert("L")
    if max(image.size) > longest:
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    pixels = _to_srgb(image, profile)
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return pixels.transpose(turn) if turn is not None else pixels


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # broken EXIF in a sound picture: shown as it lies
        return 1


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if _has_transparency(image) else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            opaque = image.convert("RGB") if image.mode == "RGBA" else image
            turned = ImageCms.profileToProfile(
                opaque, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            turned = None  # an unusable profile is no profile
        if turned is not None:
            if mode == "RGBA":
                turned.putalpha(image.getchannel("A"))
            return _bare(turned)
    return _bare(image.convert(mode))


def _has_transparency(image: Image.Image) -> bool:
    if image.mode in _TRANSPARENT:
        low, _ = image.getchannel("A").getextrema()
        return float(low) < 255  # type: ignore[arg-type]
    return "transparency" in image.info


def _bare(image: Image.Image) -> Image.Image:
    """Without anything that a writer could put back: EXIF, XMP, comments, profile."""
    image.info = {}
    return image


# Writing --------------------------------------------------------------------------------------------------------


def _encode_main(image: Image.Image, *, was_lossless: bool) -> Encoded:
    """Photographs become JPEG, which everything reads; drawings and screenshots stay sharp as lossless WebP."""
    is_clear = image.mode == "RGBA"
    lossy = _encoded(image, "WEBP", ".webp", quality=90, method=4) if is_clear else as_jpeg(image)
    if was_lossless and image.getcolors(MOST_COLOURS_OF_A_DRAWING):
        exact = _encoded(image, "WEBP", ".webp", lossless=True, quality=40, method=2)
        if len(exact.data) <= len(lossy.data) * 1.2:
            return exact
    return lossy


def _as_webp(image: Image.Image) -> Encoded:
    return _encoded(image, "WEBP", ".webp", quality=80, method=4)


def _as_avif(image: Image.Image) -> Encoded:
    return _encoded(image, "AVIF", ".avif", quality=60, speed=8, max_threads=1)


_ENCODERS = {"image/webp": _as_webp, "image/avif": _as_avif, "image/jpeg": as_jpeg}


def _encoded(image: Image.Image, form: str, suffix: str, **options: object) -> Encoded:
    file = io.BytesIO()
    image.save(file, form, **options)
    return Encoded(file.getvalue(), suffix, f"image/{form.lower()}", image.width, image.height)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


# What moves -----------------------------------------------------------------------------------------------------


def _animation(image: Image.Image) -> Picture:
    """A moving picture becomes an animated WebP; all its frames together share the pixel limit of one picture."""
    frames = int(getattr(image, "n_frames", 1))
    if frames > MOST_FRAMES or image.width * image.height * frames > MOST_ANIMATED_PIXELS:
        raise Unreadable("long_animation")
    scale = min(1.0, (MOST_PIXELS / (image.width * image.height * frames)) ** 0.5, 1280 / max(image.size))
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    pictures, lengths = [], []
    for at in range(frames):
        image.seek(at)
        lengths.append(int(image.info.get("duration") or 100))
        pictures.append(_bare(image.convert("RGBA").resize(size, Image.Resampling.BILINEAR)))
    main = _encoded(
        pictures[0],
        "WEBP",
        ".webp",
        save_all=True,
        append_images=pictures[1:],
        duration=lengths,
        loop=int(image.info.get("loop", 0)),
        quality=75,
        method=2,
    )
    return Picture(main, dominant_colour(pictures[0]))
