"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.comments.models import Comment, CommentVersion, Flag, Reaction, Standing
from cms.people.held import Held

HELD = [
    Held(
        "comments",
        lambda who: (
            select(
                Comment.id,
                Comment.subject_kind,
                Comment.subject_id,
                Comment.parent_id,
                Comment.body,
                Comment.language,
                Comment.state,
                Comment.reason,
                Comment.note,
                Comment.appeal,
                Comment.created_at,
                Comment.edited_at,
            )
            .where(Comment.author_id == who)
            .order_by(Comment.id)
        ),
    ),
    Held(
        "comments_before_editing",
        lambda who: (
            select(CommentVersion.comment_id, CommentVersion.body, CommentVersion.written_at)
            .join(Comment, Comment.id == CommentVersion.comment_id)
            .where(Comment.author_id == who)
            .order_by(CommentVersion.id)
        ),
    ),
    Held(
        "reactions",
        lambda who: (
            select(Reaction.comment_id, Reaction.kind, Reaction.at)
            .where(Reaction.person_id == who)
            .order_by(Reaction.comment_id)
        ),
    ),
    Held(
        "reports_of_comments",
        lambda who: (
            select(Flag.comment_id, Flag.reason, Flag.note, Flag.at)
            .where(Flag.person_id == who)
            .order_by(Flag.comment_id)
        ),
    ),
    Held(
        "standing",
        lambda who: select(
            Standing.approved,
            Standing.refused,
            Standing.blocked_at,
            Standing.blocked_until,
            Standing.block_note,
        ).where(Standing.person_id == who),
    ),
]
