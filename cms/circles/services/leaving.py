"""What becomes of circles when somebody is erased: those they owned look for an heir at once."""

from flask_babel import gettext
from sqlalchemy import delete, select

from cms.circles.models import Circle, Membership, Topic, TopicFlag
from cms.circles.services.loading import recount, touch_circle
from cms.circles.services.succession import look_for_heir
from cms.core.database import db
from cms.core.pagecache import touch
from cms.people.events import PersonErased


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler. Whoever they shut out stays out; topics stay, without words when those are to go."""
    mine = db.session.execute(
        select(Membership.circle_id, Membership.role)
        .where(Membership.person_id == fact.person_id)
        .order_by(Membership.circle_id)
    ).all()
    db.session.execute(delete(Membership).where(Membership.person_id == fact.person_id))
    for circle_id, role in mine:
        circle = db.session.get(Circle, circle_id)
        if role == "owner" and circle is not None and circle.is_open:
            look_for_heir(circle_id, at=fact.at)
        recount(circle_id)
        touch_circle(circle_id)
    db.session.execute(delete(TopicFlag).where(TopicFlag.person_id == fact.person_id))
    topics = db.session.scalars(select(Topic).where(Topic.by_id == fact.person_id)).all()
    for topic in topics:
        if fact.with_texts:
            topic.title, topic.body, topic.body_html, topic.plain = gettext("Taken away"), "", "", ""
        touch_circle(topic.circle_id)
        touch(f"topic:{topic.id}")
