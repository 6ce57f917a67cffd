"""The desk's view of people: who there is, and what can be done to an account."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.config import LOCALES
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.seams import panels
from cms.people import acts, forms, queries, rules, services
from cms.people.models import GUEST, ROLES, Person
from cms.people.views import bp
from cms.people.views.me import in_languages, mark, me

Answer = Response | str | tuple[str, int]
Row = TypeVar("Row", bound=Any)


@bp.get("/desk/people")
@allowed(rules.can_see_people)
def list_people() -> Answer:
    """Everybody, newest first, narrowed by role, words, and whether the account is closed."""
    role, is_closed = request.args.get("role"), "closed" in request.args
    role = role if role in (*ROLES, GUEST) else None
    search = " ".join(request.args.get("q", "").split())[:80]
    rows, next_url = paged(
        queries.people(role, search=search, is_closed=is_closed, before=before()),
        lambda last: url_for(
            ".list_people", role=role, q=search or None, closed=1 if is_closed else None, before=last
        ),
    )
    return page(
        "cms/people/desk/people.html",
        people=rows,
        next_url=next_url,
        is_first=before() is None,
        role=role,
        search=search,
        is_closed=is_closed,
        role_names=forms.ROLE_NAMES,
        may_invite=rules.can_invite(person()),
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


@bp.post("/desk/people/<int:account_id>/sign-ins/removal")
@allowed(rules.can_manage_accounts)
def sign_out_everywhere(account_id: int) -> Answer:
    """End every browser of somebody."""
    return done(account_id, lambda by: services.sign_out_everywhere(account_id, by=by, at=clock.now()))


@bp.get("/desk/people/<int:account_id>/profile")
@allowed(rules.can_edit_profile, account=queries.get_person)
def show_profile_form(account_id: int, account: Person) -> Answer:
    """What readers see of somebody else, to be changed."""
    data = {"name": account.name, "handle": account.handle}
    data |= {f"headline_{one}": account.headline.get(one, "") for one in LOCALES}
    data |= {f"bio_{one}": account.bio.get(one, "") for one in LOCALES}
    form = forms.PublicProfileForm(formdata=None, data=data)
    return page("cms/people/desk/profile.html", account=account, form=form)


@bp.post("/desk/people/<int:account_id>/profile")
@allowed(rules.can_edit_profile, account=queries.get_person)
def save_profile(account_id: int, account: Person) -> Answer:
    """Change it."""
    form, by = forms.PublicProfileForm(), me()
    if not form.validate():
        return page("cms/people/desk/profile.html", account=account, form=form), 422
    try:
        with transaction():
            services.edit_profile(
                account_id,
                name=form.name.data,
                handle=form.handle.data,
                headline=in_languages(form, "headline"),
                bio=in_languages(form, "bio"),
                by=by,
                at=clock.now(),
            )
    except Invalid as error:
        mark(form, error)
        return page("cms/people/desk/profile.html", account=queries.get_person(account_id), form=form), 422
    flash(gettext("Saved."), "good")
    return redirect(url_for(".show_person", account_id=account_id), 303)


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
        panels=[render(account=account) for render in panels("desk.person")],
        form=form or forms.RoleForm(formdata=None, role=account.role),
        entries=queries.audit_entries(subject=f"person:{account.id}", limit=20)[:20],
        has_second_step=queries.find_second_step(account.id) is not None,
        may_manage=rules.can_manage_accounts(person()),
        may_edit_profile=rules.can_edit_profile(person(), account),
        may_erase=rules.can_erase(person(), account),
        may_read_audit=rules.can_read_audit(person()),
        sign_ins=queries.sign_ins_of(account.id, at=clock.now())
        if rules.can_manage_accounts(person())
        else [],
        acts=acts,
        role_names=forms.ROLE_NAMES,
    )


def done(account_id: int, act: Callable[[Person], object]) -> Answer:
    """Do one thing to an account and show it again; what does not make sense is said on the page."""
    by = me()
    try:
        with transaction():
            act(by)
    except (Invalid, Conflict) as error:
        flash(str(error.message), "bad")
    else:
        flash(gettext("Done."), "good")
    return redirect(url_for(".show_person", account_id=account_id), 303)
