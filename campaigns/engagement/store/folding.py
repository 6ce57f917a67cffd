"""Adding up: what one event changes, given what is known of its view and its click. Pure, and the same for new events
and for raw that is added up again.

A view counts once however often it is sent, each delta of its reading time once, each click once, each verified click
once, and each fact that carries a number once. It does not matter which of a view and its deltas, or of a click and its
view, is read first.

Events are first put together by what they are about, and what came together is then added to the site, the campaign,
the post and the link, to the hour and the day, to the channel and to all channels: that is where most of the work is,
and there are fewer places than events.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from campaigns.engagement.store.events import ALL, CAMPAIGN, COLUMNS, LINK, POST, SITE, Event

ENGAGED_SECONDS = 10
LONGEST_VIEW = 3600  # seconds in sight that one view may add
LEEWAY = 2  # seconds by which a delta may be longer than the time since its view
PEOPLE, ENGAGED, CLICKERS = range(3)  # metrics, as in METRICS
WIDTH = len(COLUMNS)
_INDEX = {name: index for index, name in enumerate(COLUMNS)}
_COLUMN_OF = {
    "preview": _INDEX["previews"],
    "prefetch": _INDEX["machines"],
    "scanner": _INDEX["machines"],
    "crawler": _INDEX["machines"],
    "staff": _INDEX["staff"],
    "unknown": _INDEX["unknown"],
}
_VIEWS, _ENGAGED, _SECONDS, _CLICKS, _VERIFIED = range(5)


class About(NamedTuple):
    """What events are about, when, and how their visitor came: they are added up together."""

    hour: int
    day: int
    campaign_day: int
    campaign: int | None
    post: int | None
    link: int | None
    channel: str

    @property
    def scopes(self) -> Iterator[tuple[int, int, int]]:
        """Scope, subject, and the day there."""
        yield SITE, 0, self.day
        if self.campaign is not None:
            yield CAMPAIGN, self.campaign, self.campaign_day
        if self.post is not None:
            yield POST, self.post, self.day
        if self.link is not None:
            yield LINK, self.link, self.day


Place = tuple[
    int, int, int, int | None, int | None, int | None, str
]  # an `About`, of which there are as many as events
Parts = tuple[
    int, int, int | None, int | None, int | None, str, str, str, str
]  # of days, subjects, and as readers say
Counts = list[int]


def _zeros() -> Counts:
    return [0] * WIDTH


@dataclass
class State:
    """What is known of the views, clicks and visitors that events speak of, as rows by id; and what has changed."""

    views: dict[int, dict[str, Any]] = field(default_factory=dict)
    clicks: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrivals: dict[int, tuple[int, str]] = field(default_factory=dict)  # window and channel, by visitor
    changed_views: set[int] = field(default_factory=set)
    changed_clicks: set[str] = field(default_factory=set)
    changed_arrivals: set[int] = field(default_factory=set)
    counts: dict[Place, Counts] = field(default_factory=lambda: defaultdict(_zeros))
    people: dict[tuple[int, Place], set[int]] = field(default_factory=lambda: defaultdict(set))
    splits: dict[Parts, Counts] = field(default_factory=lambda: defaultdict(_zeros))
    facts: dict[tuple[int, int, int, str, str, str], list[int]] = field(  # with the visitors of each
        default_factory=lambda: defaultdict(list)
    )
    windows: set[tuple[int, int]] = field(default_factory=set)
    dropped: int = 0


@dataclass
class Cells:
    """What the tables get: counts and people by scope, subject, time and channel."""

    hours: dict[tuple[int, int, int, str], Counts] = field(default_factory=lambda: defaultdict(_zeros))
    days: dict[tuple[int, int, int, str], Counts] = field(default_factory=lambda: defaultdict(_zeros))
    splits: dict[tuple[int, int, int, str, str], Counts] = field(default_factory=lambda: defaultdict(_zeros))
    people: dict[tuple[int, int, int, str, int], set[int]] = field(default_factory=lambda: defaultdict(set))


def fold(events: Iterable[Event], state: State) -> None:
    """Add each to the state. Their channels are known."""
    for event in events:
        _FOLDS[event.line.kind](event, state)


def spread(state: State) -> Cells:
    """Add what came together to each place it belongs to."""
    cells = Cells()
    for place, counts in state.counts.items():
        about = About(*place)
        for scope, subject, day in about.scopes:
            for channel in (about.channel, ALL):
                _sum(cells.hours[scope, subject, about.hour, channel], counts)
                _sum(cells.days[scope, subject, day, channel], counts)
    for parts, counts in state.splits.items():
        about = About(0, *parts[:5], ALL)
        for dimension, key in _parts(*parts[5:]):
            for scope, subject, day in about.scopes:
                _sum(cells.splits[scope, subject, day, dimension, key], counts)
    for (metric, place), visitors in state.people.items():
        about = About(*place)
        for scope, subject, day in about.scopes:
            cells.people[scope, subject, metric, about.channel, day] |= visitors
            cells.people[scope, subject, metric, ALL, day] |= visitors
    return cells


def month_of(event: Event) -> int:
    """The month an event is kept in."""
    return _month(event.line.at // 3_600_000)


def month_at(at: int) -> int:
    """The month of an instant in milliseconds, UTC."""
    return _month(at // 3_600_000)


def fact_number(event: Event) -> int:
    """Under which a fact that counts once is known among views: of what was done and its own number."""
    said = f"{event.line.value}\n{event.line.view}".encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest()) >> 1


def _view(event: Event, state: State) -> None:
    line = event.line
    if line.view:
        view = _view_of(event, line.view, state)
        if view["opened"]:
            return
        view["opened"] = 2 if event.again else 1
    about = _about(event)
    if event.verdict != "human":
        state.counts[about][_COLUMN_OF[event.verdict]] += 1
        return
    if line.click:
        click = _click_of(event, state)
        click["opened"] = 1
        _verify(click, state)
    if event.again:
        return
    state.counts[about][_VIEWS] += 1
    _split(event, state, _VIEWS, 1)
    if line.visitor:
        state.people[PEOPLE, about].add(line.visitor)
        _see(event, state)


def _read(event: Event, state: State) -> None:
    line = event.line
    view = _view_of(event, line.view, state)
    bit = 1 << line.sequence
    if view["deltas"] & bit:
        return
    view["deltas"] |= bit
    if event.verdict != "human":
        return
    seconds = min(line.seconds, LONGEST_VIEW - view["seconds"])
    if view["opened"]:  # nobody reads for longer than the page is open
        seconds = min(seconds, (line.at - view["first_at"]) // 1000 + LEEWAY - view["seconds"])
    view["depth"] = max(view["depth"], line.depth)
    if seconds <= 0:
        return
    view["seconds"] += seconds
    about = _about(event)
    state.counts[about][_SECONDS] += seconds
    _split(event, state, _SECONDS, seconds)
    if view["seconds"] >= ENGAGED_SECONDS and not view["engaged"] and view["opened"] != 2:
        view["engaged"] = 1
        state.counts[about][_ENGAGED] += 1
        _split(event, state, _ENGAGED, 1)
        if line.visitor:
            state.people[ENGAGED, about].add(line.visitor)
            _see(event, state)


def _click(event: Event, state: State) -> None:
    line, is_human = event.line, event.verdict == "human"
    if line.click:
        click = _click_of(event, state)
        if click["hour"] is not None:
            return
        click.update(
            hour=event.hour,
            day=event.day,
            campaign_day=event.campaign_day,
            link=event.link,
            post=event.post,
            campaign=event.campaign,
            channel=event.channel,
            human=int(is_human),
        )
        _verify(click, state)
    about = _about(event)
    if not is_human:
        state.counts[about][_COLUMN_OF[event.verdict]] += 1
    elif not event.again:
        state.counts[about][_CLICKS] += 1
        _split(event, state, _CLICKS, 1)
        if line.visitor:
            state.people[CLICKERS, about].add(line.visitor)
            _see(event, state)


def _fetch(event: Event, state: State) -> None:
    if event.verdict != "human":
        state.counts[_about(event)][_COLUMN_OF[event.verdict]] += 1


def _fact(event: Event, state: State) -> None:
    line = event.line
    if event.verdict != "human" and not line.agent.startswith("feed:"):  # programs that read for people
        return
    if line.view:
        done = _view_of(event, fact_number(event), state)
        if done["opened"]:
            return
        done["opened"] = 1
    kind, _, key = line.value.partition(":")
    day = event.day if event.campaign is None else event.campaign_day
    about = (event.campaign or 0, event.post or 0, day, event.channel, kind[:24], key)
    state.facts[about].append(line.visitor)
    _see(event, state)


def _lost(event: Event, state: State) -> None:
    state.dropped += int(event.line.value) if event.line.value.isdecimal() else 0


def _verify(click: dict[str, Any], state: State) -> None:
    if not (click["human"] and click["opened"] and not click["verified"]):
        return
    click["verified"] = 1
    state.changed_clicks.add(click["click"])
    about = tuple(click[name] for name in About._fields)
    state.counts[about][_VERIFIED] += 1


def _view_of(event: Event, number: int, state: State) -> dict[str, Any]:
    state.changed_views.add(number)
    view = state.views.get(number)
    if view is None:
        view = state.views[number] = {
            "view": number, "month": month_of(event), "first_at": event.line.at, "channel": event.channel,
            "opened": 0, "deltas": 0, "seconds": 0, "engaged": 0, "depth": 0,
        }  # fmt: skip
    return view


def _click_of(event: Event, state: State) -> dict[str, Any]:
    number = event.line.click
    state.changed_clicks.add(number)
    click = state.clicks.get(number)
    if click is None:
        click = state.clicks[number] = {
            "click": number, "month": month_of(event), "channel": event.channel, "hour": None, "day": None,
            "campaign_day": None, "link": None, "post": None, "campaign": None, "human": 0, "opened": 0, "verified": 0,
        }  # fmt: skip
    return click


def _about(event: Event) -> Place:
    return (
        event.line.at // 3_600_000,
        event.day,
        event.campaign_day,
        event.campaign,
        event.post,
        event.link,
        event.channel,
    )


def _split(event: Event, state: State, column: int, number: int) -> None:
    line = event.line
    about = event.day, event.campaign_day, event.campaign, event.post, event.link
    state.splits[*about, line.country, line.language, line.device, line.referrer][column] += number


@lru_cache(maxsize=4096)
def _parts(country: str, language: str, device: str, referrer: str) -> list[tuple[str, str]]:
    """Dimensions and keys of what a reader's browser says, without what is not known."""
    said = {
        "country": country if country in _countries() else "",
        "language": _language(language),
        "device": device if device != "?" else "",
        "referrer": referrer.partition("/")[0][:80],
    }
    return [(dimension, key) for dimension, key in said.items() if key]


def _see(event: Event, state: State) -> None:
    state.windows.add((event.day, event.window))
    if event.campaign_day != event.day:
        state.windows.add((event.campaign_day, event.window))


def _sum(into: Counts, counts: Counts) -> None:
    for index, number in enumerate(counts):
        if number:
            into[index] += number


@cache
def _languages() -> frozenset[str]:
    from babel import Locale

    return frozenset(name for name in map(str, Locale("en").languages) if len(name) in (2, 3))


@cache
def _countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(name for name in map(str, Locale("en").territories) if len(name) == 2)


@cache
def _language(said: str) -> str:
    name = said.lower().partition("-")[0]
    return name if name in _languages() else ""


@cache
def _month(hour: int) -> int:
    return int(datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y%m"))


_FOLDS = {"view": _view, "read": _read, "click": _click, "fetch": _fetch, "fact": _fact, "lost": _lost}
