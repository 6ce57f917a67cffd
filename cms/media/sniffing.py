"""What a file is, told by its first bytes. Its name and what the browser calls it are not asked."""

import re
from dataclasses import dataclass

ACCEPTED_PICTURES = ".jpg,.jpeg,.png,.webp,.gif,.avif"  # what a field for pictures offers to choose
HEAD = 4096  # bytes that are looked at


@dataclass(frozen=True)
class Sort:
    """One kind of file that is taken, and how much of it."""

    kind: str  # image, audio, video; `recording` when only its streams can tell
    format: str  # as the library that reads it calls it
    most_bytes: int


MEGABYTE = 1024 * 1024
MOST_IMAGE, MOST_AUDIO, MOST_VIDEO = 30 * MEGABYTE, 300 * MEGABYTE, 700 * MEGABYTE

_JPEG = Sort("image", "JPEG", MOST_IMAGE)
_PNG = Sort("image", "PNG", MOST_IMAGE)
_GIF = Sort("image", "GIF", MOST_IMAGE)
_WEBP = Sort("image", "WEBP", MOST_IMAGE)
_AVIF = Sort("image", "AVIF", MOST_IMAGE)
_MP3 = Sort("audio", "mp3", MOST_AUDIO)
_AAC = Sort("audio", "aac", MOST_AUDIO)
_WAV = Sort("audio", "wav", MOST_AUDIO)
_FLAC = Sort("audio", "flac", MOST_AUDIO)
_OGG = Sort("audio", "ogg", MOST_AUDIO)
_MP4 = Sort("recording", "mp4", MOST_VIDEO)
_WEBM = Sort("recording", "webm", MOST_VIDEO)

_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_MPEG_AUDIO = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xfd][\x10-\xef]", re.DOTALL)
_ADTS = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]", re.DOTALL)


def sniff(head: bytes) -> Sort | None:
    """The sort of file these first bytes begin, or None when it is not one that is taken."""
    simple = ((b"\xff\xd8\xff", _JPEG), (b"\x89PNG\r\n\x1a\n", _PNG), (b"fLaC", _FLAC), (b"OggS", _OGG))
    for signature, sort in simple:
        if head.startswith(signature):
            return sort
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return _GIF
    if head[:4] == b"RIFF":
        return {b"WEBP": _WEBP, b"WAVE": _WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        brands = _brands(head)
        return _AVIF if brands & _AVIF_BRANDS else None if _is_heic(head) else _MP4
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _WEBM if b"webm" in head[:64] else None
    if head.startswith(b"ID3") or _MPEG_AUDIO.match(head):
        return _MP3
    return _AAC if _ADTS.match(head) else None


def guess_refused(head: bytes) -> str | None:
    """The name of a well-known format that is not taken, so that the refusal can speak of it."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024].lower()
    if b"<svg" in start:
        return "SVG"
    if start.startswith((b"<!doctype html", b"<html", b"<script")) or b"<html" in start:
        return "HTML"
    if _is_heic(head):
        return "HEIC"
    known = ((b"%pdf", "PDF"), (b"ii*\0", "TIFF"), (b"mm\0*", "TIFF"), (b"bm", "BMP"), (b"pk\x03\x04", "ZIP"))
    return next((name for signature, name in known if start.startswith(signature)), None)


def _brands(head: bytes) -> set[bytes]:
    length = min(int.from_bytes(head[:4], "big"), len(head), 256)
    return {head[8:12]} | {head[at : at + 4] for at in range(16, length - 3, 4)}


def _is_heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS and not _brands(head) & _AVIF_BRANDS
