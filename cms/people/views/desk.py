"""The desk's view of people: accounts, invitations, the audit log, the mail queue."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotAllowed
from cms.core.pages import config, page
from cms.people import audit, forms, queries, rules, services
from cms.people.models import GUEST, ROLES, Invitation, Person
from cms.people.views import bp
from cms.people.views.me import mark, me

Answer = Response | str | tuple[str, int]
Row = TypeVar("Row", bound=Any)


@bp.get("/desk/people")
@allowed(rules.can_see_people)
def list_people() -> Answer:
    """Everybody, newest first, by role when asked."""
    role = request.args.get("role")
    role = role if role in (*ROLES, GUEST) else None
    rows, next_url = paged(
        queries.people(role, before=before()), lambda last: url_for(".list_people", role=role, before=last)
    )
    return page(
        "cms/people/desk/people.html", people=rows, next_url=next_url, role=role, role_names=forms.ROLE_NAMES
    )


@bp.get("/desk/people/<int:account_id>")
@allowed(rules.can_see_people, account=queries.get_person)
def show_person(account_id: int, account: Person) -> Answer:
    """One account: role, state, what was done to it."""
    return person_page(account)


@bp.post("/desk/people/<int:account_id>/role")
@allowed(rules.can_manage_accounts)
def change_role(account_id: int) -> Answer:
    """Give an account another role."""
    form = forms.RoleForm()
    if not form.validate():
        return person_page(queries.get_person(account_id), form), 422
    return done(
        account_id, lambda by: services.change_role(account_id, role=form.role.data, by=by, at=clock.now())
    )


@bp.post("/desk/people/<int:account_id>/closure")
@allowed(rules.can_manage_accounts)
def disable_account(account_id: int) -> Answer:
    """Close an account; it is signed out at once."""
    return done(account_id, lambda by: services.disable_account(account_id, by=by, at=clock.now()))


@bp.post("/desk/people/<int:account_id>/reopening")
@allowed(rules.can_manage_accounts)
def enable_account(account_id: int) -> Answer:
    """Open a closed account again."""
    return done(account_id, lambda by: services.enable_account(account_id, by=by, at=clock.now()))


@bp.post("/desk/people/<int:account_id>/second-step/removal")
@allowed(rules.can_manage_accounts)
def remove_second_step(account_id: int) -> Answer:
    """Help somebody who lost the app and the recovery codes."""
    return done(account_id, lambda by: services.turn_off_second_step(account_id, by=by, at=clock.now()))


@bp.get("/desk/invitations")
@allowed(rules.can_invite)
def list_invitations() -> Answer:
    """Offers made, and a form for another."""
    return invitations_page(invitation_form())


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
    flash(gettext("The invitation is on its way."))
    return redirect(url_for(".list_invitations"), 303)


@bp.post("/desk/invitations/<int:invitation_id>/revocation")
@allowed(rules.can_revoke, invitation=queries.get_invitation)
def revoke_invitation(invitation_id: int, invitation: Invitation) -> Answer:
    """Withdraw an offer."""
    by = me()
    with transaction():
        services.revoke_invitation(invitation_id, by=by, at=clock.now())
    return redirect(url_for(".list_invitations"), 303)


@bp.get("/desk/audit")
@allowed(rules.can_read_audit)
def list_audit() -> Answer:
    """Who did what that needed trust; with `check=1`, whether the log is whole."""
    subject = request.args.get("subject") or None
    rows, next_url = paged(
        queries.audit_entries(subject=subject, before=before()),
        lambda last: url_for(".list_audit", subject=subject, before=last),
    )
    checked = "check" in request.args
    return page(
        "cms/people/desk/audit.html",
        entries=rows,
        next_url=next_url,
        subject=subject,
        checked=checked,
        broken_at=audit.first_break() if checked else None,
    )


@bp.get("/desk/mail")
@allowed(rules.can_see_mail)
def list_mail() -> Answer:
    """What is waiting to be sent, what was sent, what was refused and why."""
    rows, next_url = paged(
        queries.outgoing_mail(before=before()), lambda last: url_for(".list_mail", before=last)
    )
    return page("cms/people/desk/mail.html", mail=rows, next_url=next_url, has_server=bool(config().smtp_url))


# Helpers --------------------------------------------------------------------------------------------------------


def before() -> int | None:
    """The key the next page of a list begins before."""
    value = request.args.get("before", "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def paged(rows: Sequence[Row], address: Callable[[int], str]) -> tuple[Sequence[Row], str | None]:
    """One page of rows, and the address of the next when there is one."""
    if len(rows) <= queries.PAGE_LENGTH:
        return rows, None
    shown = rows[: queries.PAGE_LENGTH]
    return shown, address(shown[-1].id)


def person_page(account: Person, form: forms.RoleForm | None = None) -> str:
    """The desk's page about somebody."""
    return page(
        "cms/people/desk/person.html",
        account=account,
        form=form or forms.RoleForm(formdata=None, role=account.role),
        entries=queries.audit_entries(subject=f"person:{account.id}", limit=20)[:20],
        has_second_step=queries.find_second_step(account.id) is not None,
        may_manage=rules.can_manage_accounts(person()),
        role_names=forms.ROLE_NAMES,
    )


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
        may_revoke=[one.id for one in rows if one.is_open(clock.now()) and rules.can_revoke(person(), one)],
    )


def done(account_id: int, act: Callable[[Person], None]) -> Answer:
    """Do one thing to an account and show it again; what does not make sense is said on the page."""
    by = me()
    try:
        with transaction():
            act(by)
    except (Invalid, Conflict) as error:
        flash(str(error.message))
    else:
        flash(gettext("Done."))
    return redirect(url_for(".show_person", account_id=account_id), 303)
