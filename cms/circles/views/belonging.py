"""One's own standing: joining, asking, accepting, leaving; one's circles; private feeds."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, services, wording
from cms.circles.forms import DeviceForm, EmptyForm, WordsForm
from cms.circles.queries import gate, inside, listing
from cms.circles.rules import Standing
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me
from cms.circles.views.public import circle_page
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import absolute, page
from cms.people.rules import is_signed_in

Answer = Response | str | tuple[str, int]


@bp.get("/me/circles")
@allowed(is_signed_in)
def list_mine() -> str:
    """Circles one is in, those that wait for an answer, and some that fit what one reads, with the reason."""
    by = me()
    return page(
        "cms/circles/mine.html",
        account=by,
        joined=listing.mine(by),
        invited=listing.mine(by, state="invited"),
        requested=listing.mine(by, state="requested"),
        suggestions=listing.suggestions(by),
        is_banned=bool(listing.bans(by)),
        roles=wording.ROLES,
        reasons=wording.REASONS,
        visibility=wording.SHORT_VISIBILITY,
    )


@bp.get("/circles/<slug>/membership")
@in_circle(rules.can_know)
def show_membership(standing: Standing) -> str:
    """How one stands to a circle, and what one can do about it."""
    return _membership(standing, WordsForm(formdata=None))


@bp.post("/circles/<slug>/membership")
@in_circle(rules.can_know)
def join_circle(standing: Standing) -> Answer:
    """Join or ask: the policy decides now, not the page that was shown."""
    form, by, circle_id = WordsForm(), me(), standing.circle.id
    try:
        with transaction():
            led = services.ask_in(circle_id, words=form.words.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _membership(gate.get_standing(circle_id, me()), form), problem.status
    said = {"member": _("You are a member now."), "requested": _("A moderator will look at it.")}
    flash(said.get(led or "", ""), "good")
    return _to_circle(circle_id)


@bp.post("/circles/<slug>/membership/acceptance")
@in_circle(rules.can_know)
def accept_invitation(standing: Standing) -> Response:
    """Take the invitation."""
    by, circle_id = me(), standing.circle.id
    with transaction():
        services.accept(circle_id, by=by, at=clock.now())
    flash(_("You are a member now."), "good")
    return _to_circle(circle_id)


@bp.post("/circles/<slug>/membership/removal")
@in_circle(rules.can_know)
def leave_circle(standing: Standing) -> Answer:
    """Leave, decline, or take a request back."""
    by, circle_id, name = me(), standing.circle.id, standing.circle.name
    try:
        with transaction():
            services.leave(circle_id, by=by, at=clock.now())
    except Conflict as problem:
        form = WordsForm(formdata=None)
        form.complain(problem)
        return _membership(gate.get_standing(circle_id, me()), form), problem.status
    flash(_("You have nothing to do with “%(name)s” any more.", name=name), "good")
    return redirect(url_for(".list_mine"), 303)


@bp.post("/circles/<slug>/membership/ownership")
@in_circle(rules.can_know)
def take_over(standing: Standing) -> Response:
    """Say yes to being asked to own it."""
    by, circle_id = me(), standing.circle.id
    with transaction():
        services.take_over(circle_id, by=by, at=clock.now())
    flash(_("The circle is yours now."), "good")
    return _to_circle(circle_id)


@bp.get("/me/circles/bans")
@allowed(is_signed_in)
def list_bans() -> str:
    """Circles one was shut out of, why, and one appeal against each."""
    return _bans(None, WordsForm(formdata=None))


@bp.post("/me/circles/bans/<int:circle_id>/appeal")
@allowed(is_signed_in)
def appeal(circle_id: int) -> Answer:
    """Ask that it be looked at again. One's own standing is enough: the circle itself may be out of sight."""
    form, by = WordsForm(), me()
    try:
        with transaction():
            services.appeal(circle_id, words=form.words.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _bans(circle_id, form), problem.status
    flash(_("Its moderators will look at it, and you are told what they decide."), "good")
    return redirect(url_for(".list_bans"), 303)


@bp.get("/circles/<slug>/inside")
@in_circle(rules.can_read_inside)
def show_inside(standing: Standing) -> Answer:
    """What members see of a circle that has a public page as well."""
    return circle_page(standing)


@bp.get("/circles/<slug>/feeds")
@in_circle(rules.can_read_inside)
def list_feeds(standing: Standing) -> str:
    """One's private feed addresses: one for each device, so that one can be ended alone."""
    return _feeds(standing, DeviceForm(formdata=None))


@bp.post("/circles/<slug>/feeds")
@in_circle(rules.can_read_inside)
def make_feed(standing: Standing) -> Answer:
    """Another address, shown this once."""
    form, by, circle_id = DeviceForm(), me(), standing.circle.id
    try:
        with transaction():
            token = services.make_feed(circle_id, device=form.device.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _feeds(gate.get_standing(circle_id, me()), form), problem.status
    shown = absolute(f"/circles/feeds/{token}/feed.xml")
    return _feeds(gate.get_standing(circle_id, me()), DeviceForm(formdata=None), shown)


@bp.post("/circles/<slug>/feeds/<int:feed_id>/revocation")
@in_circle(rules.can_read_inside)
def revoke_feed(standing: Standing, feed_id: int) -> Response:
    """End one address."""
    by, slug = me(), standing.circle.slug
    if feed_id not in [one.id for one in inside.feeds_of(by.id, standing.circle.id)]:
        raise NotFound
    with transaction():
        services.revoke_feed(feed_id, by=by, at=clock.now())
    flash(_("This address answers nothing any more."), "good")
    return redirect(url_for(".list_feeds", slug=slug), 303)


def _membership(standing: Standing, form: WordsForm) -> str:
    return page(
        "cms/circles/membership.html",
        standing=standing,
        circle=standing.circle,
        form=form,
        plain=EmptyForm(formdata=None),
        visibility=wording.SHORT_VISIBILITY,
        joining=wording.SHORT_JOINING,
        is_heir=standing.person is not None and standing.circle.heir_id == standing.person.id,
    )


def _bans(asked: int | None, form: WordsForm) -> str:
    return page("cms/circles/bans.html", bans=listing.bans(me()), asked=asked, form=form)


def _feeds(standing: Standing, form: DeviceForm, shown: str = "") -> str:
    assert standing.person is not None
    return page(
        "cms/circles/feeds.html",
        circle=standing.circle,
        feeds=inside.feeds_of(standing.person.id, standing.circle.id),
        form=form,
        plain=EmptyForm(formdata=None),
        shown=shown,
    )


def _to_circle(circle_id: int) -> Response:
    """Inside when they belong now; else to what they may see of it."""
    standing = gate.get_standing(circle_id, me())
    endpoint = ".show_inside" if rules.can_read_inside(standing) else ".show_membership"
    return redirect(url_for(endpoint, slug=standing.circle.slug), 303)
