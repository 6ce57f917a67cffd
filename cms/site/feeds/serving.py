"""A feed of any list, in three formats, made once and kept. The views of this room and of rooms below add theirs.

`/zh/…` and `/en/…` hold only what is written in that language; without a prefix, every story once, as it was first
told. A feed never looks at what languages the reader accepts.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from flask_babel import force_locale
from werkzeug.http import http_date
from werkzeug.wrappers import Response as BaseResponse

from cms.core import clock
from cms.core.access import public
from cms.core.changes import last_change
from cms.core.pagecache import cached_page, depends_on, keep_for, speaks_one_language
from cms.core.pages import config
from cms.site.asked import FEED_FILES, host
from cms.site.edition import Edition
from cms.site.feeds.document import Document, make_document
from cms.site.feeds.json import json_feed
from cms.site.feeds.xml import atom, rss
from cms.site.queries.cards import dependencies
from cms.site.queries.feeds import Contents, feed_contents
from cms.site.queries.listing import Listing, Scope
from cms.site.queries.site import in_words, site

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


def titled(name: str, edition: Edition) -> str:
    """The name of a feed: what it holds, and whose it is."""
    return f"{name} · {in_words(site().name, edition.locale)}"


def add_feeds(bp: Blueprint, name: str, base: str, find: Callable[..., FeedOf]) -> None:
    """Routes for the feeds of a list at `base`. `find(edition, **arguments of the address)` says what it is, or raises
    `Moved` or `NotFound`."""
    for file, _format, mime in FEED_FILES:
        endpoint = f"{name}_{file.replace('.', '_')}"
        bp.add_url_rule(f"{base}/{file}", endpoint, _feed_view(find, file, mime), methods=["GET"])


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
