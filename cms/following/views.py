"""Following by a form of its own, since public pages are the same for everybody; what one follows; the same as OPML."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect

from cms.circles.queries.inside import shared_posts
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, NotFound
from cms.core.pages import page
from cms.following import queries, rules, services
from cms.following.kinds import Target
from cms.people.models import Person
from cms.site import sitemaps
from cms.site.asked import edition, host, next_url, place
from cms.site.edition import Edition
from cms.site.queries.cards import cards
from cms.site.queries.site import in_words, site

bp = Blueprint("following", __name__)


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


@bp.after_request
def keep_private(response: Response) -> Response:
    """What somebody reads is theirs."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@bp.get("/follow/<kind>/<int:target_id>")
@allowed(rules.can_follow)
def show_target(kind: str, target_id: int) -> str:
    """Ask whether to follow, or say that one does: opening an address changes nothing."""
    by = _me()
    return page(
        "cms/following/target.html",
        kind=kind,
        target_id=target_id,
        target=_target(kind, target_id),
        is_own=(kind, target_id) == ("person", by.id),
        is_followed=queries.is_following(by.id, kind, target_id),
        button=EmptyForm(formdata=None),
    )


@bp.post("/follow/<kind>/<int:target_id>")
@allowed(rules.can_follow)
def follow(kind: str, target_id: int) -> Redirect:
    """Follow it."""
    name = _target(kind, target_id).name
    by, at = _me(), clock.now()
    try:
        with transaction():
            services.follow(kind, target_id, by=by, at=at)
    except Conflict as problem:
        flash(str(problem.message), "bad")
    else:
        flash(_("You follow %(name)s.", name=name), "good")
    return redirect(url_for(".show_reading"), 303)


@bp.post("/follow/<kind>/<int:target_id>/removal")
@allowed(rules.can_follow)
def unfollow(kind: str, target_id: int) -> Redirect:
    """Leave it: also what is not there any more."""
    by = _me()
    with transaction():
        services.unfollow(kind, target_id, by=by)
    flash(_("You do not follow it any more."), "good")
    return redirect(url_for(".show_reading"), 303)


@bp.get("/me/reading")
@allowed(rules.can_follow)
def show_reading() -> str:
    """What is new in what one follows, and all that one follows."""
    by, wanted = _me(), edition()
    ids, following = queries.reading(by, before=place())
    topics = queries.reading_topics(by) if place() is None else []
    return page(
        "cms/following/reading.html",
        cards=cards(wanted, ids),
        next_url=next_url(wanted, "/me/reading", following),
        topics=topics,
        posts=shared_posts([one.post_id for one in topics if one.post_id]),
        followed=queries.followed(by),
        button=EmptyForm(formdata=None),
        feeds=[],
    )


@bp.get("/me/reading/opml.xml")
@allowed(rules.can_follow)
def export_opml() -> Response:
    """The feeds of everything one follows, for a feed reader; a circle that has only private ones is left out."""
    wanted = edition()
    name = in_words(site().name, wanted.locale)
    feeds = [(one.target.name, one.target.path) for one in queries.followed(_me()) if one.target.has_feed]
    text = sitemaps.opml(Edition(wanted.locale, host() + wanted.prefix), name, feeds)
    headers = {"Content-Disposition": 'attachment; filename="following.opml"'}
    return Response(text, content_type="text/x-opml; charset=utf-8", headers=headers)


def _me() -> Person:
    by = person()
    assert by is not None  # the rule let nobody else through
    return by


def _target(kind: str, target_id: int) -> Target:
    target = queries.find_target(_me(), kind, target_id)
    if target is None:
        raise NotFound
    return target
