"""People named in a note: found among the words, linked to their profile, and told once, when readers can see it."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from flask import url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import ForeignKey, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base, db
from cms.notices import services as notices
from cms.notices.kinds import NoticeKind
from cms.people import handles
from cms.people.models import GUEST, Handle, Person
from cms.posts.events import LivePostChanged, PostPublished
from cms.posts.models import Byline, Post, Revision
from cms.posts.queries import visible_to

SUGGESTED = 8
_PROFILE = re.compile(r'href="/@([^"/?#]+)"')


class PostMention(Base):
    """Somebody who was told of being named in a note; nobody is told of the same note again."""

    __tablename__ = "post_mentions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def handles_among(words: Sequence[str]) -> dict[str, str]:
    """Those of these words that name somebody, and the handle they have now; an earlier one still means them."""
    wanted = {word: handles.normal(word) for word in words}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Handle.handle, Person.handle)
        .join(Person, Person.id == Handle.person_id)
        .where(Handle.handle.in_(wanted.values()), Person.disabled_at.is_(None))
    )
    now = {row[0]: row[1] for row in rows}
    own = select(Person.handle).where(Person.handle.in_(wanted.values()), Person.disabled_at.is_(None))
    now |= {handle: handle for handle in db.session.scalars(own)}
    return {word: now[handle] for word, handle in wanted.items() if handle in now}


def people_named(htmls: Sequence[str]) -> dict[str, str]:
    """The names of those whose profiles these texts link to, by handle."""
    linked = {unquote(handle) for html in htmls for handle in _PROFILE.findall(html)}
    if not linked:
        return {}
    rows = db.session.execute(select(Person.handle, Person.name).where(Person.handle.in_(linked)))
    return {handle: name for handle, name in rows}  # noqa: C416 - rows are no pairs to the type checker


def suggest_people(beginning: str, *, limit: int = SUGGESTED) -> Sequence[Person]:
    """Whose handle, or a word of whose name, begins so; those who write here before readers."""
    start = handles.normal(beginning)[: handles.LONGEST]
    matching = or_(
        Person.handle.startswith(start, autoescape=True),
        Person.name.istartswith(start, autoescape=True),
        Person.name.icontains(f" {start}", autoescape=True),
    )
    query = select(Person).where(matching, Person.disabled_at.is_(None))
    return db.session.scalars(
        query.order_by(Person.role == "member", Person.handle, Person.id).limit(limit)
    ).all()


def tell_mentioned(fact: PostPublished | LivePostChanged) -> None:
    """Tell people that a live note names them: once for each note, and not those who wrote it. Handler of both facts."""
    row = db.session.execute(
        select(Post.kind, Revision.html, Revision.saved_by_id)
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(Post.id == fact.post_id)
    ).one_or_none()
    if row is None or row.kind != "note":
        return
    writers = {
        row.saved_by_id,
        *db.session.scalars(select(Byline.person_id).where(Byline.post_id == fact.post_id)),
    }
    told = set(db.session.scalars(select(PostMention.person_id).where(PostMention.post_id == fact.post_id)))
    news = [one for one in _accounts_in(row.html) if one not in writers | told]
    if not news:
        return
    db.session.add_all(PostMention(post_id=fact.post_id, person_id=one) for one in news)
    db.session.flush()
    author = db.session.get(Person, row.saved_by_id) if row.saved_by_id else None
    notices.notify(
        MENTIONED.key,
        to=news,
        subject=f"post:{fact.post_id}",
        by=author,
        at=fact.at,
        detail={"who": author.name if author else ""},
    )


def _accounts_in(html: str) -> list[int]:
    """Those with an account whose profile a text links to; guests have nothing to read a notice with."""
    named = {unquote(handle) for handle in _PROFILE.findall(html)}
    if not named:
        return []
    query = select(Person.id).where(
        Person.handle.in_(named), Person.role != GUEST, Person.disabled_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Person.id)))


def _visible(person: Person, subjects: Collection[str]) -> set[str]:
    """A note that is not live any more is nobody's news."""
    numbers = [int(one.partition(":")[2]) for one in subjects if one.partition(":")[2].isdecimal()]
    live = select(Post.id).where(Post.id.in_(numbers), visible_to(person, None))
    return {f"post:{number}" for number in db.session.scalars(live)}


def _sentence(detail: Mapping[str, Any]) -> str:
    if detail.get("who"):
        return str(gettext("%(who)s names you in a note.", who=detail["who"]))
    return str(gettext("A note names you."))


MENTIONED = NoticeKind(
    key="note.mentioned",
    label=lazy_gettext("A note names me"),
    sentence=_sentence,
    address=lambda subject, detail: url_for("site.show_note", note_id=int(subject.partition(":")[2])),
    may_see=lambda person, subject: subject in _visible(person, [subject]),
    by_mail="digest",
    visible=_visible,
    concerns=lambda person: person.is_active,
)
