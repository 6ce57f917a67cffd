"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.circles.models import Circle, CircleFeed, Membership, Topic, TopicFlag
from cms.people.held import Held

HELD = [
    Held(
        "circles",
        lambda who: (
            select(
                Circle.slug,
                Circle.name,
                Membership.state,
                Membership.role,
                Membership.since,
                Membership.appeal,
            )
            .join(Circle, Circle.id == Membership.circle_id)
            .where(Membership.person_id == who)
            .order_by(Circle.id)
        ),
    ),
    Held(
        "circle_topics",
        lambda who: (
            select(Circle.slug.label("circle"), Topic.title, Topic.body, Topic.audience, Topic.created_at)
            .join(Circle, Circle.id == Topic.circle_id)
            .where(Topic.by_id == who)
            .order_by(Topic.id)
        ),
    ),
    Held(
        "circle_reports",
        lambda who: (
            select(TopicFlag.topic_id, TopicFlag.reason, TopicFlag.note, TopicFlag.at)
            .where(TopicFlag.person_id == who)
            .order_by(TopicFlag.topic_id)
        ),
    ),
    Held(
        "circle_feeds",
        lambda who: (
            select(
                Circle.slug.label("circle"), CircleFeed.device, CircleFeed.created_at, CircleFeed.revoked_at
            )
            .join(Circle, Circle.id == CircleFeed.circle_id)
            .where(CircleFeed.person_id == who)
            .order_by(CircleFeed.id)
        ),
    ),
]
