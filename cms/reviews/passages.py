"""Finding a passage again in a text that has changed since: by what it says, and by what stood around it. Pure."""

from cms.core.text import strip_control
from cms.posts.models import Revision

LONGEST_QUOTE = 2_000
AROUND = 60  # characters of the text kept before and after a passage


def whole_text(revision: Revision) -> str:
    """Everything of a text that can be quoted: title, summary, body, transcript of words as readers see them."""
    return flat(" ".join((revision.title, revision.summary, revision.plain)))


def flat(text: str) -> str:
    """A text without the way it is broken into lines."""
    return " ".join(strip_control(text).split())


def stands_in(quote: str, text: str) -> bool:
    """Whether a passage is still there, word for word."""
    return flat(quote) in text


def surroundings(quote: str, text: str, *, prefix: str = "", suffix: str = "") -> tuple[str, str] | None:
    """What stands before and after a passage; None when it is not there.

    When it is there several times, the one that the given prefix and suffix fit best is meant.
    """
    places = _places(flat(quote), text)
    if not places:
        return None
    length = len(flat(quote))
    at = max(places, key=lambda place: _fit(text, place, length, flat(prefix), flat(suffix)))
    return text[max(0, at - AROUND) : at], text[at + length : at + length + AROUND]


def replaced(body: str, quote: str, suggestion: str) -> str | None:
    """A source text with a passage replaced; None when it does not stand there exactly once, as plain words."""
    return body.replace(quote, suggestion) if quote and body.count(quote) == 1 else None


def _places(quote: str, text: str) -> list[int]:
    found: list[int] = []
    at = text.find(quote) if quote else -1
    while at >= 0 and len(found) < 100:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def _fit(text: str, at: int, length: int, prefix: str, suffix: str) -> int:
    before, after = text[:at].rstrip(), text[at + length :].lstrip()
    return _common(before[::-1], prefix[::-1]) + _common(after, suffix)


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
