"""Putting a revision before readers, and taking it away again."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from cms.core.database import db
from cms.core.seams import findings
from cms.media.models import Media
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post, Revision
from cms.posts.services import effects
from cms.posts.services.corrections import show_waiting
from cms.posts.services.details import checked_time
from cms.posts.services.embargoes import refuse_embargoed
from cms.posts.services.loading import load, load_revision
from cms.posts.services.problems import AlreadyPublished, NotLive, NotReady
from cms.posts.services.telling import tell_published

NEEDED_FILE = {"photo": "image", "audio": "audio", "video": "video"}


def publish_post(
    post_id: int,
    *,
    by: Person | None,
    at: datetime,
    revision_id: int | None = None,
    published_at: datetime | None = None,
    first_published_at: datetime | None = None,
    updated_at: datetime | None = None,
    unchecked: bool = False,
) -> None:
    """Make a revision, by default the latest, what readers see. The other times are for imports and back-dating.

    A post that is live gets the newer text and keeps its time of publication. A schedule for this text is done with,
    and so is one for an older text that was to bring the post out; a planned update stays, to stop and ask.
    Given `first_published_at`, it was published before, elsewhere, and is not announced as new.
    Raises `NotReady` with what stands in the way, unless `unchecked`: what an import brings was agreed on elsewhere.
    Raises `Embargoed` while an embargo stands, whoever asks.
    """
    post = load(post_id)
    revision = load_revision(post, revision_id)
    if post.live_revision_id == revision.id:
        raise AlreadyPublished
    check_ready(post, revision)
    refuse_embargoed(post, at)
    if not unchecked:
        refuse_blocked(post, revision, by=by, at=at)
    before, was_live = effects.shown_on(post), post.is_live
    is_first = post.first_published_at is None and first_published_at is None
    post.live_revision_id = revision.id
    if published_at is not None:
        post.published_at = checked_time(published_at, at=at)
    elif post.published_at is None:
        post.published_at = at
    post.first_published_at = first_published_at or post.first_published_at or post.published_at
    if _is_fulfilled(post, revision):
        clear_schedule(post)
    show_waiting(post, revision, at=at)
    note(post, "post.published", by=by, at=at, revision=revision.number)
    if was_live:
        effects.changed_live(post, before=before, at=at)
        return
    post.updated_at = updated_at or (post.published_at if is_first else at)
    effects.went_live(post, is_first=is_first, at=at)
    if by is not None and not unchecked:
        tell_published(post_id, by=by, at=at)


def take_down_post(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Hide a live post from readers; its text, address and times stay as they are."""
    post = load(post_id)
    if not post.is_live:
        raise NotLive
    hide(post, at=at)
    note(post, "post.taken_down", by=by, at=at)


def note(post: Post, act: str, *, by: Person | None, at: datetime, **detail: int | str) -> None:
    """Write what somebody did before everybody's eyes into the audit log; imports and due posts are not acts."""
    if by is not None:
        audit.record(act, f"post:{post.id}", by=by, at=at, detail=detail)


def hide(post: Post, *, at: datetime) -> None:
    """Take a loaded live post from readers. What was to take it down later is done with."""
    post.live_revision_id = None
    clear_removal(post)
    post.edited_at = at
    effects.went_away(post, at=at)


def clear_schedule(post: Post) -> None:
    """Forget when the post was to be published."""
    post.due_at = post.due_wall = post.due_zone = None
    post.due_revision_id = post.due_base_revision_id = post.due_by_id = post.due_problem = None
    post.due_tries = 0


def clear_removal(post: Post) -> None:
    """Forget when readers were to lose the post."""
    post.removal_at = post.removal_wall = post.removal_zone = None
    post.removal_by_id = post.removal_problem = None
    post.removal_tries = 0


def refuse_blocked(post: Post, revision: Revision, *, by: Person | None, at: datetime) -> None:
    """Raise `NotReady` with the sentences of everybody who forbids that this text goes out."""
    found = findings("publication", post=post, revision=revision, by=by, at=at)
    blocking = [one.sentence for one in found if one.is_blocking]
    if blocking:
        raise NotReady(" ".join(blocking), errors={"publication": " ".join(blocking)})


def check_ready(post: Post, revision: Revision) -> None:
    """Raise `NotReady` when a post lacks what its kind is made of."""
    needed = NEEDED_FILE.get(post.kind)
    if needed is None:
        return
    ids = [row.media_id for row in revision.media] + ([revision.cover_id] if revision.cover_id else [])
    kinds = set(db.session.scalars(select(Media.kind).where(Media.id.in_(ids)))) if ids else set()
    if needed not in kinds:
        sentences = {
            "image": _("A photo post needs at least one picture before it can be published."),
            "audio": _("An audio post needs its recording before it can be published."),
            "video": _("A video post needs its recording before it can be published."),
        }
        raise NotReady(sentences[needed], errors={"media": sentences[needed]})


def _is_fulfilled(post: Post, revision: Revision) -> bool:
    """Whether nothing is left of the post's schedule once this revision is live."""
    if post.due_revision_id is None or post.due_revision_id == revision.id:
        return post.due_revision_id is not None
    return post.due_base_revision_id is None and _number(post.due_revision_id) < revision.number


def _number(revision_id: int) -> int:
    return db.session.scalars(select(Revision.number).where(Revision.id == revision_id)).one()
