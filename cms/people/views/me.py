"""What somebody sees and changes of themselves: profile, password, second step, browsers, API tokens."""

import io
from datetime import timedelta
from zoneinfo import available_timezones

import segno
from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed, person, public
from cms.core.database import transaction
from cms.core.errors import Invalid, NotFound
from cms.core.languages import HTML_LANG
from cms.core.pages import config, page
from cms.core.throttle import throttle
from cms.people import agents, forms, identity, passwords, queries, rules, services
from cms.people.models import Person
from cms.people.services.second_step import address_for_app, secret_of
from cms.people.views import bp

Answer = Response | str | tuple[str, int]


@bp.get("/me/bar")
@public
def show_bar() -> Answer:
    """A small piece of HTML for the top of public pages: who you are, your desk, the way out."""
    account = person()
    if account is None:
        identity.drop_hint()
    return page("cms/people/_bar.html", account=account, form=forms.EmptyForm())


@bp.get("/me")
@allowed(rules.is_signed_in)
def show_me() -> Answer:
    """The form with one's own profile."""
    account = me()
    form = forms.ProfileForm(
        obj=account,
        data={
            **{f"headline_{one}": account.headline.get(one, "") for one in ("en", "zh")},
            **{f"bio_{one}": account.bio.get(one, "") for one in ("en", "zh")},
        },
    )
    return show_profile(form)


@bp.post("/me")
@allowed(rules.is_signed_in)
def edit_me() -> Answer:
    """Save one's own profile."""
    form = forms.ProfileForm()
    if not form.validate():
        return show_profile(form), 422
    account_id, at = me().id, clock.now()
    try:
        with transaction():
            services.update_profile(
                account_id,
                name=form.name.data,
                headline=in_languages(form, "headline"),
                bio=in_languages(form, "bio"),
                locale=form.locale.data,
                timezone=form.timezone.data,
                at=at,
            )
            services.rename_handle(account_id, handle=form.handle.data, at=at)
    except Invalid as error:
        mark(form, error)
        return show_profile(form), 422
    flash(gettext("Saved."))
    return redirect(url_for("people.show_me"), 303)


# Security -------------------------------------------------------------------------------------------------------


@bp.get("/me/security")
@allowed(rules.is_signed_in)
def show_security() -> Answer:
    """Password, second step, and where one is signed in."""
    return security_page()


@bp.post("/me/password")
@allowed(rules.is_signed_in)
def change_password() -> Answer:
    """Set a new password; every other browser is signed out."""
    account = me()
    form = forms.ChangePasswordForm()
    form.about = (account.email or "", account.name)
    if not form.validate() or not is_current(form, account):
        return security_page(password_form=form), 422
    account_id, keep = account.id, identity.sign_in_id()
    password_hash = passwords.make_hash(form.password.data)
    with transaction():
        services.change_password(account_id, password_hash=password_hash, keep=keep, at=clock.now())
    flash(gettext("Your password is changed. Other browsers were signed out."))
    return redirect(url_for("people.show_security"), 303)


@bp.post("/me/email")
@allowed(rules.is_signed_in)
def request_email_change() -> Answer:
    """Send a link to the new address."""
    account = me()
    form = forms.ChangeEmailForm()
    if not form.validate() or not is_current(form, account):
        return security_page(email_form=form), 422
    with transaction():
        throttle(f"change e-mail {account.id}", limit=5, per=timedelta(days=1))
    with transaction():
        services.request_email_change(account.id, email=form.email.data, at=clock.now())
    flash(gettext("We have sent a link to the new address. It counts once the link is used."))
    return redirect(url_for("people.show_security"), 303)


@bp.get("/me/email/<token>")
@public
def show_email_change(token: str) -> Answer:
    """Ask to confirm the new address."""
    link = queries.get_open_link("change_email", token, at=clock.now())
    return page("cms/people/confirm_email.html", form=forms.EmptyForm(), link=link)


@bp.post("/me/email/<token>")
@public
def confirm_email_change(token: str) -> Answer:
    """The new address is the account's."""
    with transaction():
        services.confirm_email_change(token, at=clock.now())
    flash(gettext("Your new e-mail is set."))
    return redirect(url_for("people.show_security"), 303)


@bp.post("/me/sign-ins/<int:sign_in_id>/removal")
@allowed(rules.is_signed_in)
def end_sign_in(sign_in_id: int) -> Answer:
    """Sign one of one's browsers out."""
    account_id = me().id
    with transaction():
        services.end_sign_in(sign_in_id, person_id=account_id)
    return redirect(url_for("people.show_security"), 303)


@bp.post("/me/sign-ins/removal")
@allowed(rules.is_signed_in)
def end_sign_ins() -> Answer:
    """Sign out everywhere, here too."""
    account_id = me().id
    with transaction():
        services.end_sign_ins(account_id)
    identity.forget()
    return redirect(url_for("people.sign_in"), 303)


@bp.post("/me/second-step/secret")
@allowed(rules.is_signed_in)
def begin_second_step() -> Answer:
    """Make a secret for the app."""
    account_id = me().id
    with transaction():
        services.begin_second_step(account_id, at=clock.now())
    return redirect(url_for("people.show_second_step"), 303)


@bp.get("/me/second-step")
@allowed(rules.is_signed_in)
def show_second_step() -> Answer:
    """The code to scan, and a box for the first code."""
    step = queries.find_unconfirmed_step(me().id)
    if step is None:
        return redirect(url_for("people.show_security"), 303)
    return page("cms/people/second_step.html", form=forms.CodeForm(), secret=secret_of(step))


@bp.get("/me/second-step/code.svg")
@allowed(rules.is_signed_in)
def show_qr() -> Answer:
    """The picture an app scans; only while the second step is being set up."""
    account = me()
    step = queries.find_unconfirmed_step(account.id)
    if step is None:
        raise NotFound
    address = address_for_app(step, account=account.email or account.handle, issuer=config().host)
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=5, border=3, light="#fff")
    return FlaskResponse(picture.getvalue(), mimetype="image/svg+xml")


@bp.post("/me/second-step")
@allowed(rules.is_signed_in)
def confirm_second_step() -> Answer:
    """Turn it on when the first code is right, and show the recovery codes, once."""
    account_id, form = me().id, forms.CodeForm()
    step = queries.find_unconfirmed_step(account_id)
    if step is None:
        return redirect(url_for("people.show_security"), 303)
    secret = secret_of(step)
    if form.validate():
        with transaction():
            throttle(f"code {account_id}", limit=5, per=timedelta(minutes=5))
        with transaction():
            codes = services.confirm_second_step(account_id, code=form.code.data, at=clock.now())
        if codes:
            return page("cms/people/recovery_codes.html", codes=codes)
        form.code.errors = [gettext("This code is not right. Is the clock of your phone right?")]
    return page("cms/people/second_step.html", form=form, secret=secret), 422


@bp.post("/me/second-step/removal")
@allowed(rules.is_signed_in)
def turn_off_second_step() -> Answer:
    """Back to the password alone."""
    account, form = me(), forms.PasswordForm()
    if not form.validate() or not is_current(form, account):
        return security_page(step_form=form), 422
    with transaction():
        services.turn_off_second_step(account.id, by=account, at=clock.now())
    flash(gettext("The second step is off."))
    return redirect(url_for("people.show_security"), 303)


@bp.post("/me/recovery-codes")
@allowed(rules.is_signed_in)
def renew_recovery_codes() -> Answer:
    """New recovery codes, shown once; the old ones stop working."""
    account, form = me(), forms.PasswordForm()
    if not form.validate() or not is_current(form, account):
        return security_page(step_form=form), 422
    if queries.find_second_step(account.id) is None:
        return redirect(url_for("people.show_security"), 303)
    with transaction():
        codes = services.renew_recovery_codes(account.id, at=clock.now())
    return page("cms/people/recovery_codes.html", codes=codes)


# API tokens -----------------------------------------------------------------------------------------------------


@bp.get("/me/tokens")
@allowed(rules.is_signed_in)
def list_tokens() -> Answer:
    """One's API tokens, and a form for another."""
    return tokens_page(forms.TokenForm())


@bp.post("/me/tokens")
@allowed(rules.is_signed_in)
def create_token() -> Answer:
    """A new token, shown this once."""
    account, form = me(), forms.TokenForm()
    if not form.validate():
        return tokens_page(form), 422
    at = clock.now()
    with transaction():
        token = services.create_token(
            account.id,
            name=form.name.data,
            scopes=form.scopes.data or [],
            expires_at=at + timedelta(days=form.expires.data) if form.expires.data else None,
            by=account,
            at=at,
        )
    return tokens_page(forms.TokenForm(formdata=None), token=token)


@bp.post("/me/tokens/<int:token_id>/revocation")
@allowed(rules.is_signed_in)
def revoke_token(token_id: int) -> Answer:
    """Stop a token."""
    account = me()
    with transaction():
        services.revoke_token(token_id, person_id=account.id, by=account, at=clock.now())
    return redirect(url_for("people.list_tokens"), 303)


# Helpers --------------------------------------------------------------------------------------------------------


def me() -> Person:
    """The person who is signed in; the rule has made sure that there is one."""
    account = person()
    assert account is not None
    return account


def is_current(form: forms.PasswordForm, account: Person) -> bool:
    """Whether the current password was given; as bounded as signing in."""
    with transaction():
        throttle(f"sign-in {account.email}", limit=10, per=timedelta(minutes=5))
    if passwords.matches(account.password_hash, form.current.data):
        return True
    form.current.errors = [gettext("This is not your current password.")]
    return False


def in_languages(form: forms.PublicProfileForm, field: str) -> dict[str, str]:
    """What was written in each language."""
    return {one: form[f"{field}_{one}"].data for one in ("en", "zh") if form[f"{field}_{one}"].data}


def mark(form: FlaskForm, error: Invalid) -> None:
    """Put the service's sentences beside the fields."""
    for name, sentence in error.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]


def show_profile(form: forms.ProfileForm) -> str:
    """The profile page."""
    return page(
        "cms/people/me.html", form=form, account=me(), zones=sorted(available_timezones()), tags=HTML_LANG
    )


def security_page(**given: FlaskForm) -> str:
    """The security page, with the form that was just sent, if any."""
    account, sent = me(), request.method == "POST"
    blank = {"formdata": None} if sent else {}
    own = {
        "password_form": forms.ChangePasswordForm,
        "email_form": forms.ChangeEmailForm,
        "step_form": forms.PasswordForm,
    }
    return page(
        "cms/people/security.html",
        account=account,
        second_step=queries.find_second_step(account.id),
        codes_left=queries.recovery_codes_left(account.id),
        sign_ins=queries.sign_ins_of(account.id, at=clock.now()),
        here=identity.sign_in_id(),
        browser=agents.name_of,
        form=forms.EmptyForm(**blank),
        **{name: given.get(name) or kind(**blank) for name, kind in own.items()},
    )


def tokens_page(form: forms.TokenForm, token: str | None = None) -> str:
    """The list of tokens; `token` is a new one in clear."""
    return page(
        "cms/people/tokens.html", form=form, token=token, tokens=queries.tokens_of(me().id), now=clock.now()
    )
