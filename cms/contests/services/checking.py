"""Whether an entry fits the rules: accepted, sent back with a question, or refused with a reason and a way to appeal.

Organisers never change an entrant's text: they open it again for its authors. Every decision is about one version.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from cms.contests import phases
from cms.contests.models import Contest, Entry
from cms.contests.news import tell_authors
from cms.contests.services.loading import load_entry, shown
from cms.core.errors import Conflict, Invalid
from cms.people import audit
from cms.people.models import Person

LONGEST = 3_000
REOPENED_FOR = timedelta(days=3)  # where there is no phase for checking that says how long


class OlderVersion(Conflict):
    """Another version was handed in since the caller read it."""

    message = lazy_gettext("A newer version was handed in meanwhile. Please read that one first.")


def check_entry(
    entry_id: int, verdict: str, *, version: int, reason: str = "", by: Person | None, at: datetime
) -> Entry:
    """Accept, ask for a change, or refuse. Raises `OlderVersion` when it is about a text that counts no more."""
    entry = load_entry(entry_id)
    contest = entry.contest
    _refuse_moot(entry, contest)
    if entry.version != version:
        raise OlderVersion
    if verdict not in ("accepted", "asked", "refused"):
        raise Invalid(errors={"verdict": _("Please choose.")})
    reason = _reason(reason, is_needed=verdict != "accepted")
    entry.verdict, entry.verdict_reason, entry.verdict_at = verdict, reason, at
    entry.verdict_by_id = by.id if by else None
    entry.reopened_until = _reopened(contest, at) if verdict == "asked" else None
    if verdict != "refused":
        entry.appeal, entry.appealed_at, entry.appeal_verdict = "", None, None
        entry.appeal_reason, entry.appeal_decided_at = "", None
    detail = {"entry_id": entry_id, "version": version, "verdict": verdict}
    audit.record("contest.entry_checked", f"contest:{contest.id}", by=by, at=at, detail=detail)
    tell_authors(entry, verdict, by=by, at=at)
    shown(contest)
    return entry


def appeal_entry(entry_id: int, words: str, *, by: Person, at: datetime) -> None:
    """Object to a refusal, once."""
    entry = load_entry(entry_id)
    if entry.verdict != "refused" or entry.withdrawn_at is not None:
        raise Conflict(_("There is no refusal to object to."))
    if entry.appealed_at is not None:
        raise Conflict(_("You have objected already. The answer stands here once it is decided."))
    if not may_appeal(entry.contest, at):
        raise Conflict(_("The time to object is over."))
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid(errors={"words": _("Please say why, in at most %(count)d characters.", count=LONGEST)})
    entry.appeal, entry.appealed_at = words, at
    detail = {"entry_id": entry_id}
    audit.record("contest.entry_appealed", f"contest:{entry.contest_id}", by=by, at=at, detail=detail)


def decide_appeal(entry_id: int, *, is_upheld: bool, reason: str, by: Person, at: datetime) -> None:
    """Answer an objection, with the reason. Not by who refused, when somebody else can."""
    entry = load_entry(entry_id)
    if entry.appealed_at is None or entry.appeal_decided_at is not None:
        raise Conflict(_("There is no objection that waits for an answer."))
    _refuse_moot(entry, entry.contest)
    others = [one for one in entry.contest.people if one.role == "organiser" and one.person_id != by.id]
    if entry.verdict_by_id == by.id and others:
        raise Conflict(_("You refused this entry. Another organiser decides about the objection."))
    entry.appeal_reason = _reason(reason, is_needed=True)
    entry.appeal_verdict, entry.appeal_decided_at = "upheld" if is_upheld else "rejected", at
    detail = {"entry_id": entry_id, "verdict": entry.appeal_verdict}
    audit.record("contest.appeal_decided", f"contest:{entry.contest_id}", by=by, at=at, detail=detail)
    tell_authors(entry, entry.appeal_verdict, by=by, at=at)
    shown(entry.contest)


def give_feedback(entry_id: int, words: str, *, by: Person | None, at: datetime) -> None:
    """A few words that the authors read; every entrant gets some."""
    entry = load_entry(entry_id)
    if not entry.is_submitted:
        raise Conflict(_("This entry takes no part in the contest."))
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid(
            errors={"words": _("Please write something, in at most %(count)d characters.", count=LONGEST)}
        )
    entry.feedback, entry.feedback_at = words, at
    detail = {"entry_id": entry_id}
    audit.record("contest.feedback_given", f"contest:{entry.contest_id}", by=by, at=at, detail=detail)
    tell_authors(entry, "feedback", by=by, at=at)


def may_appeal(contest: Contest, at: datetime) -> bool:
    """Until the phase for appeals is over; in a contest without one until the results begin."""
    if contest.results_state == "final" or contest.cancelled_at is not None:
        return False
    if phases.find_phase(contest, "appeal") is not None:
        return not phases.is_over(contest, "appeal", at)
    results = phases.find_phase(contest, "results")
    return results is None or at < results.starts_at


def _refuse_moot(entry: Entry, contest: Contest) -> None:
    if not entry.is_submitted:
        raise Conflict(_("This entry takes no part in the contest."))
    if contest.cancelled_at is not None or contest.results_state == "final":
        raise Conflict(_("The contest is over."))


def _reopened(contest: Contest, at: datetime) -> datetime:
    check = phases.find_phase(contest, "check")
    return (
        check.ends_at
        if check is not None and check.ends_at is not None and check.ends_at > at
        else at + REOPENED_FOR
    )


def _reason(words: str, *, is_needed: bool) -> str:
    words = words.strip()
    if is_needed and not words:
        raise Invalid(errors={"reason": _("Please give the reason: the authors read it.")})
    if len(words) > LONGEST:
        raise Invalid(errors={"reason": _("Please use at most %(count)d characters.", count=LONGEST)})
    return words
