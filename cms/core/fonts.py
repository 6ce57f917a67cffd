"""The font of a PDF: Noto Sans SC (OFL), as much of it as the words need, embedded.

It comes with the packages as OpenType with cubic curves, which the PDF library cannot embed; the glyphs that are needed
are drawn anew with quadratic ones. Characters that were needed once are kept, so that most reports find the font ready.
"""

import io
import threading
from importlib.resources import as_file, files

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

LATIN = "".join(map(chr, range(0x20, 0x17F))) + "–—‘’“”…×~·•−"
_TOLERANCE = 1.0  # units of 1,000 by which a curve may differ
_EMPTY = ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs")
_ALSO_EMPTY = (
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
)
_COMPOSITE = ("maxCompositePoints", "maxCompositeContours", "maxComponentDepth")
_lock = threading.Lock()
_known: set[str] = set()
_names: list[str] = []


def font_for(text: str) -> str:
    """The name of a font that has every character of the text which Noto Sans SC has."""
    with _lock:
        new = set(text) - _known
        if new or not _names:
            _known.update(new, LATIN)
            name = f"Report-{len(_names)}"
            pdfmetrics.registerFont(EmbeddedFont(name, io.BytesIO(_drawn("".join(sorted(_known)), name))))
            _names.append(name)
        return _names[-1]


def _drawn(text: str, name: str) -> bytes:
    """A TrueType font of these characters alone, with a name of its own: the library keeps one font for each."""
    out = io.BytesIO()
    with (
        as_file(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf") as path,
        TTFont(path, lazy=True) as font,
    ):
        chosen = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True))
        chosen.populate(text=text)
        chosen.subset(font)
        for record in font["name"].names:
            if record.nameID in (1, 4, 6):
                record.string = name
        _make_quadratic(font)
        font.save(out)
    return out.getvalue()


def _make_quadratic(font: TTFont) -> None:
    order, cubic = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = newTable("glyf")
    glyphs.glyphOrder, glyphs.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        cubic[name].draw(Cu2QuPen(pen, _TOLERANCE, reverse_direction=True))
        glyph = glyphs.glyphs[name] = pen.glyph()
        glyph.recalcBounds(glyphs)
        font["hmtx"].metrics[name] = (font["hmtx"].metrics[name][0], getattr(glyph, "xMin", 0))
    font["loca"], font["glyf"] = newTable("loca"), glyphs
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    for name in (*_EMPTY, *_ALSO_EMPTY, *_COMPOSITE):
        setattr(limits, name, 1 if name == "maxZones" else 0)
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
