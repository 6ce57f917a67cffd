"""What the crowd does: opens, reads, follows links, goes on to another page, shares; and what machines do beside it."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log

from campaigns.engagement.lines import Line
from campaigns.engagement.sample import machines
from campaigns.engagement.sample.crowd import Crowd, Reader, milliseconds
from campaigns.engagement.sample.letters import opened
from campaigns.engagement.sample.rush import HALF, MANY, PLACE, Rush

USUAL = {"article": 190, "video": 250, "audio": 140, "photo": 160, "note": 58}  # people who open one, by kind
SECONDS = {"article": 58, "video": 75, "audio": 95, "photo": 30, "note": 11}  # in sight, for half of them
PULL = {  # how many come by a link there, against one another
    "wechat": 2.0,
    "weibo": 1.5,
    "email": 1.2,
    "mastodon": 1.1,
    "manual": 0.9,
    "bluesky": 0.7,
    "wecom": 0.4,
    "wordpress": 0.3,
    "print": 0.3,
}
BOUNCES = 0.38  # of those who open a page leave it at once
DOES = 0.09  # of those who read for longer than half of them do something more
DEEDS = ("signup", "share:device", "share:mail", "share:copy", "outbound:ruralnetworks.example")
VERIFIED = 0.87  # of those who follow a link wait until the page is there
FRONT = {"page:/": 6, "page:/archive": 1, "page:/sections/hot-focus": 2, "page:/sections/staff-blogs": 2}
_SEARCHES = {
    "zh": ("baidu.com/s", "bing.com/", "sogou.com/web"),
    "en": ("google.com/", "duckduckgo.com/", "bing.com/"),
}
_SITES = (
    "ruralnetworks.example/this-week",
    "operators.example/news",
    "nightline.example/",
    "forum.example/t/masts",
)
_OTHERWISE = {"search": 30, "direct": 26, "site": 16, "feed": 16, "mail": 12}


@dataclass(frozen=True)
class Way:
    """A link to a post, and where it stands: a network, or "print"."""

    link: int
    place: str
    since: datetime
    until: datetime
    code: str = ""  # of the link, in letters that say that they are opened


@dataclass(frozen=True)
class Told:
    """A post, as much of it as readers decide by."""

    id: int
    page: str  # "page:/posts/spring-notes"
    since: datetime
    kind: str
    tongue: str
    loudness: float
    ways: Sequence[Way] = ()


@dataclass
class Reading:
    """Everything that happens to these posts, and to the front page, between two moments."""

    crowd: Crowd
    told: Sequence[Told]
    since: datetime
    until: datetime
    rush: Rush | None = None
    _views: int = field(default=0, init=False)

    def lines(self) -> Iterator[Line]:
        """In no order."""
        chance = self.crowd.chance
        for post in self.told:
            many = USUAL[post.kind] * post.loudness * chance.lognormvariate(0, 0.35)
            for _ in range(int(many)):
                yield from self._found(post)
            for way in post.ways:
                yield from opened(way, self.crowd, tongue=post.tongue, habit=_habit(way.place))
            yield from machines.around(post, chance, until=self.until)
        for at in self._moments_of_front():
            tongue = chance.choice(("zh", "en"))
            reader = self.crowd.somebody(tongue, habit=0)
            subject = _weighed(FRONT, chance)
            yield from self._view(reader, subject, at, seconds=14, **self._origin(tongue))
        if self.rush:
            yield from self._rushed(self.rush)

    def _rushed(self, rush: Rush) -> Iterator[Line]:
        """Many at once, then fewer and fewer."""
        post, chance = rush.post, self.crowd.chance
        for _ in range(MANY):
            at = rush.since + HALF / log(2) * chance.expovariate(1)
            reader = self.crowd.somebody(post.tongue, habit=_habit("otherwise"))
            if at < self.until:
                yield from self._view(
                    reader, f"post:{post.id}", at, seconds=SECONDS[post.kind], referrer=PLACE
                )

    def _moments_of_front(self) -> Iterator[datetime]:
        """Openings of the front page: twice as many now as at the beginning."""
        days = (self.until - self.since).days
        for day in range(days + 1):
            many = 5 + 6 * day / days
            for _ in range(int(self.crowd.chance.gauss(many, many**0.5))):
                at = self.since + timedelta(days=day + self.crowd.chance.random())
                if self.crowd.is_awake("zh", at) and at < self.until:
                    yield at

    def _found(self, post: Told) -> Iterator[Line]:
        """One person comes to a post: by a link on the days it is new, or later, by whatever leads there."""
        chance = self.crowd.chance
        by_link = post.ways and chance.random() < 0.62
        way = chance.choices(post.ways, [PULL[one.place] for one in post.ways])[0] if by_link else None
        at = self._moment(post, way)
        if at is None:
            return
        place = way.place if way else "otherwise"
        reader = self.crowd.somebody(post.tongue, habit=_habit(place))
        subject, seconds = f"post:{post.id}", SECONDS[post.kind]
        if way is None:
            yield from self._view(reader, subject, at, seconds=seconds, **self._origin(post.tongue))
        else:
            yield from self._follow(reader, way, subject, at, seconds)
        if chance.random() < 0.16:
            yield from self._go_on(reader, at + timedelta(seconds=40 + chance.expovariate(1 / 120)), post)

    def _moment(self, post: Told, way: Way | None) -> datetime | None:
        """When somebody comes; None when that is yet to be, or the link is over."""
        chance = self.crowd.chance
        since, until = (way.since, way.until) if way else (post.since, self.until)
        for _ in range(6):
            if way or chance.random() < 0.45:
                after = timedelta(hours=chance.lognormvariate(2.1, 1.25))
            else:
                after = timedelta(days=chance.expovariate(1 / 45))
            at = since + after
            if self.crowd.is_awake(post.tongue, at):
                return at if at < until and at < self.until else None
        return None

    def _follow(self, reader: Reader, way: Way, subject: str, at: datetime, seconds: float) -> Iterator[Line]:
        chance = self.crowd.chance
        visitor = self.crowd.visitor(reader, at)
        click = "" if reader.is_asking_not else f"{chance.getrandbits(48):012x}"
        yield _line("click", reader, visitor, f"link:{way.link}", at, method="G", click=click)
        if chance.random() < VERIFIED:
            opened = at + timedelta(milliseconds=chance.randint(400, 2600))
            yield from self._view(reader, subject, opened, seconds=seconds, click=click)

    def _go_on(self, reader: Reader, at: datetime, after: Told) -> Iterator[Line]:
        """To another post that is there, in the same language."""
        there = [
            one for one in self.told if one.since < at and one.tongue == after.tongue and one is not after
        ]
        if there and at < self.until:
            post = self.crowd.chance.choice(there[-12:])
            yield from self._view(reader, f"post:{post.id}", at, seconds=SECONDS[post.kind], method="Pi")

    def _view(
        self,
        reader: Reader,
        subject: str,
        at: datetime,
        *,
        seconds: float,
        method: str = "P",
        **origin: str,
    ) -> Iterator[Line]:
        chance = self.crowd.chance
        visitor = self.crowd.visitor(reader, at)
        self._views += 1
        view = 0 if reader.is_asking_not else self._views
        yield _line("view", reader, visitor, subject, at, method=method, view=view, **origin)
        leaves = chance.random() < BOUNCES
        stayed = chance.uniform(0, 9) if leaves else chance.lognormvariate(0, 0.8) * seconds
        done = at + timedelta(seconds=stayed)
        if not view or stayed < 2 or done >= self.until:
            return
        depth = min(100, round(100 * stayed / seconds / 1.4 + chance.random() * 20))
        stay = min(round(stayed), 1800)
        yield _line("read", reader, visitor, subject, done, method="P", view=view, seconds=stay, depth=depth)
        if stayed > seconds and chance.random() < DOES:
            deed = chance.choice(DEEDS)
            yield _line("fact", reader, visitor, subject, done, method="P", view=-view % 2**62, value=deed)

    def _origin(self, tongue: str) -> dict[str, str]:
        """How a view without a link of ours says that it came."""
        chance = self.crowd.chance
        came = _weighed(_OTHERWISE, chance)
        if came == "search":
            return {"referrer": chance.choice(_SEARCHES[tongue])}
        if came == "site":
            return {"referrer": chance.choice(_SITES)}
        if came == "feed":
            return {"utm": "feed|rss|||"}
        return {"utm": "letter|email|||"} if came == "mail" else {}


def _weighed(weights: Mapping[str, int], chance: random.Random) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _habit(place: str) -> int:
    return [*PULL, "otherwise"].index(place)


def _line(
    kind: str, reader: Reader, visitor: int, subject: str, at: datetime, *, method: str, **more: str | int
) -> Line:
    return Line(
        at=milliseconds(at),
        kind=kind,
        hints=method + "d" * reader.is_asking_not,
        visitor=visitor,
        subject=subject,
        language=reader.language,
        device=reader.device,
        agent=reader.agent,
        country=reader.country,
        **more,  # type: ignore[arg-type]  # fields by name
    )
