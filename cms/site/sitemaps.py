"""Sitemaps, the list of feeds and the rules for robots, as text."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from cms.core.config import LOCALES
from cms.core.languages import HTML_LANG
from cms.core.pages import iso
from cms.core.text import strip_control
from cms.site.asked import FEED_FILES
from cms.site.edition import Edition
from cms.site.queries.sitemap import Address

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
CLOSED = (  # `$` ends an address (RFC 9309): `/e` alone would close `/en/` and `/experts` as well
    "/desk",
    "/api/",
    "/search",
    "/me$",
    "/me/",
    "/sign-in",
    "/sign-up",
    "/l/",
    "/e$",
    "/e/",
    "/contribute/",
    "/health/",
    "/metrics",
)


def sitemap_index(host: Edition, files: Iterable[tuple[str, datetime | None]]) -> str:
    """The list of sitemaps."""
    lines = [f"<sitemap><loc>{escape(host.to(path))}</loc>{_changed(at)}</sitemap>\n" for path, at in files]
    return f'{_HEAD}<sitemapindex xmlns="{_SITEMAP}">\n{"".join(lines)}</sitemapindex>\n'


def sitemap(host: Edition, addresses: Iterable[Address], *, in_languages: Sequence[str] = ()) -> str:
    """One sitemap. Lists exist in every language of the site, which are named; posts only where they were translated."""
    spaces = (
        f'xmlns="{_SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    )
    lines = [_url(host, one, in_languages) for one in addresses]
    return f"{_HEAD}<urlset {spaces}>\n{''.join(lines)}</urlset>\n"


def opml(host: Edition, title: str, feeds: Iterable[tuple[str, str]]) -> str:
    """Every feed (name and path of its list), for a feed reader to take in at once."""
    file = FEED_FILES[0][0]
    lines = [
        f'<outline type="rss" text={_attribute(name)} title={_attribute(name)} '
        f"xmlUrl={quoteattr(host.to(path.rstrip('/') + '/' + file))} htmlUrl={quoteattr(host.to(path))}/>\n"
        for name, path in feeds
    ]
    return (
        f'{_HEAD}<opml version="2.0">\n<head><title>{escape(strip_control(title))}</title></head>\n'
        f"<body>\n{''.join(lines)}</body>\n</opml>\n"
    )


def robots(host: Edition) -> str:
    """What robots need not look at, and where the sitemap is."""
    closed = "".join(
        f"Disallow: {prefix}{path}\n" for path in CLOSED for prefix in ("", *(f"/{one}" for one in LOCALES))
    )
    return f"User-agent: *\n{closed}Allow: /\n\nSitemap: {host.to('/sitemap.xml')}\n"


def _url(host: Edition, one: Address, in_languages: Sequence[str]) -> str:
    alternates = [(HTML_LANG.get(language, language), path) for language, path in one.alternates]
    if in_languages:
        alternates = [
            *((HTML_LANG[language], f"/{language}{one.path}") for language in in_languages),
            ("x-default", one.path),
        ]
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(host.to(path))}/>'
        for language, path in alternates
    )
    image = (
        f"<image:image><image:loc>{escape(host.to('/media/' + one.image))}</image:loc></image:image>"
        if one.image
        else ""
    )
    return f"<url><loc>{escape(host.to(one.path))}</loc>{_changed(one.changed_at)}{links}{image}</url>\n"


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{iso(at)}</lastmod>" if at else ""


def _attribute(text: str) -> str:
    return quoteattr(strip_control(text))
