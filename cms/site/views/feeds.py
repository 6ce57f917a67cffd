"""Feeds of the site and of every list, in three formats; recordings' words and the podcast's artwork.

`/zh/…` and `/en/…` hold only what is written in that language; without a prefix, every story once, as it was first
told. A feed never looks at what languages the reader accepts.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Response, redirect, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.http import http_date
from werkzeug.wrappers import Response as BaseResponse

from cms.core import clock
from cms.core.access import public
from cms.core.changes import last_change
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on, keep_for, speaks_one_language
from cms.core.pages import config
from cms.site.asked import FEED_FILES, host
from cms.site.edition import Edition
from cms.site.feeds.document import Document, make_document
from cms.site.feeds.json import json_feed
from cms.site.feeds.xml import atom, rss
from cms.site.podcast import artwork
from cms.site.queries.cards import dependencies
from cms.site.queries.directory import find_author
from cms.site.queries.feeds import Contents, feed_contents, get_transcript
from cms.site.queries.listing import Listing, Scope
from cms.site.queries.site import in_words, site
from cms.site.views import bp
from cms.topics import queries as topics

WRITERS: dict[str, Callable[[Document], bytes]] = {"feed.xml": rss, "atom.xml": atom, "feed.json": json_feed}


@dataclass(frozen=True, slots=True)
class FeedOf:
    """What a feed is of: the list, its page, its name, and the tag that is touched when it changes."""

    listing: Listing
    path: str
    title: str
    about: str
    tag: str


class Moved(Exception):
    """The list has another address now."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def of_site(edition: Edition) -> FeedOf:
    """Everything."""
    shown = site()
    name = in_words(shown.name, edition.locale)
    return FeedOf(Listing(), "/", name, in_words(shown.tagline, edition.locale), "posts")


def of_section(edition: Edition, slug: str) -> FeedOf:
    """One section."""
    section = next((one for one in site().sections if one.slug == slug), None)
    if section is None:
        raise NotFound
    return FeedOf(
        Listing(section_id=section.id),
        f"/sections/{section.slug}",
        _titled(in_words(section.name, edition.locale), edition),
        in_words(section.description, edition.locale),
        f"section:{section.id}",
    )


def of_tag(edition: Edition, slug: str) -> FeedOf:
    """One tag."""
    tag = topics.find_tag(slug)
    if tag is None:
        raise NotFound
    if tag.slug != slug:
        raise Moved(f"/tags/{tag.slug}")
    name = in_words(tag.name, edition.locale) or tag.slug
    return FeedOf(Listing(tag_id=tag.id), f"/tags/{tag.slug}", _titled(name, edition), "", f"tag:{tag.id}")


def of_person(edition: Edition, handle: str) -> FeedOf:
    """One person."""
    author = find_author(edition, handle)
    if author is None:
        raise NotFound
    title = _titled(author.name, edition)
    return FeedOf(
        Listing(person_id=author.id), f"/@{author.handle}", title, author.headline, f"person:{author.id}"
    )


def of_notes(edition: Edition) -> FeedOf:
    """The microblog."""
    return FeedOf(Listing(kind="note"), "/notes", _titled(_("Notes"), edition), "", "posts")


def of_podcast(edition: Edition) -> FeedOf:
    """Everything there is to listen to."""
    title = str(site().podcast.get("title") or "") or _titled(_("Podcast"), edition)
    about = str(site().podcast.get("description") or "")
    return FeedOf(Listing(kind="audio"), "/podcast", title, about, "posts")


FEEDS: list[tuple[str, str, Callable[..., FeedOf]]] = [
    ("site_feed", "", of_site),
    ("section_feed", "/sections/<slug>", of_section),
    ("tag_feed", "/tags/<slug>", of_tag),
    ("person_feed", "/@<handle>", of_person),
    ("notes_feed", "/notes", of_notes),
    ("podcast_feed", "/podcast", of_podcast),
]


def _feed_view(find: Callable[..., FeedOf], file: str, mime: str) -> Callable[..., BaseResponse]:
    def show_feed(**asked: str) -> BaseResponse:
        only = request.environ.get("parley.prefix")
        edition = Edition(only or config().locale, host() + request.script_root)
        speaks_one_language()
        with force_locale("zh_Hans_CN" if edition.locale == "zh" else edition.locale):
            try:
                wanted = find(edition, **asked)
            except Moved as moved:
                return redirect(f"{request.script_root}{quote(moved.path)}/{file}", 301)
            at = clock.now()
            contents = feed_contents(edition, wanted.listing, Scope(only=only), site=site(), at=at)
            document = make_document(
                site(),
                edition,
                contents.items,
                title=wanted.title,
                description=wanted.about,
                path=wanted.path,
                file=file,
            )
        tags = {"site", wanted.tag, *dependencies(item.card for item in contents.items)}
        depends_on(*tags)
        response = Response(WRITERS[file](document), content_type=f"{mime}; charset=utf-8")
        response.headers["Access-Control-Allow-Origin"] = "*"
        _set_last_modified(response, contents, last_change(tags), at)
        return response

    return public(cached_page(show_feed))


for name, base, find in FEEDS:
    for file, _format, mime in FEED_FILES:
        endpoint = f"{name}_{file.replace('.', '_')}"
        bp.add_url_rule(f"{base}/{file}", endpoint, _feed_view(find, file, mime), methods=["GET"])


@bp.get("/posts/<slug>/transcript.txt")
@public
@cached_page
def show_transcript(slug: str) -> Response:
    """What is said in a recording, for podcast players and for those who read."""
    words = get_transcript(slug)
    if not words:
        raise NotFound
    depends_on("posts")
    return Response(words, content_type="text/plain; charset=utf-8")


@bp.get("/podcast/artwork.jpg")
@public
@cached_page
def show_artwork() -> Response:
    """The podcast's square picture: the one that was chosen, else one drawn in the colour of the site."""
    speaks_one_language()
    return Response(artwork(site()), content_type="image/jpeg")


def _set_last_modified(
    response: Response, contents: Contents, changed_at: datetime | None, now: datetime
) -> None:
    """The last change in whole seconds, rounded up: a change in the same second is never mistaken for no change.

    Within that second the time is rounded down, as it may not lie ahead, and the answer is kept for that second only.
    """
    moments = [changed_at] if changed_at else []
    for item in contents.items:
        moments += [item.card.modified_at, item.appeared_at]
    keep = [(contents.next_due_at - now).total_seconds()] if contents.next_due_at else []
    past = [moment for moment in moments if moment <= now]
    if past:
        exact = max(past).timestamp()
        up = math.ceil(exact)
        if up > now.timestamp():
            keep.append(1.0)
            up = math.floor(exact)
        response.headers["Last-Modified"] = http_date(datetime.fromtimestamp(up, UTC))
    if keep:
        keep_for(max(0.05, min(keep)))


def _titled(name: str, edition: Edition) -> str:
    return f"{name} · {in_words(site().name, edition.locale)}"
