"""Deciding on comments: letting through, hiding with a reason, looking again, blocking. Each act is in the audit log, and
its writer is told."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from cms.comments import rules, spam
from cms.comments.models import Comment, Flag
from cms.comments.services import telling
from cms.comments.services.counting import restand, standing_of, was_shown, was_taken
from cms.comments.services.loading import load
from cms.comments.services.problems import DecidedMeanwhile, NotAppealable
from cms.comments.subjects import Subject, find_subject
from cms.comments.wording import REASONS
from cms.core.database import db
from cms.core.errors import Invalid, NotAllowed, NotFound
from cms.people import audit
from cms.people.models import Person

LONGEST_NOTE = 1_000
MOST_FLAGS = 3  # readers whose reports take a comment out of sight until somebody looked


def approve_comment(comment_id: int, *, by: Person, at: datetime) -> None:
    """Let it be seen. Raises `DecidedMeanwhile` when it is visible or gone already."""
    comment, subject = _deciding(comment_id, by)
    if comment.state not in ("waiting", "hidden"):
        raise DecidedMeanwhile
    _unlearn(comment)
    is_first, was_appealed = comment.shown_at is None, _is_appealed(comment)
    comment.state, comment.reason, comment.note, comment.waiting_at = "visible", "", "", None
    _decided(comment, by=by, at=at)
    if was_appealed:
        comment.appeal_outcome = "granted"
    spam.learn(comment.body, is_spam=False)
    was_shown(comment, at=at, is_by_author=False)
    audit.record("comment.approved", f"comment:{comment.id}", by=by, at=at)
    telling.tell_decided(comment, subject, "granted" if was_appealed else "approved", by=by, at=at)
    if is_first:
        telling.tell_shown(comment, subject, at=at)


def hide_comment(comment_id: int, *, reason: str, by: Person, at: datetime, note: str = "") -> None:
    """Take it from sight, and say why to its writer. Answers to it stay."""
    comment, subject = _deciding(comment_id, by)
    if comment.state not in ("waiting", "visible"):
        raise DecidedMeanwhile
    if reason not in REASONS:
        raise Invalid(errors={"reason": _("Please choose a reason: its writer reads it.")})
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(errors={"note": _("Please use at most %(count)d characters.", count=LONGEST_NOTE)})
    _hide(comment, reason=reason, note=note, by=by, at=at)
    telling.tell_decided(comment, subject, "hidden", by=by, at=at)


def hide_all(person_id: int, *, reason: str, by: Person, at: datetime) -> int:
    """Hide everything of somebody that is visible or waits, wherever this moderator decides; gives the number."""
    if reason not in REASONS:
        raise Invalid(errors={"reason": _("Please choose a reason: its writer reads it.")})
    ids = db.session.scalars(
        select(Comment.id)
        .where(Comment.author_id == person_id, Comment.state.in_(("waiting", "visible")))
        .order_by(Comment.id)
    ).all()
    hidden = 0
    for comment_id in ids:
        comment = load(comment_id)
        subject = find_subject(comment.subject_kind, comment.subject_id)
        if rules.can_moderate(by, subject):
            _hide(comment, reason=reason, note="", by=by, at=at)
            hidden += 1
    if hidden:
        audit.record("comment.all_hidden", f"person:{person_id}", by=by, at=at, detail={"comments": hidden})
        last = load(ids[-1])
        telling.tell_decided(
            last, find_subject(last.subject_kind, last.subject_id), "all_hidden", by=by, at=at
        )
    return hidden


def appeal_comment(comment_id: int, *, text: str, by: Person, at: datetime) -> None:
    """Ask that somebody looks again, once, and say why."""
    comment = load(comment_id)
    if not rules.is_own(by, comment):
        raise NotFound
    if not rules.can_appeal(by, comment):
        raise NotAppealable
    text = text.strip()
    if not text or len(text) > LONGEST_NOTE:
        sentence = _("Please say in at most %(count)d characters why it should be seen.", count=LONGEST_NOTE)
        raise Invalid(errors={"appeal": sentence})
    comment.appeal, comment.appealed_at = text, at
    db.session.flush()
    subject = find_subject(comment.subject_kind, comment.subject_id)
    if subject is not None:
        telling.tell_waiting(comment, subject, at=at)


def refuse_appeal(comment_id: int, *, note: str, by: Person, at: datetime) -> None:
    """Leave it hidden after looking again, with a word to its writer. To grant it is `approve_comment`."""
    comment, subject = _deciding(comment_id, by)
    if not _is_appealed(comment):
        raise DecidedMeanwhile
    comment.appeal_outcome = "refused"
    comment.note = note.strip()[:LONGEST_NOTE] or comment.note
    _decided(comment, by=by, at=at)
    audit.record("comment.appeal_refused", f"comment:{comment.id}", by=by, at=at)
    telling.tell_decided(comment, subject, "refused", by=by, at=at)


def flag_comment(comment_id: int, *, reason: str, note: str, by: Person, at: datetime) -> None:
    """A reader reports it, once. After some, it waits until a moderator has looked."""
    comment = load(comment_id)
    subject = find_subject(comment.subject_kind, comment.subject_id)
    if subject is None or not rules.can_see_comment(by, comment, subject) or not comment.is_visible:
        raise NotFound
    if reason not in REASONS:
        raise Invalid(errors={"reason": _("Please choose what is wrong with it.")})
    if db.session.get(Flag, (comment_id, by.id)) is not None:
        return
    db.session.add(
        Flag(comment_id=comment_id, person_id=by.id, reason=reason, note=note[:LONGEST_NOTE], at=at)
    )
    comment.flags += 1
    db.session.flush()
    if comment.flags >= MOST_FLAGS and comment.decided_at is None:  # who decided on it already has seen it
        comment.state, comment.held_for, comment.waiting_at = "waiting", ["flagged"], at
        was_taken(comment, at=at)
    telling.tell_waiting(comment, subject, at=at)


def dismiss_flags(comment_id: int, *, by: Person, at: datetime) -> None:
    """A moderator looked, and it stays."""
    comment, _subject = _deciding(comment_id, by)
    if comment.state == "waiting":
        raise DecidedMeanwhile
    _decided(comment, by=by, at=at)
    audit.record("comment.kept", f"comment:{comment.id}", by=by, at=at)


def block_person(person_id: int, *, days: int | None, note: str, by: Person, at: datetime) -> None:
    """Keep somebody from commenting: for some days, or until it is lifted."""
    account = db.session.get(Person, person_id)
    if account is None:
        raise NotFound
    if not rules.can_block(by, account):
        raise NotAllowed
    if days is not None and not 1 <= days <= 3650:
        raise Invalid(errors={"days": _("Please give from 1 to 3,650 days, or none.")})
    standing = standing_of(person_id)
    standing.blocked_at, standing.blocked_by_id = at, by.id
    standing.blocked_until = at + timedelta(days=days) if days else None
    standing.block_note = note.strip()[:LONGEST_NOTE]
    db.session.flush()
    audit.record("person.blocked", f"person:{person_id}", by=by, at=at, detail={"days": days or 0})


def unblock_person(person_id: int, *, by: Person, at: datetime) -> None:
    """Let somebody comment again."""
    standing = standing_of(person_id)
    if standing.blocked_at is None:
        return
    standing.blocked_at = standing.blocked_until = standing.blocked_by_id = None
    standing.block_note = ""
    restand(person_id)
    audit.record("person.unblocked", f"person:{person_id}", by=by, at=at)


def _deciding(comment_id: int, by: Person) -> tuple[Comment, Subject]:
    comment = load(comment_id)
    subject = find_subject(comment.subject_kind, comment.subject_id)
    if subject is None:
        raise NotFound
    if not rules.can_moderate(by, subject):
        raise NotAllowed
    return comment, subject


def _hide(comment: Comment, *, reason: str, note: str, by: Person, at: datetime) -> None:
    was_visible = comment.is_visible
    comment.state, comment.reason, comment.note, comment.waiting_at = "hidden", reason, note, None
    _decided(comment, by=by, at=at)
    if reason == "spam":
        spam.learn(comment.body, is_spam=True)
    db.session.flush()
    if was_visible:
        was_taken(comment, at=at)
    elif comment.author_id is not None:
        restand(comment.author_id)
    audit.record("comment.hidden", f"comment:{comment.id}", by=by, at=at, detail={"reason": reason})


def _decided(comment: Comment, *, by: Person, at: datetime) -> None:
    comment.decided_at, comment.decided_by_id, comment.flags = at, by.id, 0
    for flag in db.session.scalars(select(Flag).where(Flag.comment_id == comment.id)):
        db.session.delete(flag)
    db.session.flush()


def _is_appealed(comment: Comment) -> bool:
    return comment.appealed_at is not None and comment.appeal_outcome is None


def _unlearn(comment: Comment) -> None:
    """What was called spam and is let through after all was no spam."""
    if comment.state == "hidden" and comment.reason == "spam":
        spam.learn(comment.body, is_spam=True, times=-1)
