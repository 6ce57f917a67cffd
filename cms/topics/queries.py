"""Reading sections, tags and hot words."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import contains_eager

from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.text import make_slug
from cms.topics.models import HotWord, Section, SectionSlug, Tag, TagSlug


def sections(*, also: int | None = None) -> Sequence[Section]:
    """The sections in use, in the order an editor gave them; `also` one that was put away."""
    in_use = or_(Section.archived_at.is_(None), Section.id == also) if also else Section.archived_at.is_(None)
    return db.session.scalars(select(Section).where(in_use).order_by(Section.position, Section.id)).all()


def every_section() -> Sequence[Section]:
    """All sections, those that were put away too."""
    return db.session.scalars(select(Section).order_by(Section.position, Section.id)).all()


def get_section(section_id: int) -> Section:
    """One section."""
    section = db.session.get(Section, section_id)
    if section is None:
        raise NotFound
    return section


def find_section(slug: str) -> Section | None:
    """The section at this address. When its `slug` differs from the one asked for, that one is old: redirect."""
    now = select(Section).where(Section.slug == slug)
    former = select(Section).join(SectionSlug, SectionSlug.section_id == Section.id)
    return db.session.scalar(now) or db.session.scalar(former.where(SectionSlug.slug == slug))


def former_slugs(section_id: int) -> Sequence[str]:
    """The addresses a section had before."""
    query = select(SectionSlug.slug).where(SectionSlug.section_id == section_id)
    return db.session.scalars(query.order_by(SectionSlug.slug)).all()


def get_tag(tag_id: int) -> Tag:
    """One tag."""
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound
    return tag


def find_tag(slug: str) -> Tag | None:
    """The tag at this address. When its `slug` differs from the one asked for, that one is old: redirect."""
    return db.session.scalar(select(Tag).join(TagSlug, TagSlug.tag_id == Tag.id).where(TagSlug.slug == slug))


def tags(
    *, after: str | None = None, search: str = "", hot: str | None = None, limit: int = 50
) -> Sequence[Tag]:
    """Tags by slug; `after` is the slug the last page ended with, `search` a part of a name or of any word for it."""
    query = select(Tag).order_by(Tag.slug).limit(limit)
    if after:
        query = query.where(Tag.slug > after)
    if hot:
        query = query.where(Tag.hot == hot)
    if search:
        query = query.where(_means(search))
    return db.session.scalars(query).all()


def words_for(tag_ids: Sequence[int]) -> dict[int, list[str]]:
    """The other words that mean these tags, as slugs, by tag."""
    found: dict[int, list[str]] = {tag_id: [] for tag_id in tag_ids}
    rows = db.session.execute(
        select(TagSlug.tag_id, TagSlug.slug)
        .join(Tag, Tag.id == TagSlug.tag_id)
        .where(TagSlug.tag_id.in_(tag_ids), TagSlug.slug != Tag.slug)
        .order_by(TagSlug.slug)
    )
    for row in rows:
        found[row.tag_id].append(row.slug)
    return found


def _means(words: str) -> ColumnElement[bool]:
    """Whether a tag is called something like this, in any language, or is meant by it."""
    names = [Tag.name[locale].as_string().icontains(words, autoescape=True) for locale in LOCALES]
    slug = make_slug(words)
    if len(slug) < len(words):  # characters that no slug has were asked for
        return or_(*names)
    meant = select(TagSlug.tag_id).where(TagSlug.slug.contains(slug, autoescape=True))
    return or_(Tag.id.in_(meant), *names)


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
