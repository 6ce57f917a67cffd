"""What stands in a feed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from cms.core.database import db
from cms.posts.models import Post, PostTag, Revision
from cms.posts.queries import visible_to
from cms.site.edition import Edition
from cms.site.queries.cards import Card, cards
from cms.site.queries.listing import Listing, Scope, select_ids
from cms.site.queries.site import Site, in_words
from cms.topics.models import Tag

_HELD_BACK_AT_MOST = 50  # newer posts looked at that may not have come of age


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed."""

    card: Card
    tags: list[str]
    has_transcript: bool
    canonical_url: str | None
    appeared_at: datetime  # when feeds may first have it


@dataclass(frozen=True, slots=True)
class Contents:
    """The entries of a feed, newest first, and when the next one will come of age."""

    items: list[Item]
    next_due_at: datetime | None


def feed_contents(edition: Edition, listing: Listing, scope: Scope, *, site: Site, at: datetime) -> Contents:
    """The newest posts of a list that are old enough for feeds. Six queries."""
    hold_back = timedelta(minutes=site.hold_back_minutes)
    extra = _HELD_BACK_AT_MOST
    statement = select_ids(listing, scope, limit=site.feed_items + extra).add_columns(Post.first_published_at)
    due = {
        row.id: max((row.first_published_at or row.at) + hold_back, row.at)
        for row in db.session.execute(statement)
    }
    ids = [id_ for id_, due_at in due.items() if due_at <= at][: site.feed_items]
    tags, more = _tags(ids, edition.locale), _more(ids)
    items = [
        Item(
            card=card,
            tags=tags[card.id],
            has_transcript=more[card.id][0] if card.id in more else False,
            canonical_url=more[card.id][1] if card.id in more else None,
            appeared_at=due[card.id],
        )
        for card in cards(edition, ids, with_text=True)
    ]
    return Contents(items, min((due_at for due_at in due.values() if due_at > at), default=None))


def get_transcript(slug: str) -> str | None:
    """What is said in a live recording, as plain text with Markdown marks; None when there is nothing."""
    return db.session.scalar(
        select(Revision.transcript)
        .join(Post, Post.live_revision_id == Revision.id)
        .where(Post.slug == slug, visible_to(None, None))
    )


def _tags(ids: list[int], locale: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    if ids:
        rows = db.session.execute(
            select(PostTag.post_id, Tag.name, Tag.slug)
            .join(Tag, Tag.id == PostTag.tag_id)
            .where(PostTag.post_id.in_(ids))
            .order_by(PostTag.post_id, PostTag.position, Tag.id)
        )
        for row in rows:
            found[row.post_id].append(in_words(row.name or {}, locale) or row.slug)
    return found


def _more(ids: list[int]) -> dict[int, tuple[bool, str | None]]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(Post.id, (Revision.transcript != "").label("has_transcript"), Post.canonical_url)
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(Post.id.in_(ids))
    )
    return {row.id: (bool(row.has_transcript), row.canonical_url) for row in rows}
