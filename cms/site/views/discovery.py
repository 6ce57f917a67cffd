"""How machines find their way: robots, sitemaps, the list of feeds, a digest for language models, icons, colours."""

import json

from flask import Response

from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on, speaks_one_language
from cms.core.pages import config
from cms.site import sitemaps
from cms.site.asked import edition, host
from cms.site.edition import Edition
from cms.site.queries import directory, sitemap
from cms.site.queries.cards import cards
from cms.site.queries.listing import Listing, Scope, page_of
from cms.site.queries.site import in_words, site
from cms.site.views import bp


@bp.get("/robots.txt")
@public
@cached_page
def show_robots() -> Response:
    """What robots need not look at."""
    speaks_one_language()
    return Response(sitemaps.robots(_whole()), content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
@public
@cached_page
def show_sitemap_index() -> Response:
    """The list of sitemaps."""
    depends_on("posts")
    files = [(f"/sitemaps/posts-{number}.xml", at) for number, at in sitemap.parts()]
    return _xml(sitemaps.sitemap_index(_whole(), [("/sitemaps/lists.xml", sitemap.newest_at()), *files]))


@bp.get("/sitemaps/posts-<int:part>.xml")
@public
@cached_page
def show_sitemap_of_posts(part: int) -> Response:
    """One stretch of posts."""
    depends_on("posts")
    addresses = sitemap.posts_of(part) if part < 1_000_000 else []
    if not addresses:
        raise NotFound
    return _xml(sitemaps.sitemap(_whole(), addresses))


@bp.get("/sitemaps/lists.xml")
@public
@cached_page
def show_sitemap_of_lists() -> Response:
    """The front page, and every list that holds something."""
    offered = sitemap.offered()
    depends_on("posts", *(one.tag for one in offered))
    at = sitemap.newest_at()
    front = [sitemap.Address("/", at)] if at else []
    more = [address for one in offered for address in one.addresses()]
    return _xml(sitemaps.sitemap(_whole(), [*front, *sitemap.lists(), *more], in_languages=site().languages))


@bp.get("/opml.xml")
@public
@cached_page
def show_opml() -> Response:
    """Every feed of the site in one file, for feed readers."""
    offered = sitemap.offered()
    depends_on("posts", *(one.tag for one in offered))
    wanted, shown = edition(), site()
    name = in_words(shown.name, wanted.locale)
    feeds = [
        (name, "/"),
        *((in_words(one.name, wanted.locale), f"/sections/{one.slug}") for one in shown.sections),
        *((word.name, word.url) for word in directory.tag_words(Edition(wanted.locale))),
        *((row.name, f"/@{row.handle}") for row in directory.authors_with_work()),
        *(feed for one in offered for feed in one.feeds(wanted.locale)),
    ]
    here = Edition(wanted.locale, host() + wanted.prefix)
    text = sitemaps.opml(here, name, feeds)
    return Response(text, content_type="text/x-opml; charset=utf-8")


@bp.get("/llms.txt")
@public
@cached_page
def show_digest() -> Response:
    """The site in short, in Markdown, for language models (llmstxt.org)."""
    depends_on("posts")
    speaks_one_language()
    here, shown = _whole(), site()
    ids, _ = page_of(Listing(), Scope(), size=30)
    newest = [
        f"- [{_plain(one.title or one.summary)}]({one.url}): {_plain(one.summary)}"
        for one in cards(here, ids)
    ]
    sections = [
        f"- [{_plain(in_words(one.name, here.locale))}]({here.to('/sections/' + one.slug)}): "
        f"{_plain(in_words(one.description, here.locale))}"
        for one in shown.sections
    ]
    text = [
        f"# {in_words(shown.name, here.locale)}",
        f"> {in_words(shown.description or shown.tagline, here.locale)}",
        "## Sections",
        "\n".join(sections),
        "## Newest",
        "\n".join(newest),
        "## Feeds",
        f"- [RSS]({here.to('/feed.xml')})\n- [Every feed]({here.to('/opml.xml')})",
    ]
    return Response("\n\n".join(text) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/site.webmanifest")
@public
@cached_page
def show_manifest() -> Response:
    """What a device that keeps the site on its home screen needs to know."""
    wanted, shown = edition(), site()
    name = in_words(shown.name, wanted.locale)
    facts = {
        "name": name,
        "short_name": name,
        "description": in_words(shown.description or shown.tagline, wanted.locale),
        "start_url": wanted.to("/"),
        "display": "browser",
        "theme_color": shown.accent,
        "icons": [
            {"src": f"/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    }
    text = json.dumps(facts, ensure_ascii=False)
    return Response(text, content_type="application/manifest+json; charset=utf-8")


def _whole() -> Edition:
    """Links with the host, in no particular language."""
    return Edition(config().locale, host())


def _xml(text: str) -> Response:
    speaks_one_language()
    return Response(text, content_type="application/xml; charset=utf-8")


def _plain(text: str) -> str:
    return " ".join(text.replace("[", "(").replace("]", ")").split())
