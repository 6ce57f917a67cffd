"""Releases: changes of several posts that go live together. All of them in one transaction, or none.

An item is bound to one text and to what was live when it was added, as a scheduled update is. Title, text, summary,
cover and files are held back by that; address, section, tags and credits of a live post change at once as always.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotFound, Problem
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post, Release, ReleaseItem, Revision
from cms.posts.services.embargoes import refuse_before_embargo
from cms.posts.services.firing import refuse_changed, refuse_trashed, refuse_without_right
from cms.posts.services.loading import load, load_revision
from cms.posts.services.moments import instant_to_come
from cms.posts.services.problems import (
    AlreadyPublished,
    AlreadyReleased,
    InRelease,
    NotLive,
    NotScheduled,
    ReleaseStopped,
)
from cms.posts.services.publishing import check_ready, publish_post, refuse_blocked, take_down_post
from cms.posts.services.telling import tell_published, tell_release_missed

MOST_ITEMS = 50


def create_release(name: str, *, by: Person | None, at: datetime) -> Release:
    """Begin a release without any post in it."""
    release = Release(
        name=_checked_name(name), created_at=at, created_by_id=by.id if by else None, due_tries=0
    )
    release.items = []
    db.session.add(release)
    db.session.flush()
    return release


def rename_release(release_id: int, name: str, *, by: Person | None, at: datetime) -> None:
    """Call it something else."""
    load_release(release_id).name = _checked_name(name)
    db.session.flush()


def remove_release(release_id: int, *, by: Person | None, at: datetime) -> None:
    """Give a release up that did not go out; its posts stay as they are."""
    db.session.delete(load_release(release_id))
    db.session.flush()


def add_to_release(
    release_id: int, post_id: int, *, by: Person | None, at: datetime, act: str = "publication"
) -> None:
    """Put the latest text of a post (or its `removal`) at the end; again, to bind it to what is the latest now."""
    release, post = load_release(release_id), load(post_id)
    revision = load_revision(post, None)
    item = next((one for one in release.items if one.post_id == post_id), None)
    _refuse_item(release, post, act, is_new=item is None)
    if item is None:
        item = ReleaseItem(post_id=post_id, position=len(release.items))
        release.items.append(item)
    item.act, item.revision_id, item.base_revision_id = act, revision.id, post.live_revision_id
    if release.due_at is not None and release.due_problem is None:
        _check_item(item, by=by, at=release.due_at)
    db.session.flush()


def take_from_release(release_id: int, post_id: int, *, by: Person | None, at: datetime) -> None:
    """Take a post out. The rest stays in order."""
    release = load_release(release_id)
    release.items[:] = [one for one in release.items if one.post_id != post_id]
    _number(release.items)


def order_release(release_id: int, post_ids: Sequence[int], *, by: Person | None, at: datetime) -> None:
    """Let the posts go out in this order; those that are not named come after."""
    release = load_release(release_id)
    places = {post_id: place for place, post_id in enumerate(post_ids)}
    release.items.sort(key=lambda one: (places.get(one.post_id, len(places)), one.position))
    _number(release.items)


def schedule_release(
    release_id: int, *, wall: str, zone: str, by: Person | None, at: datetime, which: int | None = None
) -> datetime:
    """Let everything go out when clocks in `zone` show `wall`. Refuses what would not work then, with every reason."""
    due_at = instant_to_come(wall, zone, which=which, at=at)
    release = load_release(release_id)
    _refuse_empty(release)
    reasons = [why for one in release.items if (why := _reason_against(one, by=by, at=due_at))]
    if reasons:
        raise ReleaseStopped("\n".join(reasons))
    release.due_at, release.due_wall, release.due_zone = due_at, wall[:16], zone
    release.due_by_id, release.due_problem, release.due_tries = by.id if by else None, None, 0
    _note(release, "release.scheduled", by=by, at=at, due=due_at.isoformat(), zone=zone)
    db.session.flush()
    return due_at


def cancel_release(release_id: int, *, by: Person | None, at: datetime) -> None:
    """Let it wait until somebody plans or publishes it."""
    release = load_release(release_id)
    if release.due_at is None:
        raise NotScheduled
    _unplan(release)
    _note(release, "release.unscheduled", by=by, at=at)
    db.session.flush()


def publish_release(release_id: int, *, by: Person | None, at: datetime) -> None:
    """Let everything go out now, in order; when one cannot, nothing does, and every reason is said."""
    release = load_release(release_id)
    _refuse_empty(release)
    reasons = [why for one in release.items if (why := _carry_out(one, by=by, at=at))]
    if reasons:
        raise ReleaseStopped("\n".join(reasons))
    for item in release.items:
        item.done_at = at
    _unplan(release)
    release.done_at = at
    _note(release, "release.published", by=by, at=at)
    db.session.flush()


def publish_release_if_due(release_id: int, *, at: datetime) -> bool:
    """Let a release go out whose time has come; False when it is not due, or another worker was faster."""
    wanted = db.session.execute(
        select(Release.due_at, Release.due_by_id).where(
            Release.id == release_id,
            Release.due_at <= at,
            Release.due_problem.is_(None),
            Release.done_at.is_(None),
        )
    ).one_or_none()
    if wanted is None:
        return False
    claimed = db.session.execute(
        update(Release)
        .where(Release.id == release_id, Release.due_at == wanted.due_at, Release.done_at.is_(None))
        .values(due_at=None),
        execution_options={"synchronize_session": False},
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    planner = db.session.get(Person, wanted.due_by_id) if wanted.due_by_id else None
    if wanted.due_by_id is not None:
        refuse_without_right(planner)
    publish_release(release_id, by=None, at=at)
    first = select(ReleaseItem.post_id).where(
        ReleaseItem.release_id == release_id,
        ReleaseItem.act == "publication",
        ReleaseItem.base_revision_id.is_(None),
    )
    for post_id in db.session.scalars(first).all():
        tell_published(post_id, by=planner, at=at)
    return True


def note_release_missed(release_id: int, *, why: str, at: datetime) -> None:
    """Take a release that cannot go out from the queue, with every reason."""
    noted = update(Release).where(
        Release.id == release_id, Release.due_at.is_not(None), Release.due_problem.is_(None)
    )
    done = db.session.execute(noted.values(due_problem=why), execution_options={"synchronize_session": False})
    if done.rowcount == 1:  # type: ignore[attr-defined]
        tell_release_missed(release_id, at=at)


def load_release(release_id: int) -> Release:
    """The release with its items, fresh and locked; refuses one that went out."""
    release = db.session.get(
        Release,
        release_id,
        options=[selectinload(Release.items)],
        populate_existing=True,
        with_for_update={"of": Release},
    )
    if release is None:
        raise NotFound
    if release.done_at is not None:
        raise AlreadyReleased
    return release


def refuse_released(post_id: int) -> None:
    """Refuse to plan a post by itself that goes out with an open release."""
    name = db.session.scalar(
        select(Release.name)
        .join(ReleaseItem)
        .where(ReleaseItem.post_id == post_id, ReleaseItem.done_at.is_(None))
    )
    if name is not None:
        raise InRelease(
            _("This post goes out with the release “%(name)s”. Take it out there first.", name=name)
        )


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(errors={"name": _("Please give the release a name.")})
    if len(name) > 200:
        raise Invalid(errors={"name": _("Please use at most %(count)d characters.") % {"count": 200}})
    return name


def _refuse_item(release: Release, post: Post, act: str, *, is_new: bool) -> None:
    if is_new:
        refuse_released(post.id)
        if len(release.items) >= MOST_ITEMS:
            raise Conflict(_("A release holds at most %(count)d posts.", count=MOST_ITEMS))
    if post.due_at is not None:
        raise Conflict(_("This post is planned by itself. Call that off first."))
    if act == "removal" and not post.is_live:
        raise NotLive
    if act == "publication" and post.live_revision_id == post.latest_revision_id:
        raise AlreadyPublished


def _refuse_empty(release: Release) -> None:
    if not release.items:
        raise Conflict(_("There is no post in this release yet."))


def _reason_against(item: ReleaseItem, *, by: Person | None, at: datetime) -> str | None:
    try:
        _check_item(item, by=by, at=at)
    except Problem as problem:
        return _named(item.post_id, problem)
    return None


def _check_item(item: ReleaseItem, *, by: Person | None, at: datetime) -> None:
    """Raise what would stop this item if it went out at that moment."""
    refuse_trashed(item.post_id)
    post = load(item.post_id)
    if _is_done(item, post):
        return
    refuse_changed(item.post_id, item.base_revision_id)
    if item.act == "removal":
        return
    revision = load_revision(post, item.revision_id)
    check_ready(post, revision)
    refuse_before_embargo(post, at)
    refuse_blocked(post, revision, by=by, at=at)


def _carry_out(item: ReleaseItem, *, by: Person | None, at: datetime) -> str | None:
    """Do it, inside a savepoint, so that the reasons of the others can be found too; the caller undoes everything."""
    try:
        with db.session.begin_nested():
            refuse_trashed(item.post_id)
            if _is_done(item, load(item.post_id)):
                return None
            refuse_changed(item.post_id, item.base_revision_id)
            if item.act == "removal":
                take_down_post(item.post_id, by=by, at=at)
            else:
                publish_post(item.post_id, revision_id=item.revision_id, by=by, at=at)
    except Problem as problem:
        return _named(item.post_id, problem)
    return None


def _is_done(item: ReleaseItem, post: Post) -> bool:
    """Whether somebody did by hand what the release was to do."""
    if item.act == "removal":
        return not post.is_live
    return post.live_revision_id == item.revision_id


def _named(post_id: int, problem: Problem) -> str:
    titles = select(Revision.title, Revision.beginning).join(Post, Post.latest_revision_id == Revision.id)
    title, beginning = db.session.execute(titles.where(Post.id == post_id)).one()
    sentence = next(iter(problem.errors.values()), problem.message)
    return f"{title or beginning[:60]}: {sentence}"


def _note(release: Release, act: str, *, by: Person | None, at: datetime, **detail: str) -> None:
    """Write what somebody did into the audit log; what the worker does is not an act."""
    if by is not None:
        audit.record(act, f"release:{release.id}", by=by, at=at, detail=detail)


def _unplan(release: Release) -> None:
    release.due_at = release.due_wall = release.due_zone = None
    release.due_by_id = release.due_problem = None
    release.due_tries = 0


def _number(items: Sequence[ReleaseItem]) -> None:
    for position, item in enumerate(items):
        item.position = position
    db.session.flush()
