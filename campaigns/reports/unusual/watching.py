"""Looking at the hour that is over: is it unusual, was that to be expected, and what may be the cause."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import exists, select, update

from campaigns.deliveries.models import Delivery
from campaigns.engagement.installing import store
from campaigns.engagement.store import POST, SITE
from campaigns.reports import rules
from campaigns.reports.unusual.baseline import MOST_WEEKS, Unusual, judge
from campaigns.reports.unusual.models import UnusualReading
from cms.core.database import db, insert_into
from cms.core.walltime import zone_named
from cms.notices import services as notices
from cms.people.models import Person
from cms.posts.models import Post

HOUR = timedelta(hours=1)
QUIET_AFTER_SENDING = timedelta(hours=6)  # readers come then, and nobody has to be told why
ONE_INCIDENT = timedelta(hours=6)  # unusual hours no farther apart are one incident
TELLS = ("editor", "manager", "admin")
MOST_POSTS = 200  # newly read ones that a cause is sought among


@dataclass(frozen=True)
class Seen:
    """An unusual hour and what may have made it so."""

    since: datetime
    unusual: Unusual
    post_id: int | None  # the post that alone makes up half of the difference
    referrer: str  # the place elsewhere that half of the hour's views came from
    machines: int  # of 100 requests of that hour


def note(seen: Seen, *, at: datetime) -> str:
    """Inside a transaction: tell an unusual hour, once an incident. Gives what was done: "expected" when we sent
    something ourselves, "goes_on" or "told"."""
    if seen.unusual.direction == "more" and was_sent(seen.since):
        return "expected"
    if _goes_on(seen):
        return "goes_on"
    return "told" if _tell(seen, at=at) else "goes_on"


def look(*, at: datetime, zone: str) -> Seen | None:
    """The last whole hour, if it is unusual. Hours of other weeks are taken at the same wall time, so that a change of the
    clock moves nothing."""
    since = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - HOUR
    before = [_weeks_before(since, weeks, zone) for weeks in range(1, MOST_WEEKS + 1)]
    hours = {
        row["hour"]: row
        for row in store().series(SITE, 0, since=_number(before[-1]), until=_number(since) + 1)
    }
    begun = min(hours, default=None)
    history = [
        hours.get(_number(one), _NOTHING)["views"]
        for one in before
        if begun is not None and _number(one) >= begun
    ]
    this = hours.get(_number(since), _NOTHING)
    unusual = judge(this["views"], history)
    if unusual is None:
        return None
    asked = this["machines"] + this["previews"]
    share = round(100 * asked / (asked + this["views"])) if asked + this["views"] else 0
    return Seen(since, unusual, _post(since, unusual), _referrer(since, this["views"], zone), share)


def was_sent(since: datetime) -> bool:
    """Whether something of ours went out shortly before an hour, or in it: then many readers are what was wanted."""
    sent = Delivery.sent_at.between(since - QUIET_AFTER_SENDING, since + HOUR)
    published = Post.first_published_at.between(since - QUIET_AFTER_SENDING, since + HOUR)
    return bool(db.session.scalar(select(exists().where(sent) | exists().where(published))))


_NOTHING = {"views": 0, "machines": 0, "previews": 0}


def _goes_on(seen: Seen) -> bool:
    """Lengthen the incident this hour belongs to, if there is one."""
    changed = db.session.execute(
        update(UnusualReading)
        .where(
            UnusualReading.direction == seen.unusual.direction,
            UnusualReading.since <= seen.since,
            UnusualReading.until >= seen.since - ONE_INCIDENT,
        )
        .values(until=seen.since + HOUR)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _tell(seen: Seen, *, at: datetime) -> bool:
    causes = {"post": seen.post_id, "referrer": seen.referrer, "machines": seen.machines}
    made = db.session.scalar(
        insert_into(UnusualReading)
        .values(
            since=seen.since,
            until=seen.since + HOUR,
            direction=seen.unusual.direction,
            views=seen.unusual.value,
            usual=round(seen.unusual.usual),
            causes=causes,
        )
        .on_conflict_do_nothing(index_elements=["since"])
        .returning(UnusualReading.id)
    )
    if made is None:
        return False
    detail = {
        "direction": seen.unusual.direction,
        "views": seen.unusual.value,
        "usual": round(seen.unusual.usual),
        "since": seen.since.isoformat(),
        **causes,
    }
    notices.notify("reading.unusual", to=_readers(), subject=f"unusual:{made}", by=None, at=at, detail=detail)
    return True


def _readers() -> Sequence[int]:
    """Who reads reports, by number."""
    found = db.session.scalars(select(Person).where(Person.role.in_(TELLS), Person.disabled_at.is_(None)))
    return [one.id for one in found if rules.can_read_reports(one)]


def _post(since: datetime, unusual: Unusual) -> int | None:
    """The post whose views of that hour, less those of the same hour of the week before, make up half of the rise."""
    if unusual.direction == "less":
        return None
    rise = unusual.value - unusual.usual
    for post in _read_lately(since):
        now = _views(post, _number(since))
        if now and now - _views(post, _number(since) - 7 * 24) >= rise / 2:
            return post
    return None


def _read_lately(since: datetime) -> Collection[int]:
    """Posts by how much was read of them on that day, most first: the one we look for is among the first."""
    day = since.date()
    ids = list(
        db.session.scalars(
            select(Post.id)
            .where(Post.live_revision_id.is_not(None))
            .order_by(Post.published_at.desc())
            .limit(MOST_POSTS)
        )
    )
    totals = store().totals(POST, ids, since=day - timedelta(days=1), until=day + timedelta(days=2))
    return sorted(totals, key=lambda one: -totals[one].views)[:5]


def _views(post: int, hour: int) -> int:
    return sum(row["views"] for row in store().series(POST, post, since=hour, until=hour + 1))


def _referrer(since: datetime, views: int, zone: str) -> str:
    """Where at least half of that day's views came from, when they came from one place elsewhere."""
    day = since.astimezone(zone_named(zone)).date()
    cells = store().daily(SITE, [0], since=day, until=day + timedelta(days=1), by="referrer")
    known = [one for one in cells if one.key not in ("", "?", "other")]
    most = max(known, key=lambda one: one.counts["views"], default=None)
    return most.key if most is not None and views and most.counts["views"] * 2 >= views else ""


def _weeks_before(since: datetime, weeks: int, zone: str) -> datetime:
    """The same wall time so many weeks earlier."""
    place = zone_named(zone)
    there = since.astimezone(place)
    earlier: date = there.date() - timedelta(weeks=weeks)
    return datetime.combine(earlier, there.time(), place).astimezone(UTC)


def _number(moment: datetime) -> int:
    return int(moment.timestamp()) // 3600
