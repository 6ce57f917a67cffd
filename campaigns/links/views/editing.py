"""Making a link by hand, changing one, ending it."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaigns.links import queries, rules, services
from campaigns.links.forms import EmptyForm, LinkForm, from_link, from_request
from campaigns.links.models import Link
from campaigns.links.queries import get_link
from campaigns.links.views import bp
from campaigns.links.views.lists import campaign_choices
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page, zone
from cms.people import audit
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


@bp.get("/desk/links/new")
@allowed(rules.can_see_links)
def new_link() -> str:
    """An empty form, or one that another page began."""
    return _new(LinkForm(formdata=None, data=from_request(request.args)))


@bp.post("/desk/links")
@allowed(rules.can_see_links)
def create_link() -> Answer:
    """Make a link by hand."""
    form, by, at = LinkForm(), me(), clock.now()
    if not form.validate():
        return _new(form), 422
    try:
        terms = form.terms(zone())
        with transaction():
            link_id = services.create_link(terms, post_id=form.post_id, by=by, at=at).id
            audit.record("link.created", f"link:{link_id}", by=by, at=at)
    except Invalid as problem:
        form.complain(problem)
        return _new(form), 422
    flash(_("The link is ready. Copy it, or take its QR code."), "good")
    return redirect(url_for(".edit_link", link_id=link_id), 303)


@bp.get("/desk/links/<int:link_id>")
@allowed(rules.can_change_link, link=get_link)
def edit_link(link_id: int, link: Link) -> str:
    """One link: its address, its QR code, where it leads and until when."""
    return _edit(link, LinkForm(formdata=None, data=from_link(link, zone())))


@bp.post("/desk/links/<int:link_id>")
@allowed(rules.can_change_link, link=get_link)
def save_link(link_id: int, link: Link) -> Answer:
    """Change it. Of a delivery's link only label, end and replacement."""
    form, by, at = LinkForm(), me(), clock.now()
    if not form.validate():
        return _edit(link, form), 422
    try:
        terms = form.terms(zone(), link)
        with transaction():
            services.change_link(link_id, terms, expected_version=form.expected_version, by=by, at=at)
            audit.record("link.changed", f"link:{link_id}", by=by, at=at)
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _edit(get_link(link_id), form), problem.status
    flash(_("Saved. Readers are led there within a second."), "good")
    return redirect(url_for(".edit_link", link_id=link_id), 303)


@bp.post("/desk/links/<int:link_id>/end")
@allowed(rules.can_change_link, link=get_link)
def end_link(link_id: int, link: Link) -> Response:
    """It leads nowhere from now on, or to what replaces it."""
    return _done("link.ended", link_id, lambda at: services.end_link(link_id, at=at), _("Ended."))


@bp.post("/desk/links/<int:link_id>/end/removal")
@allowed(rules.can_change_link, link=get_link)
def resume_link(link_id: int, link: Link) -> Response:
    """Undo that."""
    said = _("It leads where it led before.")
    return _done("link.resumed", link_id, lambda at: services.resume_link(link_id), said)


def me() -> Person:
    """Who is acting; the rule let nobody else through."""
    by = person()
    assert by is not None
    return by


def _done(act: str, link_id: int, do: Callable[[datetime], None], said: str) -> Response:
    by, at = me(), clock.now()
    with transaction():
        do(at)
        audit.record(act, f"link:{link_id}", by=by, at=at)
    flash(said, "good")
    return redirect(url_for(".edit_link", link_id=link_id), 303)


def _new(form: LinkForm) -> str:
    form.offer(campaign_choices())
    return page("campaigns/links/new.html", form=form, allowed=queries.allowed_values(), zone=zone())


def _edit(link: Link, form: LinkForm) -> str:
    form.offer(campaign_choices())
    return page(
        "campaigns/links/edit.html",
        link=link,
        form=form,
        button=EmptyForm(formdata=None),
        address=queries.short_url(link),
        allowed=queries.allowed_values(),
        zone=zone(),
        at=clock.now(),
    )
