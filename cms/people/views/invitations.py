"""Invitations: offers made, sent again, withdrawn."""

from flask import flash, redirect, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotAllowed
from cms.core.pages import page
from cms.people import forms, queries, rules, services
from cms.people.models import Invitation
from cms.people.views import bp
from cms.people.views.desk import before, paged
from cms.people.views.me import mark, me

Answer = Response | str | tuple[str, int]


@bp.get("/desk/invitations")
@allowed(rules.can_invite)
def list_invitations() -> Answer:
    """Offers made, and a form for another; with `?guest=7`, one that makes this guest's profile an account."""
    form, names = invitation_form(), {str(one.id): one.name for one in queries.guests()}
    guest = request.args.get("guest", "")
    if guest in names:
        form.guest_id.data, form.name.data = int(guest), names[guest]
    return invitations_page(form)


@bp.post("/desk/invitations")
@allowed(rules.can_invite)
def invite() -> Answer:
    """Offer an account by mail."""
    form, by = invitation_form(), me()
    if not form.validate():
        return invitations_page(form), 422
    if not rules.can_offer_role(by, form.role.data):
        raise NotAllowed
    try:
        with transaction():
            services.invite(
                email=form.email.data,
                name=form.name.data,
                role=form.role.data,
                locale=form.locale.data,
                guest_id=form.guest_id.data or None,
                by=by,
                at=clock.now(),
            )
    except (Invalid, Conflict) as error:
        mark(form, Invalid(errors=error.errors or {"email": str(error.message)}))
        return invitations_page(form), 422
    flash(gettext("The invitation is on its way."), "good")
    return redirect(url_for(".list_invitations"), 303)


@bp.post("/desk/invitations/<int:invitation_id>/revocation")
@allowed(rules.can_revoke, invitation=queries.get_invitation)
def revoke_invitation(invitation_id: int, invitation: Invitation) -> Answer:
    """Withdraw an offer."""
    by = me()
    with transaction():
        services.revoke_invitation(invitation_id, by=by, at=clock.now())
    flash(gettext("Withdrawn. Its link works no more."), "good")
    return redirect(url_for(".list_invitations"), 303)


@bp.post("/desk/invitations/<int:invitation_id>/sending")
@allowed(rules.can_revoke, invitation=queries.get_invitation)
def resend_invitation(invitation_id: int, invitation: Invitation) -> Answer:
    """Send an offer again, with a new link."""
    by = me()
    try:
        with transaction():
            services.resend_invitation(invitation_id, locale=str(get_locale())[:2], by=by, at=clock.now())
    except Conflict as error:
        flash(str(error.message), "bad")
    else:
        flash(gettext("Sent again. The link of the earlier message works no more."), "good")
    return redirect(url_for(".list_invitations"), 303)


def invitation_form() -> forms.InvitationForm:
    """The form with the roles this person may give away and the guests there are."""
    form = forms.InvitationForm()
    form.role.choices = forms.role_choices(rules.roles_to_offer(person()))
    form.guest_id.choices = [
        SelectChoice("0", gettext("a new profile")),
        *(SelectChoice(str(one.id), one.name) for one in queries.guests()),
    ]
    return form


def invitations_page(form: forms.InvitationForm) -> str:
    """The list of invitations."""
    rows, next_url = paged(
        queries.invitations(before=before()), lambda last: url_for(".list_invitations", before=last)
    )
    return page(
        "cms/people/desk/invitations.html",
        form=form,
        invitations=rows,
        next_url=next_url,
        now=clock.now(),
        role_names=forms.ROLE_NAMES,
        mine=[one.id for one in rows if rules.can_revoke(person(), one)],
    )
