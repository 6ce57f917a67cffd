"""What the site's own lists show of contests: the sitemap, the page of feeds, the winners on the home page."""

from collections.abc import Sequence

from sqlalchemy import func, select

from cms.contests.models import Contest, ContestPlace, Entry
from cms.contests.queries.contests import public_contests
from cms.core.database import db
from cms.posts.models import Post
from cms.site.queries.site import in_words
from cms.site.queries.sitemap import Address, Offered


def winning_posts(limit: int) -> Sequence[int]:
    """Posts of entries that won a prize, of the last contest first, best first."""
    post_id = func.coalesce(Entry.published_id, Entry.post_id)
    return db.session.scalars(
        select(post_id)
        .select_from(ContestPlace)
        .join(Entry, Entry.id == ContestPlace.entry_id)
        .join(Contest, Contest.id == ContestPlace.contest_id)
        .join(Post, Post.id == post_id)
        .where(
            Contest.results_state == "final",
            Contest.announced_at.is_not(None),
            ContestPlace.prize_id.is_not(None),
            ContestPlace.disqualified_for == "",
            Entry.withdrawn_at.is_(None),
            Post.live_revision_id.is_not(None),
        )
        .order_by(Contest.final_at.desc(), Contest.id.desc(), ContestPlace.place, Entry.id)
        .limit(limit)
    ).all()


def _addresses() -> list[Address]:
    rows = public_contests()
    if not rows:
        return []
    newest = max(one.edited_at for one in rows)
    pages = [Address(f"/contests/{one.slug}", one.edited_at) for one in rows]
    return [Address("/contests", newest), Address("/contests/winners", newest), *pages]


def _feeds(locale: str) -> list[tuple[str, str]]:
    rows = public_contests()
    return [("Contests" if locale == "en" else "征文", "/contests")] * bool(rows) + [
        (in_words(one.title, locale), f"/contests/{one.slug}") for one in rows
    ]


CONTESTS = Offered("contests", _addresses, _feeds)
