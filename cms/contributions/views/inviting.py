"""Asking somebody from outside: the form, and the link that is shown once."""

from zoneinfo import available_timezones

from flask import redirect as go
from flask import request, session, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from cms.contributions import rules, services
from cms.contributions.forms import InvitationForm, fresh_terms
from cms.contributions.models import PURPOSES
from cms.contributions.views import bp
from cms.contributions.views.asked import Answer, me, my_zone
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.walltime import AmbiguousTime
from cms.posts.models import Post
from cms.posts.queries import creditable_people, get_post

LINKS = "contribution_links"  # in the session: tokens that were made and not shown yet


@bp.get("/desk/posts/<int:post_id>/contributions/new")
@allowed(rules.can_invite, post=get_post)
def new_contribution(post_id: int, post: Post) -> Answer:
    """The form: whom, for what, until when."""
    purpose = request.args.get("purpose", "")
    purpose = purpose if purpose in PURPOSES else "write"
    locale = post.language if post.language in ("en", "zh") else str(get_locale())[:2]
    values = fresh_terms(locale=locale, zone=my_zone()) | {"purpose": purpose}
    return _form_page(post, InvitationForm(formdata=None, data=values))


@bp.post("/desk/posts/<int:post_id>/contributions")
@allowed(rules.can_invite, post=get_post)
def invite(post_id: int, post: Post) -> Answer:
    """Ask them; the next page shows the link, once."""
    form, by = InvitationForm(), me()
    purpose = form.purpose.data if form.purpose.data in PURPOSES else "write"
    form.offer(purpose)
    if not form.validate():
        return _form_page(post, form), 422
    try:
        terms = form.terms
        with transaction():
            contribution, token = services.invite(
                post_id,
                terms,
                purpose=purpose,
                person_id=form.who.data or None,
                name=form.name.data or "",
                by=by,
                at=clock.now(),
            )
            contribution_id = contribution.id
    except AmbiguousTime as question:
        form.ask(question)
        form.complain(question)
        return _form_page(get_post(post_id), form), 422
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _form_page(get_post(post_id), form), 422
    return show_once(contribution_id, token)


def show_once(contribution_id: int, token: str) -> Response:
    """Go to the page about it, which shows the new link and forgets it."""
    session[LINKS] = {str(contribution_id): token}
    return go(url_for("contributions.manage_contribution", contribution_id=contribution_id), 303)


def take_link(contribution_id: int) -> str | None:
    """The link to show, when one was just made."""
    made = session.get(LINKS) or {}
    if str(contribution_id) not in made:
        return None
    session.pop(LINKS)
    return str(made[str(contribution_id)])


def _form_page(post: Post, form: InvitationForm) -> str:
    form.offer(form.purpose.data if form.purpose.data in PURPOSES else "write")
    form.offer_people([one for one in creditable_people() if not one.is_staff])
    return page(
        "cms/contributions/invite.html",
        post=post,
        form=form,
        zones=sorted(available_timezones()),
        is_writer=form.purpose.data != "approve",
    )
