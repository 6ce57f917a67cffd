"""The comments, blogs, circles and contests of the sample site without its pictures, for what goes through all of them."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from cms.circles.models import Topic, TopicFlag
from cms.comments.models import Comment, CommentPolicy, CommentVersion, Flag
from cms.contests.judging.models import EntryLikeness, JuryScore, JurySeat, ScoreAmendment
from cms.contests.models import Entry
from cms.core import clock
from cms.core.database import db, transaction
from cms.following.models import Follow
from cms.people.models import Person
from cms.topics import services as topics
from cms.transfer.demo import comments as demo_comments
from cms.transfer.demo.blogs import make_blogs
from cms.transfer.demo.circles import make_circles
from cms.transfer.demo.comments import make_comments
from cms.transfer.demo.content import read_sample
from cms.transfer.demo.contests import make_contests
from cms.transfer.demo.site import DemoSite
from tests.factories import make_person, make_post

MORE = (
    {"handle": "nour", "name": "Nour Haddad", "role": "admin"},
    {"handle": "rae", "name": "Rae Sato", "role": "member"},
)


def make_community() -> None:
    """Make it and commit it; everybody has been here for a while."""
    joined = clock.now() - timedelta(days=300)
    sample = read_sample()
    with transaction():
        for slug, name in sample.tags.items():
            topics.create_tag(slug=slug, name=name)
    people = {
        one["handle"]: make_person(
            one["name"], one["role"], handle=one["handle"], created_at=joined, email_confirmed_at=joined
        ).id
        for one in (*MORE, *sample.people)
    }
    said: Mapping[str, Any] = yaml.safe_load(Path(demo_comments.SAID).read_text(encoding="utf-8"))
    told = {one["story"] for one in said["comments"]} | {"essay-contest"}
    long_ago = clock.now() - timedelta(days=40)
    stories = {
        story: make_post(
            title=story, bylines=[db.session.get_one(Person, people["lin-yue"])], published_at=long_ago
        ).id
        for story in sorted(told)
    }
    whole = DemoSite(at=clock.now(), people=people, files={}, stories=stories)
    with transaction():
        for make in (make_comments, make_blogs, make_circles, make_contests):
            make(whole)


def person(handle: str) -> Person:
    """Somebody of it."""
    return db.session.scalars(select(Person).where(Person.handle == handle)).one()


def make_what_is_rare() -> None:
    """A row of each kind that the sample has no use for."""
    rae, nour = person("rae"), person("nour")
    comment = db.session.scalars(select(Comment).where(Comment.author_id != rae.id).limit(1)).one()
    topic = db.session.scalars(select(Topic).where(Topic.by_id != rae.id).limit(1)).one()
    score = db.session.scalars(select(JuryScore).order_by(JuryScore.id).limit(1)).one()
    seat = db.session.get_one(JurySeat, score.seat_id)
    entry = db.session.scalars(
        select(Entry).where(Entry.contest_id == seat.contest_id, Entry.id != score.entry_id).limit(1)
    ).one()
    at = clock.now()
    rows = [
        CommentPolicy(subject_kind="post", subject_id=comment.subject_id, policy="members", closes_after_days=30),
        Flag(comment_id=comment.id, person_id=rae.id, reason="rude", note="“粗鲁”", at=at),
        CommentVersion(comment_id=comment.id, number=1, body="Before.", html="<p>Before.</p>", written_at=at),
        TopicFlag(topic_id=topic.id, person_id=rae.id, reason="rude", note="“粗鲁”", at=at),
        Follow(person_id=rae.id, kind="person", target_id=nour.id, since=at),
        ScoreAmendment(
            seat_id=score.seat_id, entry_id=score.entry_id, marks=score.marks, reason="Read again.", at=at, by_id=nour.id
        ),
        EntryLikeness(
            entry_id=score.entry_id,
            other_id=entry.id,
            contained=12,
            resemblance=7,
            longest=40,
            passages=[["a few words", 3]],
            found_at=at,
            seen_by_id=nour.id,
            seen_at=at,
        ),
    ]  # fmt: skip
    with transaction():
        db.session.add_all(rows)
