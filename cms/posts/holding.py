"""What posts say to the library: which of them show a file, and that their texts follow one that was replaced."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, or_, select, union

from cms.core.database import db
from cms.core.pagecache import touch
from cms.core.text import excerpt
from cms.media.events import MediaReplaced
from cms.media.holders import HolderSource, Holding
from cms.media.models import MediaUse
from cms.media.queries import names_of
from cms.people.models import Person
from cms.posts.cards.models import LinkCard, PostCard
from cms.posts.models import Post, Revision, RevisionMedia
from cms.posts.queries import open_to, visible_to

SHOWN = 50


def posts_showing(media_id: int, person: Person | None) -> Sequence[Holding]:
    """The posts that show a file, last edited first: to readers, in a draft, when it goes out, or only in old texts.

    A post that this person may not open is counted and not named. Three queries.
    """
    names = names_of(media_id)
    using = _revisions_using(media_id, names)
    holding = select(func.substr(MediaUse.holder, 6)).where(
        MediaUse.media_id == media_id, MediaUse.holder.startswith("post:")
    )
    numbers = {int(one) for one in db.session.scalars(holding) if one.isdecimal()} | set(using)
    if not numbers:
        return []
    rows = db.session.execute(
        select(
            Post,
            Revision.title,
            Revision.beginning,
            or_(open_to(person), visible_to(person, None)).label("seen"),
        )
        .join(Revision, Revision.id == Post.latest_revision_id)
        .where(Post.id.in_(numbers))
        .order_by(Post.edited_at.desc())
        .limit(SHOWN)
    ).all()
    return [
        _holding(post, title or excerpt(beginning, 60), using.get(post.id, set()), is_seen=bool(seen))
        for post, title, beginning, seen in rows
    ]


SOURCE = HolderSource(
    label=lazy_gettext("Posts"),
    places=frozenset({"revisions", "revision_media", "post", "link_cards"}),
    find=posts_showing,
)


def follow_replaced(fact: MediaReplaced) -> None:
    """Texts that readers see, that are written on or that will go out show a replaced file by its new address.

    Only what was rendered changes: the words, and so their hash, stay as they were approved.
    """
    holders = select(MediaUse.holder).where(
        MediaUse.media_id == fact.media_id, MediaUse.holder.startswith("post:")
    )
    numbers = [int(one[5:]) for one in db.session.scalars(holders) if one[5:].isdecimal()]
    for start in range(0, len(numbers), 200):
        _follow(numbers[start : start + 200], fact)


def _follow(numbers: list[int], fact: MediaReplaced) -> None:
    current = or_(
        Revision.id == Post.live_revision_id,
        Revision.id == Post.latest_revision_id,
        Revision.id == Post.due_revision_id,
    )
    query = select(Revision).join(Post, Post.id == Revision.post_id).where(Post.id.in_(numbers), current)
    changed = set()
    for revision in db.session.scalars(query):
        for name in fact.before:
            old, now = f"/media/{name}", f"/media/{fact.now}"
            if old in revision.html or old in revision.transcript_html:
                revision.html = revision.html.replace(old, now)
                revision.transcript_html = revision.transcript_html.replace(old, now)
                changed.add(revision.post_id)
    db.session.flush()
    touch(*sorted(f"post:{one}" for one in changed))


def _revisions_using(media_id: int, names: list[str]) -> dict[int, set[int]]:
    """By post, its revisions that show the file: as cover, in its list, on its card, or by address in a current text."""
    cover = select(Revision.post_id, Revision.id).where(Revision.cover_id == media_id)
    listed = (
        select(Revision.post_id, Revision.id)
        .join(RevisionMedia, RevisionMedia.revision_id == Revision.id)
        .where(RevisionMedia.media_id == media_id)
    )
    card = (
        select(Post.id.label("post_id"), Post.latest_revision_id.label("id"))
        .join(PostCard, PostCard.post_id == Post.id)
        .join(LinkCard, LinkCard.id == PostCard.card_id)
        .where(LinkCard.picture_id == media_id)
    )
    shown = or_(*(Revision.html.contains(f"/media/{name}", autoescape=True) for name in names))
    holders = select(func.substr(MediaUse.holder, 6)).where(
        MediaUse.media_id == media_id, MediaUse.holder.startswith("post:")
    )
    numbers = [int(one) for one in db.session.scalars(holders) if one.isdecimal()][:SHOWN]
    written = select(Revision.post_id, Revision.id).where(Revision.post_id.in_(numbers), shown)
    found: dict[int, set[int]] = {}
    pairs: Sequence[Any] = db.session.execute(union(cover, listed, card, written)).all()
    for post_id, revision_id in pairs:
        found.setdefault(post_id, set()).add(revision_id)
    return found


def _holding(post: Post, title: str, using: set[int], *, is_seen: bool) -> Holding:
    states = (
        (post.live_revision_id, gettext("live"), "good"),
        (post.due_revision_id, gettext("goes out later"), "warn"),
        (post.latest_revision_id, gettext("in a draft"), "warn"),
    )
    word, kind = next(
        ((word, kind) for number, word, kind in states if number in using),
        (gettext("only in old texts"), "quiet"),
    )
    if post.trashed_at is not None:
        word, kind = gettext("in the trash"), "quiet"
    if not is_seen:
        return Holding(gettext("A draft that you may not open"), None, word, kind)
    return Holding(title or f"#{post.id}", url_for("posts.edit_post", post_id=post.id), word, kind)
