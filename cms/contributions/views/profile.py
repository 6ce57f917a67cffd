"""The profile of somebody from outside, edited by link, and the account they may have of it."""

from datetime import timedelta

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from cms.contributions import services
from cms.contributions.forms import AccountForm, EmptyForm, PictureForm, ProfileForm
from cms.contributions.models import Contribution
from cms.contributions.views import bp
from cms.contributions.views.asked import Answer, opened
from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import page
from cms.core.throttle import throttle
from cms.media import queries as media
from cms.media import services as keeping
from cms.people.models import GUEST


@bp.get("/contribute/<token>/profile")
@public
def show_profile(token: str) -> Answer:
    """Name, headline, biography and picture, as they want to be shown."""
    return _page(token, _guest(token))


@bp.post("/contribute/<token>/profile")
@public
def save_profile(token: str) -> Answer:
    """Change what readers see of them."""
    one, form = _guest(token), ProfileForm()
    if not form.validate():
        return _page(token, one, form), 422
    contribution_id = one.id
    with transaction():
        services.change_profile(
            contribution_id, name=form.name.data or "", headline=form.headline, bio=form.bio, at=clock.now()
        )
    flash(_("Saved."), "good")
    return redirect(url_for(".show_profile", token=token), 303)


@bp.post("/contribute/<token>/portrait")
@public
def set_portrait(token: str) -> Answer:
    """Take a picture of them; what is none is refused with a sentence."""
    one, form = _guest(token), PictureForm()
    if not form.validate():
        return _page(token, one, picture=form), 422
    contribution_id, _person, file = one.id, one.person, form.file.data
    with transaction():
        throttle(f"contribution portrait {contribution_id}", limit=20, per=timedelta(days=1))
    try:
        received = keeping.receive_upload(file.stream, file.filename or "", only="image")
        with transaction():
            services.set_portrait(contribution_id, received, at=clock.now())
    except Invalid as problem:
        form.file.errors = [*form.file.errors, str(problem.message)]
        return _page(token, opened(token), picture=form), 422
    flash(_("This is your picture now."), "good")
    return redirect(url_for(".show_profile", token=token), 303)


@bp.post("/contribute/<token>/portrait/removal")
@public
def remove_portrait(token: str) -> Answer:
    """Be shown without a picture."""
    one = _guest(token)
    person_id, by = one.person_id, one.person
    with transaction():
        keeping.remove_portrait(person_id, by=by, at=clock.now())
    return redirect(url_for(".show_profile", token=token), 303)


@bp.post("/contribute/<token>/account")
@public
def ask_account(token: str) -> Answer:
    """Mail them an invitation that turns the profile into an account with the same address and credits."""
    one, form = _guest(token), AccountForm()
    if not form.validate():
        return _page(token, one, account=form), 422
    contribution_id = one.id
    with transaction():
        throttle(f"contribution account {contribution_id}", limit=3, per=timedelta(days=1))
    try:
        with transaction():
            services.offer_account(contribution_id, email=form.email.data or "", at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(Invalid(errors=problem.errors or {"email": str(problem.message)}))
        return _page(token, opened(token), account=form), 422
    flash(_("An invitation is on its way to %(email)s.", email=form.email.data), "good")
    return redirect(url_for(".show_profile", token=token), 303)


def _guest(token: str) -> Contribution:
    """What the link opens, for somebody without an account: others look after their profile when signed in."""
    one = opened(token)
    if one.person.role != GUEST:
        raise NotFound
    return one


def _page(
    token: str,
    one: Contribution,
    form: ProfileForm | None = None,
    *,
    picture: PictureForm | None = None,
    account: AccountForm | None = None,
) -> str:
    values = ProfileForm.values_of(one.person)
    return page(
        "cms/contributions/profile.html",
        token=token,
        one=one,
        portrait=media.portraits_of([one.person_id]).get(one.person_id),
        form=form or ProfileForm(formdata=None, data=values),
        picture=picture or PictureForm(formdata=None),
        account=account or AccountForm(formdata=None, email=one.email or ""),
        button=EmptyForm(formdata=None),
    )
