"""One act on many posts: each through its own service and its own right, each undone as long as nobody changed it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotAllowed
from cms.people.models import Person
from cms.posts import rules
from cms.posts.models import BulkAct, BulkItem, Post
from cms.posts.services.details import set_details
from cms.posts.services.loading import load
from cms.posts.services.publishing import publish_post, take_down_post
from cms.posts.services.scheduling import cancel_schedule, schedule_post
from cms.posts.services.trash import restore_post, trash_post

UNDONE_WITHIN = timedelta(hours=24)
MOST = 5_000
RIGHTS: dict[str, Callable[[Person | None, Post], bool]] = {
    "publish": rules.can_publish,
    "take_down": rules.can_publish,
    "schedule": rules.can_publish,
    "unschedule": rules.can_publish,
    "section": rules.can_edit_details,
    "tag": rules.can_edit_details,
    "untag": rules.can_edit_details,
    "trash": rules.can_trash,
    "restore": rules.can_trash,
}


class TooLate(Conflict):
    """What was done to many posts can be undone for a day."""


def begin_bulk(
    act: str, post_ids: Sequence[int], *, detail: dict[str, Any], by: Person, at: datetime
) -> BulkAct:
    """Write down what is to be done to which posts; `do_item` does it, one by one."""
    ids = list(dict.fromkeys(post_ids))
    if act not in RIGHTS:
        raise Invalid(_("Please choose what to do with the chosen posts."))
    if not ids:
        raise Invalid(_("Please choose at least one post."))
    if len(ids) > MOST:
        raise Invalid(_("Please choose at most %(most)d posts at once.", most=MOST))
    bulk = BulkAct(act=act, detail=detail, by_id=by.id, created_at=at)
    db.session.add(bulk)
    db.session.flush()
    known = set(db.session.scalars(select(Post.id).where(Post.id.in_(ids))))
    db.session.add_all(BulkItem(bulk_id=bulk.id, post_id=one, before={}) for one in ids if one in known)
    db.session.flush()
    return bulk


def do_item(bulk_id: int, post_id: int, *, at: datetime) -> bool:
    """Do the act to one post; False when it was done already. Raises what its service raises, and then it waits."""
    bulk = db.session.get_one(BulkAct, bulk_id)
    if not _claim(bulk_id, post_id, "waiting", "done"):
        return False
    by = db.session.get(Person, bulk.by_id)
    post = load(post_id, in_trash=True)
    if not rules.can_see_draft(by, post) or not RIGHTS[bulk.act](by, post):
        raise NotAllowed(_("You may not do this to this post."))
    before = _remembered(post)
    _ACTS[bulk.act](post, bulk.detail, by, at)
    db.session.flush()
    _note(bulk_id, post_id, before=before, version=load(post_id, in_trash=True).version)
    return True


def begin_undoing(bulk_id: int, *, by: Person, at: datetime) -> None:
    """Let everything that the act changed be changed back; within a day."""
    bulk = db.session.get_one(BulkAct, bulk_id)
    if at - bulk.created_at > UNDONE_WITHIN:
        raise TooLate(_("This was more than a day ago and stays as it is."))
    if bulk.is_undoing or bulk.finished_at is None:
        raise Conflict(_("This is being worked on, or was undone already."))
    bulk.is_undoing, bulk.finished_at = True, None
    db.session.flush()


def undo_item(bulk_id: int, post_id: int, *, at: datetime) -> bool:
    """Change one post back; raises when somebody changed it since, or what its services raise."""
    bulk = db.session.get_one(BulkAct, bulk_id)
    item = db.session.get_one(BulkItem, (bulk_id, post_id))
    if not _claim(bulk_id, post_id, "done", "undone"):
        return False
    by = db.session.get(Person, bulk.by_id)
    post = load(post_id, in_trash=True)
    if post.version != item.version:
        raise Conflict(_("Somebody changed it since."))
    if not RIGHTS[bulk.act](by, post):
        raise NotAllowed(_("You may not do this to this post."))
    _UNDOINGS[bulk.act](post, item.before, by, at)
    return True


def refuse_item(bulk_id: int, post_id: int, *, why: str) -> None:
    """Note why one post was left as it was, before the act or before its undoing."""
    bulk = db.session.get_one(BulkAct, bulk_id)
    old, new = ("done", "kept") if bulk.is_undoing else ("waiting", "refused")
    if _claim(bulk_id, post_id, old, new):
        _note(bulk_id, post_id, sentence=why[:300])


def finish_bulk(bulk_id: int, *, at: datetime) -> None:
    """Nothing is left to do."""
    db.session.get_one(BulkAct, bulk_id).finished_at = at
    db.session.flush()


def _claim(bulk_id: int, post_id: int, old: str, new: str) -> bool:
    """Only one worker takes an item: the conditional update changes a row, or somebody was faster."""
    claimed = db.session.execute(
        update(BulkItem)
        .where(BulkItem.bulk_id == bulk_id, BulkItem.post_id == post_id, BulkItem.state == old)
        .values(state=new)
        .execution_options(synchronize_session=False)
    )
    return bool(claimed.rowcount == 1)  # type: ignore[attr-defined]


def _note(bulk_id: int, post_id: int, **values: Any) -> None:
    db.session.execute(
        update(BulkItem)
        .where(BulkItem.bulk_id == bulk_id, BulkItem.post_id == post_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _remembered(post: Post) -> dict[str, Any]:
    return {
        "live": post.live_revision_id,
        "section": post.section_id,
        "tags": [row.tag_id for row in post.tags],
        "due": _due(post),
        "due_at": post.due_at.isoformat() if post.due_at else None,
    }


def _due(post: Post) -> list[Any] | None:
    return [post.due_wall, post.due_zone, post.due_revision_id] if post.due_at else None


def _publish(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    publish_post(post.id, by=by, at=at)


def _take_down(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    take_down_post(post.id, by=by, at=at)


def _schedule(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    schedule_post(post.id, wall=detail["wall"], zone=detail["zone"], which=detail.get("which"), by=by, at=at)


def _unschedule(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    cancel_schedule(post.id, by=by, at=at)


def _section(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    set_details(post.id, section_id=detail["section_id"], by=by, at=at)


def _tag(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    set_details(post.id, tags=[*_tags(post), detail["tag"]], by=by, at=at)


def _untag(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    set_details(post.id, tags=[one for one in _tags(post) if one != detail["tag_id"]], by=by, at=at)


def _trash(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    trash_post(post.id, by=by, at=at)


def _restore(post: Post, detail: dict[str, Any], by: Person | None, at: datetime) -> None:
    restore_post(post.id, by=by, at=at)


def _tags(post: Post) -> list[int]:
    return [row.tag_id for row in post.tags]


def _as_before(post: Post, before: dict[str, Any], by: Person | None, at: datetime) -> None:
    """Before readers as it was: the same text, or none; and planned as it was, when that is still to come."""
    if post.trashed_at is not None:
        restore_post(post.id, by=by, at=at)
    if before["live"] != post.live_revision_id:
        if before["live"] is None:
            take_down_post(post.id, by=by, at=at)
        else:
            publish_post(post.id, revision_id=before["live"], by=by, at=at)
    if post.due_at is not None and _due(post) != before["due"]:
        cancel_schedule(post.id, by=by, at=at)
    if before["due"] and post.due_at is None and datetime.fromisoformat(before["due_at"]) > at:
        wall, zone, revision_id = before["due"]
        schedule_post(
            post.id,
            wall=wall,
            zone=zone,
            which=_which(wall, zone, before),
            revision_id=revision_id,
            by=by,
            at=at,
        )


def _which(wall: str, zone: str, before: dict[str, Any]) -> int | None:
    """Which of two instants was meant, for a wall time that comes twice."""
    try:
        walltime.instant(wall, zone)
    except walltime.AmbiguousTime as question:
        return question.choices.index(datetime.fromisoformat(before["due_at"]))
    return None


def _section_as_before(post: Post, before: dict[str, Any], by: Person | None, at: datetime) -> None:
    set_details(post.id, section_id=before["section"], by=by, at=at)


def _tags_as_before(post: Post, before: dict[str, Any], by: Person | None, at: datetime) -> None:
    set_details(post.id, tags=before["tags"], by=by, at=at)


def _trash_again(post: Post, before: dict[str, Any], by: Person | None, at: datetime) -> None:
    trash_post(post.id, by=by, at=at)


_ACTS = {
    "publish": _publish,
    "take_down": _take_down,
    "schedule": _schedule,
    "unschedule": _unschedule,
    "section": _section,
    "tag": _tag,
    "untag": _untag,
    "trash": _trash,
    "restore": _restore,
}
_UNDOINGS = {
    "publish": _as_before,
    "take_down": _as_before,
    "schedule": _as_before,
    "unschedule": _as_before,
    "section": _section_as_before,
    "tag": _tags_as_before,
    "untag": _tags_as_before,
    "trash": _as_before,
    "restore": _trash_again,
}
