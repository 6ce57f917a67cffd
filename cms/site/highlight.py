"""The piece of a text where what was searched for stands, with the words marked."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

import regex
from markupsafe import Markup, escape

from cms.core.markup import trusted
from cms.core.text import is_ideographic

WIDTH = 180  # Latin letters; a Han character counts two
LEAD = 50  # of them before the first word found


def highlighted(text: str, runs: Sequence[str]) -> Markup | None:
    """An excerpt around the first place where most of the words stand close together; None where none stands."""
    wanted = [run for run in dict.fromkeys(runs) if run]
    if not wanted or not text:
        return None
    pattern = re.compile("|".join(_pattern(run) for run in sorted(wanted, key=len, reverse=True)))
    hits = [hit.span() for hit in islice(pattern.finditer(folded(text)), 400)]
    if not hits:
        return None
    start = _start(text, _best(text, hits))
    end = _end(text, start)
    pieces = ["…" if start else ""]
    at = start
    for low, high in hits:
        if low < at or low >= end:
            continue
        pieces += [escape(text[at:low]), trusted(f"<mark>{escape(text[low : min(high, end)])}</mark>")]
        at = min(high, end)
    pieces += [escape(text[at:end]), "…" if end < len(text) else ""]
    return trusted("".join(str(one) for one in pieces))


def folded(text: str) -> str:
    """The text as `search_runs` folds it, as far as that keeps every character in its place."""
    return (
        text.translate(_FOLDS).lower()
        if "İ" not in text
        else text.replace("İ", "i").translate(_FOLDS).lower()
    )


def _pattern(run: str) -> str:
    if is_ideographic(run):
        return re.escape(run)
    return (
        rf"(?<![^\W_]){re.escape(run)}\w*" if len(run) > 2 else rf"(?<![a-z0-9]){re.escape(run)}(?![a-z0-9])"
    )


def _best(text: str, hits: Sequence[tuple[int, int]]) -> int:
    """The hit that most other, different, hits follow closely."""
    best, most = hits[0][0], 0
    for number, (low, _) in enumerate(hits):
        near = {text[a:b].lower() for a, b in hits[number : number + 12] if a - low < WIDTH // 2}
        if len(near) > most:
            best, most = low, len(near)
    return best


def _start(text: str, hit: int) -> int:
    """Some words before the hit: at the beginning of a word, and never inside a character."""
    width, start = 0, hit
    window = max(0, hit - 40 * LEAD)
    for cluster in reversed(regex.findall(r"\X", text[window:hit])[1 if window else 0 :]):
        width += _width(cluster)
        if width > LEAD:
            break
        start -= len(cluster)
    if start and not is_ideographic(text[start]) and not text[start - 1].isspace():
        space = text.find(" ", start, hit)
        start = space + 1 if space != -1 else start
    return start


def _end(text: str, start: int) -> int:
    width, end = 0, start
    for found in regex.finditer(r"\X", text, pos=start):
        width += _width(found.group())
        if width > WIDTH:
            break
        end = found.end()
    if end < len(text) and not is_ideographic(text[end]) and not text[end].isspace():
        space = text.rfind(" ", start + WIDTH // 3, end)
        end = space if space != -1 else end
    return end


def _width(cluster: str) -> int:
    return 2 if is_ideographic(cluster) else 1


def _single_folds() -> dict[int, int]:
    """Characters that fold to exactly one other: accented Latin and Greek letters, full-width forms."""
    folds = {}
    for code in (*range(0xC0, 0x250), *range(0x370, 0x400), *range(0x1E00, 0x2000), *range(0xFF01, 0xFF5F)):
        base = "".join(
            one
            for one in unicodedata.normalize("NFKD", chr(code).casefold())
            if not unicodedata.combining(one)
        )
        if len(base) == 1 and ord(base) != code:
            folds[code] = ord(base)
    return folds


_FOLDS = _single_folds()
