"""How a visitor came, and whether they do again what they did seconds ago: told when an event is read, then kept with it.

The channel of a click is that of its link; of a page opened with a click id, that of the click; else the UTM medium of
letters and feeds, the site that led here, another page of ours (`inside`), or nothing that is known (`direct`). What
somebody does on a page came the way the page did, and a fact the way its visitor came last. UTM values of others decide
nothing beyond that: who invents a campaign invents none of ours.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from campaigns.engagement.store.columns import CLICK, FACT, FETCH, READ, VIEW, Batch, Flags, Words
from campaigns.engagement.store.folding import State
from campaigns.engagement.store.grouping import Numbers, distinct, lists

SAME_VIEW = 10_000  # milliseconds in which one visitor opens one page once
DOUBLE_TAP = 2_000  # milliseconds in which one visitor follows one link once
INSIDE = "inside"
_FACTOR = np.int64(0x1E3779B97F4A7C15)
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
        self._who = np.empty(0, np.int64)  # who came where, as one number
        self._at = np.empty(0, np.int64)

    def complete(self, batch: Batch, state: State) -> None:
        """Channel and `again`, for those that do not have them yet; and remember how visitors came."""
        self.recall(batch)
        _tell_channels(batch, state)

    def recall(self, batch: Batch) -> None:
        """Tell anew which are the same as seconds before; so remembers what happened before this process began."""
        batch.again = np.zeros(len(batch), np.int64)
        rows = np.flatnonzero(_comes(batch))
        if not len(rows):
            return
        old = len(self._who)
        who, at = np.append(self._who, _who(batch, rows)), np.append(self._at, batch.at[rows])
        within = np.append(
            np.zeros(old, np.int64), np.where(batch.kind[rows] == CLICK, DOUBLE_TAP, SAME_VIEW)
        )
        order = np.argsort(who, kind="stable")
        is_same = who[order[1:]] == who[order[:-1]]
        is_near = is_same & (np.abs(at[order[1:]] - at[order[:-1]]) < within[order[1:]])
        again = np.zeros(len(who), np.bool_)
        again[_repeated(who, at, within, order, is_same, is_near)] = True
        batch.again[rows[again[old:]]] = 1
        last = order[
            ~again[order]
        ]  # what is no repetition, and the last of its kind, is what others may repeat
        last = last[np.append(who[last[1:]] != who[last[:-1]], True)]
        last = last[at[last] > at.max() - 2 * SAME_VIEW]
        self._who, self._at = who[last], at[last]


def _who(batch: Batch, rows: Numbers) -> Numbers:
    """One number for a visitor, what they do and where: hashes of words are keyed, so nobody can make two alike."""
    subjects: Numbers = batch.subject.take(rows).each(hash)
    numbers: Numbers = (batch.visitor[rows] * _FACTOR) ^ (subjects + batch.kind[rows])
    return numbers


def _repeated(
    who: Numbers, at: Numbers, within: Numbers, order: Numbers, is_same: Flags, is_near: Flags
) -> list[int]:
    """Of those who did the same twice within seconds, one after the other: what repeats a repetition may be none."""
    of = np.cumsum(np.append(True, ~is_same))
    busy = np.zeros(len(order) + 1, np.bool_)
    busy[of[1:][is_near]] = True
    rows = order[busy[of]]
    found: list[int] = []
    last: dict[int, int] = {}
    columns = (one[rows].tolist() for one in (who, at, within))
    for row, whose, when, limit in zip(rows.tolist(), *columns, strict=True):
        before = last.get(whose)
        if before is not None and abs(when - before) < limit:
            found.append(row)
        else:
            last[whose] = when
    return found


def remember(batch: Batch, state: State) -> None:
    """How visitors came the last time; going on inside changes nothing."""
    inside = batch.channel.each(lambda name: name == INSIDE, np.bool_)
    rows = np.flatnonzero(_comes(batch) & ~inside)[::-1]
    last, _ = distinct(batch.visitor[rows])
    rows = rows[last]
    names = np.array(batch.channel.words, object)[batch.channel.codes[rows]]
    state.changed_arrivals = lists((batch.visitor[rows], batch.window[rows], names))


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
    names = _Names(batch.channel.words)
    named = batch.browser.each(lambda said: names[_of_words(said[0], said[1])])
    inside = batch.how.each(lambda how: names[INSIDE if "i" in how[1] else "direct"])
    alone = np.where(named == names[""], inside, named)
    alone[batch.kind == CLICK] = names["link"]  # of no account: the collector says those that have one
    channels = np.where(missing, alone, batch.channel.codes)
    _by_clicks(batch, state, channels, missing, names)
    _by_views(batch, state, channels, missing, names)
    facts = np.flatnonzero((batch.kind == FACT) & missing & ~batch.has_click & (batch.visitor != 0))
    if len(facts):
        _by_arrivals(batch, state, channels, facts, names)
    batch.channel = Words(channels, list(names))
    remember(batch, state)


class _Names(dict[str, int]):
    """A number for each channel, in the order in which they are asked for."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__((name, number) for number, name in enumerate(known))

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


def _by_clicks(batch: Batch, state: State, channels: Numbers, missing: Flags, names: _Names) -> None:
    """What names a click came as it did."""
    is_click = batch.kind == CLICK
    led = batch.has_click & missing & ~is_click & (batch.kind != READ) & (batch.kind != FETCH)
    spoken = set(batch.click[led].tolist())
    if not spoken:
        return
    of_click = {number: names[click[2]] for number, click in state.clicks.items()}
    for row in np.flatnonzero(led | (is_click & batch.has_click)).tolist():
        number = batch.click[row]
        if not is_click[row]:
            channels[row] = of_click.get(number, names["link"])
        elif number in spoken:
            of_click.setdefault(number, channels[row])


def _by_views(batch: Batch, state: State, channels: Numbers, missing: Flags, names: _Names) -> None:
    """What somebody does on a page came the way the page did: as was known before, or is said earlier in the batch."""
    reads = np.flatnonzero((batch.kind == READ) & (batch.view != 0) & missing)
    known = state.views.find(batch.view[reads])
    before = np.array([names[name] for name in state.views.channel], np.int64)
    channels[reads[known >= 0]] = before[known[known >= 0]]
    reads = reads[known < 0]
    opens = np.flatnonzero((batch.kind == VIEW) & (batch.view != 0))
    first, of = distinct(np.append(batch.view[opens], batch.view[reads]))
    first = first[of[len(opens) :]]
    is_opened = first < len(opens)  # else it is the first delta of its view
    reads, opens = reads[is_opened], opens[first[is_opened]]
    channels[reads] = channels[np.where(opens < reads, opens, reads)]


def _by_arrivals(batch: Batch, state: State, channels: Numbers, facts: Numbers, names: _Names) -> None:
    """A fact came the way its visitor came last, before it."""
    came = {visitor: (window, names[name]) for visitor, (window, name) in state.arrivals.items()}
    is_fact = np.zeros(len(batch), np.bool_)
    is_fact[facts] = True
    comes = _comes(batch) & (channels != names[INSIDE])
    for row in np.flatnonzero((is_fact | comes) & np.isin(batch.visitor, batch.visitor[facts])).tolist():
        visitor, window = int(batch.visitor[row]), int(batch.window[row])
        if comes[row]:
            came[visitor] = window, int(channels[row])
        elif visitor in came and came[visitor][0] == window:
            channels[row] = came[visitor][1]


def _of_words(referrer: str, utm: str) -> str:
    """From a medium or a site; empty when neither says anything."""
    return (utm and _of_medium(utm)) or (referrer and _of_site(referrer)) or ""
