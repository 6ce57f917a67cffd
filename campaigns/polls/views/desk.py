"""The desk's pages of questions: asking, what was answered, closing, taking the answers away."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaigns.polls import queries, rules, services
from campaigns.polls.forms import EmptyForm, PollForm, from_poll
from campaigns.polls.models import Poll
from campaigns.polls.queries import get_poll
from campaigns.polls.terms import read_terms
from campaigns.polls.views import bp
from campaigns.polls.wording import AUDIENCE_NAMES
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.languages import localized
from cms.core.pages import page
from cms.people import audit
from cms.people.acts import csv_cell
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


@bp.get("/desk/polls")
@allowed(rules.can_ask)
def list_polls() -> str:
    """Every question, with how many answered."""
    before = request.args.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None
    found = queries.polls(before=number, limit=queries.PAGE_LENGTH + 1)
    shown = found[: queries.PAGE_LENGTH]
    return page(
        "campaigns/polls/list.html",
        polls=shown,
        counts=queries.counts_of([one.id for one in shown]),
        next_url=url_for(".list_polls", before=shown[-1].id) if len(found) > len(shown) else None,
        is_first=number is None,
    )


@bp.get("/desk/polls/new")
@allowed(rules.can_ask)
def new_poll() -> str:
    """An empty form, begun from a post or a campaign."""
    given = {name: request.args.get(name, "") for name in ("post", "campaign")}
    return page("campaigns/polls/new.html", form=PollForm(formdata=None, data={"kind": "choice", **given}))


@bp.post("/desk/polls")
@allowed(rules.can_ask)
def create_poll() -> Answer:
    """Put it on its page."""
    form, by, at = PollForm(), _me(), clock.now()
    if not form.validate():
        return page("campaigns/polls/new.html", form=form), 422
    try:
        terms = read_terms(form.terms())
        with transaction():
            poll_id = services.ask(terms, by=by, at=at, **form.place()).id
            audit.record("poll.asked", f"poll:{poll_id}", by=by, at=at)
    except Invalid as problem:
        form.complain(problem)
        return page("campaigns/polls/new.html", form=form), 422
    flash(_("Readers are asked within a second."), "good")
    return redirect(url_for(".show_results", poll_id=poll_id), 303)


@bp.get("/desk/polls/<int:poll_id>")
@allowed(rules.can_change_poll, poll=get_poll)
def show_results(poll_id: int, poll: Poll) -> str:
    """What was answered."""
    return _show(poll, PollForm(formdata=None, data=from_poll(poll)))


@bp.post("/desk/polls/<int:poll_id>")
@allowed(rules.can_change_poll, poll=get_poll)
def save_poll(poll_id: int, poll: Poll) -> Answer:
    """Change it: its words only while nobody has answered."""
    form, by, at = PollForm(), _me(), clock.now()
    if not form.validate():
        return _show(poll, form), 422
    try:
        terms = read_terms(form.terms())
        with transaction():
            services.change_poll(poll_id, terms)
            audit.record("poll.changed", f"poll:{poll_id}", by=by, at=at)
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _show(get_poll(poll_id), form), problem.status
    flash(_("Saved."), "good")
    return redirect(url_for(".show_results", poll_id=poll_id), 303)


@bp.post("/desk/polls/<int:poll_id>/end")
@allowed(rules.can_change_poll, poll=get_poll)
def end_poll(poll_id: int, poll: Poll) -> Response:
    """Close it."""
    return _done("poll.closed", poll_id, lambda at: services.end_poll(poll_id, at=at), _("It is closed."))


@bp.post("/desk/polls/<int:poll_id>/end/removal")
@allowed(rules.can_change_poll, poll=get_poll)
def resume_poll(poll_id: int, poll: Poll) -> Response:
    """Undo that."""
    return _done(
        "poll.reopened", poll_id, lambda at: services.resume_poll(poll_id), _("Readers are asked again.")
    )


@bp.get("/desk/polls/<int:poll_id>/answers.csv")
@allowed(rules.can_change_poll, poll=get_poll)
def export_answers(poll_id: int, poll: Poll) -> FlaskResponse:
    """A line for each answer: when, what, who they say they are, and who they were taken for."""
    labels = {one.id: localized(one.label) for one in poll.choices}

    def lines() -> Iterator[str]:
        yield "\ufeff" + _line(["at", "answer", "audience", "taken_for"])
        for one in queries.answers_of(poll_id):
            answer = labels.get(one.choice_id or 0, "") if one.score is None else one.score
            yield _line([one.at.isoformat(), answer, one.audience or "", one.verdict])

    body = "".join(lines())
    headers = {
        "Content-Disposition": f'attachment; filename="answers-{poll_id}.csv"',
        "Cache-Control": "private, no-store",
    }
    return FlaskResponse(body, mimetype="text/csv", headers=headers)


def _line(values: list[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([csv_cell(value) if isinstance(value, str) else value for value in values])
    return text.getvalue()


def _me() -> Person:
    by = person()
    assert by is not None  # the rule let nobody else through
    return by


def _done(act: str, poll_id: int, do: Callable[[datetime], None], said: str) -> Response:
    by, at = _me(), clock.now()
    with transaction():
        do(at)
        audit.record(act, f"poll:{poll_id}", by=by, at=at)
    flash(said, "good")
    return redirect(url_for(".show_results", poll_id=poll_id), 303)


def _show(poll: Poll, form: PollForm) -> str:
    return page(
        "campaigns/polls/results.html",
        poll=poll,
        results=queries.results_of(poll),
        form=form,
        button=EmptyForm(formdata=None),
        audiences=AUDIENCE_NAMES,
    )
