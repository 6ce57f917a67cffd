"""What is held about somebody: a copy to take along, and erasing it. By themselves, or at the desk for who wrote in."""

from datetime import timedelta

from flask import Response as FlaskResponse
from flask import redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed, person, public
from cms.core.database import transaction
from cms.core.errors import Conflict
from cms.core.pages import page
from cms.core.throttle import throttle
from cms.people import audit, forms, held, identity, queries, rules, services
from cms.people.models import Person
from cms.people.views import bp
from cms.people.views.me import is_current, me

FRESH = timedelta(minutes=10)  # a sign-in so young stands for a password where there is none
Answer = Response | str | tuple[str, int]


@bp.get("/me/data")
@allowed(rules.is_signed_in)
def show_data() -> Answer:
    """What one can do about what is held about oneself."""
    return data_page(forms.LeaveForm())


@bp.post("/me/data/copies")
@allowed(rules.is_signed_in)
def copy_data() -> Answer:
    """Everything held about oneself, as a file."""
    account_id, handle = me().id, me().handle
    with transaction():
        throttle(f"copy of {account_id}", limit=10, per=timedelta(days=1))
    return as_file(account_id, handle)


@bp.post("/me/erasure")
@allowed(rules.is_signed_in)
def erase_me() -> Answer:
    """Erase one's own account for good."""
    account, form = me(), forms.LeaveForm()
    if account.password_hash is None:
        del form.current
    if not form.validate() or not has_proved(form, account):
        return data_page(form), 422
    try:
        with transaction():
            services.erase_person(
                account.id, with_texts=bool(form.with_texts.data), by=account, at=clock.now()
            )
    except Conflict as error:
        form.sure.errors = [str(error.message)]
        return data_page(form), error.status
    identity.forget()
    return redirect(url_for("people.show_erased"), 303)


@bp.get("/me/erased")
@public
def show_erased() -> Answer:
    """It is done. Says nothing of who asks."""
    return page("cms/people/erased.html")


@bp.get("/desk/people/<int:account_id>/data")
@allowed(rules.can_erase, account=queries.get_person)
def show_data_of(account_id: int, account: Person) -> Answer:
    """The same about somebody who wrote in."""
    return page("cms/people/desk/data.html", account=account, form=forms.EraseForm())


@bp.post("/desk/people/<int:account_id>/data/copies")
@allowed(rules.can_erase, account=queries.get_person)
def copy_data_of(account_id: int, account: Person) -> Answer:
    """A copy to send them."""
    by, handle = me(), account.handle
    with transaction():
        audit.record("person.handed_out", f"person:{account_id}", by=by, at=clock.now())
    return as_file(account_id, handle)


@bp.post("/desk/people/<int:account_id>/erasure")
@allowed(rules.can_erase, account=queries.get_person)
def erase_person(account_id: int, account: Person) -> Answer:
    """Erase them; their handle is typed, so that it is nobody else."""
    by, form = me(), forms.EraseForm()
    form.handle_to_type = account.handle
    if not form.validate():
        return page("cms/people/desk/data.html", account=account, form=form), 422
    try:
        with transaction():
            services.erase_person(account_id, with_texts=bool(form.with_texts.data), by=by, at=clock.now())
    except Conflict as error:
        form.handle.errors = [str(error.message)]
        account = queries.get_person(account_id)
        return page("cms/people/desk/data.html", account=account, form=form), error.status
    return redirect(url_for("people.list_people"), 303)


# Helpers --------------------------------------------------------------------------------------------------------


def has_proved(form: forms.LeaveForm, account: Person) -> bool:
    """By the password, as signing in is; who has none, by having signed in just now."""
    if account.password_hash is not None:
        return is_current(form, account)
    here = identity.sign_in_id()
    mine = [one for one in queries.sign_ins_of(account.id, at=clock.now()) if one.id == here]
    if mine and clock.now() - mine[0].created_at <= FRESH:
        return True
    form.sure.errors = [gettext("Please sign in again and come back: your account has no password.")]
    return False


def data_page(form: forms.LeaveForm) -> str:
    """The page about one's own data."""
    account = person()
    assert account is not None
    return page("cms/people/data.html", form=form, has_password=account.password_hash is not None)


def as_file(account_id: int, handle: str) -> FlaskResponse:
    """What is held, to be saved."""
    at = clock.now()
    response = FlaskResponse(held.held_about(account_id, at=at), mimetype="application/json")
    name = f"{handle if handle.isascii() else account_id}-{at:%Y-%m-%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
