"""Synthesises the recordings of the sample site: two pieces of sound, and a film drawn frame by frame."""

import io
import math
import wave
import zlib
from array import array
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from cms.core.later import later
from cms.transfer.demo.pictures.canvas import Canvas
from cms.transfer.demo.pictures.hills import mast_dusk

if TYPE_CHECKING:
    import av
else:
    av = later("av")

RATE = 22_050
FRAMES_PER_SECOND = 12
LENGTH = 7  # seconds of film


def night_shift() -> bytes:
    """Half a minute of a humming room in which tones fall asleep one by one, and one bell."""
    hum = [(55.0, 0.0, 30.0), (82.4, 0.0, 24.0), (110.0, 0.0, 18.0), (164.8, 0.0, 11.0), (220.0, 0.0, 6.0)]

    def sample(t: float) -> float:
        value = sum(0.13 * _fade(t, start, end, 2.5) * math.sin(2 * math.pi * f * t) for f, start, end in hum)
        bell = t - 25.0
        if bell > 0:
            value += (
                0.3
                * math.exp(-2.2 * bell)
                * sum(
                    a * math.sin(2 * math.pi * f * bell) for f, a in ((880, 1.0), (1320, 0.5), (2217, 0.25))
                )
            )
        return value

    return _wav(30.0, sample)


def river_notes() -> bytes:
    """Four long notes for four seasons; the third sinks, as the oxygen did in August."""
    seasons = [(0.0, 392.0, 0.0), (6.0, 440.0, 0.0), (12.0, 370.0, -90.0), (18.0, 415.3, 0.0)]

    def sample(t: float) -> float:
        value = 0.0
        for start, pitch, fall in seasons:
            since = t - start
            if 0 <= since < 8:
                loud = _fade(t, start, start + 8, 1.6)
                turn = 2 * math.pi * (pitch * since + fall * since * since / 16)
                value += 0.22 * loud * (math.sin(turn) + 0.3 * math.sin(2 * turn) + 0.2 * math.sin(turn / 2))
        return value

    return _wav(26.0, sample)


def mast_asleep(path: Path) -> None:
    """Seven seconds of film: the lamp of a mast blinks more and more slowly while the sky darkens."""
    canvas = Canvas(zlib.crc32(b"mast-dusk"))
    mast_dusk(canvas)
    day = canvas.finish().resize((960, 600))
    night = day.point(
        [round(value * 0.34) for value in range(256)] * 2 + [round(value * 0.5) for value in range(256)]
    )
    lamp = (298, 138)
    with av.open(str(path), "w") as film:
        stream = film.add_stream(
            "libvpx-vp9", rate=FRAMES_PER_SECOND, options={"crf": "34", "b": "0", "cpu-used": "6"}
        )
        stream.width, stream.height, stream.pix_fmt = 960, 600, "yuv420p"
        stream.time_base = Fraction(1, FRAMES_PER_SECOND)
        for number in range(LENGTH * FRAMES_PER_SECOND):
            t = number / FRAMES_PER_SECOND
            picture = Image.blend(day, night, min(1.0, t / 5.5))
            phase = 6 * math.log1p(t)  # the further into the night, the longer between two blinks
            if math.sin(2 * math.pi * phase / 2) > 0.2:
                for radius, colour in ((9, "#c8503c"), (4, "#ffe1c8")):
                    x, y = lamp
                    ImageDraw.Draw(picture).ellipse(
                        (x - radius, y - radius, x + radius, y + radius), fill=colour
                    )
            frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
            for packet in stream.encode(frame):
                film.mux(packet)
        for packet in stream.encode():
            film.mux(packet)


def _fade(t: float, start: float, end: float, over: float) -> float:
    return max(0.0, min(1.0, (t - start) / over, (end - t) / over))


def _wav(seconds: float, sample: Callable[[float], float]) -> bytes:
    values = array(
        "h", (round(32_000 * max(-1.0, min(1.0, sample(i / RATE)))) for i in range(int(seconds * RATE)))
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(values.tobytes())
    return out.getvalue()
