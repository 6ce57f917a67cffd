"""What came before, for rules that look further than one line: many links at once, many views at once, a decoy followed.

It is told every click and view in the order in which they are added up, and by what they say themselves, so raw that is
scored again meets the same.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from campaigns.engagement.lines import Line

LINKS_WITHIN = 5_000  # milliseconds in which links of one message are followed together
VIEWS_WITHIN = 10_000
TRAPPED = 3_600_000  # milliseconds for which who followed a decoy is a machine
TRAP = "t"  # among the hints of a line
FRESH = 60_000  # milliseconds after its publication in which a burst of views is looked for
MEMORY = max(LINKS_WITHIN, VIEWS_WITHIN)
LONGEST_MEMORY = TRAPPED  # what a new process reads of what was added up before it
_MOST = 20_000  # visitors, networks and posts that are remembered at once


class Seen(NamedTuple):
    """What else came about the same time."""

    links_of_visitor: int = 0  # different links of one message, this one too
    links_of_network: int = 0
    views_at_once: int = 0  # of a post that was just published, from nowhere, this one too
    is_trapped: bool = False  # followed a link that people cannot see, now or within the last hour


NOTHING = Seen()
_Key = tuple[str, object, int | None, int | None]


@dataclass(slots=True)
class _Recent:
    at: int
    what: str


class Watch:
    """Remembers some seconds."""

    def __init__(self) -> None:
        self._recent: dict[_Key, deque[_Recent]] = {}
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

    def _trap(self, line: Line) -> None:
        if len(self._trapped) >= _MOST:
            self._trapped = {one: at for one, at in self._trapped.items() if at > line.at - TRAPPED}
        if line.visitor and len(self._trapped) < _MOST:
            self._trapped[line.visitor] = line.at

    def _around(self, line: Line, post: int | None, campaign: int | None, published: int | None) -> Seen:
        if line.kind == "click":
            message = campaign, (None if campaign else post)
            return Seen(
                self._different(("visitor", line.visitor, *message), line) if line.visitor else 0,
                self._different(("network", line.network, *message), line) if line.network else 0,
            )
        is_fresh = line.kind == "view" and published is not None and 0 <= line.at - published < FRESH
        if is_fresh and not (line.referrer or line.click or line.utm or "i" in line.hints):
            return Seen(views_at_once=len(self._remember(("post", "", None, post), line, VIEWS_WITHIN)))
        return NOTHING

    def _different(self, key: _Key, line: Line) -> int:
        return len({one.what for one in self._remember(key, line, LINKS_WITHIN)})

    def _remember(self, key: _Key, line: Line, within: int) -> deque[_Recent]:
        recent = self._recent.get(key)
        if recent is None:
            if len(self._recent) >= _MOST:
                oldest = line.at - MEMORY
                self._recent = {one: some for one, some in self._recent.items() if some[-1].at >= oldest}
            recent = self._recent[key] = deque(maxlen=200)
        while recent and recent[0].at < line.at - within:
            recent.popleft()
        recent.append(_Recent(line.at, line.subject))
        return recent
