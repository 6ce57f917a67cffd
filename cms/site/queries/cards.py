"""Posts as readers see them: cards for lists, with their bylines and pictures, loaded a whole page at a time.

Loading any number of cards takes four queries: texts with covers, bylines, further media, picture variants; and a
fifth for the pages that notes link to, when there are notes among them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import bindparam, case, func, select

from cms.core.database import Instant, db
from cms.core.markup import trusted
from cms.core.text import excerpt
from cms.media.models import Media, Portrait
from cms.people.models import Person
from cms.posts.cards.models import LinkCard, PostCard
from cms.posts.models import Byline, Post, Revision, RevisionMedia
from cms.site.edition import Edition, post_path
from cms.site.queries.pictures import Picture, Variants, media_columns, picture, variants_of
from cms.site.queries.rows import AnyRow, AnySelect
from cms.site.queries.site import SectionLink, sections_by_id


@dataclass(frozen=True, slots=True)
class Credit:
    """One name in a byline; `role` is a word to show, empty for plain authors."""

    id: int
    name: str
    url: str
    portrait: Picture | None
    role: str
    does: str


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """A page of another site that a note shows in a few words, with a picture of our own."""

    url: str
    title: str
    description: str
    site_name: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Card:
    """One post in a list. `path` is its address without language or host."""

    id: int
    guid: str
    kind: str
    story_id: str
    path: str
    url: str
    title: str
    summary: str
    language: str
    is_foreign: bool
    published_at: datetime
    modified_at: datetime
    reading_minutes: int
    section: SectionLink | None
    bylines: list[Credit]
    cover: Picture | None
    cover_alt: str
    media: list[Picture]
    body_html: Markup | None
    excerpt_html: Markup | None = None
    linked: LinkedPage | None = None


def cards(edition: Edition, ids: Iterable[int], *, with_text: bool = False) -> list[Card]:
    """The live posts with these ids, in this order; `with_text` adds every body, else only those of notes."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    statement = _CARDS_WITH_TEXT if with_text else _CARDS
    texts = {row.id: row for row in db.session.execute(statement, {"ids": wanted})}
    bylines = db.session.execute(_BYLINES, {"ids": wanted}).all()
    media = db.session.execute(_MEDIA, {"ids": [row.revision_id for row in texts.values()]}).all()
    linked = _linked_rows(texts.values())
    shown = [row.media_id for row in (*texts.values(), *bylines, *media, *linked) if row.media_id is not None]
    variants = variants_of(shown)
    credits_ = _credits(edition, bylines, variants)
    more, pages = _media(media, variants), _linked(linked, variants)
    sections = sections_by_id(edition)
    return [
        _card(edition, texts[id_], credits_.get(id_, []), more, variants, sections, pages)
        for id_ in wanted
        if id_ in texts
    ]


def draft_card(edition: Edition, post_id: int, *, revision_id: int, at: datetime) -> Card:
    """The card of a post as it would be with this revision; published `at`, when it never was. For previews."""
    values = {"ids": [post_id], "revision_id": revision_id, "at": at}
    row = db.session.execute(_DRAFT, values).one()
    bylines = db.session.execute(_BYLINES, {"ids": [post_id]}).all()
    media = db.session.execute(_MEDIA, {"ids": [revision_id]}).all()
    linked = _linked_rows([row])
    shown = [one.media_id for one in (row, *bylines, *media, *linked) if one.media_id is not None]
    variants = variants_of(shown)
    credits_ = _credits(edition, bylines, variants).get(post_id, [])
    more, pages = _media(media, variants), _linked(linked, variants)
    return _card(edition, row, credits_, more, variants, sections_by_id(edition), pages)


def dependencies(shown: Iterable[Card]) -> Iterator[str]:
    """The tags of everything these cards show: a page with them is out of date when one is touched."""
    for card in shown:
        yield f"post:{card.id}"
        linked = card.linked.picture if card.linked else None
        pictures = [card.cover, linked, *card.media, *(credit.portrait for credit in card.bylines)]
        yield from (f"media:{one.id}" for one in pictures if one)
        yield from (f"person:{credit.id}" for credit in card.bylines)


def role_name(role: str) -> str:
    """What somebody did for a post, in a word; nothing for having written it."""
    if role == "author":
        return ""
    names = {
        "editor": _("Editor"),
        "photographer": _("Pictures"),
        "translator": _("Translation"),
        "speaker": _("Voice"),
    }
    return str(names.get(role, ""))


def _card_query(*, with_text: bool, is_draft: bool = False) -> AnySelect:
    html = Revision.html if with_text else case((Post.kind == "note", Revision.html), else_="")
    beginning = case((Revision.summary == "", func.substr(Revision.plain, 1, 400)), else_="")
    published_at = func.coalesce(Post.published_at, bindparam("at", type_=Instant()), type_=Instant())
    shown_revision = bindparam("revision_id") if is_draft else Post.live_revision_id
    return (
        select(
            Post.id,
            Post.guid,
            Post.kind,
            Post.language,
            Post.story_id,
            Post.slug,
            Post.section_id,
            published_at.label("published_at") if is_draft else Post.published_at,
            Post.updated_at,
            Revision.id.label("revision_id"),
            Revision.title,
            Revision.summary,
            beginning.label("beginning"),
            html.label("html"),
            Revision.reading_minutes,
            Revision.cover_alt,
            *media_columns,
        )
        .select_from(Post)
        .join(Revision, Revision.id == shown_revision)
        .outerjoin(Media, Media.id == Revision.cover_id)
        .where(Post.id.in_(bindparam("ids", expanding=True)))
    )


_CARDS = _card_query(with_text=False)
_CARDS_WITH_TEXT = _card_query(with_text=True)
_DRAFT = _card_query(with_text=False, is_draft=True)
_BYLINES = (
    select(Byline.post_id, Byline.role, Person.id, Person.name, Person.handle, *media_columns)
    .join(Person, Person.id == Byline.person_id)
    .outerjoin(Portrait, Portrait.person_id == Person.id)
    .outerjoin(Media, Media.id == Portrait.media_id)
    .where(Byline.post_id.in_(bindparam("ids", expanding=True)))
    .order_by(Byline.post_id, Byline.position, Person.id)
)
_MEDIA = (
    select(RevisionMedia.revision_id, RevisionMedia.alt, RevisionMedia.caption, *media_columns)
    .join(Media, Media.id == RevisionMedia.media_id)
    .where(RevisionMedia.revision_id.in_(bindparam("ids", expanding=True)))
    .order_by(RevisionMedia.revision_id, RevisionMedia.position)
)

_LINKED = (
    select(
        PostCard.post_id,
        LinkCard.url,
        LinkCard.title,
        LinkCard.description,
        LinkCard.site_name,
        *media_columns,
    )
    .join(LinkCard, LinkCard.id == PostCard.card_id)
    .outerjoin(Media, Media.id == LinkCard.picture_id)
    .where(PostCard.post_id.in_(bindparam("ids", expanding=True)), LinkCard.state == "ready")
)


def _card(
    edition: Edition,
    row: AnyRow,
    bylines: list[Credit],
    media: dict[int, list[Picture]],
    variants: Variants,
    sections: dict[int, SectionLink],
    pages: dict[int, LinkedPage],
) -> Card:
    path = post_path(row.kind, row.id, row.slug)
    more = media.get(row.revision_id, [])
    cover = picture(row, variants) if row.media_id is not None else None
    if cover is None and row.kind in ("photo", "note") and more:
        cover = more[0]
    return Card(
        id=row.id,
        guid=row.guid,
        kind=row.kind,
        story_id=row.story_id,
        path=path,
        url=edition.to(path),
        title=row.title,
        summary=row.summary or excerpt(row.beginning, 160),
        language=row.language,
        is_foreign=row.language != edition.locale,
        published_at=row.published_at,
        modified_at=max(row.updated_at or row.published_at, row.published_at),
        reading_minutes=row.reading_minutes,
        section=sections.get(row.section_id) if row.section_id else None,
        bylines=bylines,
        cover=cover,
        cover_alt=row.cover_alt or (cover.alt if cover else ""),
        media=more,
        body_html=trusted(row.html) if row.html else None,
        linked=pages.get(row.id),
    )


def _linked_rows(rows: Iterable[AnyRow]) -> Sequence[AnyRow]:
    """The pages that the notes among these posts show; lists without notes do not ask."""
    notes = [row.id for row in rows if row.kind == "note"]
    return db.session.execute(_LINKED, {"ids": notes}).all() if notes else []


def _linked(rows: Sequence[AnyRow], variants: Variants) -> dict[int, LinkedPage]:
    return {
        row.post_id: LinkedPage(
            row.url,
            row.title,
            row.description,
            row.site_name,
            picture(row, variants) if row.media_id is not None else None,
        )
        for row in rows
    }


def _credits(edition: Edition, rows: Sequence[AnyRow], variants: Variants) -> dict[int, list[Credit]]:
    found: dict[int, list[Credit]] = defaultdict(list)
    for row in rows:
        portrait = picture(row, variants, alt=row.name) if row.media_id is not None else None
        url = edition.to(f"/@{row.handle}")
        found[row.post_id].append(Credit(row.id, row.name, url, portrait, role_name(row.role), row.role))
    return found


def _media(rows: Sequence[AnyRow], variants: Variants) -> dict[int, list[Picture]]:
    found: dict[int, list[Picture]] = defaultdict(list)
    for row in rows:
        found[row.revision_id].append(picture(row, variants, alt=row.alt, caption=row.caption))
    return found
