"""The directory of experts: who writes here from outside, and about what."""

from urllib.parse import quote

from flask import redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import page
from cms.site.asked import edition, feed_links, host, next_url, own_query, place
from cms.site.heads import list_head
from cms.site.queries.experts import experts, topics_of_experts
from cms.site.queries.site import in_words, site
from cms.site.views import bp
from cms.topics import queries as topics


@bp.get("/experts")
@public
@cached_page
def list_experts() -> str:
    """Everybody, who wrote last first."""
    return _directory("/experts", _("Experts"))


@bp.get("/experts/<slug>")
@public
@cached_page
def list_experts_on(slug: str) -> str | Response:
    """Those who wrote about one topic. The address of a tag that was renamed or merged leads on."""
    tag = topics.find_tag(slug)
    if tag is None:
        raise NotFound
    if tag.slug != slug:
        return redirect(f"{request.script_root}/experts/{quote(tag.slug)}", 301)
    depends_on(f"tag:{tag.id}")
    name = in_words(tag.name, edition().locale) or tag.slug
    return _directory(f"/experts/{tag.slug}", _("Experts on %(topic)s", topic=name), tag_id=tag.id)


def _directory(path: str, heading: str, *, tag_id: int | None = None) -> str:
    wanted, shown = edition(), site()
    found, following = experts(wanted, tag_id=tag_id, before=place())
    if tag_id is not None and not found:
        raise NotFound
    depends_on("posts", *(f"person:{one.id}" for one in found))
    intro = _("People from outside who write here about what they know.")
    return page(
        "cms/site/experts.html",
        experts=found,
        topics=topics_of_experts(wanted),
        tag_id=tag_id,
        to=wanted.to,
        next_url=next_url(wanted, path, following),
        heading=heading,
        intro=intro,
        feeds=feed_links(wanted, "/", in_words(shown.name, wanted.locale)),
        head=list_head(wanted, host(), shown, path=path, title=heading, about=intro, query=own_query()),
    )
