"""Comments: read a thread, send, change and take away one's own. The same holds, counts and limits as on the page."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cms.api.answering import Made, answer, changing, made_once, nothing_left
from cms.api.cursors import cut, read_cursor, read_number, write_cursor
from cms.api.operations import operation
from cms.api.rules import can_call
from cms.api.schemas.comments import (
    ChangedComment,
    Comment,
    CommentAuthor,
    CommentList,
    CommentsAsked,
    CompanyAnswer,
    NewComment,
)
from cms.api.views import bp
from cms.comments import models, queries, rules, services
from cms.comments.holding import level
from cms.comments.queries import Shown
from cms.comments.subjects import Subject, get_subject
from cms.core.access import allowed, person
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.pages import absolute
from cms.core.throttle import throttle
from cms.people.models import Person

PER_HOUR = {0: 3, 1: 60, 2: 120, 3: 600}  # comments, by how far somebody is trusted


@bp.get("/comments")
@allowed(can_call)
@operation("comments", _("List comments"), scope="comments:read", query=CommentsAsked, answer=CommentList)
def list_comments(asked: CommentsAsked) -> Response:
    """Below a subject in the order of its page; without one, one's own, newest first, whatever became of them."""
    by = _me()
    if asked.subject is None:
        found = queries.of_person(by.id, before=read_number("comments", asked.cursor), limit=asked.limit + 1)
        shown, following = cut("comments", found, asked.limit, lambda one: one.id)
        return answer(CommentList(items=[_told(one, by) for one in shown], next=following))
    subject = _subject(asked.subject, by)
    after = queries.read_place(read_cursor("thread", asked.cursor))
    page = queries.thread_page(subject, after=after, limit=asked.limit)
    bodies = _bodies([one.id for one in page.lines])
    following = write_cursor("thread", str(page.following)) if page.following else None
    items = [_line(one, subject, bodies.get(one.id)) for one in page.lines]
    return answer(CommentList(items=items, next=following))


@bp.post("/comments")
@allowed(can_call)
@operation(
    "comments",
    _("Send a comment"),
    scope="comments:write",
    body=NewComment,
    answer=Comment,
    status=201,
    once=True,
    conflicts=True,
)
def send_comment(body: NewComment) -> Response:
    """It is visible at once or waits, and says why."""
    caller = _me()
    subject = _subject(body.subject, caller)
    remark = services.prepare(body.body, own_language=subject.language)

    def make(by: Person, at: datetime) -> Made:
        limit = PER_HOUR[level(by, queries.standing_of(by.id))]
        throttle(f"comments of {by.id} by programs", limit=limit, per=timedelta(hours=1))
        comment = services.post_comment(subject.kind, subject.id, remark, by=by, at=at, parent_id=body.parent)
        return Made(_told(comment, by), location=f"/api/v1/comments/{comment.id}")

    return made_once(body.model_dump_json(), make)


@bp.get("/comments/<number:comment_id>")
@allowed(can_call)
@operation("comments", _("Read one comment"), scope="comments:read", answer=Comment)
def read_comment(comment_id: int) -> Response:
    """One that everybody may read, or one's own."""
    by = _me()
    comment, _about = queries.get_seen_comment(comment_id, by)
    return answer(_told(comment, by))


@bp.patch("/comments/<number:comment_id>")
@allowed(can_call)
@operation(
    "comments",
    _("Change one's own comment"),
    scope="comments:write",
    body=ChangedComment,
    answer=Comment,
    conflicts=True,
)
def change_comment(comment_id: int, body: ChangedComment) -> Response:
    """Within half an hour, or as long as it waits. What it said before is kept."""
    caller = _me()
    comment, subject = queries.get_seen_comment(comment_id, caller)
    if not rules.is_own(caller, comment):
        raise NotFound
    remark = services.prepare(body.body, own_language=subject.language)
    with changing() as (by, at):
        services.edit_comment(comment_id, remark, by=by, at=at)
    return answer(_told(queries.get_comment(comment_id), _me()))


@bp.delete("/comments/<number:comment_id>")
@allowed(can_call)
@operation("comments", _("Take one's own comment away"), scope="comments:write", status=204)
def take_comment_away(comment_id: int) -> Response:
    """Its words are gone for good; an empty place stays while somebody answered."""
    caller = _me()
    comment, _about = queries.get_seen_comment(comment_id, caller)
    if not rules.is_own(caller, comment):
        raise NotFound
    with changing() as (by, at):
        services.delete_comment(comment_id, by=by, at=at)
    return nothing_left()


def _me() -> Person:
    by = person()
    assert by is not None
    return by


def _subject(name: str, by: Person) -> Subject:
    kind, _colon, number = name.partition(":")
    try:
        return get_subject(kind, min(int(number), 2**31 - 1), by)
    except NotFound as error:
        sentence = gettext("There is nothing by this name that can be commented on.")
        raise Invalid(errors={"subject": sentence}) from error


def _bodies(ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(
        select(models.Comment.id, models.Comment.body, models.Comment.state).where(models.Comment.id.in_(ids))
    )
    return {row.id: (row.body, row.state) for row in rows}


def _line(one: Shown, subject: Subject, kept: tuple[str, str] | None) -> Comment:
    body, state = kept or ("", "deleted")
    given = one.answer
    return Comment(
        id=one.id,
        subject=subject.name,
        parent=one.parent_id,
        root=one.root_id,
        url=absolute(f"/comments/{one.id}"),
        state="deleted" if one.is_gone else _state(state),
        waits_because=[],
        author=None if one.is_gone else CommentAuthor(name=one.name, handle=one.handle),
        body=None if one.is_gone else body,
        html=None if one.is_gone else str(one.html),
        language=one.language,
        created_at=one.created_at,
        edited_at=one.edited_at,
        reactions=one.score,
        answer=CompanyAnswer(html=str(given.html), by=given.by, at=given.at, number=given.versions)
        if given
        else None,
    )


def _told(comment: models.Comment, by: Person) -> Comment:
    author = db.session.get(Person, comment.author_id) if comment.author_id else None
    is_own = rules.is_own(by, comment)
    question = queries.find_question(comment.id)
    versions = queries.versions_of(comment.id) if question and question.answered_at else []
    return Comment(
        id=comment.id,
        subject=comment.subject,
        parent=comment.parent_id,
        root=comment.root_id or comment.id,
        url=absolute(f"/comments/{comment.id}"),
        state=_state(comment.state),
        waits_because=list(comment.held_for) if is_own and comment.state == "waiting" else [],
        author=CommentAuthor(
            name=author.name if author else comment.author_name, handle=author.handle if author else None
        ),
        body=comment.body,
        html=comment.html,
        language=comment.language,
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        reactions=comment.score,
        answer=CompanyAnswer(
            html=versions[0].html,
            by=question.answered_by.name if question and question.answered_by else "",
            at=question.answered_at if question and question.answered_at else versions[0].written_at,
            number=versions[0].number,
        )
        if versions
        else None,
    )


def _state(state: str) -> Any:
    return state
