"""Offering a blog's post to the main blog, and what editors make of it. Accepted, it is the main blog's with its
byline, its address and the credit of where it came from."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cms.blogs.events import PitchAccepted
from cms.blogs.models import Blog, Pitch
from cms.blogs.services.featuring import named
from cms.blogs.services.opening import checked_words, editors, load_blog
from cms.blogs.services.problems import (
    BlogNotOpen,
    NewerText,
    NotInBlog,
    NotPitched,
    NotShown,
    PitchedAlready,
    PitchedAnother,
)
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.seams import announce
from cms.notices.services import notify
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.services import effects
from cms.posts.services.details import set_section
from cms.posts.services.loading import load, load_revision
from cms.posts.services.publishing import refuse_blocked
from cms.reviews import services as reviews
from cms.reviews.queries.loading import find_open_round, plan_for


def pitch_post(post_id: int, *, words: str, by: Person, at: datetime) -> Pitch:
    """Offer what the blog shows now. Where texts of the main blog are reviewed, its review begins."""
    post, said = load(post_id), checked_words(words, field="words")
    if post.blog_id is None:
        raise NotInBlog
    if not load_blog(post.blog_id).is_open:
        raise BlogNotOpen
    if not post.is_live:
        raise NotShown
    if post.live_revision_id != post.latest_revision_id:
        raise NewerText
    revision = load_revision(post, post.live_revision_id)
    pitch = Pitch(
        post_id=post_id,
        blog_id=post.blog_id,
        revision_id=revision.id,
        content_hash=revision.content_hash,
        words=said,
        pitched_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(pitch)
    except IntegrityError as error:
        raise PitchedAlready from error
    if plan_for(None) is not None and find_open_round(post_id) is None:
        reviews.submit_post(post_id, words=said, by=by, at=at)
    detail = {**named(post), "name": by.name}
    notify("blog.pitched", to=editors(), subject=f"pitch:{pitch.id}", by=by, at=at, detail=detail)
    return pitch


def withdraw(pitch_id: int, *, by: Person, at: datetime) -> None:
    """Not wanted any more."""
    pitch = _waiting(pitch_id)
    _end(pitch, "withdrawn", by=by, at=at)


def accept(pitch_id: int, *, section_id: int | None, by: Person, at: datetime) -> None:
    """Take it over: from now on editors look after it. It keeps address, byline and time, and says where it is from.

    Exactly the text that was pitched, or none; and what holds up any text of the main blog holds up this one.
    """
    pitch = _waiting(pitch_id)
    post = load(pitch.post_id)
    if not post.is_live:
        raise NotShown
    revision = load_revision(post, post.live_revision_id)
    if revision.content_hash != pitch.content_hash or post.latest_revision_id != revision.id:
        raise PitchedAnother
    before, linking = effects.shown_on(post), effects.linking_to(post)
    post.from_blog_id, post.blog_id, post.featured_at = post.blog_id, None, None
    set_section(post, section_id)
    refuse_blocked(post, revision, by=by, at=at)
    _set(pitch, "accepted", "", by=by, at=at)
    effects.moved_between_lists(post, before=before, linking=linking, at=at)
    audit.record("blog.pitch_accepted", f"post:{post.id}", by=by, at=at, detail={"pitch": pitch.id})
    owner_id = _tell(pitch, post, "accepted", by=by, at=at)
    announce(PitchAccepted(post.id, owner_id, at))


def decline(pitch_id: int, *, reason: str, by: Person, at: datetime) -> None:
    """Leave it to the blog, saying why or what should change."""
    pitch, said = _waiting(pitch_id), checked_words(reason, field="reason")
    if not said:
        raise Invalid(errors={"reason": _("Please say why. They read it.")})
    _end(pitch, "declined", by=by, at=at, reason=said)
    audit.record("blog.pitch_declined", f"post:{pitch.post_id}", by=by, at=at, detail={"pitch": pitch.id})
    _tell(pitch, load(pitch.post_id), "declined", by=by, at=at)


def _end(pitch: Pitch, state: str, *, by: Person, at: datetime, reason: str = "") -> None:
    """Nobody looks at it any more: the review it is in is over too."""
    _set(pitch, state, reason, by=by, at=at)
    if find_open_round(pitch.post_id) is not None:
        reviews.withdraw_round(pitch.post_id, by=by, at=at)


def _set(pitch: Pitch, state: str, reason: str, *, by: Person, at: datetime) -> None:
    pitch.state, pitch.reason, pitch.decided_at, pitch.decided_by_id = state, reason, at, by.id
    db.session.flush()


def _waiting(pitch_id: int) -> Pitch:
    pitch = db.session.get(Pitch, pitch_id, with_for_update={"of": Pitch}, populate_existing=True)
    if pitch is None:
        raise NotFound
    if pitch.state != "waiting":
        raise NotPitched
    return pitch


def _tell(pitch: Pitch, post: Post, outcome: str, *, by: Person, at: datetime) -> int:
    owner_id = db.session.scalars(select(Blog.person_id).where(Blog.id == pitch.blog_id)).one()
    detail = {**named(post), "state": outcome}
    notify("blog.pitch_decided", to=[owner_id], subject=f"pitch:{pitch.id}", by=by, at=at, detail=detail)
    return owner_id
