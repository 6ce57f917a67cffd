import contextlib
import random
from pathlib import Path

import av
import pytest

from cms.media.pictures import Unreadable
from cms.media.recordings import Recording, copy_recording, encode_mp3
from cms.media.sniffing import sniff
from tests.cms.media import samples


def copy(data: bytes, folder: Path) -> tuple[Recording, bytes]:
    source, target = folder / "upload", folder / "clean"
    source.write_bytes(data)
    sort = sniff(data[:4096])
    assert sort is not None
    made = copy_recording(source, sort.format, target)
    return made, target.read_bytes()


SOUNDS = {
    "mp3": ("mp3", "libmp3lame", "audio/mpeg"),
    "aac": ("adts", "aac", "audio/mp4"),
    "m4a": ("ipod", "aac", "audio/mp4"),
    "wav": ("wav", "pcm_s16le", "audio/wav"),
    "flac": ("flac", "flac", "audio/flac"),
    "ogg": ("ogg", "libopus", "audio/ogg"),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_sound_is_copied_without_its_tags(name: str, tmp_path: Path) -> None:
    form, codec, mime = SOUNDS[name]
    data = samples.sound(tmp_path / "made", form, codec, rate=48000)
    made, clean = copy(data, tmp_path)

    assert (made.kind, made.mime, made.poster) == ("audio", mime, None)
    assert made.duration_seconds == pytest.approx(3.0, abs=0.1)
    assert samples.SECRET.encode() not in clean
    with av.open(str(tmp_path / "clean")) as played:
        assert sum(frame.samples for frame in played.decode(audio=0)) >= 3 * 48000


FILMS = {
    "mp4": ("mp4", "libx264", "aac", "video/mp4"),
    "mov": ("mov", "libx264", "aac", "video/mp4"),
    "silent": ("mp4", "libx264", None, "video/mp4"),
    "webm": ("webm", "libvpx", "libopus", "video/webm"),
    "vp9": ("webm", "libvpx-vp9", None, "video/webm"),
}


@pytest.mark.parametrize("name", FILMS)
def test_video_is_copied_without_its_tags_and_gets_a_poster(name: str, tmp_path: Path) -> None:
    form, codec, audio, mime = FILMS[name]
    made, clean = copy(samples.film(tmp_path / "made", form, codec, audio=audio), tmp_path)

    assert (made.kind, made.mime, made.width, made.height) == ("video", mime, 320, 240)
    assert made.duration_seconds == pytest.approx(3.0, abs=0.1)
    assert samples.SECRET.encode() not in clean
    assert b"+52.5200" not in clean
    assert made.poster is not None
    assert (made.poster.mime, made.poster.width, made.poster.height) == ("image/jpeg", 320, 240)
    with av.open(str(tmp_path / "clean")) as played:
        assert len(list(played.decode(video=0))) == 36


def test_an_mp4_can_be_played_while_it_loads(tmp_path: Path) -> None:
    _, clean = copy(samples.film(tmp_path / "made"), tmp_path)
    assert clean.index(b"moov") < clean.index(b"mdat")


def test_a_video_that_was_held_sideways_stays_upright(tmp_path: Path) -> None:
    made, _ = copy(samples.film(tmp_path / "made", turned=90), tmp_path)

    assert (made.width, made.height) == (240, 320)
    assert made.poster is not None
    assert (made.poster.width, made.poster.height) == (240, 320)
    with av.open(str(tmp_path / "clean")) as played:
        assert next(played.decode(video=0)).rotation == 90


@pytest.mark.parametrize("codec", ["mpeg4", "mjpeg"])
def test_a_video_that_browsers_cannot_play_is_refused(codec: str, tmp_path: Path) -> None:
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    with pytest.raises(Unreadable, match="video_codec"):
        copy(samples.film(tmp_path / "made", "mp4", codec, pixels=pixels), tmp_path)


def test_a_video_of_more_colours_than_browsers_show_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="video_codec"):
        copy(samples.film(tmp_path / "made", pixels="yuv444p"), tmp_path)


def test_a_sound_that_browsers_cannot_play_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="audio_codec"):
        copy(samples.sound(tmp_path / "made", "mp4", "alac"), tmp_path)


@pytest.mark.parametrize("part", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("name", ["m4a", "wav", "mp4", "webm"])
def test_a_recording_that_ends_too_early_is_refused(name: str, part: float, tmp_path: Path) -> None:
    if name in SOUNDS:
        data = samples.sound(tmp_path / "made", *SOUNDS[name][:2], seconds=20.0)
    else:
        form, codec, audio, _ = FILMS[name]
        data = samples.film(tmp_path / "made", form, codec, audio=audio, seconds=10)
    with pytest.raises(Unreadable):
        copy(data[: int(len(data) * part)], tmp_path)


@pytest.mark.parametrize("name", SOUNDS)
def test_a_recording_of_rubbish_is_refused(name: str, tmp_path: Path) -> None:
    data = samples.sound(tmp_path / "made", *SOUNDS[name][:2], rate=48000)
    with pytest.raises(Unreadable):
        copy(data[:64] + bytes(range(256)) * 40, tmp_path)


@pytest.mark.parametrize("name", [*SOUNDS, "mp4", "webm"])
def test_no_mutilated_recording_escapes_as_anything_but_unreadable(name: str, tmp_path: Path) -> None:
    if name in SOUNDS:
        whole = samples.sound(tmp_path / "made", *SOUNDS[name][:2], seconds=0.5, rate=48000)
    else:
        whole = samples.film(tmp_path / "made", *FILMS[name][:2], audio=None, seconds=1, size=(64, 48))
    chance = random.Random(name)  # a failing seed is a bug
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3, 10))):
            at = chance.randrange(12, len(data))
            data[at : at + chance.randrange(1, 8)] = chance.randbytes(chance.randrange(0, 8))
        if sniff(bytes(data[:4096])):
            with contextlib.suppress(Unreadable):
                copy(bytes(data), tmp_path)


@pytest.mark.parametrize("name", ["wav", "flac", "ogg"])
def test_sound_that_podcast_players_do_not_know_becomes_an_mp3(name: str, tmp_path: Path) -> None:
    copy(samples.sound(tmp_path / "made", *SOUNDS[name][:2], rate=48000), tmp_path)

    seconds = encode_mp3(tmp_path / "clean", tmp_path / "made.mp3")

    assert seconds == pytest.approx(3.0, abs=0.1)
    with av.open(str(tmp_path / "made.mp3")) as played:
        assert played.streams.audio[0].codec_context.name in ("mp3", "mp3float")
        assert dict(played.metadata) == {}
