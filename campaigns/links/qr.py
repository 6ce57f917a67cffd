"""QR codes of links: dark on light whatever the theme, with the quiet zone that scanners need."""

import io
from dataclasses import dataclass

import segno

CORRECTIONS = ("L", "M", "Q", "H")  # how much may be missing: about 7, 15, 25 or 30 percent
SIZES = (256, 512, 1024, 2048)  # pixels of a PNG, at most; modules stay whole pixels
BORDERS = (4, 6, 8)  # modules of quiet zone; the standard asks for four


@dataclass(frozen=True)
class QRChoice:
    """How a code is drawn."""

    correction: str = "M"
    size: int = 1024
    border: int = 4


def as_svg(url: str, choice: QRChoice) -> bytes:
    """A drawing that scales."""
    out = io.BytesIO()
    _code(url, choice).save(
        out,
        kind="svg",
        border=choice.border,
        dark="#000",
        light="#fff",
        scale=1,
        omitsize=True,
        xmldecl=False,
    )
    return out.getvalue()


def as_png(url: str, choice: QRChoice) -> bytes:
    """A picture of `choice.size` pixels or a little less."""
    code = _code(url, choice)
    scale = max(1, choice.size // code.symbol_size(border=choice.border)[0])
    out = io.BytesIO()
    code.save(out, kind="png", border=choice.border, dark="#000", light="#fff", scale=scale)
    return out.getvalue()


def _code(url: str, choice: QRChoice) -> segno.QRCode:
    """Its link, marked so that a scan can be told from a tap."""
    return segno.make_qr(f"{url}?qr", error=choice.correction, boost_error=False)
