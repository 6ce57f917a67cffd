"""Questions to readers in the API: list, ask, read, change, close; and what was answered."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.polls import models, presenting, queries, rules, schemas, services
from campaigns.polls.queries import get_poll
from campaigns.polls.terms import PollTerms, read_terms
from cms.api.answering import Made, answer, changing, made_once, refuse_stale
from cms.api.cursors import cut, read_number
from cms.api.gate import resources
from cms.api.operations import operation
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.people import audit
from cms.people.models import Person

api = resources("polls_api", {"polls": _("Questions to readers")})
POLL = "/polls/<number:poll_id>"
READ, WRITE = "campaigns:read", "campaigns:write"
_FIELDS = {"question_en": "question"}  # a form has a field for each language


@api.get("/polls")
@allowed(rules.can_ask)
@operation("polls", _("List questions"), scope=READ, query=schemas.PollsAsked, answer=schemas.PollList)
def list_polls(asked: schemas.PollsAsked) -> Response:
    """The newest first."""
    found = queries.polls(
        before=read_number("polls", asked.cursor),
        limit=asked.limit + 1,
        post_id=asked.post,
        campaign_id=asked.campaign,
        is_open=None if asked.state is None else asked.state == "open",
    )
    shown, following = cut("polls", found, asked.limit, lambda one: one.id)
    return answer(
        schemas.PollList(
            items=[presenting.poll(one) for one in shown],
            next=following,
        )
    )


@api.post("/polls")
@allowed(rules.can_ask)
@operation(
    "polls",
    _("Ask a question"),
    scope=WRITE,
    body=schemas.NewPoll,
    answer=schemas.Poll,
    status=201,
    once=True,
)
def create_poll(body: schemas.NewPoll) -> Response:
    """It stands on its page within a second."""
    terms = PollTerms(
        body.kind,
        body.question.model_dump(),
        _labels(body.choices),
        body.asks_audience,
        body.shows_results,
    )

    def make(by: Person, at: datetime) -> Made:
        if not services.is_place(post_id=body.post, campaign_id=body.campaign):
            raise Invalid(errors={"post": gettext("Please name one post, or else one campaign.")})
        with _named_as_here():
            made = services.ask(read_terms(terms), post_id=body.post, campaign_id=body.campaign, by=by, at=at)
        audit.record("poll.asked", f"poll:{made.id}", by=by, at=at)
        return Made(presenting.poll(made), location=f"/api/v1/polls/{made.id}")

    return made_once(body.model_dump_json(), make)


@api.get(POLL)
@allowed(rules.can_change_poll, poll=get_poll)
@operation("polls", _("Read a question"), scope=READ, answer=schemas.Poll)
def show_poll(poll_id: int, poll: models.Poll) -> Response:
    """What is asked, and where."""
    return answer(presenting.poll(poll))


@api.patch(POLL)
@allowed(rules.can_change_poll, poll=get_poll)
@operation(
    "polls",
    _("Change a question"),
    scope=WRITE,
    body=schemas.ChangedPoll,
    answer=schemas.Poll,
    if_match=True,
    conflicts=True,
)
def edit_poll(poll_id: int, poll: models.Poll, body: schemas.ChangedPoll) -> Response:
    """Only what is named changes. Once somebody has answered only whether results are shown does."""
    with changing() as (by, at), _named_as_here():
        now = get_poll(poll_id)
        refuse_stale(presenting.poll(now))
        services.change_poll(poll_id, read_terms(_terms(now, body)))
        audit.record("poll.changed", f"poll:{poll_id}", by=by, at=at)
    return _told(poll_id)


@api.put(f"{POLL}/end")
@allowed(rules.can_change_poll, poll=get_poll)
@operation("polls", _("Close a question"), scope=WRITE, answer=schemas.Poll, if_match=True)
def end_poll(poll_id: int, poll: models.Poll) -> Response:
    """It leaves its page; what was answered stays. Twice is once."""
    with changing() as (by, at):
        refuse_stale(presenting.poll(get_poll(poll_id)))
        services.end_poll(poll_id, at=at)
        audit.record("poll.closed", f"poll:{poll_id}", by=by, at=at)
    return _told(poll_id)


@api.delete(f"{POLL}/end")
@allowed(rules.can_change_poll, poll=get_poll)
@operation("polls", _("Ask a closed question again"), scope=WRITE, answer=schemas.Poll, if_match=True)
def resume_poll(poll_id: int, poll: models.Poll) -> Response:
    """It stands on its page again."""
    with changing() as (by, at):
        refuse_stale(presenting.poll(get_poll(poll_id)))
        services.resume_poll(poll_id)
        audit.record("poll.reopened", f"poll:{poll_id}", by=by, at=at)
    return _told(poll_id)


@api.get(f"{POLL}/results")
@allowed(rules.can_change_poll, poll=get_poll)
@operation("polls", _("What was answered"), scope=READ, answer=schemas.PollResults)
def show_answers(poll_id: int, poll: models.Poll) -> Response:
    """Machines and ourselves are left out, and said."""
    return answer(presenting.results(poll, queries.results_of(poll)))


def _told(poll_id: int) -> Response:
    return answer(presenting.poll(get_poll(poll_id)))


def _labels(choices: Sequence[schemas.ChoiceFields]) -> list[dict[str, str]]:
    return [one.model_dump() for one in choices]


def _terms(poll: models.Poll, body: schemas.ChangedPoll) -> PollTerms:
    """What is said now, with what is named in its place."""
    return PollTerms(
        kind=body.kind or poll.kind,
        question=poll.question if body.question is None else body.question.model_dump(),
        choices=[one.label for one in poll.choices] if body.choices is None else _labels(body.choices),
        asks_audience=poll.asks_audience if body.asks_audience is None else body.asks_audience,
        shows_results=poll.shows_results if body.shows_results is None else body.shows_results,
    )


@contextmanager
def _named_as_here() -> Iterator[None]:
    """Fields are called here as the API calls them."""
    try:
        yield
    except Invalid as problem:
        errors = {_FIELDS.get(field, field): sentence for field, sentence in problem.errors.items()}
        raise Invalid(str(problem.message), errors=errors) from problem
