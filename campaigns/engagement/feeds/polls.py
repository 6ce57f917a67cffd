"""What one poll of a feed says, from its address and its user agent. Pure; asked while the program waits."""

import re
from dataclasses import dataclass
from functools import lru_cache

from campaigns.engagement.agents import name_agent

FILES = ("/feed.xml", "/atom.xml", "/feed.json")
POLL = "feedpoll"  # the kind of the fact
MOST = 100_000_000  # subscribers that one service may announce
LONGEST_FEED = 150  # characters of its path
# Services that fetch once for all their people, and say for how many. Another may say so too, but is not added up.
SERVICES = frozenset(
    "feedly feedbin inoreader newsblur theoldreader bazqux feedspot feedpress bloglovin netvibes g2reader".split()
)
# Programs that one person runs. What is neither here nor announces anybody is not a reader.
PROGRAMS = re.compile(
    r"NetNewsWire|Reeder|Unread|FreshRSS|Tiny Tiny RSS|Miniflux|newsboat|Newsboat|Liferea|Thunderbird|Akregator|"
    r"RSSOwl|FeedReader|QuiteRSS|RSS Guard|Fluent Reader|Vienna|NewsFlash|Feedbro|Selfoss|AntennaPod|Overcast|"
    r"Pocket Casts|CommaFeed|Lire|Readably|Feeder/|Fraidycat|Elfeed|R2E|Yarr|nextcloud-news|Podcast",
)
_SUBSCRIBERS = re.compile(r"\b(\d{1,9}) (?:subscribers?|readers?)\b", re.IGNORECASE)
_FEED_ID = re.compile(r"\bfeed-?id[=:]\s*([\w-]{1,40})", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Poll:
    """Who polled: a service with its number, or one person's program."""

    name: str  # "feedly", "netnewswire"; empty: nobody who counts as a reader
    feed_id: str = ""  # by which the service tells feeds apart
    subscribers: int | None = None  # None: it announces nobody


def feed_of(path: str) -> str:
    """The feed at this address: `/` for `/feed.xml`, `/zh/tags/5g` for `/zh/tags/5g/atom.xml`; empty for none."""
    for file in FILES:
        if path.endswith(file):
            feed = path.removesuffix(file) or "/"
            return feed if len(feed) <= LONGEST_FEED and feed.isprintable() else ""
    return ""


@lru_cache(maxsize=4096)
def read_poll(agent: str) -> Poll:
    """What a user agent says: a number of subscribers makes a service, whatever else it claims to be."""
    said = agent[:400]
    found = _SUBSCRIBERS.search(said)
    if found:
        announced = _FEED_ID.search(said)
        number = min(int(found[1]), MOST)
        return Poll(_name(said), announced[1].lower() if announced else "", number)
    known = PROGRAMS.search(said)
    if known:
        return Poll(known[0].strip("/").lower())
    return Poll(_name(said)) if name_agent(said) == "unknown:" else Poll("")


def _name(agent: str) -> str:
    """The first word of an agent, without its version: `Feedly/1.0 (+http…)` is `feedly`."""
    said = agent.strip().lower()
    inside = re.match(r"mozilla/[\d.]+ \(compatible; (.+)", said)
    found = _NAME.match(inside[1] if inside else said)
    return found[0][:24] if found else "unnamed"
