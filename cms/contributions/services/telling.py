"""Telling the editor who asked, and the worker's part: reminders, and a text that changed after its approval."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from cms.contributions import mails, rules
from cms.contributions.models import Contribution
from cms.contributions.services.inviting import new_link, remind
from cms.contributions.services.loading import latest_text, load, person_of
from cms.contributions.states import is_late
from cms.core.database import db
from cms.notices.services import notify
from cms.people.models import Person
from cms.posts.events import RevisionSaved
from cms.posts.models import Post

BEFORE_DEADLINE = (timedelta(days=1), timedelta(days=3))  # when reminders go out, nearest first
MOST_TOLD = 20


def tell_editors(contribution: Contribution, about: str, *, by: Person | None, at: datetime) -> None:
    """Tell who asked; when they look after posts no longer, those who do."""
    inviter = db.session.get(Person, contribution.invited_by_id) if contribution.invited_by_id else None
    if inviter is not None and rules.can_invite(inviter):
        to = [inviter.id]
    else:
        editors = select(Person.id).where(Person.role.in_(("editor", "admin")), Person.disabled_at.is_(None))
        to = list(db.session.scalars(editors.order_by(Person.id).limit(MOST_TOLD)))
    notify(
        f"contribution.{about}",
        to=to,
        subject=f"post:{contribution.post_id}",
        by=by,
        at=at,
        detail={
            "contribution": contribution.id,
            "name": person_of(contribution).name,
            "title": latest_text(contribution.post_id).title,
        },
    )


def hear_revision(fact: RevisionSaved) -> None:
    """A text that was approved from outside has changed: ask once more, by mail, and not again until they answered."""
    if not fact.is_new:
        return
    query = select(Contribution).where(
        Contribution.post_id == fact.post_id,
        Contribution.decision == "approved",
        Contribution.decided_hash != fact.content_hash,
        Contribution.change_told_at.is_(None),
        Contribution.revoked_at.is_(None),
        Contribution.expires_at > fact.at,
        Contribution.email.is_not(None),
        Contribution.person_id != (fact.by_id or 0),
    )
    for contribution in db.session.scalars(query).all():
        contribution.change_told_at = fact.at
        token, person = new_link(contribution, at=fact.at), person_of(contribution)
        mails.send_news(contribution, token, about="changed", person=person, by=None)


def reminders_due(at: datetime, *, limit: int = 100) -> list[int]:
    """Numbers of those whose deadline is near, and who were not reminded since it came near."""
    near = max(BEFORE_DEADLINE)
    query = select(Contribution).where(
        *_awaited(at),
        Contribution.due_at > at,
        Contribution.due_at <= at + near,
        Contribution.email.is_not(None),
        Contribution.reminders_stopped_at.is_(None),
    )
    found = db.session.scalars(query.order_by(Contribution.due_at).limit(limit)).all()
    return [one.id for one in found if _is_reminder_due(one, at)]


def remind_if_due(contribution_id: int, *, at: datetime) -> bool:
    """Mail the reminder, unless something came or another worker was faster."""
    contribution = load(contribution_id)
    if not _is_awaited(contribution, at) or not _is_reminder_due(contribution, at):
        return False
    remind(contribution_id, by=None, at=at)
    return True


def late_ones(at: datetime, *, limit: int = 100) -> list[int]:
    """Numbers of those that are late and nobody was told of yet."""
    query = select(Contribution.id).where(
        *_awaited(at), Contribution.due_at < at, Contribution.late_told_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Contribution.due_at).limit(limit)))


def tell_late(contribution_id: int, *, at: datetime) -> bool:
    """Tell the editors, once."""
    contribution = load(contribution_id)
    if contribution.late_told_at is not None or not is_late(contribution, at):
        return False
    contribution.late_told_at = at
    tell_editors(contribution, "late", by=None, at=at)
    return True


def _awaited(at: datetime) -> tuple[ColumnElement[bool], ...]:
    gone = select(Post.id).where(Post.trashed_at.is_not(None))
    return (
        Contribution.handed_in_at.is_(None),
        Contribution.revoked_at.is_(None),
        Contribution.decision.is_(None),
        Contribution.expires_at > at,
        Contribution.post_id.not_in(gone),
    )


def _is_awaited(one: Contribution, at: datetime) -> bool:
    return one.is_open(at) and one.handed_in_at is None and one.decision is None and one.email is not None


def _is_reminder_due(one: Contribution, at: datetime) -> bool:
    """Whether the last of the moments before the deadline that has passed saw no reminder, and came after the asking."""
    if one.due_at is None or one.reminders_stopped_at is not None:
        return False
    passed = [one.due_at - before for before in BEFORE_DEADLINE if one.due_at - before <= at < one.due_at]
    return bool(passed) and max(passed) > max(one.created_at, one.reminded_at or one.created_at)
