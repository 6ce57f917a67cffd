"""How a visitor came, and whether they do again what they did seconds ago: told when an event is read, then kept with it.

The channel of a click is that of its link; of a page opened with a click id, that of the click; else the UTM medium of
letters and feeds, the site that led here, another page of ours (`inside`), or nothing that is known (`direct`). What
somebody does on a page came the way the page did, and a fact the way its visitor came last. UTM values of others decide
nothing beyond that: who invents a campaign invents none of ours.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from campaigns.engagement.lines import Line
from campaigns.engagement.store.events import Event
from campaigns.engagement.store.folding import State

SAME_VIEW = 10_000  # milliseconds in which one visitor opens one page once
DOUBLE_TAP = 2_000  # milliseconds in which one visitor follows one link once
_MEDIUMS = {
    "mail": frozenset({"email", "e-mail", "mail", "newsletter"}),
    "feed": frozenset({"rss", "atom", "feed"}),
}
_SITES = (
    (
        "search",
        r"(^|\.)(google|bing|baidu|duckduckgo|yandex|ecosia|sogou|so|qwant|startpage|kagi|naver)\.[a-z.]+$",
    ),
    ("mail", r"^(mail|webmail|outlook|owa)\.|\.mail\.|^(deref-gmx|deref-web)"),
    ("feed", r"(^|\.)(feedly|inoreader|newsblur|theoldreader|feedbin|netvibes|bazqux|freshrss)\."),
)
_PATTERNS = [(channel, re.compile(pattern)) for channel, pattern in _SITES]


def channel_of(line: Line) -> str:
    """From the line alone, without a click id."""
    if line.utm and (channel := _of_medium(line.utm)):
        return channel
    if line.referrer:
        return _of_site(line.referrer)
    return "inside" if "i" in line.hints else "direct"


@lru_cache(maxsize=4096)
def _of_medium(utm: str) -> str:
    medium = utm.partition("|")[2].partition("|")[0].strip().lower()
    return next((channel for channel, names in _MEDIUMS.items() if medium in names), "")


@lru_cache(maxsize=4096)
def _of_site(referrer: str) -> str:
    host = referrer.partition("/")[0]
    return next((channel for channel, pattern in _PATTERNS if pattern.search(host)), "site")


class Comings:
    """Remembers the last seconds. Gives each event what it lacks, in the order in which they are added up."""

    def __init__(self) -> None:
        self._lately: dict[tuple[str, str, int], int] = {}
        self._pruned = 0

    def complete(self, events: Iterable[Event], state: State) -> None:
        """Channel and `again`, for those that do not have them yet; and remember how visitors came."""
        channels = {number: click["channel"] for number, click in state.clicks.items()}
        of_view = {number: view["channel"] for number, view in state.views.items()}
        for event in events:
            line = event.line
            if not event.channel:
                event.channel = self._channel(event, channels, of_view, state)
            if line.kind == "click":
                channels.setdefault(line.click, event.channel)
            elif line.kind == "view":
                of_view.setdefault(line.view, event.channel)
            if line.visitor and event.verdict == "human" and line.kind in ("view", "click"):
                event.again = self._again(event)
                remember(event, state)

    def recall(self, events: Iterable[Event]) -> None:
        """Tell anew which are the same as seconds before; so remembers what happened before this process began."""
        for event in events:
            event.again = 0
            if event.line.visitor and event.verdict == "human" and event.line.kind in ("view", "click"):
                event.again = self._again(event)

    def _channel(self, event: Event, clicks: dict[str, str], views: dict[int, str], state: State) -> str:
        line = event.line
        if line.kind == "click":
            return "link"  # of no account: the collector says those that have one
        if line.kind == "read":
            return views.get(line.view) or channel_of(line)
        if line.click:
            return clicks.get(line.click, "link")
        if line.kind == "fact" and line.visitor in state.arrivals:
            window, channel = state.arrivals[line.visitor]
            if window == event.window:
                return channel
        return channel_of(line)

    def _again(self, event: Event) -> int:
        line = event.line
        key = line.kind, line.subject, line.visitor
        last = self._lately.get(key)
        within = DOUBLE_TAP if line.kind == "click" else SAME_VIEW
        if last is not None and abs(line.at - last) < within:
            return 1
        if len(self._lately) > 50_000 and line.at > self._pruned + SAME_VIEW:
            self._pruned = line.at
            self._lately = {one: at for one, at in self._lately.items() if at > line.at - 2 * SAME_VIEW}
        self._lately[key] = line.at
        return 0


def remember(event: Event, state: State) -> None:
    """How a visitor came the last time; going on inside changes nothing."""
    visitor, channel = event.line.visitor, event.channel
    if channel == "inside":
        return
    if state.arrivals.get(visitor) != (event.window, channel):
        state.arrivals[visitor] = event.window, channel
        state.changed_arrivals.add(visitor)
