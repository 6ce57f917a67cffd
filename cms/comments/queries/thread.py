"""A page of comments below a subject: threads in order, each first comment with everything below it in order of time.

Answers are as deep as people make them, and shown on one level: who answers an answer says whom. So nothing is out of
reach however deep it is. A page begins after a comment that is named by its place in the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from cms.comments.models import AnswerVersion, Comment, Question, Reaction
from cms.comments.queries.counts import count_visible
from cms.comments.subjects import Subject
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.markup import trusted
from cms.people.models import STAFF, Person

PER_PAGE = 200
SORTS = ("newest", "best")
LAST = 2**31 - 1  # after every comment of a thread


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this comment of this thread, which had so many reactions."""

    score: int
    root_id: int
    id: int

    def __str__(self) -> str:
        """As it stands in `?after=`."""
        return f"{self.score}-{self.root_id}-{self.id}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the company answered."""

    html: Markup
    by: str
    by_handle: str
    headline: dict[str, str]
    at: datetime
    changed_at: datetime | None
    versions: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One comment as it is shown. A gone one has neither words nor writer."""

    id: int
    root_id: int
    parent_id: int | None
    is_gone: bool
    author_id: int | None
    name: str
    handle: str | None
    is_staff: bool
    is_subject_author: bool
    html: Markup | None
    language: str
    created_at: datetime
    edited_at: datetime | None
    score: int
    in_thread: int
    reactions: dict[str, int] = field(default_factory=dict)
    answer: Answer | None = None
    answers_name: str | None = None  # whom it answers, where that is not the first of the thread
    is_continued: bool = False  # the page begins within a thread, with this

    @property
    def is_first(self) -> bool:
        """Whether it begins a thread."""
        return self.id == self.root_id


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some comments, where the next page begins, and how many there are in all."""

    lines: Sequence[Shown]
    count: int
    following: Place | None
    sort: str


def read_place(text: str | None) -> Place | None:
    """The place that `?after=` names; None without one. One that we did not write is not there."""
    if not text:
        return None
    parts = text.split("-")
    if len(parts) != 3 or not all(one.isascii() and one.isdecimal() and len(one) < 11 for one in parts):
        raise NotFound
    return Place(*map(int, parts))


def thread_page(
    subject: Subject, *, sort: str = "newest", after: Place | None = None, limit: int = PER_PAGE
) -> ThreadPage:
    """Comments of a subject that may be seen, `limit` at most. Ask first whether the subject may."""
    rows = db.session.execute(_rows(subject, sort, after).limit(limit + 1)).all()
    shown, ids = rows[:limit], [row.id for row in rows[:limit]]
    reactions, answers = _reactions([row.id for row in shown if row.score]), _answers(ids)
    names = _names(shown)
    lines = [
        _shown(
            row,
            subject,
            reactions=reactions.get(row.id, {}),
            answer=answers.get(row.id),
            answers_name=names.get(row.parent_id or 0) if row.parent_id != row.root_id else None,
            is_continued=place == 0 and row.id != row.root_id,
        )
        for place, row in enumerate(shown)
    ]
    last = shown[-1] if len(rows) > limit else None
    following = Place(last.root_score, last.root_id, last.id) if last else None
    return ThreadPage(lines, count_visible(subject.kind, subject.id), following, sort)


def place_of(comment: Comment) -> Place | None:
    """Where the page begins that shows this comment in the order of newest; None for the first page."""
    before = select(func.count()).where(
        Comment.subject_kind == comment.subject_kind,
        Comment.subject_id == comment.subject_id,
        is_shown(),
        or_(
            Comment.root_id > comment.root_id,
            and_(Comment.root_id == comment.root_id, Comment.id < comment.id),
        ),
    )
    if (db.session.scalar(before) or 0) < PER_PAGE:
        return None
    root_id = comment.root_id or comment.id
    in_thread = select(func.count()).where(Comment.root_id == root_id, Comment.id < comment.id, is_shown())
    if (db.session.scalar(in_thread) or 0) < PER_PAGE:
        return Place(0, root_id + 1, LAST)
    return Place(0, root_id, comment.id - 1)


def is_shown() -> Any:
    """Visible, or an empty place that keeps a thread together."""
    return or_(
        Comment.state == "visible",
        Comment.answers > 0,
        and_(Comment.id == Comment.root_id, Comment.in_thread > 0),
    )


def _rows(subject: Subject, sort: str, after: Place | None) -> Any:
    root = aliased(Comment)
    columns = (
        Comment.id,
        Comment.root_id,
        Comment.parent_id,
        Comment.state,
        Comment.author_id,
        Comment.author_name,
        Comment.html,
        Comment.language,
        Comment.created_at,
        Comment.edited_at,
        Comment.score,
        Comment.in_thread,
        root.score.label("root_score"),
        Person.name,
        Person.handle,
        Person.role,
        Person.disabled_at,
    )
    query = (
        select(*columns)
        .join(root, root.id == Comment.root_id)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Comment.subject_kind == subject.kind, Comment.subject_id == subject.id, is_shown())
    )
    if sort == "best":
        query = query.order_by(root.score.desc(), Comment.root_id.desc(), Comment.id)
        if after is not None:
            query = query.where(
                or_(
                    root.score < after.score,
                    and_(root.score == after.score, _is_after(after)),
                )
            )
        return query
    query = query.order_by(Comment.root_id.desc(), Comment.id)
    return query.where(_is_after(after)) if after is not None else query


def _is_after(place: Place) -> Any:
    return or_(Comment.root_id < place.root_id, and_(Comment.root_id == place.root_id, Comment.id > place.id))


def _shown(row: Any, subject: Subject, **more: Any) -> Shown:
    is_gone = row.state != "visible"
    has_page = row.handle is not None and not is_gone
    return Shown(
        id=row.id,
        root_id=row.root_id,
        parent_id=row.parent_id,
        is_gone=is_gone,
        author_id=None if is_gone else row.author_id,
        name="" if is_gone else row.name or row.author_name,
        handle=row.handle if has_page else None,
        is_staff=has_page and row.role in STAFF,
        is_subject_author=has_page and row.author_id in subject.author_ids,
        html=None if is_gone else trusted(row.html),
        language=row.language,
        created_at=row.created_at,
        edited_at=None if is_gone else row.edited_at,
        score=0 if is_gone else row.score,
        in_thread=row.in_thread,
        **(more if not is_gone else {"is_continued": more["is_continued"]}),
    )


def _reactions(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    if ids:
        rows = db.session.execute(
            select(Reaction.comment_id, Reaction.kind, func.count())
            .where(Reaction.comment_id.in_(ids))
            .group_by(Reaction.comment_id, Reaction.kind)
        )
        for comment_id, kind, count in rows:
            found.setdefault(comment_id, {})[kind] = count
    return found


def _answers(ids: Sequence[int]) -> dict[int, Answer]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(
            Question.comment_id,
            Question.answered_at,
            Question.answer_number,
            AnswerVersion.html,
            AnswerVersion.written_at,
            Person.name,
            Person.handle,
            Person.headline,
        )
        .join(
            AnswerVersion,
            and_(
                AnswerVersion.comment_id == Question.comment_id,
                AnswerVersion.number == Question.answer_number,
            ),
        )
        .outerjoin(Person, Person.id == Question.answered_by_id)
        .where(Question.comment_id.in_(ids))
    )
    return {
        row.comment_id: Answer(
            html=trusted(row.html),
            by=row.name or "",
            by_handle=row.handle or "",
            headline=row.headline or {},
            at=row.answered_at,
            changed_at=row.written_at if row.answer_number > 1 else None,
            versions=row.answer_number,
        )
        for row in rows
    }


def _names(rows: Sequence[Any]) -> dict[int, str]:
    """Who wrote what is answered: of those on the page from it, of the others with one query."""
    names = {row.id: row.name or row.author_name for row in rows if row.state == "visible"}
    on_page = {row.id for row in rows}
    missing = {
        row.parent_id
        for row in rows
        if row.parent_id and row.parent_id != row.root_id and row.parent_id not in on_page
    }
    if missing:
        wanted = (
            select(Comment.id, Person.name, Comment.author_name)
            .outerjoin(Person, Person.id == Comment.author_id)
            .where(Comment.id.in_(sorted(missing)), Comment.state == "visible")
        )
        names |= {one.id: one.name or one.author_name for one in db.session.execute(wanted)}
    return names
