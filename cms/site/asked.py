"""What a view needs to know about the request: the edition asked for, and what every template is given."""

import re
from typing import Any

from flask import redirect, request
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from cms.core.languages import request_locale
from cms.core.pages import config
from cms.core.seams import panels
from cms.site.edition import Edition, Place, read_place
from cms.site.queries.site import Site, in_words, site

FeedLink = tuple[str, str, str]  # title, address, type
FEED_FILES = (
    ("feed.xml", "RSS", "application/rss+xml"),
    ("atom.xml", "Atom", "application/atom+xml"),
    ("feed.json", "JSON Feed", "application/feed+json"),
)


def edition() -> Edition:
    """The language of the page, and the prefix its links keep."""
    return Edition(request_locale() or config().locale, request.script_root)


def host() -> str:
    """The public address of the site, without a slash at its end."""
    return config().base_url


def place() -> Place | None:
    """Where in the list to begin."""
    return read_place(request.args.get("before"))


def next_url(wanted: Edition, path: str, following: Place | None) -> str | None:
    """The address of the next page of a list."""
    return f"{wanted.to(path)}?before={following}" if following else None


def own_query() -> str:
    """The part of the address that makes this page of a list a page of its own."""
    before = request.args.get("before")
    return f"?before={before}" if before else ""


def feed_links(wanted: Edition, path: str, what: str) -> list[FeedLink]:
    """The feeds of a list, with titles that say what they hold."""
    base = wanted.to(path.rstrip("/"))
    if not wanted.prefix:
        sentence = _("%(what)s: every story, in the language it was written in (%(format)s)")
    elif wanted.locale == "zh":
        sentence = _("%(what)s: what is written in Chinese (%(format)s)")
    else:
        sentence = _("%(what)s: what is written in English (%(format)s)")
    return [
        (sentence % {"what": what, "format": name}, f"{base}/{file}", mime) for file, name, mime in FEED_FILES
    ]


def site_zone() -> str:
    """The zone somebody chose for the site; empty when nobody did, and when the database is away."""
    try:
        return site().timezone
    except SQLAlchemyError:
        return ""


def keep_to_languages() -> Response | None:
    """Readers are shown the languages the site offers, whatever they ask for; staff may work in any."""
    if request.path.startswith("/desk"):
        return None
    offered = site().languages
    if request_locale() in offered:
        return None
    if request.environ.get("parley.prefix"):
        query = request.query_string.decode("ascii", "replace")
        return redirect(request.path + (f"?{query}" if query else ""), 302)
    request.environ["parley.locale"] = offered[0]
    return None


def site_context() -> dict[str, Any]:
    """For every template: the site, its feeds, its colours. With the database away, pages do without."""
    if re.match(r"/(api(?!/v1/docs)|health|metrics)\b", request.path):
        return {}
    try:
        shown = site()
    except SQLAlchemyError:
        return {}
    wanted = edition()
    return {
        "site": shown,
        **({} if _may_switch(shown) else {"switch_url": None}),
        "theme_url": f"/theme-{shown.accent.lstrip('#')}.css",
        "site_notes": lambda: [render() for render in panels("site.footer")],
        "site_feeds": feed_links(wanted, "/", in_words(shown.name, wanted.locale)),
    }


def _may_switch(shown: Site) -> bool:
    return len(shown.languages) > 1 or request.path.startswith(("/desk", "/me"))
