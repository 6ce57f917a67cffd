"""How a contest is judged: set before anybody scores or votes, and frozen by the first who does."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from cms.contests.judging import rubric
from cms.contests.judging.models import Judging
from cms.contests.judging.results import CRITERION, HEAD, JudgingRules
from cms.contests.judging.services.problems import JudgingFrozen, NotYet
from cms.contests.models import Contest
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.people import audit
from cms.people.models import Person


@dataclass(frozen=True)
class JudgingTerms:
    """What an organiser says of it."""

    rubric: Sequence[Mapping[str, Any]]
    per_entry: int = 0
    public_weight: int = 0
    breaks: Sequence[str] = field(default_factory=tuple)
    draws_lot: bool = False
    votes_each: int = 1
    voter_days: int = 0


def set_judging(contest_id: int, terms: JudgingTerms, *, by: Person | None, at: datetime) -> Judging:
    """Say how it is judged, or say it anew. The seed and the salt are drawn once and stay. Raises `JudgingFrozen`."""
    if db.session.get(Contest, contest_id) is None:
        raise NotFound
    _refuse_wrong(terms)
    judging = find_locked(contest_id)
    if judging is None:
        judging = Judging(contest_id=contest_id, seed=secrets.token_hex(16), salt=secrets.token_hex(32))
        db.session.add(judging)
    elif judging.is_frozen:
        raise JudgingFrozen
    judging.rubric = [dict(one) for one in terms.rubric]
    judging.per_entry, judging.public_weight = terms.per_entry, terms.public_weight
    judging.breaks, judging.draws_lot = list(terms.breaks), terms.draws_lot
    judging.votes_each, judging.voter_days = terms.votes_each, terms.voter_days
    judging.changed_at = at
    db.session.flush()
    audit.record("contest.judging_set", f"contest:{contest_id}", by=by, at=at)
    return judging


def get_locked(contest_id: int) -> Judging:
    """How it is judged, locked; raises `NotYet` when nobody said so."""
    judging = find_locked(contest_id)
    if judging is None:
        raise NotYet(_("Nobody said yet how this contest is judged."))
    return judging


def find_locked(contest_id: int) -> Judging | None:
    """How it is judged, locked against another writer."""
    return db.session.get(Judging, contest_id, populate_existing=True, with_for_update=True)


def rules_of(judging: Judging) -> JudgingRules:
    """As the arithmetic takes it."""
    return JudgingRules(
        rubric.from_json(judging.rubric),
        judging.public_weight,
        tuple(judging.breaks),
        judging.draws_lot,
        judging.seed,
    )


def _refuse_wrong(terms: JudgingTerms) -> None:
    errors: dict[str, str] = {}
    try:
        keys = [one.key for one in rubric.from_json(terms.rubric)]
    except ValueError:
        keys = []
        errors["rubric"] = _(
            "Please give one to twelve criteria, each with a name, a weight from 1 to 1000 and two to eleven levels "
            "that go up; at least one of them counts and is not optional."
        )
    if keys and not set(terms.breaks) <= {HEAD, *(CRITERION + key for key in keys)}:
        errors["breaks"] = _("Ties can be broken by a criterion, by the head of the jury, or by lot.")
    for name, value, least, most in (
        ("per_entry", terms.per_entry, 0, 50),
        ("public_weight", terms.public_weight, 0, 90),
        ("votes_each", terms.votes_each, 1, 20),
        ("voter_days", terms.voter_days, 0, 3650),
    ):
        if not least <= value <= most:
            errors[name] = _("Please give a number from %(least)s to %(most)s.", least=least, most=most)
    if errors:
        raise Invalid(errors=errors)
