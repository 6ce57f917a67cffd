"""Small files of every sort, drawn and played by code, with things in them that must not come out again."""

import array
import io
import math
from pathlib import Path

import av
from PIL import Image, ImageDraw

SECRET = "secret-place-52.5200N"  # planted in metadata; no file that is served may hold it


def drawing(width: int = 600, height: int = 400, colour: str = "#0b6e4f") -> Image.Image:
    """A picture with a red corner at the top left, so that one can tell which way is up."""
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="red")
    return image


def picture(form: str = "JPEG", image: Image.Image | None = None, **options: object) -> bytes:
    """An image file of this format."""
    file = io.BytesIO()
    (image or drawing()).save(file, form, **options)
    return file.getvalue()


def with_place(form: str = "JPEG", orientation: int = 1, image: Image.Image | None = None) -> bytes:
    """An image file that says where it was taken, by whom, and how the camera was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = exif[0x013B] = SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0), 29: SECRET})
    options: dict[str, object] = {"exif": exif}
    if form in ("JPEG", "WEBP", "PNG"):
        options["xmp"] = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    if form == "JPEG":
        options["comment"] = SECRET.encode()
    return picture(form, image, **options)


def animation(frames: int = 5, form: str = "GIF", size: tuple[int, int] = (120, 80)) -> bytes:
    """A picture that moves."""
    images = [Image.new("RGB", size, (10 * at % 256, 40, 200)) for at in range(frames)]
    return picture(form, images[0], save_all=True, append_images=images[1:], duration=80, loop=0)


def sound(path: Path, form: str, codec: str, *, seconds: float = 3.0, rate: int = 44100) -> bytes:
    """A tone in this container and codec, with tags."""
    with av.open(str(path), "w", form) as made:
        made.metadata.update({"title": SECRET, "comment": SECRET, "location": SECRET})
        stream = made.add_stream(codec, rate=rate, layout="mono")
        encode_tone(made, stream, seconds, rate)
    return path.read_bytes()


def encode_tone(made: av.container.OutputContainer, stream: object, seconds: float, rate: int) -> None:
    """A tone of 440 Hz."""
    resampler = av.AudioResampler(
        format=stream.codec_context.format, layout="mono", rate=rate, frame_size=stream.frame_size or 0
    )
    at = 0
    while at < seconds * rate:
        samples = array.array(
            "h", (int(9000 * math.sin(2 * math.pi * 440 * (at + i) / rate)) for i in range(1024))
        )
        frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts = rate, at
        at += 1024
        for part in resampler.resample(frame):
            made.mux(stream.encode(part))
    for part in resampler.resample(None):
        made.mux(stream.encode(part))
    made.mux(stream.encode(None))


def film(
    path: Path,
    form: str = "mp4",
    codec: str = "libx264",
    *,
    audio: str | None = "aac",
    seconds: int = 3,
    turned: int = 0,
    size: tuple[int, int] = (320, 240),
    pixels: str = "yuv420p",
) -> bytes:
    """A moving picture with a tone, tags, and perhaps held sideways."""
    with av.open(str(path), "w", form) as made:
        made.metadata.update({"title": SECRET, "comment": SECRET, "location": "+52.5200+013.4050/"})
        video = made.add_stream(codec, rate=12)
        video.width, video.height, video.pix_fmt = *size, pixels
        video.metadata["handler_name"] = SECRET
        if turned:
            video.set_display_rotation(turned)
        tone = made.add_stream(audio, rate=48000, layout="mono") if audio else None
        for at in range(seconds * 12):
            image = drawing(*size, colour=f"#0b{at % 200 + 20:02x}4f")
            frame = av.VideoFrame.from_image(image).reformat(format=pixels)
            frame.pts = at
            made.mux(video.encode(frame))
        made.mux(video.encode(None))
        if tone is not None:
            encode_tone(made, tone, seconds, 48000)
    return path.read_bytes()
