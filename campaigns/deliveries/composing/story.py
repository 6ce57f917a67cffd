"""A post as networks read it, taken from one of its revisions."""

from dataclasses import dataclass
from html import escape

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from campaigns.channels.messages import Story
from campaigns.deliveries.addresses import post_url
from campaigns.deliveries.composing.plain import readable
from cms.core.database import db
from cms.core.errors import Conflict, NotFound
from cms.core.pages import config
from cms.core.text import excerpt, strip_control
from cms.media.models import Media, media_url
from cms.posts.mentions import people_named
from cms.posts.models import Byline, Post, PostTag, Revision, RevisionMedia
from cms.site.feeds.document import absolute_html
from cms.site.queries.site import in_words

SUMMARY = 200  # width of what stands in for a summary that nobody wrote


class NoText(Conflict):
    """There is no live text to send."""

    def __init__(self) -> None:
        super().__init__(_("This post is not published, so there is nothing to send yet."))


@dataclass(frozen=True)
class Source:
    """A post with the revision that is told, and all that belongs to it; what is the same for every account."""

    post: Post
    revision: Revision
    url: str
    plain: str
    html: str
    figures: str  # of pictures that the page shows beside the words; `html` begins with them
    summary: str
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    media: tuple[tuple[int, str], ...]
    own_pictures: tuple[tuple[int, str], ...]  # all there are, for people who choose


def load_source(post_id: int, *, revision_id: int | None = None, must_be_live: bool = False) -> Source:
    """Read a post to be told: the named revision, else the live one, else the latest. A fixed number of queries.

    Raises `NotFound`, and `NoText` when it must be live and is not.
    """
    post = db.session.scalar(
        select(Post)
        .where(Post.id == post_id)
        .options(
            selectinload(Post.bylines).joinedload(Byline.person),
            selectinload(Post.tags).joinedload(PostTag.tag),
        )
        .execution_options(populate_existing=True)
    )
    if post is None:
        raise NotFound
    chosen = revision_id or post.live_revision_id or (None if must_be_live else post.latest_revision_id)
    if chosen is None:
        raise NoText
    revision = db.session.scalar(
        select(Revision)
        .where(Revision.id == chosen, Revision.post_id == post_id)
        .options(joinedload(Revision.cover), selectinload(Revision.media).joinedload(RevisionMedia.media))
        .execution_options(populate_existing=True)
    )
    if revision is None:
        raise NotFound
    return _source(post, revision)


def story_of(source: Source, *, link: str, prefix: str = "", signature: str = "") -> Story:
    """The story for one account."""
    post, revision = source.post, source.revision
    return Story(
        post_id=post.id,
        revision_id=revision.id,
        kind=post.kind,
        language=post.language,
        title=strip_control(revision.title),
        summary=source.summary,
        text=source.plain,
        html=source.html,
        url=source.url,
        link=link,
        tags=source.tags,
        authors=source.authors,
        cover=revision.cover_id if revision.cover and revision.cover.kind == "image" else None,
        media=source.media,
        prefix=prefix,
        signature=signature,
    )


def _source(post: Post, revision: Revision) -> Source:
    url = post_url(post)
    listed = [(one.media, one.alt) for one in revision.media if one.media.kind == "image"]
    cover = (
        [(revision.cover, revision.cover_alt)] if revision.cover and revision.cover.kind == "image" else []
    )
    pictures = tuple((one.id, _alt(one, said)) for one, said in listed)
    covers = tuple((one.id, _alt(one, said)) for one, said in cover)
    figures = _figures(listed)
    summary = strip_control(revision.summary).strip()
    if not summary and post.kind != "note":
        summary = excerpt(revision.plain, SUMMARY)
    return Source(
        post=post,
        revision=revision,
        url=url,
        plain=readable(revision.html, people_named([revision.html])),
        html=strip_control(figures + absolute_html(revision.html, url)),
        figures=figures,
        summary=summary,
        tags=tuple(in_words(one.tag.name, post.language) or one.tag.slug for one in post.tags),
        authors=tuple(one.person.name for one in post.bylines if one.role == "author"),
        media=pictures or covers,
        own_pictures=tuple(dict(covers + pictures).items()),
    )


def _alt(media: Media, said: str) -> str:
    return "" if media.is_decorative else strip_control(said or media.alt).strip()


def _figures(pictures: list[tuple[Media, str]]) -> str:
    """The pictures that the page shows beside the words, before them."""
    host = config().base_url
    return "".join(
        f'<figure><img src="{escape(host + media_url(one.file))}" alt="{escape(_alt(one, said))}"></figure>'
        for one, said in pictures
    )
