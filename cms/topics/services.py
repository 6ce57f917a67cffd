"""Writing sections, tags and hot words. Called inside a transaction; the database keeps addresses unique."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.core.text import make_slug, strip_control
from cms.topics.events import TagMerged
from cms.topics.models import HotWord, Section, SectionSlug, Tag, TagSlug

LONGEST_NAME = 80
Words = Mapping[str, str]


class SlugTaken(Conflict):
    """Another section or tag lives at this address."""

    message = lazy_gettext("This address is taken. Please choose another one.")


class WordTaken(Conflict):
    """The word means another tag."""

    message = lazy_gettext("This word already means another tag. Merge the two tags if they mean the same.")


class SectionInUse(Conflict):
    """Posts are in it."""

    message = lazy_gettext(
        "There are posts in this section. Move them to another section first, or put the section away."
    )


# Sections -------------------------------------------------------------------------------------------------------


def create_section(
    *, name: Words, slug: str = "", description: Words | None = None, source: str | None = None
) -> Section:
    """Add a section at the end. Without a slug it is made from the name."""
    name = _named(name)
    wanted = _slug_for(slug or name.get("en") or next(iter(name.values())))
    if db.session.get(SectionSlug, wanted) is not None:
        raise SlugTaken
    last = db.session.scalar(select(func.max(Section.position)))
    section = Section(
        slug=wanted,
        name=name,
        description=_words(description or {}, longest=500),
        position=0 if last is None else last + 1,
        source=source,
    )
    _add_alone(section)
    touch("site")
    return section


def change_section(
    section_id: int, *, name: Words, slug: str | None = None, description: Words | None = None
) -> None:
    """Rename a section, in every language at once. An old address keeps leading here."""
    section = _get(Section, section_id)
    section.name = _named(name)
    if description is not None:
        section.description = _words(description, longest=500)
    if slug and (wanted := _slug_for(slug)) != section.slug:
        _move_section(section, wanted)
    _flush_alone()
    touch("site", f"section:{section_id}")


def archive_section(section_id: int, *, at: datetime) -> None:
    """Put a section away: it leaves the navigation and takes nothing new; its posts and its address stay."""
    section = _get(Section, section_id)
    section.archived_at = section.archived_at or at
    touch("site", f"section:{section_id}")


def restore_section(section_id: int) -> None:
    """Bring a section back that was put away."""
    _get(Section, section_id).archived_at = None
    touch("site", f"section:{section_id}")


def order_sections(section_ids: Sequence[int]) -> None:
    """Put sections in this order; those not named keep theirs, after the named ones."""
    rest = [
        one.id
        for one in db.session.scalars(select(Section).order_by(Section.position, Section.id))
        if one.id not in section_ids
    ]
    for position, section_id in enumerate([*section_ids, *rest]):
        _get(Section, section_id).position = position
    touch("site")


def delete_section(section_id: int) -> None:
    """Remove a section that no post is in, not even one in the trash."""
    section = _get(Section, section_id)
    try:
        with db.session.begin_nested():
            db.session.delete(section)
    except IntegrityError as error:  # the posts' foreign key says so, also about one saved this very moment
        raise SectionInUse from error
    touch("site", f"section:{section_id}")


# Tags -----------------------------------------------------------------------------------------------------------


def create_tag(*, name: Words, slug: str = "", source: str | None = None) -> Tag:
    """Add a tag. Without a slug it is made from the name."""
    name = _named(name)
    tag = Tag(slug=_slug_for(slug or next(iter(name.values()))), name=name, label={}, source=source)
    try:
        with db.session.begin_nested():
            db.session.add(tag)
            db.session.flush()
            db.session.add(TagSlug(slug=tag.slug, tag_id=tag.id))
    except IntegrityError as error:
        raise SlugTaken from error
    return tag


def tags_for(words: Sequence[str | int], *, language: str) -> list[Tag]:
    """The tags meant by these words (slugs, names or ids), in order and once each; words not known yet are added.

    A word that once was the address of a tag means that tag still, also after it was merged.
    """
    found: dict[int, Tag] = {}
    for word in words:
        tag = _get(Tag, word) if isinstance(word, int) else _tag_for(word, language)
        found.setdefault(tag.id, tag)
    return list(found.values())


def change_tag(
    tag_id: int, *, name: Words, label: Words | None = None, hot: str | None = None, slug: str | None = None
) -> None:
    """Rename a tag, word it for the hot list, pin it there or keep it out. An old address keeps leading here."""
    tag = _get(Tag, tag_id)
    tag.name = _named(name)
    if label is not None:
        tag.label = _words(label, longest=LONGEST_NAME)
    if hot is not None:
        tag.hot = hot
    if slug and (wanted := _slug_for(slug)) != tag.slug:
        owner = db.session.get(TagSlug, wanted)
        if owner is not None and owner.tag_id != tag_id:
            raise SlugTaken
        if owner is None:
            db.session.add(TagSlug(slug=wanted, tag_id=tag_id))
        tag.slug = wanted
    _flush_alone()
    touch("site", f"tag:{tag_id}")


def add_synonym(tag_id: int, word: str) -> None:
    """Let another word mean this tag: who types it gets the tag, and its address leads here."""
    _get(Tag, tag_id)
    slug = _slug_for(word)
    owner = db.session.get(TagSlug, slug)
    if owner is None:
        db.session.add(TagSlug(slug=slug, tag_id=tag_id))
        _flush_alone()
    elif owner.tag_id != tag_id:
        raise WordTaken


def remove_synonym(tag_id: int, slug: str) -> None:
    """Let a word mean nothing again; the tag's own address is not among those."""
    tag, row = _get(Tag, tag_id), db.session.get(TagSlug, slug)
    if row is None or row.tag_id != tag_id or slug == tag.slug:
        raise NotFound
    db.session.delete(row)
    touch("site", f"tag:{tag_id}")


def merge_tags(tag_id: int, *, into_id: int, at: datetime) -> None:
    """Let one tag give way to another: posts carry the second, and every address of the first leads there."""
    if tag_id == into_id:
        raise Invalid(_("A tag cannot be merged with itself."))
    tag, into = _get(Tag, tag_id), _get(Tag, into_id)
    announce(TagMerged(tag_id=tag_id, into_id=into_id, at=at))
    into.name = {**tag.name, **into.name}
    db.session.execute(update(TagSlug).where(TagSlug.tag_id == tag_id).values(tag_id=into_id))
    db.session.flush()
    db.session.execute(delete(Tag).where(Tag.id == tag_id))
    touch("site", "posts", f"tag:{tag_id}", f"tag:{into_id}")


def delete_tag(tag_id: int) -> None:
    """Take a tag off every post, and remove it."""
    _get(Tag, tag_id)
    db.session.execute(delete(Tag).where(Tag.id == tag_id))
    touch("site", "posts", f"tag:{tag_id}")


def store_hot_words(scores: Mapping[int, float], *, at: datetime) -> bool:
    """Replace what is hot, and keep what an editor pinned; says whether readers see another list than before."""
    known = db.session.execute(
        select(Tag.id, Tag.hot).where(or_(Tag.hot == "pinned", Tag.id.in_(scores)), Tag.hot != "never")
    )
    now = {row.id: scores.get(row.id, 0.0) for row in known}
    rows = {one.tag_id: one for one in db.session.scalars(select(HotWord))}
    before = _hottest_first({one.tag_id: one.score for one in rows.values()})
    for tag_id in rows.keys() - now.keys():
        db.session.delete(rows[tag_id])
    for tag_id, score in now.items():
        row = rows.get(tag_id) or HotWord(tag_id=tag_id)
        row.score, row.computed_at = score, at
        db.session.add(row)
    changed = before != _hottest_first(now)
    if changed:
        touch("hot_words")
    return changed


def _hottest_first(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda tag_id: (-scores[tag_id], tag_id))


def _move_section(section: Section, slug: str) -> None:
    """Give a section another address, and remember the one it leaves; going back to an old one is allowed."""
    known = db.session.get(SectionSlug, slug)
    if known is not None and known.section_id != section.id:
        raise SlugTaken
    if known is not None:
        db.session.delete(known)
    db.session.add(SectionSlug(slug=section.slug, section_id=section.id))
    section.slug = slug


# What they share ------------------------------------------------------------------------------------------------


def _tag_for(word: str, language: str) -> Tag:
    slug = _slug_for(word)
    known = db.session.scalar(select(Tag).join(TagSlug, TagSlug.tag_id == Tag.id).where(TagSlug.slug == slug))
    if known is not None:
        return known
    try:
        return create_tag(name={language: word.strip()}, slug=slug)
    except SlugTaken:  # somebody else added it since we looked
        return db.session.scalars(
            select(Tag).join(TagSlug, TagSlug.tag_id == Tag.id).where(TagSlug.slug == slug)
        ).one()


def _get(model: type, row_id: int):  # type: ignore[no-untyped-def]
    row = db.session.get(model, row_id)
    if row is None:
        raise NotFound
    return row


def _slug_for(words: str) -> str:
    slug = make_slug(words)
    if not slug:
        raise Invalid(errors={"slug": _("This needs at least one letter or digit.")})
    return slug


def _words(words: Words, *, longest: int) -> dict[str, str]:
    kept = {language: " ".join(strip_control(text).split()) for language, text in words.items()}
    for language, text in kept.items():
        if len(text) > longest:
            field = f"name_{language}" if language in LOCALES else "name"
            raise Invalid(
                errors={field: _("Please use at most %(count)d characters.", count=longest)},
            )
    return {language: text for language, text in kept.items() if text}


def _named(name: Words) -> dict[str, str]:
    kept = _words(name, longest=LONGEST_NAME)
    if not kept:
        raise Invalid(errors={"name": _("Please give it a name in at least one language.")})
    return kept


def _add_alone(row: object) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise SlugTaken from error


def _flush_alone() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise SlugTaken from error
