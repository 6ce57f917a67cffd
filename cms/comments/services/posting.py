"""Writing comments: beginning, answering, changing, taking away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cms.comments import rules, spam
from cms.comments.holding import MOST_LINKS, Signals, count_links, level, reasons_to_hold
from cms.comments.models import Comment, CommentVersion, Question, Standing
from cms.comments.services import telling
from cms.comments.services.counting import recount, touch_pages, was_shown, was_taken
from cms.comments.services.loading import load
from cms.comments.services.problems import Blocked, CommentsClosed, ParentGone, TooLate, Unreadable
from cms.comments.subjects import Subject, get_subject
from cms.core.database import db
from cms.core.errors import Invalid, NotAllowed
from cms.core.markup import RENDERER, render_remark
from cms.core.text import strip_control
from cms.people.models import Person
from cms.posts.wording import guess_language

LONGEST = 5_000  # characters
MOST_LINKS_EVER = 20
QUIET_EDIT = timedelta(minutes=2)  # a slip mended at once is no history


@dataclass(frozen=True)
class Remark:
    """A comment made ready: its words, and the HTML made of them."""

    body: str
    html: str
    plain: str
    language: str


def prepare(text: str, *, own_language: str) -> Remark:
    """Check and render what was typed. Call it before a transaction. Raises `Invalid` with a sentence."""
    body = strip_control(text).strip()
    if len(body) > LONGEST:
        count = f"{LONGEST:,}"
        raise Invalid(errors={"body": _("A comment is at most %(count)s characters long.", count=count)})
    if count_links(body) > MOST_LINKS_EVER:
        raise Invalid(errors={"body": _("A comment has at most %(count)d links.", count=MOST_LINKS_EVER)})
    rendered = render_remark(body)
    if not rendered.plain and "<code" not in rendered.html:
        raise Unreadable(errors={"body": str(Unreadable.message)})
    return Remark(body, rendered.html, rendered.plain, guess_language(body, own=own_language))


def post_comment(
    kind: str,
    subject_id: int,
    remark: Remark,
    *,
    by: Person | None,
    at: datetime,
    name: str = "",
    parent_id: int | None = None,
    signals: Signals | None = None,
    once: str | None = None,
) -> Comment:
    """Add a comment; it is visible at once, or waits with its reasons in `held_for`.

    `by` is None for a visitor, who gives a `name`. The same form (`once`) sent twice is one comment. Raises
    `CommentsClosed`, `Blocked`, `ParentGone`.
    """
    subject = get_subject(kind, subject_id, by)
    known = _sent_before(once)
    if known is not None:
        return known
    standing = _may_write(subject, by, at=at)
    parent = _parent(subject, parent_id)
    score = spam.spam_score(remark.body)
    held = reasons_to_hold(
        remark.body,
        subject=subject,
        by=by,
        standing=standing,
        signals=signals or Signals(),
        score=score,
        at=at,
    )
    comment = Comment(
        subject_kind=kind,
        subject_id=subject_id,
        parent_id=parent.id if parent else None,
        author_id=by.id if by else None,
        author_name="" if by else _visitor_name(name),
        renderer=RENDERER,
        state="waiting" if held else "visible",
        held_for=held,
        spam_score=score,
        created_at=at,
        waiting_at=at if held else None,
        once=once,
        note="",
        appeal="",
        **vars(remark),
    )
    try:
        with db.session.begin_nested():
            db.session.add(comment)
    except IntegrityError:
        known = _sent_before(once)
        if known is None:
            raise
        return known
    comment.root_id = (parent.root_id or parent.id) if parent else comment.id
    if held:
        db.session.flush()
        telling.tell_waiting(comment, subject, at=at)
    else:
        was_shown(comment, at=at, is_by_author=True)
        telling.tell_shown(comment, subject, at=at)
    return comment


def edit_comment(comment_id: int, remark: Remark, *, by: Person, at: datetime) -> Comment:
    """Change one's own words, within the time there is for it; what they were is kept.

    What strangers slip in later is read as well: an edit that would have waited, waits.
    """
    comment = load(comment_id)
    subject = get_subject(comment.subject_kind, comment.subject_id, by)
    if not rules.is_own(by, comment):
        raise NotAllowed
    if not rules.can_edit(by, comment, at=at):
        raise TooLate
    if remark.body == comment.body:
        return comment
    standing = _may_write(subject, by, at=at)
    _keep_version(comment, at=at)
    new_links = count_links(remark.body) > count_links(comment.body)
    for field, value in vars(remark).items():
        setattr(comment, field, value)
    comment.renderer, comment.edited_at = RENDERER, at
    comment.spam_score = spam.spam_score(remark.body)
    held = reasons_to_hold(
        remark.body,
        subject=subject,
        by=by,
        standing=standing,
        signals=Signals(),
        score=comment.spam_score,
        at=at,
    )
    too_many = new_links and count_links(remark.body) > MOST_LINKS[level(by, standing)]
    if comment.state == "visible" and ("words" in held or "moderated" in held or too_many):
        comment.state, comment.waiting_at, comment.held_for = "waiting", at, [*held, "edited"]
        was_taken(comment, at=at)
        telling.tell_waiting(comment, subject, at=at)
        return comment
    db.session.flush()
    touch_pages(comment)
    return comment


def delete_comment(comment_id: int, *, by: Person | None, at: datetime) -> None:
    """Take one's own words away: they and what they were are gone, the place stays while somebody answered.

    `by` is None for a visitor, whose link says that it is theirs.
    """
    comment = load(comment_id)
    if comment.author_id != (by.id if by else None):
        raise NotAllowed
    if comment.state == "deleted":
        return
    empty(comment, at=at)


def empty(comment: Comment, *, at: datetime) -> None:
    """Take the words out of a loaded comment, for good."""
    was_visible = comment.is_visible
    comment.state, comment.body, comment.html, comment.plain = "deleted", "", "", ""
    comment.waiting_at, comment.appeal, comment.note = None, "", ""
    for version in db.session.scalars(select(CommentVersion).where(CommentVersion.comment_id == comment.id)):
        db.session.delete(version)
    open_question = db.session.get(Question, comment.id)
    if open_question is not None and open_question.answered_at is None:
        db.session.delete(open_question)
    if was_visible:
        was_taken(comment, at=at)
    else:
        recount(comment)


def _may_write(subject: Subject, by: Person | None, *, at: datetime) -> Standing | None:
    standing = db.session.get(Standing, by.id) if by else None
    if standing is not None and standing.is_blocked(at):
        raise Blocked
    if not subject.policy.is_open(at):
        raise CommentsClosed
    if not rules.can_write(by, subject, at=at):
        raise NotAllowed
    return standing


def _parent(subject: Subject, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = db.session.get(Comment, parent_id)
    if parent is None or (parent.subject_kind, parent.subject_id) != (subject.kind, subject.id):
        raise ParentGone
    if not parent.is_visible:
        raise ParentGone
    return parent


def _visitor_name(name: str) -> str:
    tidy = " ".join(strip_control(name).split())
    if not tidy or len(tidy) > 60:
        raise Invalid(errors={"name": _("Please give a name of at most 60 characters.")})
    return tidy


def _sent_before(once: str | None) -> Comment | None:
    return db.session.scalar(select(Comment).where(Comment.once == once)) if once else None


def _keep_version(comment: Comment, *, at: datetime) -> None:
    written_at = comment.edited_at or comment.created_at
    if comment.state == "waiting" or at - written_at < QUIET_EDIT:
        return
    newest = select(func.max(CommentVersion.number)).where(CommentVersion.comment_id == comment.id)
    db.session.add(
        CommentVersion(
            comment_id=comment.id,
            number=(db.session.scalar(newest) or 0) + 1,
            body=comment.body,
            html=comment.html,
            written_at=written_at,
        )
    )
