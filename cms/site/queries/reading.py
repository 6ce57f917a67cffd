"""One post with everything around it: its tags and translations, what is related, what came before and after."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import literal, select, tuple_, union_all

from cms.core.database import Instant, db
from cms.core.errors import NotFound
from cms.core.markup import trusted
from cms.posts.models import Post, PostTag, Revision
from cms.posts.queries import visible_to
from cms.site.edition import Edition, post_path
from cms.site.queries.cards import Card, cards
from cms.site.queries.pictures import Picture
from cms.site.queries.rows import AnyRow, AnySelect
from cms.site.queries.site import in_words
from cms.topics.models import Tag

RELATED = 3
_NEAR = 6  # posts looked at on each side in time, for each tag
_TAGS_LOOKED_AT = 6
_EARLIEST = (Post.published_at, Post.id)
_LATEST = (Post.published_at.desc(), Post.id.desc())
CHANGE_SHOWN_AFTER = timedelta(minutes=15)  # corrections of the first minutes are not news to a reader


class TagLink(NamedTuple):
    """A tag on a post."""

    name: str
    url: str
    id: int


class Translation(NamedTuple):
    """The same story in another language."""

    language: str
    url: str
    title: str


class Heading(NamedTuple):
    """One line of the table of contents."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullPost(Card):
    """A post on its own page."""

    outline: list[Heading]
    updated_at: datetime | None  # shown to readers; None when nothing changed since the first minutes
    tags: list[TagLink]
    translations: list[Translation]
    told_at: list[tuple[str, str]]  # language and path of every telling, when there is more than one
    canonical_url: str
    is_original: bool
    transcript_html: Markup | None
    enclosure: Picture | None
    word_count: int


@dataclass(frozen=True, slots=True)
class PostPage:
    """A post and what stands around it."""

    post: FullPost
    related: list[Card]
    previous: Card | None
    next: Card | None


def get_post_page(
    edition: Edition, host: str, *, slug: str | None = None, note_id: int | None = None
) -> PostPage:
    """The live post at this address. `host` begins its canonical address. Eight queries."""
    row = _core(slug, note_id)
    if row is None:
        raise NotFound
    tags = _tags(edition, row.id)
    around = _around(edition, row, [tag.id for tag in tags])
    loaded = cards(edition, [row.id, *around.all_ids])
    by_id = {card.id: card for card in loaded}
    if row.id not in by_id:
        raise NotFound  # taken down this very moment
    post = _full(edition, host, row, by_id[row.id], tags, around)
    return PostPage(
        post=post,
        related=[by_id[id_] for id_ in around.related if id_ in by_id],
        previous=by_id.get(around.previous or 0),
        next=by_id.get(around.next or 0),
    )


def _core(slug: str | None, note_id: int | None) -> AnyRow | None:
    statement = (
        select(
            Post.id,
            Post.kind,
            Post.language,
            Post.story_id,
            Post.is_original,
            Post.slug,
            Post.section_id,
            Post.canonical_url,
            Post.published_at,
            Post.updated_at,
            Revision.html,
            Revision.outline,
            Revision.transcript_html,
            Revision.word_count,
        )
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(visible_to(None, None))
    )
    if slug is not None:
        statement = statement.where(Post.slug == slug)
    else:
        statement = statement.where(Post.id == note_id, Post.kind == "note")
    return db.session.execute(statement).one_or_none()


def _tags(edition: Edition, post_id: int) -> list[TagLink]:
    rows = db.session.execute(
        select(Tag.id, Tag.slug, Tag.name)
        .join(PostTag, PostTag.tag_id == Tag.id)
        .where(PostTag.post_id == post_id)
        .order_by(PostTag.position, Tag.id)
    )
    return [
        TagLink(in_words(row.name or {}, edition.locale) or row.slug, edition.to(f"/tags/{row.slug}"), row.id)
        for row in rows
    ]


@dataclass(slots=True)
class _Around:
    related: list[int]
    previous: int | None
    next: int | None
    translations: list[Translation]
    told_at: list[tuple[str, str]]

    @property
    def all_ids(self) -> list[int]:
        return [*self.related, *(id_ for id_ in (self.previous, self.next) if id_)]


def _around(edition: Edition, row: AnyRow, tag_ids: list[int]) -> _Around:
    """Neighbours, translations and candidates for related posts, in one query."""
    parts = [
        *_neighbours(row),
        _translations(row),
        *(part for tag_id in tag_ids[:_TAGS_LOOKED_AT] for part in _near_in_tag(row, tag_id)),
        *(_near_in_section(row) if row.section_id else ()),
    ]
    found = db.session.execute(union_all(*(select(part.subquery()) for part in parts))).all()
    scores: dict[int, tuple[float, datetime]] = {}
    neighbours: dict[str, int] = {}
    translations: list[Translation] = []
    told_at: list[tuple[str, str]] = []
    for one in found:
        if one.why in ("previous", "next"):
            neighbours[one.why] = one.id
        elif one.why == "translation":
            path = post_path(row.kind, one.id, one.slug)
            translations.append(Translation(one.language, edition.to(path), one.title))
            told_at.append((one.language, path))
        elif one.story_id != row.story_id:
            same_language = one.language == row.language
            gain = {"tag": 2.0, "section": 0.5}[one.why] + (0.1 if same_language else 0)
            score, at = scores.get(one.id, (0.0, one.at))
            scores[one.id] = (score + gain, at)
    stories = {one.id: (one.story_id, one.language) for one in found}
    return _Around(
        related=_best(row, scores, stories),
        previous=neighbours.get("previous"),
        next=neighbours.get("next"),
        translations=sorted(translations),
        told_at=told_at,
    )


def _best(
    row: AnyRow, scores: dict[int, tuple[float, datetime]], stories: dict[int, tuple[str, str]]
) -> list[int]:
    """The best scored, nearer in time first among equals, each story once and in the reader's language."""

    def rank(id_: int) -> tuple[bool, float, float, int]:
        score, at = scores[id_]
        return stories[id_][1] != row.language, -score, abs((at - row.published_at).total_seconds()), id_

    best: dict[str, int] = {}
    for id_ in sorted(scores, key=rank):
        best.setdefault(stories[id_][0], id_)
    return list(best.values())[:RELATED]


def _line(why: str) -> AnySelect:
    return select(
        literal(why).label("why"),
        Post.id.label("id"),
        Post.published_at.label("at"),
        Post.story_id.label("story_id"),
        Post.language.label("language"),
        Post.slug.label("slug"),
        literal("").label("title"),
    ).where(visible_to(None, None))


def _neighbours(row: AnyRow) -> list[AnySelect]:
    """What was published just before and just after, in the same language; notes have no neighbours."""
    if row.kind == "note":
        return []
    here = tuple_(literal(row.published_at, Instant), row.id)
    stream = Post.kind != "note"
    place = tuple_(Post.published_at, Post.id)
    same = (Post.language == row.language, stream)
    return [
        _line("previous")
        .where(*same, place < here)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(1),
        _line("next").where(*same, place > here).order_by(Post.published_at, Post.id).limit(1),
    ]


def _translations(row: AnyRow) -> AnySelect:
    return (
        select(
            literal("translation").label("why"),
            Post.id.label("id"),
            Post.published_at.label("at"),
            Post.story_id.label("story_id"),
            Post.language.label("language"),
            Post.slug.label("slug"),
            Revision.title.label("title"),
        )
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(Post.story_id == row.story_id, Post.id != row.id, visible_to(None, None))
    )


def _near_in_tag(row: AnyRow, tag_id: int) -> list[AnySelect]:
    at = literal(row.published_at, Instant)
    tagged = _line("tag").join(PostTag, PostTag.post_id == Post.id)
    tagged = tagged.where(PostTag.tag_id == tag_id, PostTag.post_id != row.id)
    return [
        tagged.where(PostTag.live_at <= at)
        .order_by(PostTag.live_at.desc(), PostTag.post_id.desc())
        .limit(_NEAR),
        tagged.where(PostTag.live_at > at).order_by(PostTag.live_at, PostTag.post_id).limit(_NEAR),
    ]


def _near_in_section(row: AnyRow) -> list[AnySelect]:
    at = literal(row.published_at, Instant)
    same = (Post.section_id == row.section_id, Post.id != row.id, Post.kind != "note")
    return [
        _line("section")
        .where(*same, Post.published_at <= at)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(_NEAR),
        _line("section")
        .where(*same, Post.published_at > at)
        .order_by(Post.published_at, Post.id)
        .limit(_NEAR),
    ]


def _full(
    edition: Edition, host: str, row: AnyRow, card: Card, tags: list[TagLink], around: _Around
) -> FullPost:
    enclosure = next((one for one in card.media if one.kind == row.kind), None)
    values = {one.name: getattr(card, one.name) for one in fields(card)}
    values["body_html"] = trusted(row.html) if row.html else None
    changed = row.updated_at is not None and row.updated_at - row.published_at > CHANGE_SHOWN_AFTER
    return FullPost(
        **values,
        outline=[Heading(*line) for line in row.outline or []],
        updated_at=row.updated_at if changed else None,
        tags=tags,
        translations=around.translations,
        told_at=sorted([(row.language, card.path), *around.told_at]) if around.told_at else [],
        canonical_url=row.canonical_url or Edition(edition.locale, host).to(card.path),
        is_original=row.is_original,
        transcript_html=trusted(row.transcript_html) if row.transcript_html else None,
        enclosure=enclosure if row.kind in ("audio", "video") else None,
        word_count=row.word_count,
    )
