"""Which steps the texts of a section go through."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from cms.core.database import db
from cms.core.errors import Invalid
from cms.people import audit
from cms.people.models import Person
from cms.reviews.models import ReviewPlan
from cms.reviews.queries.loading import scope_of
from cms.reviews.rules import STEP_ROLES, can_be_asked

MOST_STEPS = 8
LONGEST_WAIT = 90  # days


@dataclass(frozen=True)
class PlannedStep:
    """One step of a plan: `people` by number and everybody with `role`; `any` of them is enough, or `all` must agree."""

    name: dict[str, str]
    mode: str = "any"
    days: int = 2
    required: bool = True
    role: str | None = None
    people: tuple[int, ...] = field(default=())


def set_plan(
    section_id: int | None, steps: Sequence[PlannedStep], *, by: Person | None, at: datetime
) -> None:
    """Give a section (None: the default) these steps; no steps mean no review. Rounds that run keep theirs."""
    _check(steps)
    plan = _find(section_id) or ReviewPlan(scope=scope_of(section_id), section_id=section_id)
    plan.changed_by_id = by.id if by else None
    plan.changed_at, plan.steps = at, [{**asdict(one), "people": list(one.people)} for one in steps]
    db.session.add(plan)
    db.session.flush()
    _note("review.steps_changed", section_id, by=by, at=at, steps=len(steps))


def drop_plan(section_id: int, *, by: Person | None, at: datetime) -> None:
    """Let a section go by the default again."""
    plan = _find(section_id)
    if plan is None:
        return
    db.session.delete(plan)
    db.session.flush()
    _note("review.steps_dropped", section_id, by=by, at=at)


def planned_steps(plan: ReviewPlan | None) -> list[PlannedStep]:
    """The steps of a plan as they were given."""
    if plan is None:
        return []
    return [PlannedStep(**{**one, "people": tuple(one["people"])}) for one in plan.steps]


def _find(section_id: int | None) -> ReviewPlan | None:
    return db.session.get(ReviewPlan, scope_of(section_id), populate_existing=True)


def _note(act: str, section_id: int | None, *, by: Person | None, at: datetime, **detail: int) -> None:
    audit.record(act, f"section:{section_id or 0}", by=by, at=at, detail=detail)


def _check(steps: Sequence[PlannedStep]) -> None:
    if len(steps) > MOST_STEPS:
        raise Invalid(errors={"steps": _("Please use at most %(count)d steps.", count=MOST_STEPS)})
    ids = {number for one in steps for number in one.people}
    known = {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    for place, one in enumerate(steps, 1):
        _check_step(place, one, known)


def _check_step(place: int, step: PlannedStep, known: dict[int, Person]) -> None:
    sentence = None
    if not any(step.name.values()):
        sentence = _("Step %(number)d needs a name.", number=place)
    elif step.mode not in ("any", "all") or (step.role is not None and step.role not in STEP_ROLES):
        sentence = _("Please choose from the lists in step %(number)d.", number=place)
    elif not 0 <= step.days <= LONGEST_WAIT:
        sentence = _("Step %(number)d may take up to %(days)d days.", number=place, days=LONGEST_WAIT)
    elif not step.people and step.role is None:
        sentence = _("Say who is asked in step %(number)d: people, a role, or both.", number=place)
    elif gone := [known[one].name for one in step.people if one in known and not can_be_asked(known[one])]:
        sentence = _("%(who)s cannot review (step %(number)d).", who=", ".join(gone), number=place)
    elif not set(step.people) <= known.keys():
        sentence = _("Somebody named in step %(number)d does not exist.", number=place)
    if sentence:
        raise Invalid(sentence, errors={"steps": sentence})
