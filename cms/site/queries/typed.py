"""A post as it is being typed, on its page: nothing is saved. Credits and tags are those saved last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select

from cms.core.database import db
from cms.core.markup import trusted
from cms.core.text import excerpt
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.services.content import Attachment, Content
from cms.site.edition import Edition
from cms.site.queries.cards import Credit
from cms.site.queries.pictures import Picture, media_columns, picture, variants_of
from cms.site.queries.reading import FullPost, Heading, PostPage, get_preview_page
from cms.site.queries.site import sections_by_id


@dataclass(frozen=True)
class Typed:
    """What stands in the form beside the text."""

    content: Content
    kind: str
    language: str
    section_id: int | None


def typed_page(
    edition: Edition, host: str, typed: Typed, *, post: Post | None, by: Person, at: datetime
) -> PostPage:
    """The page of what is typed: of a post that is there, or of one that is not saved yet. Asks nothing of `rules`."""
    if post is None:
        around = PostPage(_unsaved(edition, host, by, at), [], None, None)
    else:
        around = get_preview_page(edition, host, post.id, revision_id=post.latest_revision_id or 0, at=at)
    return replace(around, post=_with_typed(around.post, edition, typed))


def _with_typed(post: FullPost, edition: Edition, typed: Typed) -> FullPost:
    content = typed.content
    shown = _pictures([*content.media, *([Attachment(content.cover_id)] if content.cover_id else [])])
    media = [
        replace(shown[one.media_id], alt=one.alt or shown[one.media_id].alt, caption=one.caption)
        for one in content.media
        if one.media_id in shown
    ]
    cover = shown.get(content.cover_id or 0)
    if cover is None and typed.kind == "photo" and media:
        cover = media[0]
    return replace(
        post,
        kind=typed.kind,
        language=typed.language,
        is_foreign=typed.language != edition.locale,
        title=content.title,
        summary=content.summary or excerpt(content.plain, 160),
        section=sections_by_id(edition).get(typed.section_id) if typed.section_id else None,
        cover=cover,
        cover_alt=content.cover_alt or (cover.alt if cover else ""),
        media=media,
        body_html=trusted(content.html) if content.html else None,
        outline=[Heading(*line) for line in content.outline],
        transcript_html=trusted(content.transcript_html) if content.transcript_html else None,
        enclosure=next((one for one in media if one.kind == typed.kind), None)
        if typed.kind in ("audio", "video")
        else None,
        word_count=content.word_count,
        reading_minutes=content.reading_minutes,
    )


def _unsaved(edition: Edition, host: str, by: Person, at: datetime) -> FullPost:
    author = Credit(by.id, by.name, edition.to(f"/@{by.handle}"), None, "", "author")
    return FullPost(
        id=0,
        guid="",
        kind="article",
        story_id="",
        path="/",
        url=edition.to("/"),
        title="",
        summary="",
        language=edition.locale,
        is_foreign=False,
        published_at=at,
        modified_at=at,
        reading_minutes=1,
        section=None,
        bylines=[author],
        cover=None,
        cover_alt="",
        media=[],
        body_html=None,
        outline=[],
        updated_at=None,
        tags=[],
        translations=[],
        told_at=[],
        canonical_url=Edition(edition.locale, host).to("/"),
        is_original=True,
        transcript_html=None,
        enclosure=None,
        word_count=0,
    )


_MEDIA = select(Media.id.label("media_id"), *media_columns[1:]).where(
    Media.id.in_(bindparam("ids", expanding=True))
)


def _pictures(wanted: Sequence[Attachment]) -> dict[int, Picture]:
    ids = sorted({one.media_id for one in wanted})
    if not ids:
        return {}
    rows = db.session.execute(_MEDIA, {"ids": ids}).all()
    variants = variants_of(ids)
    return {row.media_id: picture(row, variants) for row in rows}
