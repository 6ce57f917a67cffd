"""How long a text is, by the rule of the network that counts it. The same Chinese sentence has a different length in each.

Sources: `docs/channels/counting.md`.
"""

import math
from collections.abc import Callable

import regex

from campaigns.channels.messages import Limits

Counter = Callable[[str], int]
_URL = regex.compile(r"https?://[^\s<>\"'（）【】《》「」『』“”‘’，。；！？、…]+", regex.IGNORECASE)
_REMOTE_MENTION = regex.compile(r"(?<![\w/])@([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]+[A-Za-z0-9_]+)?)@[\w.-]+\w")


def graphemes(text: str) -> int:
    """What a reader would call characters: extended grapheme clusters (UAX 29)."""
    return len(regex.findall(r"\X", text))


def mastodon(text: str) -> int:
    """Graphemes, where `@user@host` counts as `@user`. Addresses are replaced before, by `Limits.link_length`."""
    return graphemes(_REMOTE_MENTION.sub(r"@\1", text))


def utf8(text: str) -> int:
    """Bytes as they are sent."""
    return len(text.encode())


def characters(text: str) -> int:
    """For networks that say "characters" and not which: the larger of code points and UTF-16 units."""
    return max(len(text), len(text.encode("utf-16-le")) // 2)


def weibo(text: str) -> int:
    """Han characters: others count half, and the sum is rounded up."""
    return math.ceil(sum(0.5 if ord(one) < 128 else 1 for one in text))


COUNTERS: dict[str, Counter] = {
    "graphemes": graphemes,
    "mastodon": mastodon,
    "bytes": utf8,
    "characters": characters,
    "weibo": weibo,
}


def length(text: str, limits: Limits) -> int:
    """How long the network finds a text, its links and all."""
    return COUNTERS[limits.counter](_with_links_counted(text, limits))


def excess(text: str, limits: Limits) -> int:
    """By how many of the network's units a text is too long; 0 when it fits all of its limits."""
    if limits.text is None:
        return 0
    counted = _with_links_counted(text, limits)
    over = [COUNTERS[limits.counter](counted) - limits.text]
    over += [COUNTERS[counter](text) - most for counter, most in limits.also]
    return max(0, *over)


def links_in(text: str) -> list[tuple[int, int]]:
    """Where addresses begin and end, in code points."""
    return [(one.start(), _end(text, one)) for one in _URL.finditer(text)]


def _end(text: str, found: "regex.Match[str]") -> int:
    """Punctuation after an address is not part of it; a closing bracket is, when it was opened inside."""
    end = found.end()
    too_many = found.group().count(")") - found.group().count("(")
    while end > found.start():
        last = text[end - 1]
        if last == ")" and too_many > 0:
            too_many -= 1
        elif last not in ".,;:!?'\"*_~":
            break
        end -= 1
    return end


def _with_links_counted(text: str, limits: Limits) -> str:
    if limits.link_length is None:
        return text
    pieces, at = [], 0
    for start, end in links_in(text):
        pieces += [text[at:start], "x" * limits.link_length]
        at = end
    return "".join([*pieces, text[at:]])
