"""Sentences of a plain text, and how hard they are to read. Pure."""

import re
from dataclasses import dataclass

from cms.core.text import count_words, is_ideographic

_SENTENCE = re.compile(r"(?:[^。！？!?.\n]|[.](?=\S))*[。！？!?.]?[”’」』)）]?")
_WORD = re.compile(r"[^\W\d_]+")
LONG_WORD = 7  # letters: LIX counts words longer than six
LONG_SENTENCE = {"latin": 35, "han": 80}  # words, characters


@dataclass(frozen=True)
class Reading:
    """What was measured of a text: nothing is guessed, and texts of under three sentences are not measured at all.

    `lix` is Björnsson's readability index (1968): words per sentence plus the percentage of words longer than six
    letters. Below 40 is easy, above 50 hard. Texts in Han characters have none; there only lengths are told.
    """

    is_han: bool
    sentences: int
    length: float  # words per sentence, or Han characters
    lix: int | None
    longest: tuple[str, ...]  # sentences that are very long, at most three


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return [one for one in found if one]


def measure(text: str) -> Reading | None:
    """How a text reads; None when it is too short to say."""
    found = [one for one in sentences(text) if count_words(one) > 1]
    if len(found) < 3:
        return None
    han = sum(map(is_ideographic, text))
    is_han = han > count_words(text) / 2
    limit = LONG_SENTENCE["han" if is_han else "latin"]
    lengths = [count_words(one) for one in found]
    longest = sorted((one for one in found if count_words(one) > limit), key=count_words, reverse=True)
    return Reading(
        is_han=is_han,
        sentences=len(found),
        length=round(sum(lengths) / len(found), 1),
        lix=None if is_han else _lix(text, len(found)),
        longest=tuple(longest[:3]),
    )


def _lix(text: str, count: int) -> int:
    words = _WORD.findall(text)
    if not words:
        return 0
    long = sum(1 for one in words if len(one) >= LONG_WORD)
    return round(len(words) / count + 100 * long / len(words))
