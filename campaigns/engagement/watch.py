"""What came before, for rules that look further than one line: many links at once, many views at once, a decoy followed.

It is told every click and view in the order in which they are added up, and by what they say themselves, so raw that is
scored again meets the same.
"""

from typing import NamedTuple

from campaigns.engagement.lines import Line

LINKS_WITHIN = 5_000  # milliseconds in which links of one message are followed together
VIEWS_WITHIN = 10_000
TRAPPED = 3_600_000  # milliseconds for which who followed a decoy is a machine
TRAP = "t"  # among the hints of a line
FRESH = 60_000  # milliseconds after its publication in which a burst of views is looked for
MEMORY = max(LINKS_WITHIN, VIEWS_WITHIN)
LONGEST_MEMORY = TRAPPED  # what a new process reads of what was added up before it
_LONGEST = 200  # of what is remembered of each
_MOST = 20_000  # visitors, networks and posts that are remembered at once


class Seen(NamedTuple):
    """What else came about the same time."""

    links_of_visitor: int = 0  # different links of one message, this one too
    links_of_network: int = 0
    views_at_once: int = 0  # of a post that was just published, from nowhere, this one too
    is_trapped: bool = False  # followed a link that people cannot see, now or within the last hour


NOTHING = Seen()
_Key = tuple[str, object, int | None, int | None]
_Recent = dict[_Key, list[tuple[int, str]]]  # when, and what


class Watch:
    """Remembers some seconds."""

    def __init__(self) -> None:
        self._recent: _Recent = {}
        self._before: _Recent = {}  # of the seconds before those; looked at, and then forgotten
        self._since = 0  # when `_recent` was begun
        self._trapped: dict[int, int] = {}  # when each visitor followed a decoy last

    def see(self, line: Line, *, post: int | None, campaign: int | None, published: int | None) -> Seen:
        """Remember a line; gives what came with it. `published` is when its post was, in milliseconds."""
        kind = line.kind
        if kind == "click" or (kind == "view" and published is not None):
            seen = self._around(line, post, campaign, published)
        else:
            seen = NOTHING
        if TRAP in line.hints:
            self._trap(line)
            return seen._replace(is_trapped=True)
        if self._trapped and 0 <= line.at - self._trapped.get(line.visitor, -TRAPPED) < TRAPPED:
            return seen._replace(is_trapped=True)
        return seen

    @property
    def trapped(self) -> list[int]:
        """Visitors who followed a decoy."""
        return list(self._trapped)

    def _trap(self, line: Line) -> None:
        if len(self._trapped) >= _MOST:
            self._trapped = {one: at for one, at in self._trapped.items() if at > line.at - TRAPPED}
        if line.visitor and len(self._trapped) < _MOST:
            self._trapped[line.visitor] = line.at

    def _around(self, line: Line, post: int | None, campaign: int | None, published: int | None) -> Seen:
        if line.kind == "click":
            return Seen(*self.links(line.at, line.subject, line.visitor, line.network, campaign, post))
        is_fresh = line.kind == "view" and published is not None and 0 <= line.at - published < FRESH
        if is_fresh and not (line.referrer or line.click or line.utm or "i" in line.hints):
            return Seen(
                views_at_once=len(
                    self._remember(("post", "", None, post), line.at, line.subject, VIEWS_WITHIN)
                )
            )
        return NOTHING

    def links(
        self, at: int, subject: str, visitor: int, network: str, campaign: int | None, post: int | None
    ) -> tuple[int, int]:
        """Remember that a link was followed; gives how many different ones of its message its visitor follows at once,
        and how many its network."""
        message = campaign, (None if campaign else post)
        return (
            self._different(("visitor", visitor, *message), at, subject) if visitor else 0,
            self._different(("network", network, *message), at, subject) if network else 0,
        )

    def _different(self, key: _Key, at: int, subject: str) -> int:
        recent = self._remember(key, at, subject, LINKS_WITHIN)
        return len({what for _, what in recent}) if len(recent) > 1 else 1

    def _remember(self, key: _Key, at: int, what: str, within: int) -> list[tuple[int, str]]:
        if at - self._since > MEMORY or len(self._recent) >= _MOST:
            self._recent, self._before, self._since = {}, self._recent, at
        recent = self._recent.get(key)
        if recent is None:
            recent = self._recent[key] = self._before.get(key, [])
        old = 0
        while old < len(recent) and recent[old][0] < at - within:
            old += 1
        del recent[: max(old, len(recent) - _LONGEST + 1)]
        recent.append((at, what))
        return recent
