"""A juror's marks: saved as often as they like until scores are sealed; comments to entrants wait for a moderator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from cms.contests import phases
from cms.contests.judging import rubric
from cms.contests.judging.models import JuryAssignment, JuryRecusal, JuryScore, JurySeat, ScoreAmendment
from cms.contests.judging.services.problems import NotJudgingNow, NotYet, NotYours, TextChanged
from cms.contests.judging.services.setting import get_locked
from cms.contests.models import Contest, Entry
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.text import strip_control
from cms.people import audit
from cms.people.models import Person

LONGEST_COMMENT = 4000


def save_score(
    seat_id: int,
    entry_id: int,
    marks: Mapping[str, int | None],
    *,
    content_hash: str,
    version: int,
    comment: str = "",
    note: str = "",
    at: datetime,
) -> JuryScore:
    """Keep the marks for the text with this hash. `version` is that of the marks the form showed, 0 for none.

    Raises `NotYours`, `NotJudgingNow`, `TextChanged`, or `Invalid` for marks that no level gives.
    """
    seat = db.session.get(JurySeat, seat_id, populate_existing=True)
    entry = db.session.get(Entry, entry_id, options=[joinedload(Entry.snapshot)], populate_existing=True)
    if seat is None or entry is None or entry.contest_id != seat.contest_id:
        raise NotFound
    refuse_unless_theirs(seat, entry)
    judging = get_locked(seat.contest_id)
    _refuse_closed(seat.contest_id, at)
    if judging.scores_sealed_at is not None:
        raise NotJudgingNow
    asked = rubric.from_json(judging.rubric)
    if wrong := rubric.strange(asked, marks):
        raise Invalid(errors={f"mark-{key}": _("Please choose one of the levels.") for key in wrong})
    said, private = strip_control(comment).strip(), strip_control(note).strip()
    if len(said) > LONGEST_COMMENT or len(private) > LONGEST_COMMENT:
        raise Invalid(errors={"comment": _("At most %(number)s characters.", number=LONGEST_COMMENT)})
    score = db.session.scalar(
        select(JuryScore).where(JuryScore.seat_id == seat_id, JuryScore.entry_id == entry_id)
    )
    if entry.sealed_hash != content_hash or version != (score.version if score else 0):
        raise TextChanged
    if score is None:
        score = JuryScore(seat_id=seat_id, entry_id=entry_id, comment="", comment_state="none")
        db.session.add(score)
    if said != score.comment:
        score.comment, score.comment_state = said, "waiting" if said else "none"
    score.content_hash, score.marks = (
        content_hash,
        {key: marks.get(key) for key in (one.key for one in asked)},
    )
    score.is_complete, score.note, score.saved_at = rubric.is_complete(asked, marks), private, at
    judging.first_score_at = judging.first_score_at or at
    try:
        db.session.flush()
    except (IntegrityError, StaleDataError) as error:  # the same juror in two windows
        raise TextChanged from error
    return score


def moderate_comment(score_id: int, state: str, *, by: Person | None, at: datetime) -> None:
    """Let a juror's comment through to the entrant, or hold it back. Raises `Invalid`."""
    score = db.session.get(JuryScore, score_id, options=[joinedload(JuryScore.seat)], populate_existing=True)
    if score is None or not score.comment:
        raise NotFound
    if state not in ("approved", "held"):
        raise Invalid(errors={"state": _("Please let it through or hold it back.")})
    score.comment_state = state
    act = "contest.comment_passed" if state == "approved" else "contest.comment_held"
    detail = {"entry_id": score.entry_id}
    audit.record(act, f"contest:{score.seat.contest_id}", by=by, at=at, detail=detail)


def amend_score(
    seat_id: int,
    entry_id: int,
    marks: Mapping[str, int | None],
    reason: str,
    *,
    by: Person | None,
    at: datetime,
) -> ScoreAmendment:
    """Put marks right after the seal, for everybody to see: the bundle holds both, and the reason."""
    seat = db.session.get(JurySeat, seat_id)
    entry = db.session.get(Entry, entry_id)
    if seat is None or entry is None or entry.contest_id != seat.contest_id:
        raise NotFound
    judging = get_locked(seat.contest_id)
    if judging.scores_sealed_at is None:
        raise NotYet(_("Scores are not sealed yet: the juror can still change them."))
    asked = rubric.from_json(judging.rubric)
    if rubric.strange(asked, marks) or not rubric.is_complete(asked, marks):
        raise Invalid(errors={"marks": _("Please choose a level of each criterion.")})
    if not reason.strip():
        raise Invalid(errors={"reason": _("Please say what was wrong: everybody can read it.")})
    amended = ScoreAmendment(
        seat_id=seat_id,
        entry_id=entry_id,
        marks=dict(marks),
        reason=reason.strip()[:500],
        at=at,
        by_id=by.id if by else None,
    )
    db.session.add(amended)
    db.session.flush()
    detail: dict[str, Any] = {"entry_id": entry_id, "reason": reason.strip()[:200]}
    audit.record("contest.score_amended", f"contest:{seat.contest_id}", by=by, at=at, detail=detail)
    return amended


def refuse_unless_theirs(seat: JurySeat, entry: Entry) -> None:
    """Only what is assigned, and nothing one is recused from. Raises `NotYours`."""
    assigned = select(JuryAssignment.id).where(
        JuryAssignment.seat_id == seat.id, JuryAssignment.entry_id == entry.id
    )
    recused = db.session.get(JuryRecusal, (seat.id, entry.id)) is not None
    if seat.left_at is not None or recused or db.session.scalar(assigned) is None or not entry.is_accepted:
        raise NotYours


def _refuse_closed(contest_id: int, at: datetime) -> None:
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise NotFound
    db.session.refresh(contest, ["phases"])
    if not phases.is_open(contest, "jury", at):
        raise NotJudgingNow
