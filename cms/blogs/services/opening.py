"""Asking for a blog, and what becomes of it. One row a person: a second request changes the first."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cms.blogs import rules
from cms.blogs.events import BlogOpened
from cms.blogs.models import Blog
from cms.blogs.services.problems import HasBlog, OtherState
from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.core.text import strip_control
from cms.notices.services import notify
from cms.people import audit
from cms.people.models import Person

LONGEST_TITLE = 120
LONGEST_ABOUT = 2_000
LONGEST_WORDS = 2_000
MOST_TOLD = 20


@dataclass(frozen=True)
class Face:
    """What a blog says of itself."""

    title: str
    about: str
    language: str

    def checked(self) -> "Face":
        """As it is stored. Raises `Invalid` with what is wrong."""
        title = " ".join(strip_control(self.title).split())
        about = strip_control(self.about).strip()
        errors = {}
        if not title:
            errors["title"] = _("Please give your blog a title.")
        if len(title) > LONGEST_TITLE:
            errors["title"] = _("Please use at most %(count)d characters.", count=LONGEST_TITLE)
        if len(about) > LONGEST_ABOUT:
            errors["about"] = _("Please use at most %(count)d characters.", count=LONGEST_ABOUT)
        if self.language not in LOCALES:
            errors["language"] = _("Please choose a language from the list.")
        if errors:
            raise Invalid(errors=errors)
        return Face(title, about, self.language)


def apply(face: Face, *, wish: str, by: Person, at: datetime) -> Blog:
    """Ask for a blog; asked again while it waits, or after a refusal, the newer request counts.

    Who runs blogs need not ask themselves: theirs opens at once.
    """
    face, said = face.checked(), checked_words(wish, field="wish")
    blog = db.session.scalar(select(Blog).where(Blog.person_id == by.id).with_for_update())
    if blog is not None and blog.state in ("open", "closed"):
        raise HasBlog
    if blog is None:
        blog = _added(
            Blog(person_id=by.id, state="applied", applied_at=at, state_at=at, title="", language="")
        )
    blog.title, blog.about, blog.language = face.title, face.about, face.language
    blog.state, blog.state_at, blog.applied_at, blog.wish, blog.reason = "applied", at, at, said, ""
    db.session.flush()
    if rules.can_run_blogs(by):
        open_blog(blog.id, by=by, at=at)
    else:
        notify(
            "blog.applied",
            to=editors(),
            subject=f"blog:{blog.id}",
            by=by,
            at=at,
            detail={"name": by.name, "title": blog.title},
        )
    return blog


def withdraw_application(blog_id: int, *, by: Person, at: datetime) -> None:
    """Not wanted any more: nothing is kept of it."""
    blog = load_blog(blog_id)
    if blog.state not in ("applied", "refused") or blog.opened_at is not None:
        raise OtherState
    db.session.delete(blog)
    db.session.flush()


def open_blog(blog_id: int, *, by: Person, at: datetime) -> None:
    """Let somebody write: after an application, a refusal or a closing."""
    blog = load_blog(blog_id)
    if blog.is_open:
        raise OtherState
    was_closed = blog.state == "closed"
    blog.opened_at = blog.opened_at or at
    _move(blog, "open", "", by=by, at=at)
    _note(blog, "reopened" if was_closed else "opened", by=by, at=at)
    announce(BlogOpened(blog.id, blog.person_id, at))


def refuse_blog(blog_id: int, *, reason: str, by: Person, at: datetime) -> None:
    """Say no, and why."""
    blog = load_blog(blog_id)
    if blog.state != "applied":
        raise OtherState
    _move(blog, "refused", _needed(reason), by=by, at=at)
    _note(blog, "refused", by=by, at=at)


def close_blog(blog_id: int, *, reason: str, by: Person, at: datetime) -> None:
    """Nobody writes there any more; what readers see stays. Editors say why, owners need not."""
    blog = load_blog(blog_id)
    if not blog.is_open:
        raise OtherState
    said = checked_words(reason, field="reason") if by.id == blog.person_id else _needed(reason)
    _move(blog, "closed", said, by=by, at=at)
    _note(blog, "closed", by=by, at=at)


def change_face(blog_id: int, face: Face, *, by: Person, at: datetime) -> None:
    """Another title, other words about it."""
    blog, face = load_blog(blog_id), face.checked()
    blog.title, blog.about, blog.language = face.title, face.about, face.language
    db.session.flush()
    touch(f"person:{blog.person_id}")


def load_blog(blog_id: int) -> Blog:
    """The row, locked."""
    blog = db.session.get(Blog, blog_id, with_for_update={"of": Blog}, populate_existing=True)
    if blog is None:
        raise NotFound
    return blog


def editors() -> list[int]:
    """Who is told that something waits."""
    wanted = select(Person.id).where(Person.role.in_(("editor", "admin")), Person.disabled_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Person.id).limit(MOST_TOLD)))


def checked_words(words: str, *, field: str) -> str:
    """What somebody typed, without control characters. Raises `Invalid` when it is too long."""
    said = strip_control(words).strip()
    if len(said) > LONGEST_WORDS:
        raise Invalid(errors={field: _("Please use at most %(count)d characters.", count=LONGEST_WORDS)})
    return said


def _needed(reason: str) -> str:
    said = checked_words(reason, field="reason")
    if not said:
        raise Invalid(errors={"reason": _("Please say why. They read it.")})
    return said


def _added(blog: Blog) -> Blog:
    """Two requests at once make one blog: the database says so."""
    try:
        with db.session.begin_nested():
            db.session.add(blog)
    except IntegrityError as error:
        raise OtherState from error
    return blog


def _move(blog: Blog, state: str, reason: str, *, by: Person, at: datetime) -> None:
    blog.state, blog.state_at, blog.reason, blog.decided_by_id = state, at, reason, by.id
    db.session.flush()
    touch(f"person:{blog.person_id}")


def _note(blog: Blog, act: str, *, by: Person, at: datetime) -> None:
    audit.record(f"blog.{act}", f"blog:{blog.id}", by=by, at=at, detail={"person": blog.person_id})
    notify(
        "blog.decided",
        to=[blog.person_id],
        subject=f"blog:{blog.id}",
        by=by,
        at=at,
        detail={"title": blog.title, "state": act},
    )
