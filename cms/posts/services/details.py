"""Everything about a post that is not its text: section, tags, credits, address, language, times."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Literal
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cms.core.database import db
from cms.core.errors import Invalid
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostTag
from cms.posts.services import addresses, effects
from cms.posts.services.loading import load, load_revision
from cms.posts.services.problems import TranslationExists
from cms.topics import services as topics
from cms.topics.models import Section

BYLINE_ROLES = ("author", "editor", "photographer", "translator", "speaker")
MOST_TAGS = 20
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,5})?")


class Keep(Enum):
    """Says that a detail stays as it is, which None cannot say."""

    KEEP = "keep"


KEEP = Keep.KEEP
Kept = Literal[Keep.KEEP]


def set_details(
    post_id: int,
    *,
    by: Person | None,
    at: datetime,
    expected_version: int | None = None,
    kind: str | Kept = KEEP,
    language: str | Kept = KEEP,
    section_id: int | Kept | None = KEEP,
    tags: Sequence[str | int] | Kept = KEEP,
    bylines: Sequence[tuple[int, str]] | Kept = KEEP,
    slug: str | Kept = KEEP,
    canonical_url: str | Kept | None = KEEP,
    published_at: datetime | Kept = KEEP,
) -> bool:
    """Change what is named and keep the rest; says whether anything changed.

    An old address redirects for ever. When the post is live and readers see a difference, `updated_at` moves
    and the change is announced; saving what is there already does nothing.
    """
    post = load(post_id, expected_version=expected_version)
    before, was = effects.shown_on(post), _visible_details(post)
    if kind is not KEEP:
        _set_kind(post, kind, at)
    if language is not KEEP:
        _set_language(post, language)
    if section_id is not KEEP:
        set_section(post, section_id)
    if tags is not KEEP:
        set_tags(post, tags)
    if bylines is not KEEP:
        set_bylines(post, bylines)
    if slug is not KEEP and post.kind != "note" and addresses.wished_slug(slug) != post.slug:
        addresses.move_to_slug(post, addresses.wished_slug(slug), at=at)
    if canonical_url is not KEEP:
        post.canonical_url = checked_url(canonical_url)
    if published_at is not KEEP:
        _set_published_at(post, published_at, at)
    if _visible_details(post) == was:
        return False
    post.edited_at = at
    if post.is_live:
        effects.changed_live(post, before=before, at=at)
    db.session.flush()
    return True


def set_section(post: Post, section_id: int | None) -> None:
    """Move the post to a section, or to none."""
    if section_id is not None and db.session.get(Section, section_id) is None:
        raise Invalid(errors={"section": _("There is no such section any more.")})
    post.section_id = section_id


def set_tags(post: Post, words: Sequence[str | int]) -> None:
    """Exactly these tags, in this order; rows that stay are kept."""
    if len(words) > MOST_TAGS:
        raise Invalid(errors={"tags": _("Please use at most %(count)d tags.", count=MOST_TAGS)})
    rows = {row.tag_id: row for row in post.tags}
    wanted = [tag.id for tag in topics.tags_for(words, language=post.language)]
    kept = [rows.get(tag_id) or PostTag(tag_id=tag_id) for tag_id in wanted]
    for position, row in enumerate(kept):
        row.position = position
    post.tags[:] = kept


def set_bylines(post: Post, credits: Sequence[tuple[int, str]]) -> None:
    """Exactly these credits, in this order. A person who does not exist is an error, never somebody else."""
    ids = [person_id for person_id, _role in credits]
    known = set(db.session.scalars(select(Person.id).where(Person.id.in_(ids))))
    if missing := [str(one) for one in ids if one not in known]:
        message = _(
            "Nobody has the number %(numbers)s. The credits were not changed.", numbers=", ".join(missing)
        )
        raise Invalid(errors={"bylines": message})
    if len(set(ids)) != len(ids):
        raise Invalid(errors={"bylines": _("Each person can be credited once.")})
    if any(role not in BYLINE_ROLES for _id, role in credits):
        raise Invalid(errors={"bylines": _("Please choose what each person did from the list.")})
    rows = {row.person_id: row for row in post.bylines}
    kept = [rows.get(person_id) or Byline(person_id=person_id) for person_id in ids]
    for position, (row, (_id, role)) in enumerate(zip(kept, credits, strict=True)):
        row.position, row.role = position, role
    post.bylines[:] = kept


def check_language(language: str) -> None:
    """Refuse what is not a language tag such as `en` or `pt-BR`."""
    if len(language) > 8 or not _LANGUAGE.fullmatch(language):
        raise Invalid(errors={"language": _("Please choose a language from the list.")})


def checked_url(url: str | None) -> str | None:
    """An address on the web, or None."""
    url = (url or "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or len(url) > 500 or any(ord(character) <= 32 for character in url):
        message = _("Please give a full address that begins with https:// or http://.")
        raise Invalid(errors={"canonical_url": message})
    return url


def _set_kind(post: Post, kind: str, at: datetime) -> None:
    if kind == post.kind:
        return
    if "note" in (kind, post.kind) and post.first_published_at is not None:
        message = _(
            "A note that was published stays a note, and nothing else can become one: its address would break."
        )
        raise Invalid(errors={"kind": message})
    if post.slug is None and kind != "note":
        title = load_revision(post, None).title
        slug = addresses.free_slug(addresses.slug_from(title, kind=kind, at=at))
        addresses.move_to_slug(post, slug, at=at)
    post.kind = kind


def _set_language(post: Post, language: str) -> None:
    if language == post.language:
        return
    check_language(language)
    try:
        with db.session.begin_nested():
            post.language = language
    except IntegrityError as error:
        raise TranslationExists(errors={"language": str(TranslationExists.message)}) from error


def _set_published_at(post: Post, published_at: datetime, at: datetime) -> None:
    if post.published_at is None:
        raise Invalid(errors={"published_at": _("This post was never published.")})
    post.published_at = checked_time(published_at, at=at)


def checked_time(published_at: datetime, *, at: datetime) -> datetime:
    """A time of publication that is not in the future: what is to come is scheduled instead."""
    if published_at > at:
        message = _("A time of publication cannot lie in the future. To publish later, schedule the post.")
        raise Invalid(errors={"published_at": message})
    return published_at


def _visible_details(post: Post) -> tuple[object, ...]:
    return (
        post.kind,
        post.language,
        post.section_id,
        post.slug,
        post.canonical_url,
        post.published_at,
        tuple((row.position, row.tag_id) for row in post.tags),
        tuple((row.position, row.person_id, row.role) for row in post.bylines),
    )
