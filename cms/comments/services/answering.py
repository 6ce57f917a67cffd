"""Company answers: a comment is taken for a question, gets an owner and a time, and an answer that somebody signs."""

from datetime import datetime

from flask_babel import gettext as _

from cms.comments import rules
from cms.comments.models import AnswerVersion, Comment, Question
from cms.comments.services import telling
from cms.comments.services.counting import touch_pages
from cms.comments.services.loading import load, load_question
from cms.comments.subjects import find_subject
from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotAllowed, NotFound
from cms.core.markup import Rendered, render_remark
from cms.core.pagecache import touch
from cms.core.text import excerpt, strip_control
from cms.people import audit
from cms.people.models import Person

LONGEST = 20_000
FAQ = "answers"  # the tag of the page of answered questions


def prepare_answer(text: str) -> tuple[str, Rendered]:
    """Check and render an answer. Call it before a transaction."""
    body = strip_control(text).strip()
    if not body:
        raise Invalid(errors={"body": _("Please write the answer.")})
    if len(body) > LONGEST:
        count = f"{LONGEST:,}"
        raise Invalid(errors={"body": _("An answer is at most %(count)s characters long.", count=count)})
    return body, render_remark(body)


def assign_question(
    comment_id: int,
    *,
    owner_id: int | None,
    wall: str = "",
    zone: str = "UTC",
    which: int | None = None,
    by: Person,
    at: datetime,
) -> Question:
    """Take a comment for a question, and say who answers it until when; or change that."""
    comment = load(comment_id)
    if not comment.is_visible:
        raise Conflict(_("Only what readers see can be answered by the company."))
    owner = db.session.get(Person, owner_id) if owner_id is not None else None
    if owner_id is not None and (owner is None or not rules.can_answer_for_company(owner)):
        raise Invalid(errors={"owner": _("Please choose somebody who works here.")})
    due_at = walltime.instant(wall, zone, which=which) if wall else None
    question = db.session.get(Question, comment_id, populate_existing=True)
    if question is None:
        question = Question(
            comment_id=comment_id, marked_at=at, marked_by_id=by.id, answer_number=0, faq_question=""
        )
        db.session.add(question)
    is_news = owner_id != question.owner_id or due_at != question.due_at
    question.owner_id, question.due_at = owner_id, due_at
    question.due_wall, question.due_zone = (wall[:16], zone) if wall else (None, None)
    if is_news:
        question.reminded_at = None
    db.session.flush()
    audit.record("question.assigned", f"comment:{comment_id}", by=by, at=at, detail={"person": owner_id or 0})
    if is_news and question.answered_at is None:
        subject = find_subject(comment.subject_kind, comment.subject_id)
        telling.tell_owner(question, comment, subject, by=by, at=at)
    return question


def drop_question(comment_id: int, *, by: Person, at: datetime) -> None:
    """It was no question to the company after all; one that is answered stays."""
    question = load_question(comment_id)
    if question.answered_at is not None:
        raise Conflict(_("This is answered already. An answer stays, and can be changed."))
    db.session.delete(question)
    db.session.flush()
    audit.record("question.dropped", f"comment:{comment_id}", by=by, at=at)


def answer_question(
    comment_id: int, answer: tuple[str, Rendered], *, expected_number: int, by: Person, at: datetime
) -> Question:
    """Answer, or change the answer: readers see the newest version with its time, the others are kept.

    Whoever works here may sign. `expected_number` is the version that was read before; raises `Conflict` for another.
    """
    comment = load(comment_id)
    question = load_question(comment_id)
    if not rules.can_answer_for_company(by):
        raise NotAllowed
    if question.answer_number != expected_number:
        raise Conflict(_("Somebody else answered in the meantime. Your text is below, not saved."))
    subject = find_subject(comment.subject_kind, comment.subject_id)
    if subject is None or not comment.is_visible:
        raise Conflict(_("The question cannot be seen any more, so an answer would not be either."))
    body, rendered = answer
    question.answer_number += 1
    is_first, question.answered_at = question.answered_at is None, question.answered_at or at
    question.answered_by_id = by.id
    db.session.flush()
    db.session.add(
        AnswerVersion(
            comment_id=comment_id,
            number=question.answer_number,
            body=body,
            html=rendered.html,
            plain=rendered.plain,
            written_at=at,
            written_by_id=by.id,
        )
    )
    db.session.flush()
    _changed(comment)
    act = "question.answered" if is_first else "question.answer_changed"
    audit.record(act, f"comment:{comment_id}", by=by, at=at, detail={"number": question.answer_number})
    if is_first:
        telling.tell_answered(comment, subject, by=by, at=at)
    return question


def publish_as_faq(comment_id: int, *, wording: str, by: Person, at: datetime) -> None:
    """Put the answered question on the page of answered questions, in these words."""
    comment, question = load(comment_id), load_question(comment_id)
    if question.answered_at is None:
        raise Conflict(_("A question needs its answer first."))
    wording = " ".join(strip_control(wording).split()) or excerpt(comment.plain, 160)
    if len(wording) > 300:
        raise Invalid(errors={"faq_question": _("Please use at most 300 characters.")})
    question.faq_at, question.faq_question = question.faq_at or at, wording
    db.session.flush()
    _changed(comment)
    audit.record("question.listed", f"comment:{comment_id}", by=by, at=at)


def withdraw_from_faq(comment_id: int, *, by: Person, at: datetime) -> None:
    """Take it off that page; the answer stays below the comment."""
    comment, question = load(comment_id), load_question(comment_id)
    if question.faq_at is None:
        raise NotFound
    question.faq_at = None
    db.session.flush()
    _changed(comment)
    audit.record("question.unlisted", f"comment:{comment_id}", by=by, at=at)


def _changed(comment: Comment) -> None:
    touch_pages(comment)
    touch(FAQ)
