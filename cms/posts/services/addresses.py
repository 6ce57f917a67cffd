"""Addresses of posts: one for each, for ever. The database decides who came first."""

import re
from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.text import make_slug
from cms.posts.models import Post, PostSlug
from cms.posts.services.problems import AlreadyImported, SlugTaken, TranslationExists

TRIES = 5


def wished_slug(words: str) -> str:
    """The address that somebody typed, in our spelling."""
    slug = make_slug(words, longest=120)
    if not slug:
        raise Invalid(errors={"slug": _("An address needs at least one letter or digit.")})
    return slug


def slug_from(title: str, *, kind: str, at: datetime) -> str:
    """An address made of the title; of the day, when the title has no letters."""
    return make_slug(title) or f"{kind}-{at:%Y-%m-%d}"


def add_with_slug(build: Callable[[str | None], Post], slug: str | None, *, may_number: bool) -> Post:
    """Insert the post that `build(slug)` gives; when the address is taken, `-2`, `-3`, … or `SlugTaken`.

    Two writers may choose the same address at the same moment: then the unique index refuses one of them,
    which looks again and goes on.
    """
    for attempt in range(TRIES):
        free = _free(slug, may_number=may_number) if slug else None
        post = build(free)
        try:
            with db.session.begin_nested():
                db.session.add(post)
                db.session.flush()
                if free:
                    db.session.add(PostSlug(slug=free, post_id=post.id, created_at=post.created_at))
        except IntegrityError as error:
            _explain(post, error, free, is_last=attempt == TRIES - 1)
        else:
            return post
    raise SlugTaken


def move_to_slug(post: Post, slug: str, *, at: datetime) -> None:
    """Give the post another address. The old one stays its own and redirects; it may come back to it."""
    known = db.session.get(PostSlug, slug)
    if known is not None and known.post_id != post.id:
        raise SlugTaken(errors={"slug": str(SlugTaken.message)})
    try:
        with db.session.begin_nested():
            if known is None:
                db.session.add(PostSlug(slug=slug, post_id=post.id, created_at=at))
            post.slug = slug
    except IntegrityError as error:
        raise SlugTaken(errors={"slug": str(SlugTaken.message)}) from error


def free_slug(slug: str) -> str:
    """This address, or the first numbered one that nobody has or had."""
    return _free(slug, may_number=True)


def _free(slug: str, *, may_number: bool) -> str:
    family = or_(PostSlug.slug == slug, PostSlug.slug.startswith(f"{slug}-", autoescape=True))
    taken = set(db.session.scalars(select(PostSlug.slug).where(family)))
    if slug not in taken:
        return slug
    if not may_number:
        raise SlugTaken(errors={"slug": str(SlugTaken.message)})
    numbers = (re.fullmatch(re.escape(slug) + r"-(\d+)", one) for one in taken)
    highest = max((int(match[1]) for match in numbers if match and len(match[1]) < 9), default=1)
    return next(
        numbered for number in (*range(2, 10), highest + 1) if (numbered := f"{slug}-{number}") not in taken
    )


def _explain(post: Post, error: IntegrityError, slug: str | None, *, is_last: bool) -> None:
    """Find out which rule of uniqueness refused the post. A taken address may be tried again; others are final."""
    same_origin = Post.guid == post.guid
    if post.source is not None:
        same_origin = or_(same_origin, Post.source == post.source)
    if db.session.scalar(select(Post.id).where(same_origin)) is not None:
        raise AlreadyImported from error
    told = select(Post.id).where(Post.story_id == post.story_id, Post.language == post.language)
    if db.session.scalar(told) is not None:
        raise TranslationExists from error
    if slug is None or is_last or db.session.get(PostSlug, slug) is None:
        raise error
