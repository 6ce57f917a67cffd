"""A long text as a thread of posts that each fit."""

from flask_babel import gettext as _

from campaigns.channels.counting import excess
from campaigns.channels.cutting import Cuts
from campaigns.channels.messages import Limits
from cms.core.errors import Invalid


class ThreadTooLong(Invalid):
    """More parts than the network takes, or than we send. `parts` are all of them, for showing."""

    def __init__(self, parts: tuple[str, ...], most: int) -> None:
        self.parts, self.most = parts, most
        super().__init__(
            _(
                "This text needs %(needed)s posts, and at most %(most)s are possible. Please shorten it.",
                needed=len(parts),
                most=most,
            )
        )


class CannotSplit(Invalid):
    """An address or a word that may not be parted is longer than a whole post."""

    def __init__(self, start: str) -> None:
        super().__init__(
            _("What begins with “%(start)s” is longer than a whole post and cannot be parted.", start=start)
        )


def split(text: str, limits: Limits, *, numbered: bool = False) -> tuple[str, ...]:
    """The parts of a text, each within `limits`, cut at paragraphs and sentences where that is possible.

    With `numbered`, each ends with " 2/5", which counts too; a text that fits into one part has no number. Joined, the
    parts are the text but for white space. An empty text has no parts. Raises `ThreadTooLong` and `CannotSplit`.
    """
    cuts = Cuts(text)
    whole = cuts.piece(0, len(text))
    if not whole:
        return ()
    if not excess(whole, limits):
        return (whole,)
    parts = _numbered(cuts, limits) if numbered else _parts(cuts, limits, 0)
    if len(parts) > limits.parts:
        raise ThreadTooLong(parts, limits.parts)
    return parts


def _numbered(cuts: Cuts, limits: Limits) -> tuple[str, ...]:
    """The more parts, the longer their numbers, the more parts."""
    digits = 1
    while len(str(len(parts := _parts(cuts, limits, digits)))) > digits:
        digits += 1
    return tuple(f"{one} {number}/{len(parts)}" for number, one in enumerate(parts, 1))


def _parts(cuts: Cuts, limits: Limits, digits: int) -> tuple[str, ...]:
    mark = f" {'9' * digits}/{'9' * digits}" if digits else ""
    parts: list[str] = []
    start = cuts.skip_space(0)
    while start < len(cuts.text):
        found = cuts.best(start, lambda piece: not excess(piece + mark, limits))
        if found is None:
            raise CannotSplit(cuts.text[start : start + 30])
        parts.append(cuts.piece(start, found[0]))
        start = cuts.skip_space(found[0])
    return tuple(parts)
