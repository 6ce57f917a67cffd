"""The public vote. Who may vote how often is kept by the database, so that it holds whatever arrives together."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from cms.contests import phases
from cms.contests.judging.events import VoteCast
from cms.contests.judging.models import Judging, Vote, Voter
from cms.contests.judging.services.problems import MayNotVote, NotVotingNow
from cms.contests.judging.suspicion import YOUNG_DAYS, Circumstances, reasons
from cms.contests.models import Contest, Entry, EntryAuthor
from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.seams import announce
from cms.core.secrets import keyed_hash
from cms.people import audit
from cms.people.emails import mailbox
from cms.people.models import Person


class VotesUsed(Conflict):
    """As many entries as the rules allow."""


def cast_vote(contest_id: int, entry_id: int, *, by: Person, network: str, at: datetime) -> Vote:
    """Vote for an entry. Twice is once. Raises `NotVotingNow`, `MayNotVote`, `VotesUsed`."""
    contest, judging = _open(contest_id, at)
    entry = db.session.get(Entry, entry_id)
    if entry is None or entry.contest_id != contest_id or not entry.is_accepted:
        raise NotFound
    _refuse_who_may_not(contest, judging, entry, by, at)
    voter = _voter(contest_id, by, network, at)
    known = db.session.scalar(select(Vote).where(Vote.voter_id == voter.id, Vote.entry_id == entry_id))
    if known is not None:
        return known
    _give_back(voter)
    taken = set(db.session.scalars(select(Vote.slot).where(Vote.voter_id == voter.id)))
    free = next((slot for slot in range(judging.votes_each) if slot not in taken), None)
    if free is None:
        raise VotesUsed(
            _("You have voted for %(count)s entries, as many as the rules allow.", count=judging.votes_each)
        )
    vote = Vote(
        contest_id=contest_id,
        voter_id=voter.id,
        entry_id=entry_id,
        slot=free,
        ballot=secrets.token_hex(16),
        at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(vote)
    except IntegrityError:  # the same person, in the same instant
        found = db.session.scalar(select(Vote).where(Vote.voter_id == voter.id, Vote.entry_id == entry_id))
        if found is None:
            raise VotesUsed(_("You have voted already.")) from None
        return found
    if judging.first_vote_at is None:
        freeze = update(Judging).where(Judging.contest_id == contest_id, Judging.first_vote_at.is_(None))
        db.session.execute(freeze.values(first_vote_at=at))
    if voter.state == "counted":
        announce(VoteCast(contest_id, entry_id, vote.ballot, at))
    return vote


def take_vote_back(contest_id: int, entry_id: int, *, by: Person, at: datetime) -> None:
    """While the vote is open, one may think again."""
    _open(contest_id, at)
    mine = select(Voter.id).where(
        Voter.contest_id == contest_id, Voter.person_key == person_key(contest_id, by.id)
    )
    gone = delete(Vote).where(Vote.voter_id.in_(mine), Vote.entry_id == entry_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


def decide_voter(voter_id: int, state: str, reason: str, *, by: Person | None, at: datetime) -> None:
    """Count, hold or void what somebody voted, whoever it is. Logged with its reason; nothing is deleted."""
    voter = db.session.get(Voter, voter_id, populate_existing=True)
    if voter is None:
        raise NotFound
    if state not in ("counted", "held", "void"):
        raise Invalid(errors={"state": _("Please count them, hold them, or declare them void.")})
    if not reason.strip():
        raise Invalid(errors={"reason": _("Please give the reason: whoever audits the vote reads it.")})
    judging = db.session.get(Judging, voter.contest_id)
    if judging is not None and judging.opened_at is not None:
        raise NotVotingNow(_("The results are open, so votes stay as they were counted."))
    voter.state, voter.reason = state, reason.strip()[:500]
    detail = {"voter": voter_id, "to": state, "reason": reason.strip()[:200]}
    audit.record("contest.votes_decided", f"contest:{voter.contest_id}", by=by, at=at, detail=detail)


def person_key(contest_id: int, person_id: int) -> str:
    """What a voter is known by in one contest, and nowhere else."""
    return keyed_hash(f"contest vote {contest_id} person {person_id}")


def order_for(contest_id: int, person_id: int, entry_ids: Sequence[int]) -> list[int]:
    """The entries in an order that is this voter's own and stays: nobody stands first for everybody."""
    key = person_key(contest_id, person_id)
    return sorted(entry_ids, key=lambda one: sha256(f"{key}:{one}".encode()).digest())


def _open(contest_id: int, at: datetime) -> tuple[Contest, Judging]:
    contest = db.session.get(Contest, contest_id, populate_existing=True)
    judging = db.session.get(Judging, contest_id, populate_existing=True)
    if contest is None:
        raise NotFound
    db.session.refresh(contest, ["phases"])
    if judging is None or not phases.is_open(contest, "vote", at):
        raise NotVotingNow
    return contest, judging


def _refuse_who_may_not(contest: Contest, judging: Judging, entry: Entry, by: Person, at: datetime) -> None:
    if not by.is_active or by.email is None or by.email_confirmed_at is None:
        raise MayNotVote(_("Only members whose mail address is confirmed may vote."))
    if (at - by.created_at).days < judging.voter_days:
        raise MayNotVote(
            _("An account must be %(days)s days old to vote in this contest.", days=judging.voter_days)
        )
    wrote = select(EntryAuthor.id).where(EntryAuthor.entry_id == entry.id, EntryAuthor.person_id == by.id)
    if db.session.scalar(wrote) is not None or entry.person_id == by.id:
        raise MayNotVote(_("Nobody votes for an entry of their own."))


def _voter(contest_id: int, by: Person, network: str, at: datetime) -> Voter:
    """The row of this person, made once: two that come together find that there is one."""
    person, address = person_key(contest_id, by.id), _address_key(contest_id, by)
    found = _find(contest_id, person)
    if found is not None:
        return found
    voter = Voter(
        contest_id=contest_id,
        person_key=person,
        address_key=address,
        network_key=keyed_hash(f"contest vote {contest_id} network {network}"),
        account_days=max((at - by.created_at).days, 0),
        first_at=at,
    )
    voter.held_for = reasons(_circumstances(voter))
    voter.state = "held" if voter.held_for else "counted"
    try:
        with db.session.begin_nested():
            db.session.add(voter)
    except IntegrityError:
        found = _find(contest_id, person)
        if found is None:  # another account with the same mail address
            raise MayNotVote(_("Somebody with this mail address has voted already.")) from None
        return found
    return voter


def _give_back(voter: Voter) -> None:
    """A vote for an entry that its authors took back counts for nobody, so it may be given to another."""
    withdrawn = select(Entry.id).where(Entry.contest_id == voter.contest_id, Entry.withdrawn_at.is_not(None))
    gone = delete(Vote).where(Vote.voter_id == voter.id, Vote.entry_id.in_(withdrawn))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _find(contest_id: int, person: str) -> Voter | None:
    return db.session.scalar(select(Voter).where(Voter.contest_id == contest_id, Voter.person_key == person))


def _address_key(contest_id: int, by: Person) -> str:
    return keyed_hash(f"contest vote {contest_id} address {mailbox(by.email or '')}")


def _circumstances(voter: Voter) -> Circumstances:
    there = (Voter.contest_id == voter.contest_id, Voter.network_key == voter.network_key)
    young = func.count().filter(Voter.account_days < YOUNG_DAYS)
    count, young_ones = db.session.execute(select(func.count(), young).where(*there)).one()
    is_young = voter.account_days < YOUNG_DAYS
    return Circumstances(voter.account_days, count + 1, young_ones + is_young)
