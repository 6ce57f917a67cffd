"""The list of members: who asks, who is invited, roles, bans; invitations to people, and links."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, services, wording
from cms.circles.forms import EmptyForm, InviteForm, LinkForm
from cms.circles.queries import gate, inside
from cms.circles.rules import Standing
from cms.circles.services.problems import DeadCircleLink
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me, named
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import absolute, page
from cms.people.rules import is_signed_in

Answer = Response | str | tuple[str, int]


@bp.get("/circles/<slug>/members")
@in_circle(rules.can_read_inside)
def list_members(standing: Standing) -> str:
    """Who belongs; for moderators also who asks, is invited or shut out."""
    return _members(standing, InviteForm(formdata=None))


@bp.post("/circles/<slug>/invitations")
@in_circle(rules.can_invite)
def invite(standing: Standing) -> Answer:
    """Invite somebody by their handle. A wrong one is answered as one that cannot be invited."""
    form, by, circle_id = InviteForm(), me(), standing.circle.id
    try:
        person_id = named("handle", form.handle.data).id
        with transaction():
            services.invite(circle_id, person_id, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _members(gate.get_standing(circle_id, me()), form), problem.status
    flash(_("They are told."), "good")
    return _back(circle_id)


@bp.post("/circles/<slug>/links")
@in_circle(rules.can_moderate)
def make_link(standing: Standing) -> Answer:
    """A link that lets some people in; shown this once."""
    form, by, circle_id = LinkForm(), me(), standing.circle.id
    uses = form.most_uses.data or ""
    with transaction():
        token = services.make_link(
            circle_id, most_uses=int(uses) if uses in ("1", "10", "100") else 0, by=by, at=clock.now()
        )
    shown = absolute(url_for(".show_invitation", token=token))
    return _members(gate.get_standing(circle_id, me()), InviteForm(formdata=None), shown)


@bp.post("/circles/<slug>/links/<int:link_id>/revocation")
@in_circle(rules.can_moderate)
def revoke_link(standing: Standing, link_id: int) -> Response:
    """End a link."""
    by, circle_id = me(), standing.circle.id
    with transaction():
        services.revoke_link(circle_id, link_id, by=by, at=clock.now())
    return _back(circle_id)


@bp.get("/circles/invitations/<token>")
@allowed(is_signed_in)
def show_invitation(token: str) -> str:
    """What a link leads to; looking at it does nothing."""
    found = inside.find_link(token)
    if found is None or not found[0].works(clock.now()) or not found[1].is_open:
        raise DeadCircleLink
    return page("cms/circles/invitation.html", circle=found[1], token=token, plain=EmptyForm(formdata=None))


@bp.post("/circles/invitations/<token>")
@allowed(is_signed_in)
def join_by_link(token: str) -> Response:
    """Become a member by it."""
    by = me()
    with transaction():
        slug = services.join_by_link(token, by=by, at=clock.now()).slug
    flash(_("You are a member now."), "good")
    return redirect(url_for(".show_inside", slug=slug), 303)


@bp.post("/circles/<slug>/members/<int:person_id>/approval")
@in_circle(rules.can_moderate)
def approve(standing: Standing, person_id: int) -> Response:
    """Let in who asked."""
    return _act(standing, person_id, services.approve)


@bp.post("/circles/<slug>/members/<int:person_id>/refusal")
@in_circle(rules.can_moderate)
def refuse(standing: Standing, person_id: int) -> Response:
    """Say no to who asked."""
    return _act(standing, person_id, services.refuse)


@bp.post("/circles/<slug>/members/<int:person_id>/removal")
@in_circle(rules.can_moderate)
def remove(standing: Standing, person_id: int) -> Response:
    """Show a member out, or take an invitation back."""
    return _act(standing, person_id, services.remove)


@bp.post("/circles/<slug>/members/<int:person_id>/ban")
@in_circle(rules.can_moderate)
def ban(standing: Standing, person_id: int) -> Response:
    """Show somebody out for good."""
    by, circle_id, why = me(), standing.circle.id, request.form.get("why", "")
    with transaction():
        services.ban(circle_id, person_id, why=why, by=by, at=clock.now())
    return _back(circle_id)


@bp.post("/circles/<slug>/members/<int:person_id>/ban/removal")
@in_circle(rules.can_moderate)
def lift_ban(standing: Standing, person_id: int) -> Response:
    """They may ask again."""
    return _act(standing, person_id, services.lift_ban)


@bp.post("/circles/<slug>/members/<int:person_id>/appeal/refusal")
@in_circle(rules.can_moderate)
def refuse_appeal(standing: Standing, person_id: int) -> Response:
    """Leave them shut out after looking again, with the reason."""
    by, circle_id, why = me(), standing.circle.id, request.form.get("why", "")
    with transaction():
        services.refuse_appeal(circle_id, person_id, why=why, by=by, at=clock.now())
    return _back(circle_id)


@bp.post("/circles/<slug>/members/<int:person_id>/role")
@in_circle(rules.can_own)
def change_role(standing: Standing, person_id: int) -> Response:
    """Make a moderator, or a member again."""
    by, circle_id, role = me(), standing.circle.id, request.form.get("role", "")
    with transaction():
        services.change_role(circle_id, person_id, role, by=by, at=clock.now())
    return _back(circle_id)


def _act(standing: Standing, person_id: int, do: Callable[..., None]) -> Response:
    by, circle_id = me(), standing.circle.id
    with transaction():
        do(circle_id, person_id, by=by, at=clock.now())
    return _back(circle_id)


def _back(circle_id: int) -> Response:
    return redirect(url_for(".list_members", slug=gate.get_standing(circle_id, me()).circle.slug), 303)


def _members(standing: Standing, form: InviteForm, shown: str = "") -> str:
    circle_id, moderates = standing.circle.id, rules.can_moderate(standing)
    return page(
        "cms/circles/members.html",
        standing=standing,
        circle=standing.circle,
        members=inside.members(circle_id),
        requested=inside.members(circle_id, state="requested") if moderates else [],
        invited=inside.members(circle_id, state="invited") if moderates else [],
        banned=inside.members(circle_id, state="banned") if moderates else [],
        links=[one for one in inside.links(circle_id) if one.works(clock.now())] if moderates else [],
        may_show_out=lambda other: rules.can_show_out(standing, other),
        can_moderate=moderates,
        can_invite=rules.can_invite(standing),
        can_own=rules.can_own(standing),
        form=form,
        link_form=LinkForm(formdata=None),
        plain=EmptyForm(formdata=None),
        roles=wording.ROLES,
        shown=shown,
    )
