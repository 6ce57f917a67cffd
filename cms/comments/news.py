"""What people are told about comments."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cms.comments import rules
from cms.comments.models import Comment, Question
from cms.comments.on_posts import moderates_posts
from cms.comments.subjects import find_subjects
from cms.comments.wording import REASONS
from cms.core import walltime
from cms.core.database import db
from cms.notices.kinds import NoticeKind
from cms.people.models import Person

Detail = Mapping[str, Any]


def _answered(detail: Detail) -> str:
    return str(
        gettext("%(who)s answered your comment on “%(title)s”", who=detail["who"], title=detail["title"])
    )


def _on_yours(detail: Detail) -> str:
    return str(gettext("%(who)s commented on “%(title)s”", who=detail["who"], title=detail["title"]))


def _company(detail: Detail) -> str:
    return str(
        gettext("%(who)s answers your question below “%(title)s”", who=detail["who"], title=detail["title"])
    )


def _decided(detail: Detail) -> str:
    title, reason = detail["title"], str(REASONS.get(detail["reason"], REASONS["other"]))
    sentences = {
        "approved": lambda: gettext("Your comment on “%(title)s” can be seen now", title=title),
        "granted": lambda: gettext(
            "Your comment on “%(title)s” was looked at again and can be seen", title=title
        ),
        "hidden": lambda: gettext(
            "Your comment on “%(title)s” was hidden: %(reason)s", title=title, reason=reason
        ),
        "all_hidden": lambda: gettext("Your comments were hidden: %(reason)s", reason=reason),
        "refused": lambda: gettext(
            "Your comment on “%(title)s” was looked at again and stays hidden: %(reason)s",
            title=title,
            reason=reason,
        ),
    }
    return str(sentences[detail["decision"]]())


def _waiting(detail: Detail) -> str:
    return str(gettext("A comment on “%(title)s” waits for a decision", title=detail["title"]))


def _question(detail: Detail) -> str:
    if detail.get("is_reminder"):
        return str(gettext("Your answer below “%(title)s” is due", title=detail["title"]))
    if detail.get("due"):
        due = walltime.shown(detail["due"], detail["zone"])
        return str(
            gettext(
                "You are asked to answer a reader below “%(title)s” by %(due)s",
                title=detail["title"],
                due=due,
            )
        )
    return str(gettext("You are asked to answer a reader below “%(title)s”", title=detail["title"]))


def _number(subject: str) -> int:
    return int(subject.removeprefix("comment:"))


def _to_comment(subject: str, detail: Detail) -> str:
    return url_for("comments.show_comment", comment_id=_number(subject))


def _to_queue(subject: str, detail: Detail) -> str:
    return str(detail.get("path") or url_for("comments.show_queue"))


def _to_question(subject: str, detail: Detail) -> str:
    return url_for("comments.show_question", comment_id=_number(subject))


def _visible(person: Person, subjects: Collection[str]) -> Collection[str]:
    wanted = select(Comment).where(Comment.id.in_([_number(one) for one in subjects]))
    rows = db.session.scalars(wanted).all()
    about = find_subjects((one.subject_kind, one.subject_id) for one in rows)
    return {
        f"comment:{one.id}"
        for one in rows
        if rules.can_see_comment(person, one, about.get((one.subject_kind, one.subject_id)))
    }


def _may_see(person: Person, subject: str) -> bool:
    return subject in _visible(person, [subject])


def _owed(person: Person, subjects: Collection[str]) -> Collection[str]:
    wanted = select(Question.comment_id).where(
        Question.comment_id.in_([_number(one) for one in subjects]), Question.owner_id == person.id
    )
    return {f"comment:{one}" for one in db.session.scalars(wanted)}


def _everybody(person: Person) -> bool:
    return True


def _kind(
    key: str,
    label: Any,
    sentence: Callable[[Detail], str],
    by_mail: str = "now",
    concerns: Callable[[Person], bool] = _everybody,
) -> NoticeKind:
    return NoticeKind(
        key=key,
        label=label,
        sentence=sentence,
        address=_to_comment,
        may_see=_may_see,
        visible=_visible,
        by_mail=by_mail,
        concerns=concerns,
    )


NOTICES = [
    _kind("comment.answered", _("Somebody answers a comment of yours"), _answered),
    _kind("comment.company", _("The company answers a question of yours"), _company),
    _kind("comment.decided", _("A comment of yours was decided on"), _decided),
    _kind("comment.on_yours", _("Somebody comments on what you wrote"), _on_yours, "digest"),
    NoticeKind(
        key="comment.waiting",
        label=_("Comments wait for a decision"),
        sentence=_waiting,
        address=_to_queue,
        may_see=lambda person, subject: moderates_posts(person) or subject != "queue:post",
        by_mail="digest",
        concerns=moderates_posts,
    ),
    NoticeKind(
        key="comment.question",
        label=_("You owe a reader an answer"),
        sentence=_question,
        address=_to_question,
        may_see=lambda person, subject: subject in _owed(person, [subject]),
        visible=_owed,
    ),
]
