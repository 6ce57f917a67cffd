"""Lists of posts, and the ways to them: sections, tags, people, months, notes, recordings."""

from datetime import date
from urllib.parse import quote

import flask_babel
from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import page, zone
from cms.core.seams import panels
from cms.posts.queries import month_bounds
from cms.site.asked import edition, feed_links, host, next_url, own_query, place
from cms.site.heads import list_head, person_head
from cms.site.queries import directory
from cms.site.queries.cards import cards, dependencies
from cms.site.queries.listing import Listing, Scope, page_of
from cms.site.queries.site import in_words, site
from cms.site.views import bp
from cms.topics import queries as topics


@bp.get("/sections")
@public
@cached_page
def list_sections() -> str:
    """Every section, and what it is about."""
    return page("cms/site/sections.html", **_about_list("/sections", _("Sections")))


@bp.get("/sections/<slug>")
@public
@cached_page
def show_section(slug: str) -> str | Response:
    """What was published in a section. An address it had before leads on."""
    section = site().find_section(slug)
    if section is None:
        moved = topics.find_section(slug)
        if moved is None:
            raise NotFound
        return redirect(f"{request.script_root}/sections/{quote(moved.slug)}", 301)
    locale = edition().locale
    depends_on(f"section:{section.id}")
    return _list(
        Listing(section_id=section.id),
        f"/sections/{section.slug}",
        in_words(section.name, locale),
        in_words(section.description, locale),
        template="cms/site/section.html",
        section=section,
    )


@bp.get("/tags")
@public
@cached_page
def list_tags() -> str:
    """The tags that posts carry."""
    depends_on("posts")
    tags = directory.tag_words(edition())
    return page("cms/site/tags.html", tags=tags, **_about_list("/tags", _("All topics")))


@bp.get("/tags/<slug>")
@public
@cached_page
def show_tag(slug: str) -> str | Response:
    """What carries a tag. The address of a tag that was renamed or merged leads on."""
    tag = topics.find_tag(slug)
    if tag is None:
        raise NotFound
    if tag.slug != slug:
        return redirect(f"{request.script_root}/tags/{quote(tag.slug)}", 301)
    depends_on(f"tag:{tag.id}")
    name = in_words(tag.name, edition().locale) or tag.slug
    followed_at = url_for("following.show_target", kind="tag", target_id=tag.id)
    listing = Listing(tag_id=tag.id)
    return _list(listing, f"/tags/{tag.slug}", name, template="cms/site/tag.html", followed_at=followed_at)


@bp.get("/@<handle>")
@public
@cached_page
def show_person(handle: str) -> str:
    """Somebody's page, with what they made."""
    wanted = edition()
    author = directory.find_author(wanted, handle)
    if author is None:
        raise NotFound
    depends_on(f"person:{author.id}")
    path = f"/@{author.handle}"
    head = person_head(wanted, host(), site(), path=path, author=author)
    return _list(
        Listing(person_id=author.id),
        path,
        author.name,
        author.headline,
        template="cms/site/profile.html",
        author=author,
        head=head,
        panels=[render(person_id=author.id) for render in panels("site.person")],
    )


@bp.get("/notes")
@public
@cached_page
def list_notes() -> str:
    """The microblog."""
    depends_on("posts")
    return _list(Listing(kind="note"), "/notes", _("Notes"), _("Short news and thoughts, as they come."))


@bp.get("/podcast")
@public
@cached_page
def list_podcast() -> str:
    """Everything there is to listen to."""
    depends_on("posts")
    return _list(Listing(kind="audio"), "/podcast", _("Podcast"), _("Everything there is to listen to."))


@bp.get("/archive")
@public
@cached_page
def show_archive() -> str:
    """Every month that has posts."""
    depends_on("posts")
    wanted = edition()
    years: dict[int, list[tuple[str, str, int]]] = {}
    for one in directory.months(zone()):
        url = wanted.to(f"/archive/{one.year}/{one.month:02}")
        years.setdefault(one.year, []).append((_month_name(one.year, one.month, "LLLL"), url, one.posts))
    about = _about_list("/archive", _("Archive"), feeds_of="/")
    return page("cms/site/archive.html", years=list(years.items()), **about)


@bp.get("/archive/<int:year>/<int:month>")
@public
@cached_page
def show_month(year: int, month: int) -> str:
    """What was published in a month of the site's zone."""
    if not (1 <= month <= 12 and 1970 <= year <= 9998):
        raise NotFound
    depends_on("posts")
    since, until = month_bounds(year, month, zone())
    form = "y年M月" if edition().locale == "zh" else "LLLL y"
    return _list(
        Listing(since=since, until=until),
        f"/archive/{year}/{month:02}",
        _month_name(year, month, form),
        feeds_of="/",
        may_be_empty=False,
    )


def _list(
    listing: Listing,
    path: str,
    heading: str,
    intro: str = "",
    *,
    template: str = "cms/site/list.html",
    feeds_of: str | None = None,
    may_be_empty: bool = True,
    **more: object,
) -> str:
    wanted = edition()
    ids, following = page_of(listing, Scope(prefer=wanted.locale), before=place())
    if not ids and not may_be_empty:
        raise NotFound
    shown = cards(wanted, ids)
    depends_on(*dependencies(shown))
    about = _about_list(path, heading, intro, feeds_of=feeds_of)
    return page(template, cards=shown, next_url=next_url(wanted, path, following), **{**about, **more})


def _about_list(
    path: str, heading: str, intro: str = "", *, feeds_of: str | None = None
) -> dict[str, object]:
    wanted, shown = edition(), site()
    name = in_words(shown.name, wanted.locale)
    has_own_feeds = feeds_of is None and path not in ("/sections", "/tags")
    return {
        "heading": heading,
        "intro": intro,
        "feeds": feed_links(wanted, path, heading) if has_own_feeds else feed_links(wanted, "/", name),
        "head": list_head(wanted, host(), shown, path=path, title=heading, about=intro, query=own_query()),
    }


def _month_name(year: int, month: int, form: str) -> str:
    return str(flask_babel.format_date(date(year, month, 1), form, rebase=False))
