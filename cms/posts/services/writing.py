"""Starting a post, saving its text, and tying translations together."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cms.core.database import db
from cms.core.differences import words_changed
from cms.core.errors import Invalid
from cms.core.markup import RENDERER
from cms.core.pagecache import touch
from cms.core.pages import config
from cms.core.seams import announce
from cms.media import services as media
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.events import RevisionSaved
from cms.posts.models import KINDS, Post, Revision
from cms.posts.services import addresses, details
from cms.posts.services.content import Content, as_revision
from cms.posts.services.loading import load, load_revision
from cms.posts.services.problems import TranslationExists

_OF_ONE_SAVE = {"id", "number", "saved_by_id", "created_at", "words_added", "words_removed"} | {
    "name",
    "named_by_id",
    "named_at",
}


def create_post(
    content: Content,
    *,
    kind: str,
    language: str,
    by: Person | None,
    at: datetime,
    section_id: int | None = None,
    tags: Sequence[str | int] = (),
    bylines: Sequence[tuple[int, str]] = (),
    slug: str | None = None,
    slug_may_change: bool = False,
    canonical_url: str | None = None,
    translation_of: int | None = None,
    blog_id: int | None = None,
    guid: str | None = None,
    source: str | None = None,
) -> Post:
    """Start a post as a draft with its first revision.

    Without a slug the address is made from the title, numbered when it is taken. A slug that was asked for is
    refused when it is taken, unless it may be numbered too (`slug_may_change`, for imports).
    """
    if kind not in KINDS:
        raise Invalid(errors={"kind": _("Please choose a kind from the list.")})
    details.check_language(language)
    _check_fits(content, kind)
    story_id, is_original = _story(translation_of, language)
    minted = guid or f"tag:{config().host},{at:%Y}:post/{uuid4()}"
    revision = as_revision(content, number=1)

    def build(free: str | None) -> Post:
        return Post(
            guid=minted,
            kind=kind,
            language=language,
            story_id=story_id,
            is_original=is_original,
            slug=free,
            canonical_url=details.checked_url(canonical_url),
            blog_id=blog_id,
            created_at=at,
            created_by_id=by.id if by else None,
            edited_at=at,
            bylines=[],
            tags=[],
            source=source,
        )

    if kind == "note":
        wish = None
    else:
        wish = addresses.wished_slug(slug) if slug else addresses.slug_from(content.title, kind=kind, at=at)
    post = addresses.add_with_slug(build, wish, may_number=not slug or slug_may_change)
    _add_revision(post, revision, by=by, at=at)
    details.set_section(post, section_id)
    details.set_tags(post, tags)
    details.set_bylines(post, bylines)
    db.session.flush()
    return post


def save_revision(
    post_id: int,
    content: Content,
    *,
    by: Person | None,
    at: datetime,
    expected_version: int | None = None,
    wish: str = "",
) -> Revision:
    """Keep a text as the newest revision; one that says nothing new makes none, and the latest is given back.

    Readers go on seeing the live revision until this one is published. A `wish` (`approve:7`) rides along in
    `RevisionSaved`, so that a save and what was to follow from it are one act.
    """
    post = load(post_id, expected_version=expected_version)
    _check_fits(content, post.kind)
    latest = load_revision(post, None)
    if latest.content_hash == content.content_hash and latest.renderer == RENDERER:
        if wish:
            _announce(post, latest, by=by, at=at, is_new=False, wish=wish)
        return latest
    revision = as_revision(content, number=latest.number + 1)
    revision.words_added, revision.words_removed = words_changed(latest.plain, revision.plain)
    _add_revision(post, revision, by=by, at=at, wish=wish)
    return revision


def restore_revision(post_id: int, revision_id: int, *, by: Person | None, at: datetime) -> Revision:
    """Make an old text the newest again; nothing in between is lost."""
    post = load(post_id)
    old, latest = load_revision(post, revision_id), load_revision(post, None)
    if old.content_hash == latest.content_hash:
        return latest
    copy = Revision(number=latest.number + 1)
    for column in set(Revision.__table__.columns.keys()) - _OF_ONE_SAVE:
        setattr(copy, column, getattr(old, column))
    copy.words_added, copy.words_removed = words_changed(latest.plain, old.plain)
    copy.media = [
        type(row)(position=row.position, media_id=row.media_id, alt=row.alt, caption=row.caption)
        for row in old.media
    ]
    _add_revision(post, copy, by=by, at=at)
    return copy


def link_translation(post_id: int, *, original_id: int, by: Person | None, at: datetime) -> None:
    """Say that a post tells the same story as another one in another language."""
    post, original = load(post_id), load(original_id)
    if post.story_id == original.story_id:
        return
    if db.session.scalar(select(func.count()).where(Post.story_id == post.story_id)) != 1:
        raise TranslationExists(_("This post has translations of its own. Link those one by one instead."))
    try:
        with db.session.begin_nested():
            post.story_id, post.is_original, post.edited_at = original.story_id, False, at
    except IntegrityError as error:
        raise TranslationExists from error
    _touch_story(original.story_id)


def unlink_translation(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Let a post be a story of its own again."""
    post = load(post_id)
    story_id = post.story_id
    post.story_id, post.is_original, post.edited_at = str(uuid4()), True, at
    db.session.flush()
    heir = select(Post).where(Post.story_id == story_id).order_by(Post.is_original.desc(), Post.id).limit(1)
    if (first := db.session.scalar(heir)) is not None:
        first.is_original = True
    db.session.flush()
    _touch_story(story_id, post.id)


def _touch_story(story_id: str, *more: int) -> None:
    ids = db.session.scalars(select(Post.id).where(Post.story_id == story_id)).all()
    touch("posts", *(f"post:{one}" for one in (*ids, *more)))


def _story(translation_of: int | None, language: str) -> tuple[str, bool]:
    if translation_of is None:
        return str(uuid4()), True
    original = load(translation_of)
    if original.language == language:
        raise TranslationExists(errors={"language": str(TranslationExists.message)})
    return original.story_id, False


def _add_revision(post: Post, revision: Revision, *, by: Person | None, at: datetime, wish: str = "") -> None:
    revision.post_id, revision.created_at = post.id, at
    revision.saved_by_id = by.id if by else None
    _check_media(revision)
    revision.html = media.current_addresses(revision.html)
    revision.transcript_html = media.current_addresses(revision.transcript_html)
    db.session.add(revision)
    db.session.flush()
    media.note_shown(revision.html + revision.transcript_html, holder=f"post:{post.id}")
    post.latest_revision_id, post.edited_at = revision.id, at
    db.session.flush()
    _announce(post, revision, by=by, at=at, is_new=True, wish=wish)


def _announce(
    post: Post, revision: Revision, *, by: Person | None, at: datetime, is_new: bool, wish: str
) -> None:
    announce(
        RevisionSaved(
            post_id=post.id,
            revision_id=revision.id,
            content_hash=revision.content_hash,
            at=at,
            by_id=by.id if by else None,
            is_new=is_new,
            wish=wish,
        )
    )


def _check_fits(content: Content, kind: str) -> None:
    if kind != "note" and not content.title:
        raise Invalid(errors={"title": _("Please give it a title. Only notes go without one.")})
    if kind == "note" and not content.body and not content.media:
        raise Invalid(errors={"body": _("A note needs some words or a picture.")})


def _check_media(revision: Revision) -> None:
    ids = {row.media_id for row in revision.media} | ({revision.cover_id} if revision.cover_id else set())
    if not ids:
        return
    known = dict(db.session.execute(select(Media.id, Media.kind).where(Media.id.in_(ids))).all())
    if ids - known.keys():
        raise Invalid(errors={"media": _("One of the chosen files does not exist any more.")})
    if revision.cover_id and known[revision.cover_id] != "image":
        raise Invalid(errors={"cover": _("A cover must be a picture.")})
