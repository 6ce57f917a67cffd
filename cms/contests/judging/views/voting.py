"""The public vote: entries without names in the voter's own order, and no count anywhere until the end."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.contests import phases
from cms.contests.judging import queries, rules, services
from cms.contests.judging.forms import EmptyForm
from cms.contests.judging.views import bp
from cms.contests.models import Contest
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, NotFound
from cms.core.pages import page
from cms.core.throttle import network

Answer = Response | str


@bp.get("/contests/<slug>/vote")
@allowed(rules.can_see_juries)
def show_vote(slug: str) -> str:
    """All entries, and which of them one voted for."""
    contest, by = _contest(slug), person()
    assert by is not None
    entries, mine = queries.ballot_paper(contest.id, by.id)
    judging = queries.find_judging(contest.id)
    return page(
        "cms/contests/judging/vote.html",
        contest=contest,
        phase=phases.find_phase(contest, "vote"),
        entries=entries,
        mine=mine,
        judging=judging,
        left=(judging.votes_each if judging else 0) - len(mine),
        form=EmptyForm(),
    )


@bp.get("/contests/<slug>/vote/<int:entry_id>")
@allowed(rules.can_see_juries)
def show_candidate(slug: str, entry_id: int) -> str:
    """One entry to read before voting."""
    contest, by = _contest(slug), person()
    assert by is not None
    entries, mine = queries.ballot_paper(contest.id, by.id)
    found = next((one for one in entries if one.entry_id == entry_id), None)
    if found is None:
        raise NotFound
    return page(
        "cms/contests/judging/candidate.html",
        contest=contest,
        entry=found,
        html=queries.blind_html(found.body),
        is_mine=entry_id in mine,
        form=EmptyForm(),
    )


@bp.post("/contests/<slug>/vote/<int:entry_id>")
@allowed(rules.can_see_juries)
def cast_vote(slug: str, entry_id: int) -> Answer:
    """Vote for it."""
    contest, by = _contest(slug), person()
    assert by is not None
    try:
        with transaction():
            services.cast_vote(contest.id, entry_id, by=by, network=network(), at=clock.now())
    except Conflict as problem:
        flash(str(problem.message), "bad")
    else:
        flash(_("Your vote is in. You can change it while the vote is open."), "good")
    return redirect(url_for(".show_vote", slug=slug), 303)


@bp.post("/contests/<slug>/vote/<int:entry_id>/removal")
@allowed(rules.can_see_juries)
def take_vote_back(slug: str, entry_id: int) -> Answer:
    """Think again."""
    contest, by = _contest(slug), person()
    assert by is not None
    try:
        with transaction():
            services.take_vote_back(contest.id, entry_id, by=by, at=clock.now())
    except Conflict as problem:
        flash(str(problem.message), "bad")
    return redirect(url_for(".show_vote", slug=slug), 303)


def _contest(slug: str) -> Contest:
    """The contest at this address while its vote is open: before and after there is nothing to vote on."""
    contest = queries.find_contest(slug)
    if contest is None or not phases.is_open(contest, "vote", clock.now()):
        raise NotFound
    return contest
