"""What comments announce, inside the transaction that makes it true."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CommentShown:
    """A comment became visible for the first time: at once, or when a moderator let it through."""

    comment_id: int
    subject_kind: str
    subject_id: int
    author_id: int | None
    at: datetime
    is_by_author: bool  # it was shown while its writer was sending it, not later by somebody else


@dataclass(frozen=True)
class CommentGone:
    """A comment that was visible is not any more: hidden, or deleted by its writer."""

    comment_id: int
    subject_kind: str
    subject_id: int
    at: datetime


@dataclass(frozen=True)
class ReactionGiven:
    """Somebody reacted to a comment who had not before."""

    comment_id: int
    subject_kind: str
    subject_id: int
    person_id: int
    kind: str
    at: datetime
