"""How a visitor came, and whether they do again what they did seconds ago: told when an event is read, then kept with it.

The channel of a click is that of its link; of a page opened with a click id, that of the click; else the UTM medium of
letters and feeds, the site that led here, another page of ours (`inside`), or nothing that is known (`direct`). What
somebody does on a page came the way the page did, and a fact the way its visitor came last. UTM values of others decide
nothing beyond that: who invents a campaign invents none of ours.
"""

import re
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.engagement.store.columns import (
    CLICK,
    FACT,
    FETCH,
    READ,
    VIEW,
    Batch,
    Flags,
    Numbers,
    Words,
)
from campaigns.engagement.store.folding import State

SAME_VIEW = 10_000  # milliseconds in which one visitor opens one page once
DOUBLE_TAP = 2_000  # milliseconds in which one visitor follows one link once
INSIDE = "inside"
_MOST = 50_000  # who is remembered before those of long ago are forgotten
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
        self._lately: dict[tuple[int, str, int], int] = {}
        self._pruned = 0

    def complete(self, batch: Batch, state: State) -> None:
        """Channel and `again`, for those that do not have them yet; and remember how visitors came."""
        self.recall(batch)
        _tell_channels(batch, state)

    def recall(self, batch: Batch) -> None:
        """Tell anew which are the same as seconds before; so remembers what happened before this process began."""
        batch.again = np.zeros(len(batch), np.int64)
        rows = np.flatnonzero(_comes(batch))
        kinds, visitors, times = (one[rows].tolist() for one in (batch.kind, batch.visitor, batch.at))
        subjects = batch.subject.take(rows).list()
        again, lately = [], self._lately
        for row, kind, subject, visitor, at in zip(
            rows.tolist(), kinds, subjects, visitors, times, strict=True
        ):
            key = kind, subject, visitor
            last = lately.get(key)
            if last is not None and abs(at - last) < (DOUBLE_TAP if kind == CLICK else SAME_VIEW):
                again.append(row)
                continue
            if len(lately) > _MOST and at > self._pruned + SAME_VIEW:
                self._pruned = at
                lately = self._lately = {
                    one: when for one, when in lately.items() if when > at - 2 * SAME_VIEW
                }
            lately[key] = at
        batch.again[again] = 1


def remember(batch: Batch, state: State) -> None:
    """How visitors came the last time; going on inside changes nothing."""
    inside = batch.channel.each(lambda name: name == INSIDE, np.bool_)
    rows = np.flatnonzero(_comes(batch) & ~inside)
    came = zip(batch.window[rows].tolist(), batch.channel.take(rows).list(), strict=True)
    latest = dict(zip(batch.visitor[rows].tolist(), came, strict=True))
    state.changed_arrivals.update(
        visitor for visitor, how in latest.items() if state.arrivals.get(visitor) != how
    )
    state.arrivals |= latest


def _comes(batch: Batch) -> Flags:
    """Who opens a page or follows a link, and is told apart."""
    comes: Flags = batch.is_human & (batch.visitor != 0) & ((batch.kind == VIEW) | (batch.kind == CLICK))
    return comes


def _tell_channels(batch: Batch, state: State) -> None:
    """From what each line says alone, then from what it belongs to."""
    missing = batch.channel.each(lambda name: name == "", np.bool_)
    if not missing.any():
        remember(batch, state)
        return
    channels: NDArray[Any] = np.array(batch.channel.words or [""], object)[batch.channel.codes]
    named = batch.browser.each(lambda said: _of_words(said[0], said[1]), object)
    inside = batch.how.each(lambda how: INSIDE if "i" in how[1] else "direct", object)
    alone = np.where(named == "", inside, named)
    alone[batch.kind == CLICK] = "link"  # of no account: the collector says those that have one
    channels = np.where(missing, alone, channels)
    _by_clicks(batch, state, channels, missing)
    _by_views(batch, state, channels, missing)
    facts = np.flatnonzero((batch.kind == FACT) & missing & ~batch.has_click & (batch.visitor != 0))
    if len(facts):
        _by_arrivals(batch, state, channels, facts)
    batch.channel = Words.of(channels.tolist())
    remember(batch, state)


def _by_clicks(batch: Batch, state: State, channels: NDArray[Any], missing: Flags) -> None:
    """What names a click came as it did."""
    of_click = {number: click[2] for number, click in state.clicks.items()}
    kinds = batch.kind
    for row in np.flatnonzero(batch.has_click & (kinds != READ) & (kinds != FETCH)).tolist():
        if kinds[row] == CLICK:
            of_click.setdefault(batch.click[row], channels[row])
        elif missing[row]:
            channels[row] = of_click.get(batch.click[row], "link")


def _by_views(batch: Batch, state: State, channels: NDArray[Any], missing: Flags) -> None:
    """What somebody does on a page came the way the page did."""
    is_read = (batch.kind == READ) & (batch.view != 0)
    if not (is_read & missing).any():
        return
    of_view = {number: view[3] for number, view in state.views.items()}
    opens = np.flatnonzero(batch.kind == VIEW)
    spoken = opens[np.isin(batch.view[opens], batch.view[is_read])]
    rows = np.sort(np.append(spoken, np.flatnonzero(is_read & missing)))
    values = batch.view[rows].tolist(), batch.kind[rows].tolist()
    for row, view, kind in zip(rows.tolist(), *values, strict=True):
        if kind == VIEW:
            of_view.setdefault(view, channels[row])
        else:
            channels[row] = of_view.get(view) or channels[row]


def _by_arrivals(batch: Batch, state: State, channels: NDArray[Any], facts: Numbers) -> None:
    """A fact came the way its visitor came last, before it."""
    came = dict(state.arrivals)
    is_fact = np.zeros(len(batch), np.bool_)
    is_fact[facts] = True
    comes = _comes(batch) & (channels != INSIDE)
    for row in np.flatnonzero((is_fact | comes) & np.isin(batch.visitor, batch.visitor[facts])).tolist():
        visitor, window = int(batch.visitor[row]), int(batch.window[row])
        if comes[row]:
            came[visitor] = window, channels[row]
        elif visitor in came and came[visitor][0] == window:
            channels[row] = came[visitor][1]


def _of_words(referrer: str, utm: str) -> str:
    """From a medium or a site; empty when neither says anything."""
    return (utm and _of_medium(utm)) or (referrer and _of_site(referrer)) or ""
