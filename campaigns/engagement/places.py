"""What an event is about: its post, link and campaign, as rows of the application say at this moment."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from campaigns.engagement.store.events import EPOCH
from campaigns.links.models import Link
from campaigns.plans.models import Campaign
from campaigns.plans.queries import campaign_ids_of_posts
from cms.core.database import db
from cms.posts.models import Post

QUARTER = 900_000  # milliseconds: the clocks of all zones differ by whole quarters of an hour


class Place(NamedTuple):
    """What a subject is; None for what it does not have, or claims and is not there."""

    post: int | None = None
    link: int | None = None
    campaign: int | None = None
    channel: str = ""  # of a click: `account:12`; empty where the link belongs to no account


NOWHERE = Place()


@dataclass(frozen=True)
class Places:
    """What subjects are, when their posts were published, and the zones that days are counted in."""

    of: dict[str, Place] = field(
        default_factory=dict
    )  # by subject: "post:12", "page:/posts/spring-notes", "link:9", "code:k7p2m9x" (of a letter)
    published: dict[int, int] = field(default_factory=dict)  # milliseconds, by post
    zones: dict[int, str] = field(default_factory=dict)  # by campaign
    zone: str = "UTC"  # of the site
    _days: dict[tuple[int, int | None], tuple[int, int]] = field(default_factory=dict, repr=False)

    def days(self, at: int, campaign: int | None) -> tuple[int, int]:
        """Days since 1970 at an instant (milliseconds): at the site, and in its campaign."""
        place = at // QUARTER, campaign
        days = self._days.get(place)
        if days is None:
            zones = self.zone, self.zone if campaign is None else self.zones.get(campaign, self.zone)
            days = self._days[place] = _day(place[0], zones[0]), _day(place[0], zones[1])
        return days


def find_places(subjects: Collection[str], *, zone: str) -> Places:
    """For all subjects of a batch at once."""
    numbers = {
        kind: {
            int(one.rpartition(separator)[2]) for one in subjects if one.startswith(kind) and _is_number(one)
        }
        for kind, separator in (("post:", ":"), ("link:", ":"), ("page:/notes/", "/"))
    }
    slugs = {one.removeprefix("page:/posts/") for one in subjects if one.startswith("page:/posts/")}
    codes = {one.removeprefix("code:") for one in subjects if one.startswith("code:")}
    columns = (Link.id, Link.code, Link.post_id, Link.campaign_id, Link.account_id)
    named = or_(Link.id.in_(numbers["link:"]), Link.code.in_(codes))
    links = db.session.execute(select(*columns).where(named)).all()
    wanted = numbers["post:"] | numbers["page:/notes/"]
    posts = db.session.execute(
        select(Post.id, Post.slug, Post.first_published_at).where(
            or_(Post.id.in_(wanted), Post.slug.in_(slugs))
        )
    ).all()
    known = {post for post, *_ in posts} | {post for _, _, post, *_ in links if post}
    campaigns = dict(campaign_ids_of_posts(known)) if known else {}
    of: dict[str, Place] = {}
    for post, slug, _ in posts:
        of[f"post:{post}"] = Place(post, None, campaigns.get(post))
        of[f"page:/posts/{slug}" if slug else f"page:/notes/{post}"] = of[f"post:{post}"]
    for link, code, about, campaign, account in links:
        channel = f"account:{account}" if account else ""
        of[f"code:{code}"] = of[f"link:{link}"] = Place(
            about, link, campaign or campaigns.get(about or 0), channel
        )
    served = {place.campaign for place in of.values()} - {None}
    zones = dict(db.session.execute(select(Campaign.id, Campaign.zone).where(Campaign.id.in_(served))).all())
    published = {post: round(at.timestamp() * 1000) for post, _, at in posts if at is not None}
    return Places(of, published, zones, zone)


@cache
def _day(quarter: int, zone: str) -> int:
    at = datetime.fromtimestamp(quarter * 900, UTC)
    return at.astimezone(ZoneInfo(zone)).date().toordinal() - EPOCH


def _is_number(subject: str) -> bool:
    end = subject.replace("/", ":").rpartition(":")[2]
    return end.isascii() and end.isdecimal() and len(end) < 10
