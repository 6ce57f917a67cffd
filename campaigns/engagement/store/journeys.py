"""What reads raw from end to end: single events, and how people came before they did something."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime

from sqlalchemy import Engine, select

from campaigns.engagement.store import tables
from campaigns.engagement.store.events import DAY, Event, Touch, day_number
from campaigns.engagement.store.raw import unpack


class Raw(ABC):
    """As far back as raw is kept."""

    @property
    @abstractmethod
    def engine(self) -> Engine:
        """The database, with its tables."""

    def journeys(
        self,
        kind: str,
        key: str | None,
        *,
        since: date,
        until: date,
        campaigns: Collection[int] | None = None,
    ) -> Iterator[tuple[datetime, list[Touch]]]:
        """Each time something was done by somebody who is told apart, how that person came before, the oldest first.

        Only what lies in the same window of salts is known to be one person. With `campaigns`, only what was done
        within one of them or after a touch of one. Reads raw, so it goes back as far as raw is kept.
        """
        first, last = day_number(since), day_number(until)
        value = kind if key is None else f"{kind}:{key}"
        done = [
            event
            for event in self.events(first * DAY - DAY, last * DAY + DAY)
            if event.line.kind == "fact"
            and event.verdict == "human"
            and event.line.visitor
            and (event.line.value == value or (key is None and event.line.value.startswith(f"{kind}:")))
            and first <= (event.day if event.campaign is None else event.campaign_day) < last
        ]
        people = {(event.window, event.line.visitor) for event in done}
        touches = _touches(self.events(0, last * DAY + DAY), people)
        for event in _once(done):
            came = [
                touch
                for touch in touches[event.window, event.line.visitor]
                if touch.at <= _moment(event.line.at)
            ]
            where = {event.campaign, *(touch.campaign for touch in came)}
            if campaigns is None or not where.isdisjoint(campaigns):
                yield _moment(event.line.at), came

    def events(self, since: int, until: int) -> Iterator[Event]:
        """Raw of packs that reach into these milliseconds, in the order in which it was added up."""
        pack = tables.packs.c
        query = select(pack.first).where(pack.until >= since, pack.since < until).order_by(pack.first)
        with self.engine.connect() as connection:
            numbers = list(connection.scalars(query))
        for number in numbers:
            with self.engine.connect() as connection:
                stored = connection.scalar(select(pack.lines).where(pack.first == number))
            if stored is not None:  # forgotten since
                yield from unpack(stored)


def _touches(events: Iterable[Event], people: set[tuple[int, int]]) -> dict[tuple[int, int], list[Touch]]:
    """How each of these people came, by time. A click and the page it opened are one touch, of the link's campaign."""
    came: dict[tuple[int, int], list[Touch]] = defaultdict(list)
    campaigns: dict[str, int | None] = {}
    for event in events:
        line = event.line
        if (event.window, line.visitor) not in people or event.verdict != "human":
            continue
        if line.kind == "click":
            campaigns[line.click] = event.campaign
        elif line.kind == "view" and event.channel != "inside":
            campaign = campaigns.get(line.click) or event.campaign
            came[event.window, line.visitor].append(
                Touch(_moment(line.at), campaign, event.channel, event.post)
            )
    for touches in came.values():
        touches.sort(key=lambda touch: touch.at)
    return came


def _once(done: Iterable[Event]) -> Iterator[Event]:
    """Without what was said again under the same number."""
    seen: set[tuple[str, int]] = set()
    for event in sorted(done, key=lambda one: one.line.at):
        number = event.line.value, event.line.view
        if not event.line.view or number not in seen:
            seen.add(number)
            yield event


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
