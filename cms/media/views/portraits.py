"""Pictures of people: one's own, and those that editors set for guests and colleagues."""

from flask import redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Invalid
from cms.core.pages import page
from cms.media import queries, rules, services
from cms.media.forms import EmptyForm, PortraitForm
from cms.media.views import bp
from cms.media.views.asked import me
from cms.people.models import Person
from cms.people.queries import get_person

Answer = Response | str | tuple[str, int]


@bp.get("/me/portrait")
@allowed(rules.can_set_own_portrait)
def show_my_portrait() -> Answer:
    """One's own picture, and a form for another."""
    return _portrait_page(me(), PortraitForm(formdata=None))


@bp.post("/me/portrait")
@allowed(rules.can_set_own_portrait)
def set_my_portrait() -> Answer:
    """Take another picture of oneself."""
    return _set(me(), url_for(".show_my_portrait"))


@bp.post("/me/portrait/removal")
@allowed(rules.can_set_own_portrait)
def remove_my_portrait() -> Answer:
    """Be shown without a picture."""
    return _remove(me(), url_for(".show_my_portrait"))


@bp.get("/desk/people/<int:account_id>/portrait")
@allowed(rules.can_set_portraits, account=get_person)
def show_portrait(account_id: int, account: Person) -> Answer:
    """Somebody's picture, and a form for another."""
    return _portrait_page(account, PortraitForm(formdata=None))


@bp.post("/desk/people/<int:account_id>/portrait")
@allowed(rules.can_set_portraits, account=get_person)
def set_portrait(account_id: int, account: Person) -> Answer:
    """Take another picture of somebody."""
    return _set(account, url_for(".show_portrait", account_id=account_id))


@bp.post("/desk/people/<int:account_id>/portrait/removal")
@allowed(rules.can_set_portraits, account=get_person)
def remove_portrait(account_id: int, account: Person) -> Answer:
    """Show somebody without a picture."""
    return _remove(account, url_for(".show_portrait", account_id=account_id))


def _set(account: Person, done_url: str) -> Answer:
    form, person_id, name = PortraitForm(), account.id, account.name
    if not form.validate():
        return _portrait_page(account, form), 422
    by, file = me(), form.file.data
    try:
        received = services.receive_upload(file.stream, file.filename or "", only="image")
        with transaction():
            alt = gettext("Portrait of %(name)s", name=name)
            media = services.keep_media(received, by=by, at=clock.now(), alt=alt)
            services.set_portrait(person_id, media_id=media.id, by=by, at=clock.now())
    except Invalid as error:
        form.file.errors = [*form.file.errors, str(error.message)]
        return _portrait_page(account, form), 422
    return redirect(done_url, 303)


def _remove(account: Person, done_url: str) -> Answer:
    person_id, by = account.id, me()
    with transaction():
        services.remove_portrait(person_id, by=by, at=clock.now())
    return redirect(done_url, 303)


def _portrait_page(account: Person, form: PortraitForm) -> str:
    return page(
        "cms/media/portrait.html",
        account=account,
        is_me=account == person(),
        portrait=queries.portraits_of([account.id]).get(account.id),
        form=form,
        empty_form=EmptyForm(),
    )
