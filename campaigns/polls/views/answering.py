"""A reader answers: no session, no cookie, no token; with or without script."""

from datetime import timedelta

from flask import current_app, redirect, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from campaigns.engagement.agents import name_agent
from campaigns.engagement.classify import classify
from campaigns.engagement.clients import hints_of
from campaigns.engagement.facts import tell
from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line
from campaigns.engagement.visitors import window_at
from campaigns.polls import queries, services
from campaigns.polls.models import Poll
from campaigns.polls.views import bp
from campaigns.polls.wording import AUDIENCE_NAMES
from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, Problem
from cms.core.languages import localized
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import config, page
from cms.core.throttle import network, throttle
from cms.site.asked import edition
from cms.site.edition import post_path

Answer = Response | str | tuple[str, int]
PER_NETWORK = 60  # answers in ten minutes: an office of many people, but no machine


class NotReady(Conflict):
    """This process has just started: it cannot tell who answers, so it could not count them once."""

    message = lazy_gettext("Answers cannot be counted just now. Please send it again in a minute.")


@bp.get("/polls/<int:poll_id>")
@public
@cached_page
def show_poll(poll_id: int) -> str:
    """The question on a page of its own, for letters and links."""
    poll = queries.get_public_poll(poll_id)
    depends_on(f"poll:{poll_id}", _tag(poll))
    return _page(poll)


@bp.post("/polls/<int:poll_id>/answers")
@public
def answer_poll(poll_id: int) -> Answer:
    """Count it once for each visitor and window; then thank them."""
    poll = queries.get_public_poll(poll_id)
    subject, at = _subject(poll), clock.now()
    gate: Gate = current_app.extensions["parley_gate"]
    agent = request.headers.get("User-Agent", "")
    # Who asks not to be tracked answers on purpose: the number is for this question alone, and tied to no visit.
    visitor = gate.clients.salts.visitor(request.remote_addr or "", agent, at=at)
    verdict = classify(
        Line(
            0,
            "fact",
            hints_of(request.environ, gate.clients.choices),
            visitor,
            subject,
            agent=name_agent(agent),
        )
    ).verdict
    said = request.form.get("answer", "")
    try:
        if not visitor:
            raise NotReady
        with transaction():
            throttle(f"poll {network()}", limit=PER_NETWORK, per=timedelta(minutes=10))
            answer = services.answer_poll(
                poll_id,
                said,
                request.form.get("audience", ""),
                visitor=visitor,
                window=window_at(at, config().visitor_window),
                verdict=verdict,
                at=at,
            )
            tell("answer", f"{poll_id}:{said}", subject, request, once=f"answer:{answer.id}")
    except services.AnsweredAlready:
        return redirect(url_for(".thank", poll_id=poll_id, again=1), 303)
    except (Invalid, Conflict) as problem:
        return _page(queries.get_public_poll(poll_id), problem, said), problem.status
    return redirect(url_for(".thank", poll_id=poll_id), 303)


@bp.get("/polls/<int:poll_id>/thanks")
@public
def thank(poll_id: int) -> str:
    """It is counted, or was before; with the results where the editor shows them."""
    poll = queries.get_public_poll(poll_id)
    return page(
        "campaigns/polls/thanks.html",
        poll=poll,
        is_again="again" in request.args,
        results=queries.results_of(poll) if poll.shows_results else None,
        back=_path(poll),
    )


def _page(poll: Poll, problem: Problem | None = None, said: str = "") -> str:
    sentence = next(iter(problem.errors.values()), problem.message) if problem else ""
    return page(
        "campaigns/polls/show.html",
        poll=poll,
        audiences=AUDIENCE_NAMES,
        sentence=str(sentence),
        said=said,
        chosen_audience=request.form.get("audience", ""),
        back=_path(poll),
        heading=localized(poll.question),
    )


def _subject(poll: Poll) -> str:
    return f"post:{poll.post_id}" if poll.campaign is None else f"page:/campaigns/{poll.campaign.slug}"


def _tag(poll: Poll) -> str:
    return f"post:{poll.post_id}" if poll.post_id is not None else f"campaign:{poll.campaign_id}"


def _path(poll: Poll) -> str:
    """The page it stands on."""
    if poll.post is not None:
        return edition().to(post_path(poll.post.kind, poll.post.id, poll.post.slug))
    assert poll.campaign is not None
    return edition().to(f"/campaigns/{poll.campaign.slug}")
