"""Ends of publication: when readers lose a post again."""

from datetime import datetime

from flask_babel import gettext as _

from cms.core.database import db
from cms.core.errors import Invalid
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.services.loading import load
from cms.posts.services.moments import instant_to_come, spoken
from cms.posts.services.problems import NothingToEnd
from cms.posts.services.publishing import clear_removal, note


def plan_removal(
    post_id: int, *, wall: str, zone: str, by: Person | None, at: datetime, which: int | None = None
) -> datetime:
    """Take the post down when clocks in `zone` show `wall`; again, to move that.

    Refused when the post is not published and nothing is planned, and when that would come before it goes out.
    """
    removal_at = instant_to_come(wall, zone, which=which, at=at)
    post = load(post_id)
    _refuse_before_publication(post, removal_at)
    post.removal_at, post.removal_wall, post.removal_zone = removal_at, wall[:16], zone
    post.removal_by_id, post.removal_problem, post.removal_tries = by.id if by else None, None, 0
    post.edited_at = at
    note(post, "post.removal_planned", by=by, at=at, end=removal_at.isoformat(), zone=zone)
    db.session.flush()
    return removal_at


def cancel_removal(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Let the post stay for as long as nobody takes it down."""
    post = load(post_id)
    if post.removal_at is None:
        raise NothingToEnd(_("No end is planned for this post."))
    clear_removal(post)
    post.edited_at = at
    note(post, "post.removal_unplanned", by=by, at=at)
    db.session.flush()


def _refuse_before_publication(post: Post, removal_at: datetime) -> None:
    if post.due_at is None and not post.is_live:
        raise NothingToEnd
    if post.due_at is not None and removal_at <= post.due_at:
        when = spoken(post.due_wall, post.due_zone)
        sentence = _("It only goes out on %(when)s. Its end must come after that.", when=when)
        raise Invalid(errors={"wall": sentence})
