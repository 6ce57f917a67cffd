"""The organisers' side of a jury: how it is judged, who scores what and how far they are, and what needs a person."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.contests import phases
from cms.contests.judging import queries, rules, services
from cms.contests.judging.forms import (
    CertificateForm,
    EmptyForm,
    JudgingForm,
    ReasonForm,
    SwapForm,
    from_judging,
)
from cms.contests.judging.models import Certificate, JurySeat
from cms.contests.judging.views import bp
from cms.contests.judging.wording import BREAK_NAMES, HELD_NAMES, METHOD_NAMES, STATE_NAMES
from cms.contests.models import Contest
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import page
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


@bp.get("/desk/contests/<int:contest_id>/judging")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def show_judging(contest_id: int, contest: Contest) -> str:
    """Everything about the jury and the vote of one contest; never what was scored before names are open."""
    form = JudgingForm(formdata=None, data=from_judging(queries.find_judging(contest_id)))
    return _page(contest, form)


@bp.post("/desk/contests/<int:contest_id>/judging")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def set_judging(contest_id: int, contest: Contest) -> Answer:
    """Say how it is judged."""
    form = JudgingForm()
    if not form.validate():
        return _page(queries.get_contest(contest_id), form), 422
    try:
        with transaction():
            services.set_judging(contest_id, form.terms(), by=person(), at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_contest(contest_id), form), problem.status
    return _back(contest_id, _("Saved. It can be changed until somebody scores or votes."))


@bp.post("/desk/contests/<int:contest_id>/judging/shares")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def share_out(contest_id: int, contest: Contest) -> Answer:
    """Give every entry its jurors."""
    return _do(
        contest_id,
        lambda by: services.share_out(contest_id, by=by, at=clock.now()),
        _("The entries are shared out. What was scored already stayed where it is."),
    )


@bp.post("/desk/contests/<int:contest_id>/judging/seats/<int:seat>/departure")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def leave_seat(contest_id: int, seat: int, contest: Contest) -> Answer:
    """A juror drops out."""
    if queries.get_seat(seat).contest_id != contest_id:
        raise NotFound
    reason = ReasonForm().reason.data or ""
    return _do(
        contest_id,
        lambda by: services.leave_seat(seat, reason, by=by, at=clock.now()),
        _("The juror has left. Complete scores count; the rest went to the others."),
    )


@bp.get("/desk/contests/<int:contest_id>/judging/seats/<int:seat>")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def show_seat_at_desk(contest_id: int, seat: int, contest: Contest) -> str:
    """What one juror is to score, to give some of it to another one. Never what was scored."""
    progress = queries.progress(contest_id)
    mine = _seat_of(progress, seat)
    judging = queries.find_judging(contest_id)
    return page(
        "cms/contests/judging/desk_seat.html",
        contest=contest,
        seat=mine,
        others=[one.seat for one in progress.seats if one.seat is not mine and one.seat.left_at is None],
        entries=queries.entries_of_seat(seat),
        button=EmptyForm(),
        is_open=judging is not None and judging.scores_sealed_at is None,
    )


@bp.post("/desk/contests/<int:contest_id>/judging/seats/<int:seat>/swap")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def swap_entry(contest_id: int, seat: int, contest: Contest) -> Answer:
    """Give an entry without marks to another juror."""
    _seat_of(queries.progress(contest_id), seat)
    form = SwapForm()
    back = url_for(".show_seat_at_desk", contest_id=contest_id, seat=seat)
    if not form.validate():
        flash(_("Please choose a juror."), "bad")
        return redirect(back, 303)
    return _do(
        contest_id,
        lambda by: services.swap(seat, form.to.data or 0, form.entry.data or 0, by=by, at=clock.now()),
        _("The entry went to the other juror, who is told."),
        back=back,
    )


@bp.post("/desk/contests/<int:contest_id>/judging/head")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def set_head(contest_id: int, contest: Contest) -> Answer:
    """Who heads the jury; nobody when no seat is named."""
    said = ReasonForm().seat.data or ""
    number = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None
    if said and number is None:
        raise NotFound
    if number is not None:
        _seat_of(queries.progress(contest_id), number)
    return _do(
        contest_id,
        lambda by: services.set_head(contest_id, number, by=by, at=clock.now()),
        _("Saved. It can be changed until the first score."),
    )


@bp.post("/desk/contests/<int:contest_id>/judging/comments/<int:score>")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def moderate_comment(contest_id: int, score: int, contest: Contest) -> Answer:
    """Let a juror's comment through, or hold it back."""
    if score not in {one.id for one in queries.comments_waiting(contest_id)}:
        raise NotFound
    state = ReasonForm().state.data or ""
    return _do(
        contest_id,
        lambda by: services.moderate_comment(score, state, by=by, at=clock.now()),
        _("Let through.") if state == "approved" else _("Held back."),
    )


@bp.post("/desk/contests/<int:contest_id>/judging/voters/<int:voter>")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def decide_voter(contest_id: int, voter: int, contest: Contest) -> Answer:
    """Whether votes that were set aside count."""
    if voter not in {one.id for one, _votes in queries.voters_set_aside(contest_id)}:
        raise NotFound
    form = ReasonForm()
    return _do(
        contest_id,
        lambda by: services.decide_voter(
            voter, form.state.data or "", form.reason.data or "", by=by, at=clock.now()
        ),
        _("Decided, and written into the audit log."),
    )


@bp.post("/desk/contests/<int:contest_id>/judging/likenesses")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def compare_entries(contest_id: int, contest: Contest) -> Answer:
    """Look what entries have in common with each other and with what the site published."""
    found = services.find_likenesses(contest_id)
    return _do(
        contest_id,
        lambda by: services.keep_likenesses(contest_id, found, by=by, at=clock.now()),
        _("Compared. What they have in common stands below: it proves nothing by itself."),
    )


@bp.post("/desk/contests/<int:contest_id>/judging/opening")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def open_results(contest_id: int, contest: Contest) -> Answer:
    """Open names, scores and the bundle."""
    return _do(
        contest_id,
        lambda by: services.open_results(contest_id, by=by, at=clock.now()),
        _("Names and scores are open, and anybody can work the result out again."),
    )


@bp.post("/desk/contests/<int:contest_id>/judging/places")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def propose_places(contest_id: int, contest: Contest) -> Answer:
    """Take the places as they were worked out for the contest's results."""
    reason = ReasonForm().reason.data or ""
    return _do(
        contest_id,
        lambda by: services.propose_places(contest_id, reason=reason, by=by, at=clock.now()),
        _("The places are set as preliminary results."),
    )


@bp.post("/desk/contests/<int:contest_id>/judging/certificates")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def issue_certificates(contest_id: int, contest: Contest) -> Answer:
    """One for every author who has none."""
    return _do(
        contest_id,
        lambda by: services.issue_certificates(contest_id, by=by, at=clock.now()),
        _("Every author has a certificate now."),
    )


@bp.post("/desk/contests/<int:contest_id>/judging/certificates/<int:certificate>/revocation")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def revoke_certificate(contest_id: int, certificate: int, contest: Contest) -> Answer:
    """It holds no more."""
    if certificate not in {one.id for one in queries.certificates_of(contest_id)}:
        raise NotFound
    reason = ReasonForm().reason.data or ""
    return _do(
        contest_id,
        lambda by: services.revoke_certificate(certificate, reason, by=by, at=clock.now()),
        _("Revoked. Its page says so."),
    )


@bp.get("/desk/contests/<int:contest_id>/judging/certificates/<int:certificate>")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def show_certificate_at_desk(contest_id: int, certificate: int, contest: Contest) -> str:
    """A certificate, to put the name on it right."""
    found = queries.get_certificate(contest_id, certificate)
    return _certificate_page(contest, found, CertificateForm(formdata=None, data={"name": found.name}))


@bp.post("/desk/contests/<int:contest_id>/judging/certificates/<int:certificate>")
@allowed(rules.can_run_jury, contest=queries.get_contest)
def reissue_certificate(contest_id: int, certificate: int, contest: Contest) -> Answer:
    """Issue it anew with the name put right; the old code says that it was replaced."""
    found, form = queries.get_certificate(contest_id, certificate), CertificateForm()
    if not form.validate():
        return _certificate_page(contest, found, form), 422
    try:
        with transaction():
            services.reissue_certificate(
                certificate, form.name.data or "", form.reason.data or "", by=person(), at=clock.now()
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        found = queries.get_certificate(contest_id, certificate)
        return _certificate_page(queries.get_contest(contest_id), found, form), problem.status
    return _back(contest_id, _("Issued anew. Its old code leads to the new one."))


def _certificate_page(contest: Contest, found: Certificate, form: CertificateForm) -> str:
    return page("cms/contests/judging/desk_certificate.html", contest=contest, certificate=found, form=form)


def _seat_of(progress: queries.Progress, number: int) -> JurySeat:
    """The seat with this number, if it is one of the contest; raises `NotFound`."""
    found = next((one.seat for one in progress.seats if one.seat.id == number), None)
    if found is None:
        raise NotFound
    return found


def _do(
    contest_id: int, act: Callable[[Person | None], object], done: str, *, back: str | None = None
) -> Response:
    """One act by a button: done, or why not. `back`: the page it was pressed on, where that is another one."""
    by, back = person(), back or url_for(".show_judging", contest_id=contest_id)
    try:
        with transaction():
            act(by)
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
        return redirect(back, 303)
    flash(done, "good")
    return redirect(back, 303)


def _back(contest_id: int, done: str) -> Response:
    flash(done, "good")
    return redirect(url_for(".show_judging", contest_id=contest_id), 303)


def _page(contest: Contest, form: JudgingForm) -> str:
    judging = queries.find_judging(contest.id)
    is_open = judging is not None and judging.opened_at is not None
    return page(
        "cms/contests/judging/desk.html",
        contest=contest,
        judging=judging,
        form=form,
        button=EmptyForm(),
        reason=ReasonForm(formdata=None),
        progress=queries.progress(contest.id),
        comments=queries.comments_waiting(contest.id),
        voters=queries.voters_set_aside(contest.id),
        likenesses=queries.likenesses_of(contest.id),
        certificates=queries.certificates_of(contest.id),
        titles=queries.titles_of(contest.id),
        result=services.contents_of(judging, contest).result() if judging is not None and is_open else None,
        is_jury_over=phases.is_over(contest, "jury", clock.now()),
        held_names=HELD_NAMES,
        state_names=STATE_NAMES,
        methods=METHOD_NAMES,
        breaks=BREAK_NAMES,
    )
