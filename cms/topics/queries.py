"""Reading sections, tags and hot words."""

from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import contains_eager

from cms.core.database import db
from cms.core.errors import NotFound
from cms.topics.models import HotWord, Section, Tag, TagSlug


def sections() -> Sequence[Section]:
    """All sections, in the order an editor gave them."""
    return db.session.scalars(select(Section).order_by(Section.position, Section.id)).all()


def get_section(section_id: int) -> Section:
    """One section."""
    section = db.session.get(Section, section_id)
    if section is None:
        raise NotFound
    return section


def find_section(slug: str) -> Section | None:
    """The section at this address."""
    return db.session.scalar(select(Section).where(Section.slug == slug))


def get_tag(tag_id: int) -> Tag:
    """One tag."""
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound
    return tag


def find_tag(slug: str) -> Tag | None:
    """The tag at this address. When its `slug` differs from the one asked for, that one is old: redirect."""
    return db.session.scalar(select(Tag).join(TagSlug, TagSlug.tag_id == Tag.id).where(TagSlug.slug == slug))


def tags(*, after: str | None = None, search: str = "", limit: int = 50) -> Sequence[Tag]:
    """Tags by slug; `after` is the slug the last page ended with, `search` a beginning of the slug."""
    query = select(Tag).order_by(Tag.slug).limit(limit)
    if after:
        query = query.where(Tag.slug > after)
    if search:
        query = query.where(Tag.slug.startswith(search, autoescape=True))
    return db.session.scalars(query).all()


def hot_words(limit: int = 8) -> Sequence[HotWord]:
    """What is hot now, with its tag: pinned words first, then by score."""
    return db.session.scalars(
        select(HotWord)
        .join(HotWord.tag)
        .where(Tag.hot != "never")
        .order_by(case((Tag.hot == "pinned", 0), else_=1), HotWord.score.desc(), HotWord.tag_id)
        .options(contains_eager(HotWord.tag))
        .limit(limit)
    ).all()
