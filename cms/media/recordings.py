"""Audio and video: checked by decoding, then copied packet by packet into a clean container of our own.

Copying keeps the quality and takes seconds; tags, places, chapters, cover pictures and telemetry tracks stay
behind. Audio that podcast players do not know becomes MP3 later, in the worker. Everything here is pure and
runs in a helper process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cms.core.later import later
from cms.media.pictures import LONGEST_SIDE, MOST_PIXELS, Encoded, Unreadable, as_jpeg, dominant_colour

if TYPE_CHECKING:
    import av
else:
    av = later("av")

LONGEST = 6 * 3600  # seconds
MP3_RATE = 160_000
_CLEAN = {"fflags": "+bitexact"}  # no name and version of the encoder


@dataclass(frozen=True)
class Container:
    """A container we write, and what may be in it."""

    format: str
    suffix: str
    mime: str
    audio: frozenset[str]
    video: frozenset[str] = frozenset()


_PCM = frozenset({"pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_u8", "pcm_f32le"})
_CONTAINERS = {
    "mp3": Container("mp3", ".mp3", "audio/mpeg", frozenset({"mp3"})),
    "aac": Container("ipod", ".m4a", "audio/mp4", frozenset({"aac"})),
    "wav": Container("wav", ".wav", "audio/wav", _PCM),
    "flac": Container("flac", ".flac", "audio/flac", frozenset({"flac"})),
    "ogg": Container("ogg", ".ogg", "audio/ogg", frozenset({"opus", "vorbis"})),
    "mp4": Container("mp4", ".mp4", "video/mp4", frozenset({"aac", "mp3"}), frozenset({"h264"})),
    "webm": Container(
        "webm", ".webm", "video/webm", frozenset({"opus", "vorbis"}), frozenset({"vp8", "vp9"})
    ),
}
PLAYS_EVERYWHERE = frozenset({"audio/mpeg", "audio/mp4", "video/mp4", "video/webm"})


@dataclass(frozen=True)
class Recording:
    """What was found in an upload and written, clean, to the target file."""

    kind: str
    suffix: str
    mime: str
    duration_seconds: float
    width: int | None = None
    height: int | None = None
    poster: Encoded | None = None
    colour: str | None = None


def copy_recording(source: Path, form: str, target: Path) -> Recording:
    """Check an uploaded recording and copy its sound and picture to `target`. Raises `Unreadable`."""
    with _strictly(), av.open(str(source), format=_READERS[form]) as given:
        video, audio = _streams(given, form)
        container = _container(form, video, audio)
        poster = _first_frame(given, video) if video else None
        given.seek(0)
        streams = [stream for stream in (video, audio) if stream]
        seconds = _copy(given, streams, container, target, poster)
        _refuse_cut_off(given, streams, seconds)
    _check_end(target, seconds)
    return Recording(
        kind="video" if video else "audio",
        suffix=container.suffix,
        mime=container.mime,
        duration_seconds=round(seconds, 3),
        width=poster.width if poster else None,
        height=poster.height if poster else None,
        poster=poster.picture if poster else None,
        colour=poster.colour if poster else None,
    )


def encode_mp3(source: Path, target: Path) -> float:
    """One of our own recordings as an MP3 that every player knows; gives its length in seconds."""
    with _strictly(), av.open(str(source)) as given, av.open(str(target), "w", "mp3", options=_MP3) as made:
        stream = given.streams.audio[0]
        channels = min(2, stream.channels)
        out: Any = made.add_stream("libmp3lame", rate=44100, bit_rate=MP3_RATE if channels == 2 else 96_000)
        out.layout = "stereo" if channels == 2 else "mono"
        resampler = av.AudioResampler(format="s16p", layout=out.layout, rate=44100)
        for frame in given.decode(stream):
            for part in resampler.resample(frame):
                made.mux(out.encode(part))
        for part in resampler.resample(None):
            made.mux(out.encode(part))
        made.mux(out.encode(None))
    with _strictly(), av.open(str(target)) as made:
        return float((made.duration or 0) / av.time_base)


# Reading --------------------------------------------------------------------------------------------------------

_READERS = {
    "mp3": "mp3",
    "aac": "aac",
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "mp4": "mov",
    "webm": "matroska",
}
_MP3 = {"id3v2_version": "0", **_CLEAN}


@dataclass(frozen=True)
class _Poster:
    picture: Encoded
    colour: str
    width: int
    height: int
    turned: int


@contextmanager
def _strictly() -> Iterator[None]:
    try:
        yield
    except av.codec.codec.UnknownCodecError as error:
        raise Unreadable("video_codec") from error
    except Unreadable:
        raise
    except Exception as error:  # FFmpeg's own errors, and whatever a half-read header makes of PyAV
        raise Unreadable("damaged") from error


def _streams(given: Any, form: str) -> tuple[Any, Any]:
    """The first real video and audio streams. Pictures in a file that is meant to be heard are decoration."""
    cover = av.stream.Disposition.attached_pic
    videos = [s for s in given.streams.video if not s.disposition & cover] if form in ("mp4", "webm") else []
    video, audio = next(iter(videos), None), next(iter(given.streams.audio), None)
    if video is None and audio is None:
        raise Unreadable("no_streams")
    return video, audio


def _container(form: str, video: Any, audio: Any) -> Container:
    """Where this goes: sound alone in an MP4 is an M4A, in a WebM an Ogg."""
    container = _CONTAINERS[form if video else {"mp4": "aac", "webm": "ogg"}.get(form, form)]
    if video is not None and _codec(video) not in container.video:
        raise Unreadable("video_codec")
    if audio is not None and _codec(audio) not in container.audio:
        raise Unreadable("audio_codec")
    return container


def _codec(stream: Any) -> str:
    """The codec's own name; FFmpeg may name the library that decodes it."""
    name: str = stream.codec_context.name if stream.codec_context else "unknown"
    return {"libvpx": "vp8", "libvpx-vp9": "vp9", "libopus": "opus", "mp3float": "mp3"}.get(name, name)


def _first_frame(given: Any, video: Any) -> _Poster:
    """The picture shown before the video plays, upright; a little after the start, which is often black."""
    context = video.codec_context
    if context.width * context.height > MOST_PIXELS or min(context.width, context.height) < 1:
        raise Unreadable("too_many_pixels")
    if context.pix_fmt not in ("yuv420p", "yuvj420p"):
        raise Unreadable("video_codec")  # ten-bit and 4:4:4 video does not play in browsers
    best = None
    for frame in given.decode(video):
        best = frame
        if frame.time is not None and frame.time >= 1:
            break
    if best is None:
        raise Unreadable("damaged")
    turned = int(best.rotation) % 360
    image = best.to_image().rotate(turned, expand=True)
    width, height = image.size
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _Poster(as_jpeg(image), dominant_colour(image), width, height, turned)


def _copy(
    given: Any, streams: list[Any], container: Container, target: Path, poster: _Poster | None
) -> float:
    """Copy the packets of these streams; gives how many seconds they last."""
    options = dict(_CLEAN)
    if container.suffix in (".mp4", ".m4a"):
        options["movflags"] = "+faststart"  # so that playing can begin before the whole file is there
    if container.suffix == ".mp3":
        options = _MP3
    end, start = Fraction(0), None
    with av.open(str(target), "w", container.format, options=options) as made:
        outs = {stream.index: made.add_stream_from_template(stream) for stream in streams}
        for stream in streams:
            out = outs[stream.index]
            out.metadata.clear()
            if poster and poster.turned and stream.type == "video":
                out.set_display_rotation(poster.turned)
        for packet in given.demux(streams):
            if packet.dts is None:
                continue
            if packet.is_corrupt:
                raise Unreadable("cut_off")
            begin = Fraction(packet.pts if packet.pts is not None else packet.dts) * packet.time_base
            start = begin if start is None else min(start, begin)
            end = max(end, begin + Fraction(packet.duration or 0) * packet.time_base)
            packet.stream = outs[packet.stream.index]
            made.mux(packet)
    seconds = float(end - (start or 0))
    if seconds <= 0:
        raise Unreadable("damaged")
    if seconds > LONGEST:
        raise Unreadable("too_long")
    return seconds


def _refuse_cut_off(given: Any, streams: list[Any], seconds: float) -> None:
    """A file that ends before it said it would was not uploaded whole."""
    lengths = [float(s.duration * s.time_base) if s.duration else None for s in streams]
    promised = max((one for one in lengths if one), default=float((given.duration or 0) / av.time_base))
    if given.format.name not in ("mp3", "aac") and promised - seconds > max(0.5, promised * 0.01):
        raise Unreadable("cut_off")


def _check_end(target: Path, seconds: float) -> None:
    """What we wrote must be playable, and from the end as well."""
    with _strictly(), av.open(str(target)) as made:
        made.seek(int(max(0.0, seconds - 2) * av.time_base))
        if next(iter(made.decode(made.streams[0])), None) is None:
            raise Unreadable("damaged")
