"""What followers are told: in the morning, in one mail, unless they chose otherwise."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cms.circles.models import Circle, Topic
from cms.circles.queries.gate import read_by
from cms.core.database import db
from cms.following.rules import can_follow
from cms.notices.kinds import NoticeKind
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.queries import visible_to


def _visible(person: Person, subjects: Collection[str]) -> set[str]:
    ids = [int(number) for one in subjects if (number := one.partition(":")[2]).isdecimal()]
    seen = db.session.scalars(select(Post.id).where(Post.id.in_(ids), visible_to(person, None)))
    return {f"post:{one}" for one in seen}


def _new(detail: Mapping[str, Any]) -> str:
    return str(gettext("New in what you follow: “%(title)s”", title=detail["title"]))


def _address(subject: str, detail: Mapping[str, Any]) -> str:
    post = db.session.get(Post, int(subject.partition(":")[2]))
    if post is None or post.slug is None:
        return url_for("site.show_note", note_id=int(subject.partition(":")[2]))
    return url_for("site.show_post", slug=post.slug)


def _visible_topics(person: Person, subjects: Collection[str]) -> set[str]:
    ids = [int(number) for one in subjects if (number := one.partition(":")[2]).isdecimal()]
    query = select(Topic.id).join(Circle, Circle.id == Topic.circle_id)
    seen = db.session.scalars(query.where(Topic.id.in_(ids), Topic.hidden_at.is_(None), read_by(person)))
    return {f"topic:{one}" for one in seen}


def _new_topic(detail: Mapping[str, Any]) -> str:
    """Both names as they are now: the notice passed the gate before its sentence is made."""
    topic, circle = _topic(detail["topic"])
    return str(gettext("New in the circle “%(circle)s”: “%(title)s”", circle=circle.name, title=topic.title))


def _topic_address(subject: str, detail: Mapping[str, Any]) -> str:
    topic, circle = _topic(detail["topic"])
    return url_for("circles.show_topic", slug=circle.slug, topic_id=topic.id)


def _topic(topic_id: int) -> tuple[Topic, Circle]:
    topic = db.session.get_one(Topic, topic_id)
    return topic, db.session.get_one(Circle, topic.circle_id)


NOTICES = [
    NoticeKind(
        "following.new",
        _("Something new in what you follow"),
        _new,
        _address,
        lambda person, subject: subject in _visible(person, [subject]),
        by_mail="digest",
        visible=_visible,
        concerns=can_follow,
    ),
    NoticeKind(
        "following.topic",
        _("Something new in a circle you follow"),
        _new_topic,
        _topic_address,
        lambda person, subject: subject in _visible_topics(person, [subject]),
        by_mail="digest",
        visible=_visible_topics,
        concerns=can_follow,
    ),
]
