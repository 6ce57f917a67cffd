"""One post with everything around it."""

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import bindparam, func, select

from cms.core.database import Instant, db
from cms.core.errors import NotFound
from cms.core.markup import trusted
from cms.posts.models import Post, PostTag, Revision
from cms.posts.queries import in_main, visible_to
from cms.site.edition import Edition
from cms.site.queries.around import Around, Translation, around
from cms.site.queries.cards import Card, cards, draft_card
from cms.site.queries.corrections import CorrectionLine, corrections_below
from cms.site.queries.pictures import Picture
from cms.site.queries.rows import AnyRow
from cms.site.queries.site import in_words
from cms.topics.models import Tag

CHANGE_SHOWN_AFTER = timedelta(minutes=15)  # corrections of the first minutes are not news to a reader


class TagLink(NamedTuple):
    """A tag on a post."""

    name: str
    url: str
    id: int


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
    blog_id: int | None = None  # of the member's blog it is in
    from_blog_id: int | None = None  # of the one that the main site took it from
    corrections: list[CorrectionLine] = field(default_factory=list)


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
    """The live post at this address. `host` begins its canonical address. Seven queries, and
    one more when it was corrected."""
    statement = _BY_SLUG if slug is not None else _NOTE
    row = db.session.execute(statement, {"slug": slug, "note_id": note_id}).one_or_none()
    if row is None:
        raise NotFound
    tags = _tags(edition, row.id)
    near = around(edition, row, [tag.id for tag in tags])
    by_id = {card.id: card for card in cards(edition, [row.id, *near.all_ids])}
    if row.id not in by_id:
        raise NotFound  # taken down this very moment
    return PostPage(
        post=_full(edition, host, row, by_id[row.id], tags, near),
        related=[by_id[id_] for id_ in near.related if id_ in by_id],
        previous=by_id.get(near.previous or 0),
        next=by_id.get(near.next or 0),
    )


def get_preview_page(
    edition: Edition, host: str, post_id: int, *, revision_id: int, at: datetime
) -> PostPage:
    """The page of a post with this revision in the place of the live one, as if published now. Ask `rules` first."""
    values = {"post_id": post_id, "revision_id": revision_id, "now": at}
    row = db.session.execute(_DRAFT, values).one()
    tags = _tags(edition, post_id)
    near = around(edition, row, [tag.id for tag in tags])
    by_id = {card.id: card for card in cards(edition, near.all_ids)}
    card = draft_card(edition, post_id, revision_id=revision_id, at=at)
    return PostPage(
        post=_full(edition, host, row, card, tags, near),
        related=[by_id[id_] for id_ in near.related if id_ in by_id],
        previous=by_id.get(near.previous or 0),
        next=by_id.get(near.next or 0),
    )


_SHOWN = (
    Post.id,
    Post.kind,
    Post.language,
    Post.story_id,
    Post.is_original,
    Post.section_id,
    Post.canonical_url,
    in_main().label("is_main"),
    Post.blog_id,
    Post.from_blog_id,
    Post.updated_at,
    Post.corrected_at,
    Revision.html,
    Revision.outline,
    Revision.transcript_html,
    Revision.word_count,
)
_LIVE = (
    select(*_SHOWN, Post.published_at)
    .join(Revision, Revision.id == Post.live_revision_id)
    .where(visible_to(None, None))
)
_BY_SLUG = _LIVE.where(Post.slug == bindparam("slug"))
_NOTE = _LIVE.where(Post.id == bindparam("note_id"), Post.kind == "note")
_NOW = bindparam("now", type_=Instant())
_DRAFT = (
    select(*_SHOWN, func.coalesce(Post.published_at, _NOW, type_=Instant()).label("published_at"))
    .select_from(Post)
    .join(Revision, Revision.post_id == Post.id)
    .where(Post.id == bindparam("post_id"), Revision.id == bindparam("revision_id"))
)
_TAGS = (
    select(Tag.id, Tag.slug, Tag.name)
    .join(PostTag, PostTag.tag_id == Tag.id)
    .where(PostTag.post_id == bindparam("post_id"))
    .order_by(PostTag.position, Tag.id)
)


def _tags(edition: Edition, post_id: int) -> list[TagLink]:
    return [
        TagLink(in_words(row.name or {}, edition.locale) or row.slug, edition.to(f"/tags/{row.slug}"), row.id)
        for row in db.session.execute(_TAGS, {"post_id": post_id})
    ]


def _full(
    edition: Edition, host: str, row: AnyRow, card: Card, tags: list[TagLink], near: Around
) -> FullPost:
    values: dict[str, Any] = {one.name: getattr(card, one.name) for one in fields(card)}
    values["body_html"] = trusted(row.html) if row.html else None
    changed = row.updated_at is not None and row.updated_at - row.published_at > CHANGE_SHOWN_AFTER
    recording = next((one for one in card.media if one.kind == row.kind), None)
    return FullPost(
        **values,
        outline=[Heading(*line) for line in row.outline or []],
        updated_at=row.updated_at if changed else None,
        tags=tags,
        translations=near.translations,
        told_at=sorted([(row.language, card.path), *near.told_at]) if near.told_at else [],
        canonical_url=row.canonical_url or Edition(edition.locale, host).to(card.path),
        is_original=row.is_original,
        transcript_html=trusted(row.transcript_html) if row.transcript_html else None,
        enclosure=recording if row.kind in ("audio", "video") else None,
        word_count=row.word_count,
        blog_id=row.blog_id,
        from_blog_id=row.from_blog_id,
        corrections=corrections_below(row.id) if row.corrected_at else [],
    )
