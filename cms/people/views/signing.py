"""Coming in: sign-in in one or two steps, sign-up, a forgotten password, an invitation; and going out."""

from datetime import timedelta

from flask import flash, redirect, request, session, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import person, public
from cms.core.database import transaction
from cms.core.errors import NotFound, Problem
from cms.core.pages import page
from cms.core.throttle import forgive, give_back, network, throttle
from cms.people import emails, forms, identity, passwords, queries, services
from cms.people.models import Person
from cms.people.views import bp

Answer = Response | str | tuple[str, int]
PENDING = "second_step"  # in the session: the password was right, the code is awaited
PENDING_FOR = timedelta(minutes=10)


@bp.get("/sign-in")
@public
def sign_in() -> Answer:
    """Ask for e-mail and password."""
    target = identity.internal_path(request.args.get("next"))
    if (account := person()) is not None:
        return redirect(target or home_of(account), 303)
    return page("cms/people/sign_in.html", form=forms.SignInForm(next=target or ""))


@bp.post("/sign-in")
@public
def start_sign_in() -> Answer:
    """Let somebody in, or ask for the second step. A wrong password and an unknown address get the same answer
    for the same work."""
    form = forms.SignInForm()
    if not form.validate():
        return page("cms/people/sign_in.html", form=form), 422
    email = known_form(form.email.data)
    count_try("sign-in", email, limit=10, per=timedelta(minutes=5), per_network=50)
    account = queries.find_account(email)
    right = passwords.matches(account.password_hash if account else None, form.password.data)
    if account is None or not right or not account.is_active:
        form.password.errors = [gettext("E-mail and password do not fit together.")]
        return page("cms/people/sign_in.html", form=form), 422
    with transaction():
        forgive(f"sign-in {email}")
        give_back(f"sign-in from {network()}")  # an office of hundreds begins its day behind one address
    if passwords.is_outdated(account.password_hash or ""):
        renewed = passwords.make_hash(form.password.data)
        with transaction():
            services.renew_hash(account.id, password_hash=renewed)
    target = identity.internal_path(form.next.data)
    if queries.find_second_step(account.id) is None:
        return let_in(account, target)
    session.clear()
    session[PENDING] = [account.id, clock.now().timestamp(), target]
    return redirect(url_for("people.ask_code"), 303)


@bp.get("/sign-in/code")
@public
def ask_code() -> Answer:
    """Ask for a one-time code."""
    if pending_account() is None:
        return redirect(url_for("people.sign_in"), 303)
    return page("cms/people/code.html", form=forms.CodeForm())


@bp.post("/sign-in/code")
@public
def give_code() -> Answer:
    """Let somebody in whose code is right; a code works once."""
    account = pending_account()
    if account is None:
        return redirect(url_for("people.sign_in"), 303)
    form = forms.CodeForm()
    if form.validate():
        key = f"code {account.id}"
        with transaction():
            throttle(key, limit=5, per=timedelta(minutes=5))
            throttle(f"{key} hour", limit=20, per=timedelta(hours=1))
            throttle(f"{key} day", limit=50, per=timedelta(days=1))
        with transaction():
            right = services.take_code(account.id, code=form.code.data, at=clock.now())
            if right:
                forgive(key)
        if right:
            return let_in(account, identity.internal_path(session[PENDING][2]))
        form.code.errors = [gettext("This code is not right, or was used already. Wait for the next one.")]
    return page("cms/people/code.html", form=form), 422


@bp.post("/sign-out")
@public
def sign_out() -> Answer:
    """Sign this browser out."""
    account, sign_in_id = person(), identity.sign_in_id()
    if account is not None and sign_in_id is not None:
        with transaction():
            services.end_sign_in(sign_in_id, person_id=account.id)
    identity.forget()
    return redirect(request.script_root + "/", 303)


@bp.get("/sign-up")
@public
def sign_up() -> Answer:
    """Ask for name and address."""
    return page("cms/people/sign_up.html", form=forms.SignUpForm())


@bp.post("/sign-up")
@public
def start_sign_up() -> Answer:
    """Send a link to the address; say the same whether or not it has an account."""
    form = forms.SignUpForm()
    if not form.validate():
        return page("cms/people/sign_up.html", form=form), 422
    count_try("sign-up", form.email.data, limit=3, per=timedelta(hours=1), per_network=20)
    with transaction():
        services.start_sign_up(
            email=form.email.data, name=form.name.data, locale=str(get_locale())[:2], at=clock.now()
        )
    return page("cms/people/mail_sent.html", email=form.email.data)


@bp.get("/sign-up/<token>")
@public
def confirm_sign_up(token: str) -> Answer:
    """Ask for a password; looking at this page changes nothing, as mail scanners look too."""
    link = queries.get_open_link("sign_up", token, at=clock.now())
    return page("cms/people/finish_sign_up.html", form=forms.NewPasswordForm(), link=link)


@bp.post("/sign-up/<token>")
@public
def finish_sign_up(token: str) -> Answer:
    """Make the account and let its owner in."""
    link = queries.get_open_link("sign_up", token, at=clock.now())
    form = forms.NewPasswordForm()
    form.about = (link.email, link.detail["name"])
    if not form.validate():
        return page("cms/people/finish_sign_up.html", form=form, link=link), 422
    password_hash = passwords.make_hash(form.password.data)
    with transaction():
        account = services.finish_sign_up(token, password_hash=password_hash, at=clock.now())
    return let_in(account, None)


@bp.get("/password")
@public
def ask_reset() -> Answer:
    """Ask where to send a link that sets a new password."""
    return page("cms/people/ask_reset.html", form=forms.EmailForm())


@bp.post("/password")
@public
def request_reset() -> Answer:
    """Send the link; say the same whether or not there is such an account."""
    form = forms.EmailForm()
    if not form.validate():
        return page("cms/people/ask_reset.html", form=form), 422
    count_try("reset", form.email.data, limit=5, per=timedelta(days=1), per_network=50)
    with transaction():
        services.request_reset(form.email.data, locale=str(get_locale())[:2], at=clock.now())
    return page("cms/people/mail_sent.html", email=form.email.data)


@bp.get("/password/<token>")
@public
def show_reset(token: str) -> Answer:
    """Ask for the new password."""
    queries.get_open_link("reset_password", token, at=clock.now())
    return page("cms/people/reset.html", form=forms.NewPasswordForm())


@bp.post("/password/<token>")
@public
def finish_reset(token: str) -> Answer:
    """Set the new password. Signing in stays to be done, second step and all."""
    link = queries.get_open_link("reset_password", token, at=clock.now())
    form = forms.NewPasswordForm()
    form.about = (link.email,)
    if not form.validate():
        return page("cms/people/reset.html", form=form), 422
    password_hash = passwords.make_hash(form.password.data)
    with transaction():
        services.finish_reset(token, password_hash=password_hash, at=clock.now())
    identity.forget()
    flash(gettext("Your new password is set. Please sign in with it."))
    return redirect(url_for("people.sign_in"), 303)


@bp.get("/invitations/<token>")
@public
def show_invitation(token: str) -> Answer:
    """What is offered, and by whom."""
    invitation = queries.get_open_invitation(token, at=clock.now())
    form = forms.AcceptForm(name=invitation.name)
    return page("cms/people/accept.html", form=form, invitation=invitation, role_names=forms.ROLE_NAMES)


@bp.post("/invitations/<token>")
@public
def accept_invitation(token: str) -> Answer:
    """Make the account and let its owner in."""
    invitation = queries.get_open_invitation(token, at=clock.now())
    form = forms.AcceptForm()
    form.about = (invitation.email, form.name.data or "")
    if not form.validate():
        shown = page("cms/people/accept.html", form=form, invitation=invitation, role_names=forms.ROLE_NAMES)
        return shown, 422
    password_hash = passwords.make_hash(form.password.data)
    with transaction():
        account = services.accept_invitation(
            token,
            name=form.name.data,
            password_hash=password_hash,
            locale=str(get_locale())[:2],
            at=clock.now(),
        )
    return let_in(account, None)


# Helpers --------------------------------------------------------------------------------------------------------


def let_in(account: Person, target: str | None) -> Response:
    """A new session for this browser, and on to where they wanted to go."""
    account_id = account.id
    with transaction():
        token = services.start_sign_in(account_id, agent=request.user_agent.string, at=clock.now())
    identity.remember(token)
    return redirect(target or home_of(account), 303)


def home_of(account: Person) -> str:
    """Where somebody begins: staff at their desk."""
    return request.script_root + ("/desk" if account.is_staff else "/me")


def known_form(text: str) -> str:
    """The address as it is stored; what is no address stays as typed, and belongs to nobody."""
    try:
        return emails.normal(text)
    except Problem:
        return text[:254]


def count_try(what: str, email: str, *, limit: int, per: timedelta, per_network: int) -> None:
    """Bound how often this is tried for one account, known or not, and from one network."""
    with transaction():
        throttle(f"{what} {email}", limit=limit, per=per)
        throttle(f"{what} from {network()}", limit=per_network, per=per)


def pending_account() -> Person | None:
    """Whose password was right a moment ago, and whose code is awaited."""
    waiting = session.get(PENDING)
    if not waiting or clock.now().timestamp() - waiting[1] > PENDING_FOR.total_seconds():
        return None
    try:
        account = queries.get_person(waiting[0])
    except NotFound:
        return None
    return account if account.is_active else None
