"""Making comments, as the tests of this room and of others need them."""

from datetime import timedelta

from cms.comments import services
from cms.comments.holding import Signals
from cms.comments.models import Comment, CommentPolicy, Standing
from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from cms.posts.models import Post
from tests.factories import make_post, read_again, save

BY_HAND = Signals(age=40.0)


def trust(person: Person, *, approved: int = 9, refused: int = 0) -> Person:
    """Somebody whose comments appear at once."""
    save(Standing(person_id=person.id, approved=approved, refused=refused, block_note=""))
    return person


def say(
    text: str = "Rain again, and the line held.",
    *,
    by: Person | None = None,
    on: Post | None = None,
    to: Comment | None = None,
    is_seen: bool = True,
    minutes: int = 0,
    **rest: object,
) -> Comment:
    """A comment, visible whatever its writer's standing unless `is_seen=False`."""
    post_id = on.id if on else make_post().id
    at = clock.now() + timedelta(minutes=minutes)
    remark = services.prepare(text, own_language="en")
    with transaction():
        made = services.post_comment(
            "post",
            post_id,
            remark,
            by=by,
            at=at,
            parent_id=to.id if to else None,
            **{"signals": BY_HAND, "name": "" if by else "A passer-by", **rest},  # type: ignore[arg-type]
        )
        comment_id = made.id
        if is_seen and made.state == "waiting":
            from cms.comments.services.counting import was_shown

            made.state, made.waiting_at = "visible", None
            was_shown(made, at=at, is_by_author=True)
    return read_again(Comment, comment_id)


def allow(post: Post, policy: str, *, days: int | None = None) -> CommentPolicy:
    """Who may comment on a post."""
    with transaction():
        services.set_policy("post", post.id, policy=policy, closes_after_days=days)
    row = db.session.get(CommentPolicy, ("post", post.id))
    assert row is not None
    return row
