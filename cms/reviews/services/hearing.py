"""What reviews do when something happens to a post, inside the transaction that makes it happen."""

import re

from sqlalchemy import select

from cms.core.database import db
from cms.people.models import Person
from cms.posts.events import LivePostChanged, PostPublished, RevisionSaved
from cms.posts.models import Revision
from cms.reviews.models import ReviewRound
from cms.reviews.queries.loading import find_open_round, find_waiver
from cms.reviews.services import deciding, rounds
from cms.reviews.services.settling import load_post, settle

_APPROVE = re.compile(r"approve:(\d{1,10})")


def follow_text(fact: RevisionSaved) -> None:
    """A new text voids what was said about another one; then what the save asked for is done, or none of it is."""
    by = db.session.get(Person, fact.by_id) if fact.by_id else None
    if fact.is_new and _is_in_review(fact.post_id):
        post, round = load_post(fact.post_id), find_open_round(fact.post_id)
        assert round is not None
        now = settle(post, round, by=by, at=fact.at)
        deciding.tell_voided(post, _hash_before(fact), now, by=by, at=fact.at)
    if by is not None and fact.wish:
        _grant(fact, by)


def follow_publication(fact: PostPublished | LivePostChanged) -> None:
    """The text that was agreed on is out: its round is over."""
    if not _is_in_review(fact.post_id):
        return
    post, round = load_post(fact.post_id), find_open_round(fact.post_id)
    assert round is not None
    assert post.latest is not None
    content_hash = post.latest.content_hash
    if post.live_revision_id is None or _hash(post.live_revision_id) != content_hash:
        return
    if round.approved_at is None and find_waiver(post.id, content_hash) is None:
        return  # it was live before it was sent for review
    rounds.close(round, "published", at=fact.at)


def _grant(fact: RevisionSaved, by: Person) -> None:
    if fact.wish == "submit":
        rounds.submit_post(fact.post_id, by=by, at=fact.at)
    elif match := _APPROVE.fullmatch(fact.wish):
        deciding.decide(int(match[1]), verdict="approved", revision_id=fact.revision_id, by=by, at=fact.at)


def _is_in_review(post_id: int) -> bool:
    wanted = select(ReviewRound.id).where(ReviewRound.post_id == post_id, ReviewRound.closed_at.is_(None))
    return db.session.scalar(wanted) is not None


def _hash_before(fact: RevisionSaved) -> str:
    """Of the text that was the newest until this one."""
    wanted = (
        select(Revision.content_hash)
        .where(Revision.post_id == fact.post_id, Revision.id != fact.revision_id)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return db.session.scalar(wanted) or ""


def _hash(revision_id: int) -> str:
    return db.session.scalars(select(Revision.content_hash).where(Revision.id == revision_id)).one()
