"""Feeds of comments: below a post or a note, and of the whole site."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.http import http_date

from cms.comments import queries
from cms.comments.on_posts import KIND
from cms.comments.queries import Told
from cms.comments.subjects import get_subject
from cms.core.access import public
from cms.core.changes import last_change
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on, speaks_one_language
from cms.core.pages import config
from cms.posts.models import Post
from cms.site.asked import FEED_FILES, host
from cms.site.edition import Edition
from cms.site.feeds.comments import comment_document
from cms.site.feeds.serving import WRITERS, titled
from cms.site.queries.site import site
from cms.site.views import bp

LONGEST = 50  # entries


def _of_post(edition: Edition, *, slug: str | None = None, note_id: int | None = None) -> dict[str, Any]:
    wanted = Post.slug == slug if slug is not None else Post.id == note_id
    post_id = db.session.scalar(select(Post.id).where(wanted))
    if post_id is None:
        raise NotFound
    subject = get_subject(KIND, post_id, None)
    depends_on(f"comments:{subject.name}", *subject.tags)
    return {
        "told": [Told(one, subject) for one in queries.shown_below(KIND, post_id, limit=LONGEST)],
        "title": titled(_("Comments on “%(title)s”", title=subject.title), edition),
        "about": "",
        "path": subject.thread,
    }


def _of_site(edition: Edition) -> dict[str, Any]:
    depends_on("comments", "posts")
    told = queries.latest(limit=LONGEST)
    return {"told": told, "title": titled(_("Comments"), edition), "about": "", "path": "/comments"}


def _feed_view(find: Callable[..., dict[str, Any]], file: str, mime: str) -> Callable[..., Response]:
    def show_feed(**asked: Any) -> Response:
        edition = Edition(
            request.environ.get("parley.prefix") or config().locale, host() + request.script_root
        )
        speaks_one_language()
        with force_locale("zh_Hans_CN" if edition.locale == "zh" else edition.locale):
            document = comment_document(site(), edition, file=file, **find(edition, **asked))
        response = Response(WRITERS[file](document), content_type=f"{mime}; charset=utf-8")
        response.headers["Access-Control-Allow-Origin"] = "*"
        changed_at = last_change(request.environ["parley.tags"])
        if changed_at is not None:
            response.headers["Last-Modified"] = http_date(changed_at)
        return response

    return public(cached_page(show_feed))


for name, base, find in (
    ("post_comments", "/posts/<slug>/comments", _of_post),
    ("note_comments", "/notes/<int:note_id>/comments", _of_post),
    ("comments", "/comments", _of_site),
):
    for file, _format, mime in FEED_FILES:
        bp.add_url_rule(
            f"{base}/{file}",
            f"{name}_{file.replace('.', '_')}",
            _feed_view(find, file, mime),
            methods=["GET"],
        )
