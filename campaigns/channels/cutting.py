"""Where a text may be cut: after a paragraph, a sentence or a word, and never inside what readers see as one thing
(a grapheme, an address, a mention, a hashtag)."""

from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property

import regex

from campaigns.channels.counting import links_in

Fits = Callable[[str], bool]
CHARACTER, WORD, SENTENCE, PARAGRAPH = range(4)
# A better place is taken when it leaves at least this share of what would have fitted.
_SHARES = ((PARAGRAPH, 0.7), (SENTENCE, 0.4), (WORD, 0.2))

# Each begins where a run begins and gives nothing back, so that a text of dots costs no more than any other.
_SENTENCE = regex.compile(
    r"(?<![.!?…])(?<!\b(?:Mr|Mrs|Ms|Dr|St|No|vs|\p{Lu}))[.!?…]++[\"'”’)\]]*+(?=\s++[^\s\p{Ll}])"
    r"|(?<![。！？；…])[。！？；…]++[”’」』）】》]*+(?![。！？；…”’」』）】》，、])"
)
_SPACE = regex.compile(r"\s++")
# Chinese and Japanese are written without spaces: any two characters may part, if punctuation stays where it belongs.
_IDEOGRAPHS = regex.compile(
    r"(?<=[\p{Han}\p{Hiragana}\p{Katakana}，。！？；：、”’」』）】》])(?=[\p{Han}\p{Hiragana}\p{Katakana}“‘「『（【《])"
)
_WHOLE = regex.compile(r"[@#＃][\w.@·-]{0,100}\w|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{0,190}\w")


class Cuts:
    """The places at which one text may be cut."""

    def __init__(self, text: str) -> None:
        self.text = text

    def best(self, start: int, fits: Fits) -> tuple[int, int] | None:
        """The end of the longest piece from `start` that fits, at the best place near there, and that place's rank.

        `fits` is asked with the piece without space around it. None when not even the shortest piece fits.
        """
        first = bisect_right(self.places, start)
        furthest = self._furthest(first, start, fits)
        if furthest is None:
            return None
        if furthest == len(self.places) - 1:
            return len(self.text), PARAGRAPH
        room = self.places[furthest] - start
        for rank, share in _SHARES:
            for place in reversed(self.places[first : furthest + 1]):
                if place - start < room * share:
                    break
                if self._ranks.get(place, CHARACTER) >= rank and fits(self.piece(start, place)):
                    return place, rank
        return self.places[furthest], CHARACTER

    def piece(self, start: int, end: int) -> str:
        """The text between two places, without graphemes of space around it."""
        start = self.skip_space(start)
        return self.text[start:end].rstrip()

    def skip_space(self, start: int) -> int:
        """The next place that is not followed by space, or the end."""
        for found in regex.finditer(r"\X", self.text, pos=start):
            if not found.group().isspace():
                return int(found.start())
        return len(self.text)

    @cached_property
    def places(self) -> list[int]:
        """All of them, the end of the text last."""
        ends = [one.end() for one in regex.finditer(r"\X", self.text)]
        inside = set[int]()
        for start, end in [*links_in(self.text), *(one.span() for one in _WHOLE.finditer(self.text))]:
            inside.update(range(start + 1, end))
        return [one for one in ends if one not in inside]

    @cached_property
    def _ranks(self) -> dict[int, int]:
        ranks = dict.fromkeys((one.end() for one in _IDEOGRAPHS.finditer(self.text)), WORD)
        spaces = [(one.start(), "\n" in one.group()) for one in _SPACE.finditer(self.text)]
        ranks |= dict.fromkeys((start for start, _ends in spaces), WORD)
        ranks |= dict.fromkeys((one.end() for one in _SENTENCE.finditer(self.text)), SENTENCE)
        return ranks | dict.fromkeys((start for start, ends in spaces if ends), PARAGRAPH)

    def _furthest(self, first: int, start: int, fits: Fits) -> int | None:
        """Index of the last place that fits: doubling, then halving, so that a long text is not counted again and again."""

        def good(index: int) -> bool:
            return fits(self.piece(start, self.places[index]))

        if first >= len(self.places) or not good(first):
            return None
        low, step = first, 64
        while low + step < len(self.places) and good(low + step):
            low, step = low + step, step * 2
        high = min(low + step, len(self.places))  # the first that surely does not fit, or is not there
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if good(middle) else (low, middle)
        return low


def cut(text: str, fits: Fits) -> str:
    """As much of a text as fits, with an ellipsis where a sentence does not end; empty when nothing fits."""
    cuts = Cuts(text)
    whole = cuts.piece(0, len(text))
    if fits(whole):
        return whole
    found = cuts.best(0, lambda piece: fits(with_ellipsis(piece)))
    if found is None:
        return ""
    end, rank = found
    piece = cuts.piece(0, end)
    return piece if rank >= SENTENCE else with_ellipsis(piece)


def with_ellipsis(piece: str) -> str:
    """What says that there is more. It does not become part of an address."""
    piece = piece.rstrip(",;:，、；：")
    ends_with_link = any(end == len(piece) for _start, end in links_in(piece))
    return f"{piece} …" if ends_with_link else f"{piece}…"
