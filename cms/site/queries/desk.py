"""What the desk asks about the site: its blocks, what readers looked for, pictures fit for a podcast."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import unquote, urlsplit

from sqlalchemy import func, select

from cms.core.database import db
from cms.media.models import Media
from cms.media.queries import sizes
from cms.posts.models import Post
from cms.posts.queries import visible_to
from cms.site.edition import post_path
from cms.site.models import SearchTally
from cms.site.queries.rows import AnyRow

REPORT_DAYS = 30
REPORT_LINES = 50
LOGOS = 12  # offered at once
SMALLEST_LOGO = 180  # pixels across: what a phone's home screen wants


def lead_addresses(post_ids: Sequence[int | None]) -> dict[int, str]:
    """The addresses of chosen leads, by post."""
    rows = db.session.execute(select(Post.id, Post.kind, Post.slug).where(Post.id.in_(post_ids)))
    return {row.id: post_path(row.kind, row.id, row.slug) for row in rows}


def find_post_at(address: str) -> int | None:
    """The live post at an address somebody pasted: with or without host, language or path."""
    path = unquote(urlsplit(address.strip()).path).strip("/")
    *before, last = path.split("/")
    seen = select(Post.id).where(visible_to(None, None))
    if before[-1:] == ["notes"]:
        return db.session.scalar(seen.where(Post.id == int(last))) if last.isdecimal() else None
    return db.session.scalar(seen.where(Post.slug == last)) if last else None


def searches_in_vain(today: date) -> Sequence[AnyRow]:
    """What readers looked for in the last days and did not find, most asked first."""
    return _searches(today, in_vain=True)


def most_searched(today: date) -> Sequence[AnyRow]:
    """What readers looked for most."""
    return _searches(today, in_vain=False)


def pictures_for_podcasts() -> Sequence[AnyRow]:
    """Pictures large enough for a podcast's artwork, newest first."""
    return db.session.execute(
        select(Media.id, Media.alt, Media.filename, Media.width, Media.height)
        .where(Media.kind == "image", Media.state != "failed", Media.width >= 1400, Media.height >= 1400)
        .order_by(Media.created_at.desc(), Media.id.desc())
        .limit(60)
    ).all()


def pictures_for_logos(chosen: int | None) -> Sequence[Media]:
    """Pictures fit for a logo, newest first, and the one that is chosen, with their sizes."""
    fit = (Media.kind == "image") & (Media.state == "ready") & (Media.width >= SMALLEST_LOGO)
    newest = select(Media.id).where(fit).order_by(Media.id.desc()).limit(LOGOS)
    wanted = Media.id.in_(newest) | (Media.id == chosen) if chosen else Media.id.in_(newest)
    return db.session.scalars(select(Media).options(sizes()).where(wanted).order_by(Media.id.desc())).all()


def _searches(today: date, *, in_vain: bool) -> Sequence[AnyRow]:
    """Summed over the days; `found` is what the last search found."""
    asked = func.sum(SearchTally.searches)
    last_found = func.max(SearchTally.found)
    statement = (
        select(
            SearchTally.query.label("words"),
            SearchTally.locale,
            asked.label("searches"),
            last_found.label("found"),
            func.max(SearchTally.day).label("last_day"),
        )
        .where(SearchTally.day > today - timedelta(days=REPORT_DAYS))
        .group_by(SearchTally.query, SearchTally.locale)
        .order_by(asked.desc(), SearchTally.query, SearchTally.locale)
        .limit(REPORT_LINES)
    )
    return db.session.execute(statement.having(last_found == 0) if in_vain else statement).all()
