"""Posts, and what became of each; and what became of those of one author."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.engagement.installing import store
from campaigns.engagement.platform.queries import Figure, latest_figures
from campaigns.engagement.store import POST, Reach, Totals
from campaigns.reports.dashboards.period import Period
from cms.core.database import db
from cms.people.models import Person
from cms.posts.models import Byline, Post

MOST = 100  # posts on a page
MOST_OF_AUTHORS = 2000  # posts that authors are added up over
SHOWN = ("likes", "reposts", "replies")  # of the networks


@dataclass(frozen=True)
class PostRow:
    """A post, what we counted, and what networks say (None: no network told)."""

    post: Post
    totals: Totals
    networks: Mapping[str, int | None]

    @property
    def mean_seconds(self) -> int | None:
        """Reading time of a view; None without views."""
        return round(self.totals.seconds / self.totals.views) if self.totals.views else None


@dataclass(frozen=True)
class AuthorRow:
    """Somebody with posts of the period. A post with two authors counts for both: rows do not add up to the site."""

    person: Person
    posts: int
    views: int
    engaged: int
    seconds: int
    verified: int
    people: Reach  # different people of all these posts together

    @property
    def mean_seconds(self) -> int | None:
        """Reading time of a view; None without views."""
        return round(self.seconds / self.views) if self.views else None


def posts_of_period(period: Period) -> tuple[list[PostRow], bool]:
    """Posts first published in a period, the most viewed first, with all that came of them since; and whether there are
    more than are shown."""
    found = _published(period, MOST + 1)
    posts = found[:MOST]
    ids = [one.id for one in posts]
    totals, figures = store().totals(POST, ids), latest_figures(post_ids=ids)
    rows = [PostRow(one, totals.get(one.id, Totals()), added(figures, post_id=one.id)) for one in posts]
    return sorted(rows, key=lambda row: -row.totals.views), len(found) > MOST


def authors_of_period(period: Period) -> list[AuthorRow]:
    """Everybody who is credited as author of a post first published in a period, the most viewed first."""
    query = (
        select(Byline)
        .join(Post, Post.id == Byline.post_id)
        .where(
            Post.first_published_at >= period.since,
            Post.live_revision_id.is_not(None),
            Byline.role == "author",
        )
        .options(joinedload(Byline.person))
        .order_by(Post.first_published_at.desc(), Byline.post_id, Byline.position)
        .limit(MOST_OF_AUTHORS)
    )
    posts: dict[Person, list[int]] = {}
    for one in db.session.scalars(query):
        posts.setdefault(one.person, []).append(one.post_id)
    totals = store().totals(POST, {one for ids in posts.values() for one in ids})
    reach = store().reach(POST, posts)
    rows = [
        AuthorRow(
            person=one,
            posts=len(ids),
            views=_sum(totals, ids, "views"),
            engaged=_sum(totals, ids, "engaged"),
            seconds=_sum(totals, ids, "seconds"),
            verified=_sum(totals, ids, "verified"),
            people=reach[one],
        )
        for one, ids in posts.items()
    ]
    return sorted(rows, key=lambda row: (-row.views, row.person.name))


def posts_by_id(ids: Collection[int]) -> dict[int, Post]:
    """Posts with their live text, by number."""
    found = db.session.scalars(select(Post).where(Post.id.in_(ids)).options(*_NAMED))
    return {one.id: one for one in found}


def added(figures: Sequence[Figure], *, post_id: int) -> dict[str, int | None]:
    """Figures of all deliveries of a post, added up where at least one network told."""
    sums: dict[str, int | None] = dict.fromkeys(SHOWN)
    for one in figures:
        if one.post_id == post_id and one.metric in sums and one.value is not None:
            sums[one.metric] = (sums[one.metric] or 0) + one.value
    return sums


_NAMED = (joinedload(Post.live), joinedload(Post.latest))


def _published(period: Period, most: int) -> Sequence[Post]:
    query = (
        select(Post)
        .where(Post.first_published_at >= period.since, Post.live_revision_id.is_not(None))
        .options(*_NAMED)
        .order_by(Post.first_published_at.desc(), Post.id.desc())
        .limit(most)
    )
    return db.session.scalars(query).all()


def _sum(totals: Mapping[int, Totals], ids: Collection[int], name: str) -> int:
    return sum(getattr(totals[one], name) for one in ids if one in totals)
