"""Saying yes or no to one exact text, and letting one out without."""

from datetime import datetime

from flask_babel import gettext as _

from cms.core.database import db
from cms.core.errors import Invalid
from cms.notices.services import notify
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.services.loading import load_revision
from cms.reviews.models import Decision, Waiver
from cms.reviews.queries.claims import count_holding_up
from cms.reviews.services.problems import (
    AlreadyDecided,
    ClaimsOpen,
    NotAsked,
    NotReachedYet,
    OwnText,
    SentBack,
    TextChanged,
)
from cms.reviews.services.rounds import checked_words
from cms.reviews.services.settling import load_post, load_step, naming, settle, standings, tell_authors
from cms.reviews.standing import StepStanding, reached

VERDICTS = ("approved", "changes", "comment")


def decide(
    step_id: int, *, verdict: str, revision_id: int | None, words: str = "", by: Person, at: datetime
) -> Decision:
    """Say something about the text of a revision: `approved`, `changes` (with words), or a mere `comment`.

    The revision must say what the newest one says: raises `TextChanged` otherwise. Guests decide like everybody else.
    """
    post, round, standing = load_step(step_id)
    if by.id not in {one.id for one in standing.reviewers}:
        raise NotAsked
    said = checked_words(words)
    revision = load_revision(post, revision_id)
    assert post.latest is not None
    if verdict == "approved":
        if revision.content_hash != post.latest.content_hash:
            raise TextChanged
        if round.returned_at is not None:
            raise SentBack
        _check_approval(post, standing, by, at)
    elif verdict not in VERDICTS or not said:
        raise Invalid(errors={"words": _("Please say what should change, or what you think.")})
    if verdict != "comment" and step_id not in {one.step.id for one in reached(standings(post, round))}:
        raise NotReachedYet
    decision = Decision(
        step_id=step_id,
        person_id=by.id,
        role=by.role,
        revision_id=revision.id,
        content_hash=revision.content_hash,
        verdict=verdict,
        words=said,
        at=at,
    )
    db.session.add(decision)
    db.session.flush()
    if verdict == "changes":
        round.returned_at = at
    settle(post, round, by=by, at=at)
    if verdict != "approved":
        tell_authors(post, round, verdict, by=by, at=at)
    return decision


def set_aside(post_id: int, *, reason: str, by: Person, at: datetime) -> None:
    """Let the newest text, and only that, out without its review. Needs a reason; is audited and stays on the record."""
    post = load_post(post_id)
    said = checked_words(reason)
    if not said:
        raise Invalid(errors={"reason": _("Please say why. It stays on the record.")})
    assert post.latest is not None
    waiver = Waiver(
        post_id=post_id,
        revision_id=post.latest.id,
        content_hash=post.latest.content_hash,
        reason=said,
        by_id=by.id,
        at=at,
    )
    db.session.add(waiver)
    db.session.flush()
    detail = {"revision": post.latest.number, "waiver": waiver.id}
    audit.record("review.set_aside", f"post:{post_id}", by=by, at=at, detail=detail)


def tell_voided(post: Post, before: str, now: list[StepStanding], *, by: Person | None, at: datetime) -> None:
    """Tell those whose yes to the text of hash `before` does not count for the newest one."""
    people = {one.person_id for step in now for one in step.voided if one.content_hash == before}
    notify("review.voided", to=people, subject=f"post:{post.id}", by=by, at=at, detail=naming(post))


def _check_approval(post: Post, standing: StepStanding, by: Person, at: datetime) -> None:
    if by.id not in {one.id for one in standing.counted}:
        raise OwnText
    if by.id in {one.person_id for one in standing.approvals}:
        raise AlreadyDecided
    if count_holding_up(post.id, at=at):
        raise ClaimsOpen
