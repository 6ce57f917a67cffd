import pytest

from cms.media.sniffing import guess_refused, sniff
from tests.cms.media import samples


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_pictures_are_known_by_their_content(form: str) -> None:
    sort = sniff(samples.picture(form)[:4096])
    assert sort is not None
    assert (sort.kind, sort.format) == ("image", form)


@pytest.mark.parametrize(
    ("head", "format"),
    [
        (b"ID3\x04\0\0", "mp3"),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xf3\x48\xc4", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"fLaC\0\0\0\x22", "flac"),
        (b"OggS\0\x02", "ogg"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2", "mp4"),
        (b"\0\0\0\x20ftypqt  \0\0\2\0qt  ", "mp4"),
        (b"\0\0\0\x1cftypM4A \0\0\2\0M4A isom", "mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "webm"),
        (b"\0\0\0\x20ftypmif1\0\0\0\0avifmif1miaf", "AVIF"),
    ],
)
def test_recordings_are_known_by_their_content(head: bytes, format: str) -> None:
    sort = sniff(head)
    assert sort is not None
    assert sort.format == format


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?>\n<!-- x --><svg>", "SVG"),
        (b"\xef\xbb\xbf  <SVG onload=alert(1)>", "SVG"),
        (b"<!doctype html><script>alert(1)</script>", "HTML"),
        (b"  <html>", "HTML"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"%PDF-1.7", "PDF"),
        (b"II*\0\x08", "TIFF"),
        (b"BM\x36\0", "BMP"),
        (b"PK\x03\x04", "ZIP"),
    ],
)
def test_what_is_not_taken_is_called_by_its_name(head: bytes, name: str) -> None:
    assert sniff(head) is None
    assert guess_refused(head) == name


@pytest.mark.parametrize(
    "head",
    [
        *(
            b"",
            b"\0",
            b"hello",
            b"\xff",
            b"\xff\xd8",
            b"RIFF\0\0\0\0AVI ",
            b"GIF88a",
            b"\x89PNG",
            b"MZ\x90\0",
        ),
        *(b"\x7fELF", b"#!/bin/sh", b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", b"\xff\xff\xff\xff", b"ftyp"),
    ],
)
def test_anything_else_is_nothing(head: bytes) -> None:
    assert sniff(head) is None
