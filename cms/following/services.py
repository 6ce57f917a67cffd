"""Following, leaving, and telling followers: the worker does that, some hundred at a time."""

from datetime import datetime
from importlib import import_module

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from cms.circles.events import CircleMerged, TopicStarted
from cms.circles.models import Topic
from cms.core.database import db
from cms.core.errors import Conflict, NotFound
from cms.following import queries
from cms.following.models import Follow, FreshPost, FreshTopic
from cms.notices.services import notify
from cms.people.events import PersonErased
from cms.people.models import Person
from cms.posts.events import PostPublished
from cms.posts.models import Byline, Post, Revision
from cms.topics.events import TagMerged

MOST = 1_000
AT_ONCE = 200


class TooMany(Conflict):
    """Nobody reads that much."""

    message = _("You follow as much as one can. Please leave something first.")


def follow(kind: str, target_id: int, *, by: Person, at: datetime) -> None:
    """Follow something that one may see; following it already is no mistake."""
    if queries.find_target(by, kind, target_id) is None or (kind, target_id) == ("person", by.id):
        raise NotFound
    if (db.session.scalar(select(func.count()).where(Follow.person_id == by.id)) or 0) >= MOST:
        raise TooMany
    dialect = import_module(f"sqlalchemy.dialects.{db.session.get_bind().dialect.name}")
    row = dialect.insert(Follow).values(person_id=by.id, kind=kind, target_id=target_id, since=at)
    db.session.execute(row.on_conflict_do_nothing())


def unfollow(kind: str, target_id: int, *, by: Person) -> None:
    """Leave it; not following it is no mistake."""
    gone = delete(Follow).where(Follow.person_id == by.id, Follow.kind == kind, Follow.target_id == target_id)
    db.session.execute(gone)


def hear_published(fact: PostPublished) -> None:
    """Note that a post appeared for the first time. One row: publishing waits for nobody's followers."""
    if fact.is_first and db.session.get(FreshPost, fact.post_id) is None:
        db.session.add(FreshPost(post_id=fact.post_id, at=fact.at))
        db.session.flush()


def follow_merged_tag(fact: TagMerged) -> None:
    """Who followed a tag that was merged follows the one it became."""
    _follow_instead("tag", fact.tag_id, fact.into_id)


def follow_merged_circle(fact: CircleMerged) -> None:
    """The same for a circle; who may not know of the other one is told nothing of it."""
    _follow_instead("circle", fact.circle_id, fact.into_id)


def hear_topic(fact: TopicStarted) -> None:
    """Note that a topic was begun: its writer waits for nobody's followers."""
    db.session.add(FreshTopic(topic_id=fact.topic_id, at=fact.at))
    db.session.flush()


def tell_some(post_id: int, *, at: datetime) -> bool:
    """Tell the next followers of a fresh post; says whether some are left. Nobody is told of what they wrote."""
    row = db.session.get(FreshPost, post_id, with_for_update=True, populate_existing=True)
    if row is None:
        return False
    words = (
        select(Revision.title, Revision.beginning)
        .join(Post, Post.live_revision_id == Revision.id)
        .where(Post.id == post_id)
    )
    found = db.session.execute(words).first()
    ids = queries.followers_of(post_id, after_id=row.after_id, limit=AT_ONCE) if found else []
    if found is None or not ids:
        db.session.delete(row)
        db.session.flush()
        return False
    writers = set(db.session.scalars(select(Byline.person_id).where(Byline.post_id == post_id)))
    detail = {"title": found.title or found.beginning[:60]}
    to = [one for one in ids if one not in writers]
    notify("following.new", to=to, subject=f"post:{post_id}", by=None, at=at, detail=detail)
    row.after_id = ids[-1]
    db.session.flush()
    return True


def tell_of_topic(topic_id: int, *, at: datetime) -> bool:
    """The same for a fresh topic of a circle. Whether somebody may read it is asked when they look."""
    row = db.session.get(FreshTopic, topic_id, with_for_update=True, populate_existing=True)
    if row is None:
        return False
    topic = db.session.get_one(Topic, topic_id)
    ids = queries.followers_of_circle(topic.circle_id, after_id=row.after_id, limit=AT_ONCE)
    if not ids or topic.hidden_at is not None:
        db.session.delete(row)
        db.session.flush()
        return False
    to = [one for one in ids if one != topic.by_id]
    detail = {"topic": topic_id}
    notify("following.topic", to=to, subject=f"topic:{topic_id}", by=None, at=at, detail=detail)
    row.after_id = ids[-1]
    db.session.flush()
    return True


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: nobody follows them any more. What they followed goes with their row."""
    db.session.execute(delete(Follow).where(Follow.kind == "person", Follow.target_id == fact.person_id))


def _follow_instead(kind: str, old_id: int, new_id: int) -> None:
    both = select(Follow.person_id).where(Follow.kind == kind, Follow.target_id == new_id)
    old = select(Follow).where(Follow.kind == kind, Follow.target_id == old_id)
    there = set(db.session.scalars(both))
    for row in db.session.scalars(old).all():
        if row.person_id in there:
            db.session.delete(row)
        else:
            row.target_id = new_id
    db.session.flush()
