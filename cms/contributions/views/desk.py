"""The desk's pages about people from outside: who was asked, one of them, and everything done about it."""

import csv
import io
from collections.abc import Callable
from zoneinfo import available_timezones

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from cms.contributions import queries, rules, services, states
from cms.contributions.forms import DeadlineForm, EmptyForm, TermsForm, WordsForm, from_contribution
from cms.contributions.models import Contribution
from cms.contributions.queries import PAGE_LENGTH, get_contribution
from cms.contributions.rows import described
from cms.contributions.views import bp
from cms.contributions.views.asked import Answer, me
from cms.contributions.views.inviting import show_once, take_link
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import absolute, iso, page
from cms.core.problems import wants_json
from cms.core.walltime import AmbiguousTime
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.queries import get_post


@bp.get("/desk/contributions")
@allowed(rules.can_see_contributions)
def list_contributions() -> Answer:
    """Who was asked, newest first."""
    owed = request.args.get("owed", "")
    owed = owed if owed in queries.OWED else ""
    before = request.args.get("before", "")
    at = clock.now()
    rows = queries.contributions(
        owed, at=at, before=int(before) if before.isdecimal() and len(before) < 10 else None
    )
    shown = rows[:PAGE_LENGTH]
    more = (
        url_for(".list_contributions", owed=owed or None, before=shown[-1].id)
        if len(rows) > PAGE_LENGTH
        else None
    )
    return page(
        "cms/contributions/list.html",
        rows=described(shown, at),
        owed=owed,
        next_url=more,
        is_first=not before,
    )


@bp.get("/desk/contributions/<int:contribution_id>")
@allowed(rules.can_manage, contribution=get_contribution)
def manage_contribution(contribution_id: int, contribution: Contribution) -> Answer:
    """One of them: terms, state, what was said, the record."""
    return _page(contribution)


@bp.post("/desk/contributions/<int:contribution_id>")
@allowed(rules.can_manage, contribution=get_contribution)
def change_terms(contribution_id: int, contribution: Contribution) -> Answer:
    """Another brief, target, deadline or end."""
    form, by = TermsForm(), me()
    form.offer(contribution.purpose)
    if not form.validate():
        return _page(contribution, form), 422
    try:
        terms = form.terms
        with transaction():
            services.change_terms(contribution_id, terms, by=by, at=clock.now())
    except AmbiguousTime as question:
        form.ask(question)
        form.complain(question)
        return _page(get_contribution(contribution_id), form), 422
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(get_contribution(contribution_id), form), problem.status
    flash(_("Saved."), "good")
    return redirect(url_for(".manage_contribution", contribution_id=contribution_id), 303)


@bp.post("/desk/contributions/<int:contribution_id>/deadline")
@allowed(rules.can_manage, contribution=get_contribution)
def move_deadline(contribution_id: int, contribution: Contribution) -> Answer:
    """Another deadline, as the calendar sends it; a program is answered with a sentence."""
    form, by = DeadlineForm(), me()
    try:
        with transaction():
            services.move_deadline(
                contribution_id,
                wall=form.wall.data or "",
                zone=form.zone.data or "UTC",
                which=form.chosen,
                by=by,
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        return _moved(
            contribution_id, next(iter(problem.errors.values()), str(problem.message)), problem.status
        )
    return _moved(contribution_id, _("The deadline was moved."), 200)


@bp.post("/desk/contributions/<int:contribution_id>/revocation")
@allowed(rules.can_manage, contribution=get_contribution)
def revoke(contribution_id: int, contribution: Contribution) -> Answer:
    """End it; the link stops at once."""
    said = _("Withdrawn. The link stopped working; what was written stays.")
    return _done(contribution_id, lambda by: services.revoke(contribution_id, by=by, at=clock.now()), said)


@bp.post("/desk/contributions/<int:contribution_id>/link")
@allowed(rules.can_manage, contribution=get_contribution)
def renew_link(contribution_id: int, contribution: Contribution) -> Answer:
    """A new link, shown once; the old ones die."""
    by, mail = me(), "mail" in request.form
    try:
        with transaction():
            token = services.renew_link(contribution_id, by=by, at=clock.now(), mail=mail)
    except Conflict as problem:
        flash(str(problem.message), "bad")
        return redirect(url_for(".manage_contribution", contribution_id=contribution_id), 303)
    return show_once(contribution_id, token)


@bp.post("/desk/contributions/<int:contribution_id>/reminder")
@allowed(rules.can_manage, contribution=get_contribution)
def remind(contribution_id: int, contribution: Contribution) -> Answer:
    """Mail a reminder now."""
    said = _("The reminder is on its way.")
    return _done(contribution_id, lambda by: services.remind(contribution_id, by=by, at=clock.now()), said)


@bp.post("/desk/contributions/<int:contribution_id>/return")
@allowed(rules.can_manage, contribution=get_contribution)
def hand_back(contribution_id: int, contribution: Contribution) -> Answer:
    """Give the text back, with words."""
    return _spoken(contribution, services.hand_back, _("Handed back."))


@bp.post("/desk/contributions/<int:contribution_id>/messages")
@allowed(rules.can_manage, contribution=get_contribution)
def answer(contribution_id: int, contribution: Contribution) -> Answer:
    """Write to them."""
    return _spoken(contribution, services.answer, _("Sent."))


@bp.post("/desk/contributions/<int:contribution_id>/approval-request")
@allowed(rules.can_manage, contribution=get_contribution)
def ask_approval(contribution_id: int, contribution: Contribution) -> Answer:
    """Ask them to approve byline and text."""
    said = _("They are asked to approve byline and text.")
    return _done(
        contribution_id, lambda by: services.ask_approval(contribution_id, by=by, at=clock.now()), said
    )


@bp.get("/desk/posts/<int:post_id>/sign-offs.csv")
@allowed(rules.can_invite, post=get_post)
def export_sign_offs(post_id: int, post: Post) -> Response:
    """Who agreed to which text, in which role, when: for those who keep records elsewhere."""
    file = io.StringIO()
    lines = csv.writer(file)
    lines.writerow(["at", "who", "role", "act", "revision", "hash", "words"])
    for one in queries.sign_offs(post_id):
        number = one.revision.number if one.revision else ""
        who, role = one.by.name if one.by else "", one.contribution.role
        row = [iso(one.at), who, role, one.act, number, one.content_hash or "", one.words]
        lines.writerow([_as_text(value) for value in row])
    response = Response("\ufeff" + file.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="sign-offs-{post_id}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _as_text(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _moved(contribution_id: int, sentence: str, status: int) -> Answer:
    if wants_json():
        response = jsonify(message=str(sentence))
        response.status_code = status
        return response
    flash(str(sentence), "good" if status == 200 else "bad")
    return redirect(url_for(".manage_contribution", contribution_id=contribution_id), 303)


def _page(one: Contribution, form: TermsForm | None = None, *, words: WordsForm | None = None) -> str:
    at, latest = clock.now(), one.post.latest
    form = form or TermsForm(formdata=None, data=from_contribution(one))
    form.offer(one.purpose)
    token = take_link(one.id)
    return page(
        "cms/contributions/manage.html",
        one=one,
        row=described([one], at)[0],
        latest=latest,
        entries=queries.entries(one.id),
        act_names=states.ACT_NAMES,
        form=form,
        words=words or WordsForm(formdata=None),
        button=EmptyForm(formdata=None),
        zones=sorted(available_timezones()),
        link=absolute(f"/{one.locale}/contribute/{token}") if token else None,
        is_open=one.is_open(at),
        is_approved=states.is_approved(one, latest.content_hash if latest else None),
    )


def _spoken(one: Contribution, act: Callable[..., None], said: str) -> Answer:
    """Do something that comes with words; without them, say so beside the field."""
    form, by, contribution_id = WordsForm(), me(), one.id
    if not form.validate():
        return _page(one, words=form), 422
    try:
        with transaction():
            act(contribution_id, words=form.words.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(get_contribution(contribution_id), words=form), problem.status
    flash(said, "good")
    return redirect(url_for(".manage_contribution", contribution_id=contribution_id), 303)


def _done(contribution_id: int, act: Callable[[Person], None], said: str) -> Answer:
    """Do one thing and show it again; what does not make sense is said on the page."""
    by = me()
    try:
        with transaction():
            act(by)
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
    else:
        flash(said, "good")
    return redirect(url_for(".manage_contribution", contribution_id=contribution_id), 303)
