"""Comments that came with posts take their place below them, as those of guests. Called inside a transaction.

What an import brought stays in `imported_comments`, by which the next one knows it. A row waits there until a comment
has its `source`; one that was decided on, changed or taken away here is left as it is.
"""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from cms.comments.models import Comment
from cms.comments.services.counting import recount
from cms.core.database import db
from cms.core.markup import RENDERER, clean_html, plain_text
from cms.posts.models import Post
from cms.posts.wording import guess_language
from cms.transfer import queries
from cms.transfer.models import ImportedComment
from cms.transfer.remarks import as_markdown

AT_ONCE = 200  # so that nobody waits long for the database
KIND = "post"
HELD = "imported"  # why it waits: nobody had let it through where it came from


def place_waiting(*, at: datetime) -> int:
    """Give some of those that wait their place, and say how many; 0 when none is left."""
    return place_comments(queries.comments_waiting(limit=AT_ONCE), at=at)


def place_comments(rows: Iterable[ImportedComment], *, at: datetime) -> int:
    """Give each its place in its thread, with its date and its writer's name, or tell it anew; gives how many.

    An answer comes after what it answers. Nobody is told of them, and none is counted as something readers did now:
    it was done long ago and elsewhere. One that nobody had approved waits for a moderator.
    """
    count = 0
    for row in rows:
        comment = queries.find_placed(row.source)
        if comment is None:
            _begin(row, at)
        elif comment.decided_at is None and comment.edited_at is None and comment.state != "deleted":
            _write(comment, row, at)
        count += 1
    return count


def _begin(row: ImportedComment, at: datetime) -> None:
    parent = queries.find_placed_by_id(row.parent_id) if row.parent_id else None
    comment = Comment(
        subject_kind=KIND,
        subject_id=row.post_id,
        parent_id=parent.id if parent else None,
        source=row.source,
        note="",
        appeal="",
    )
    _write(comment, row, at)
    comment.root_id = (parent.root_id or parent.id) if parent else comment.id
    recount(comment)


def _write(comment: Comment, row: ImportedComment, at: datetime) -> None:
    html = clean_html(row.html, "remark")
    comment.author_name = row.author_name or _("A reader")
    comment.html, comment.plain, comment.body = html, plain_text(html), as_markdown(html)
    comment.renderer = RENDERER
    comment.language = guess_language(comment.plain, own=db.session.get_one(Post, row.post_id).language)
    comment.created_at = row.created_at or comment.created_at or at
    comment.state = "visible" if row.is_approved else "waiting"
    comment.held_for = [] if row.is_approved else [HELD]
    comment.waiting_at = None if row.is_approved else comment.waiting_at or at
    comment.shown_at = comment.created_at if row.is_approved else comment.shown_at
    db.session.add(comment)
    db.session.flush()
    if comment.root_id is not None:
        recount(comment)
