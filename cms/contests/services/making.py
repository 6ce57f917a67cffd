"""Making a contest, saying it anew, announcing it, calling it off, and who runs and judges it."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from cms.contests.content import ReadyPlan, ReadyRules, in_order
from cms.contests.events import ContestAnnounced
from cms.contests.models import (
    PHASES,
    Contest,
    ContestPhase,
    ContestPrize,
    ContestRole,
    ContestRules,
    ContestSeries,
    EntryAuthor,
)
from cms.contests.news import tell_everybody, tell_juror
from cms.contests.services.loading import load, note, shown
from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.seams import announce
from cms.core.text import make_slug
from cms.people import audit
from cms.people.models import Person

_PLAIN = (
    "zone eligible least_age least_days most_entries most_authors least_words most_words takes_posts grace_minutes"
    " is_blind theme_by_id"
).split()
_FROZEN = tuple(one for one in _PLAIN if one != "theme_by_id")  # once readers count on it


class ContestChanged(Conflict):
    """Somebody saved it since the caller read it."""

    message = lazy_gettext("Somebody changed this contest while you were writing.")


class NotInThisState(Conflict):
    """What is asked for makes no sense now."""


def create_contest(
    ready: ReadyPlan,
    rules: ReadyRules,
    *,
    slug: str = "",
    series_id: int | None = None,
    by: Person | None,
    at: datetime,
) -> Contest:
    """A contest that only the desk sees. Whoever makes it runs it."""
    contest = Contest(
        slug=_slug(slug, ready),
        created_at=at,
        created_by_id=by.id if by else None,
        edited_at=at,
        people=[],
        rules=[],
    )
    if series_id is not None:
        contest.series_id, contest.number = series_id, next_number(series_id)
    _write(contest, ready, at)
    contest.rules.append(_rules(1, rules, by, at))
    if by is not None:
        contest.people.append(ContestRole(person_id=by.id, role="organiser", added_at=at, added_by_id=by.id))
    _add_alone(contest)
    audit.record("contest.created", f"contest:{contest.id}", by=by, at=at)
    return contest


def change_contest(
    contest_id: int, ready: ReadyPlan, *, expected_version: int | None = None, by: Person | None, at: datetime
) -> Contest:
    """Say it anew. Once it is announced, its times and limits stay: those move by an extension, or not at all."""
    contest = load(contest_id)
    if expected_version is not None and contest.version != expected_version:
        raise ContestChanged
    if contest.announced_at is not None:
        _refuse_moved(contest, ready)
    _write(contest, ready, at)
    flag_modified(contest, "edited_at")
    db.session.flush()
    audit.record("contest.changed", f"contest:{contest_id}", by=by, at=at)
    if contest.announced_at is not None:
        note(contest, "changed", by=by, at=at)
    shown(contest)
    return contest


def announce_contest(contest_id: int, *, by: Person | None, at: datetime) -> None:
    """Let readers see it. From here on phases open and close by the clock."""
    contest = load(contest_id)
    if contest.announced_at is not None:
        raise NotInThisState(_("It was announced already."))
    entries = next(one for one in contest.phases if one.kind == "entries")
    if entries.ends_at is not None and entries.ends_at <= at:
        raise NotInThisState(_("The deadline for entries has passed. Please choose later times first."))
    contest.announced_at = at
    note(contest, "announced", by=by, at=at)
    audit.record("contest.announced", f"contest:{contest_id}", by=by, at=at)
    announce(ContestAnnounced(contest_id, at))
    shown(contest)


def cancel_contest(contest_id: int, *, reason: str, by: Person | None, at: datetime) -> None:
    """Call it off, with a reason that everybody reads. Entries stay with their authors."""
    contest = load(contest_id)
    if contest.announced_at is None or contest.cancelled_at is not None or contest.results_state == "final":
        raise NotInThisState(_("Only a contest that is announced and not over can be called off."))
    if not reason.strip():
        raise Invalid(errors={"reason": _("Please give the reason: it is shown on the page of the contest.")})
    contest.cancelled_at, contest.cancelled_for = at, reason.strip()
    note(contest, "cancelled", by=by, at=at, words=reason.strip())
    audit.record("contest.cancelled", f"contest:{contest_id}", by=by, at=at)
    tell_everybody(contest, "cancelled", by=by, at=at)
    shown(contest)


def add_rules(contest_id: int, ready: ReadyRules, *, by: Person | None, at: datetime) -> ContestRules:
    """A new version of the rules. The old ones stay readable; who entered is told."""
    contest = load(contest_id)
    newest = contest.rules[-1]
    if (newest.text, newest.consent) == (ready.text, ready.consent):
        return newest
    if contest.announced_at is None:
        newest.text, newest.html, newest.consent, newest.made_at = ready.text, ready.html, ready.consent, at
        return newest
    if contest.sealed_at is not None:
        raise NotInThisState(_("Entries are closed, and rules are not changed after that."))
    if not ready.change:
        raise Invalid(errors={"change": _("Please say what is new: everybody who entered is told.")})
    made = _rules(newest.number + 1, ready, by, at)
    contest.rules.append(made)
    note(contest, "rules_changed", by=by, at=at, words=ready.change, detail={"number": made.number})
    audit.record(
        "contest.rules_changed", f"contest:{contest_id}", by=by, at=at, detail={"number": made.number}
    )
    tell_everybody(contest, "rules_changed", by=by, at=at)
    shown(contest)
    return made


def set_role(contest_id: int, person_id: int, role: str, *, by: Person | None, at: datetime) -> None:
    """Let somebody run or judge it. One role each, and none for whoever entered."""
    contest, person = load(contest_id), db.session.get(Person, person_id)
    if person is None or not person.is_active:
        raise Invalid(errors={"handle": _("There is nobody with an account of this name.")})
    if role == "organiser" and not person.is_staff:
        raise Invalid(errors={"handle": _("Only people who work at the desk can run a contest.")})
    entered = select(EntryAuthor.id).where(
        EntryAuthor.contest_id == contest_id,
        EntryAuthor.person_id == person_id,
        EntryAuthor.slot.is_not(None),
    )
    if db.session.scalar(entered.limit(1)) is not None:
        raise Invalid(
            errors={"handle": _("%(name)s takes part, and can neither run nor judge it.", name=person.name)}
        )
    found = next((one for one in contest.people if one.person_id == person_id), None)
    if found is not None:
        if found.role == role:
            return
        raise Invalid(
            errors={
                "handle": _(
                    "%(name)s has another part in this contest. Who runs it sees names, and cannot judge.",
                    name=person.name,
                )
            }
        )
    db.session.add(
        ContestRole(
            contest_id=contest_id,
            person_id=person_id,
            role=role,
            added_at=at,
            added_by_id=by.id if by else None,
        )
    )
    detail = {"person_id": person_id, "role": role}
    audit.record("contest.role_given", f"contest:{contest_id}", by=by, at=at, detail=detail)
    db.session.flush()
    if role == "juror":
        tell_juror(contest, person_id, by=by, at=at)


def remove_role(contest_id: int, person_id: int, *, by: Person | None, at: datetime) -> None:
    """Let somebody run or judge it no more. The last organiser stays."""
    contest = load(contest_id)
    found = next((one for one in contest.people if one.person_id == person_id), None)
    if found is None:
        return
    organisers = [one for one in contest.people if one.role == "organiser"]
    if found.role == "organiser" and len(organisers) == 1:
        raise NotInThisState(_("Somebody must run it. Please name another organiser first."))
    detail = {"person_id": person_id, "role": found.role}
    audit.record("contest.role_taken", f"contest:{contest_id}", by=by, at=at, detail=detail)
    db.session.delete(found)
    db.session.flush()


def create_series(name: dict[str, str], *, at: datetime) -> ContestSeries:
    """A name under which contests come again."""
    slug = make_slug(name.get("en") or next(iter(name.values())), longest=60) or "series"
    taken = set(db.session.scalars(select(ContestSeries.slug).where(ContestSeries.slug.startswith(slug))))
    free = slug if slug not in taken else f"{slug}-{len(taken) + 1}"
    series = ContestSeries(slug=free, name=name, created_at=at)
    db.session.add(series)
    db.session.flush()
    return series


def next_number(series_id: int) -> int:
    """Which one of its series the next contest is."""
    return (
        db.session.scalar(select(func.max(Contest.number)).where(Contest.series_id == series_id)) or 0
    ) + 1


def _refuse_moved(contest: Contest, ready: ReadyPlan) -> None:
    errors = {}
    if any(getattr(contest, name) != getattr(ready.plan, name) for name in _FROZEN):
        errors["eligible"] = _("Readers count on the limits: they do not change after the announcement.")
    before = [(one.kind, one.starts_wall, one.ends_wall) for one in contest.phases]
    if before != [(one.kind, one.starts_wall, one.ends_wall) for one in in_order(ready.phases)]:
        errors["zone"] = _("Readers count on the times. Use an extension to move an end.")
    if errors:
        raise Invalid(errors=errors)


def _write(contest: Contest, ready: ReadyPlan, at: datetime) -> None:
    plan = ready.plan
    for name in _PLAIN:
        setattr(contest, name, getattr(plan, name))
    for name in ("title", "summary", "brief", "eligibility"):
        setattr(contest, name, dict(getattr(plan, name)))
    contest.brief_html, contest.theme_url, contest.edited_at = ready.brief_html, plan.theme_url or None, at
    if contest.announced_at is None:
        _write_phases(contest, ready)
    contest.prizes = [
        ContestPrize(
            position=place, name=dict(one.name), description=dict(one.description), places=one.places
        )
        for place, one in enumerate(plan.prizes)
    ]


def _write_phases(contest: Contest, ready: ReadyPlan) -> None:
    contest.phases = []
    if contest.id is not None:
        db.session.flush()  # the old ones first: one of each kind
    contest.phases = [
        ContestPhase(
            kind=one.kind,
            position=PHASES.index(one.kind),
            starts_at=one.starts_at,
            starts_wall=one.starts_wall,
            ends_at=one.ends_at,
            ends_wall=one.ends_wall,
        )
        for one in in_order(ready.phases)
    ]


def _rules(number: int, ready: ReadyRules, by: Person | None, at: datetime) -> ContestRules:
    return ContestRules(
        number=number,
        text=ready.text,
        html=ready.html,
        consent=ready.consent,
        change=ready.change,
        made_at=at,
        made_by_id=by.id if by else None,
    )


def _slug(wanted: str, ready: ReadyPlan) -> str:
    title = ready.plan.title
    slug = make_slug(wanted or title.get("en") or next(iter(title.values())), longest=72) or "contest"
    if slug in ("feed", "atom", "winners", "new"):
        slug = f"{slug}-1"
    taken = set(
        db.session.scalars(select(Contest.slug).where(Contest.slug.startswith(slug, autoescape=True)))
    )
    if slug not in taken:
        return slug
    if wanted:
        raise Invalid(errors={"slug": _("Another contest has this address. Please choose another one.")})
    return next(one for number in range(2, len(taken) + 3) if (one := f"{slug}-{number}") not in taken)


def _add_alone(contest: Contest) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(contest)
    except IntegrityError as error:
        sentence = _("Another contest has this address. Please choose another one.")
        raise Invalid(errors={"slug": sentence}) from error
