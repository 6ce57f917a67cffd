"""Feeds of the site and of every list; recordings' words and the podcast's artwork."""

from collections.abc import Callable

from flask import Response
from flask_babel import gettext as _

from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on, speaks_one_language
from cms.site.edition import Edition
from cms.site.feeds.serving import FeedOf, Moved, add_feeds, titled
from cms.site.podcast import artwork
from cms.site.queries.directory import find_author
from cms.site.queries.feeds import get_transcript
from cms.site.queries.listing import Listing
from cms.site.queries.site import in_words, site
from cms.site.views import bp
from cms.topics import queries as topics


def of_site(edition: Edition) -> FeedOf:
    """Everything."""
    shown = site()
    name = in_words(shown.name, edition.locale)
    return FeedOf(Listing(), "/", name, in_words(shown.tagline, edition.locale), "posts")


def of_section(edition: Edition, slug: str) -> FeedOf:
    """One section."""
    section = site().find_section(slug)
    if section is None:
        moved = topics.find_section(slug)
        if moved is None:
            raise NotFound
        raise Moved(f"/sections/{moved.slug}")
    return FeedOf(
        Listing(section_id=section.id),
        f"/sections/{section.slug}",
        titled(in_words(section.name, edition.locale), edition),
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
    return FeedOf(Listing(tag_id=tag.id), f"/tags/{tag.slug}", titled(name, edition), "", f"tag:{tag.id}")


def of_person(edition: Edition, handle: str) -> FeedOf:
    """One person."""
    author = find_author(edition, handle)
    if author is None:
        raise NotFound
    title = titled(author.name, edition)
    return FeedOf(
        Listing(person_id=author.id), f"/@{author.handle}", title, author.headline, f"person:{author.id}"
    )


def of_notes(edition: Edition) -> FeedOf:
    """The microblog."""
    return FeedOf(Listing(kind="note"), "/notes", titled(_("Notes"), edition), "", "posts")


def of_podcast(edition: Edition) -> FeedOf:
    """Everything there is to listen to."""
    title = str(site().podcast.get("title") or "") or titled(_("Podcast"), edition)
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


for name, base, find in FEEDS:
    add_feeds(bp, name, base, find)


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
