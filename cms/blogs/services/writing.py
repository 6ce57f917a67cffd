"""Writing in one's own blog: begin, save, publish, take down, throw away. First `prepare`, outside any transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from cms.blogs.models import Blog, Pitch
from cms.blogs.services import featuring, pitching
from cms.blogs.services.featuring import named
from cms.blogs.services.opening import editors, load_blog
from cms.blogs.services.problems import BlogNotOpen, NotInBlog
from cms.core.database import db
from cms.notices.services import notify
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.cards import keeping
from cms.posts.models import Post, Revision
from cms.posts.services import Attachment, ChangedMeanwhile, Content
from cms.posts.services.loading import load as load_post
from cms.posts.services.loading import load_revision
from cms.posts.services.notes import prepare_note

KINDS = ("article", "note")


@dataclass(frozen=True)
class Text:
    """A text made ready to be saved. `card_url` is the page whose card a note shows."""

    kind: str
    content: Content
    language: str
    tags: Sequence[str] = field(default=())
    card_url: str | None = None


def prepare(
    kind: str,
    *,
    title: str,
    summary: str,
    body: str,
    language: str,
    tags: Sequence[str],
    own_language: str,
    latest: Revision | None = None,
) -> Text:
    """Read what was typed. Without a language, a note's words tell which it is. Call it before a transaction.

    Files of the `latest` text stay with it: an editor may have given it a cover, for which there is no field here.
    """
    files = [Attachment(one.media_id, one.alt, one.caption) for one in latest.media] if latest else []
    if kind == "note":
        note = prepare_note(body, own_language=own_language, pictures=files, tags=tags, language=language)
        return Text("note", note.content, note.language, note.tags, note.card_url)
    cover = {"cover_id": latest.cover_id, "cover_alt": latest.cover_alt} if latest else {}
    content = posts.prepare(title=title, summary=summary, body=body, media=files, **cover)  # type: ignore[arg-type]
    return Text("article", content, language or own_language, list(tags))


def begin_text(text: Text, *, blog_id: int, by: Person, at: datetime) -> Post:
    """A new text, seen by nobody else."""
    _open_blog(blog_id)
    post = posts.create_post(
        text.content,
        kind=text.kind if text.kind in KINDS else "article",
        language=text.language,
        tags=text.tags,
        bylines=[(by.id, "author")],
        blog_id=blog_id,
        by=by,
        at=at,
    )
    if text.kind == "note":
        keeping.show_card(post.id, text.card_url, at=at)
    return post


def save_text(post_id: int, text: Text, *, base_id: int | None, by: Person, at: datetime) -> Revision:
    """Keep what was written as the newest text. `base_id` is the revision the page was opened with; on top of another
    one, `ChangedMeanwhile`."""
    post = _own_text(post_id)
    latest = load_revision(post, None)
    if base_id != latest.id and text.content.content_hash != latest.content_hash:
        raise ChangedMeanwhile
    posts.set_details(post_id, language=text.language, tags=text.tags, by=by, at=at)
    revision = posts.save_revision(post_id, text.content, by=by, at=at)
    if post.kind == "note":
        keeping.show_card(post_id, text.card_url, at=at)
    return revision


def publish_text(post_id: int, *, by: Person, at: datetime) -> None:
    """Put the newest text before readers of the blog; nothing to do when they see it already.

    What editors featured was the text before: this one leaves the main lists until they have looked at it.
    """
    post = _own_text(post_id)
    if post.live_revision_id == post.latest_revision_id:
        return
    was_featured = post.featured_at is not None
    if was_featured:
        featuring.set_featured(post, None, at=at)
    posts.publish_post(post_id, by=by, at=at)
    if was_featured:
        notify(
            "blog.feature_lapsed", to=editors(), subject=f"post:{post_id}", by=by, at=at, detail=named(post)
        )


def take_down_text(post_id: int, *, by: Person, at: datetime) -> None:
    """Readers lose it; it stays among one's texts."""
    post = _own_text(post_id)
    if post.featured_at is not None:
        featuring.set_featured(post, None, at=at)
    posts.take_down_post(post_id, by=by, at=at)
    _withdraw_pitch(post_id, by=by, at=at)


def discard_text(post_id: int, *, by: Person, at: datetime) -> None:
    """Throw it away; editors can bring it back for thirty days when it was ever out."""
    _own_text(post_id)
    _withdraw_pitch(post_id, by=by, at=at)
    posts.trash_post(post_id, by=by, at=at)


def _withdraw_pitch(post_id: int, *, by: Person, at: datetime) -> None:
    waiting = select(Pitch).where(Pitch.post_id == post_id, Pitch.state == "waiting")
    for pitch in db.session.scalars(waiting):
        pitching.withdraw(pitch.id, by=by, at=at)


def _open_blog(blog_id: int) -> Blog:
    blog = load_blog(blog_id)
    if not blog.is_open:
        raise BlogNotOpen
    return blog


def _own_text(post_id: int) -> Post:
    post = load_post(post_id)
    if post.blog_id is None:
        raise NotInBlog
    _open_blog(post.blog_id)
    return post
