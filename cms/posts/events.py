"""What posts announce, inside the transaction that makes it true."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RevisionSaved:
    """A post has a new latest text; or it was saved unchanged with a wish (`approve:7`) for a room below to grant."""

    post_id: int
    revision_id: int
    content_hash: str
    at: datetime
    by_id: int | None
    is_new: bool
    wish: str = ""


@dataclass(frozen=True)
class PostPublished:
    """A post went live; `is_first` when it never was before, so that nobody is told twice."""

    post_id: int
    at: datetime
    is_first: bool


@dataclass(frozen=True)
class LivePostChanged:
    """Readers see something else than before: a newer revision, or other details."""

    post_id: int
    at: datetime


@dataclass(frozen=True)
class PostTakenDown:
    """Readers do not see the post any more: taken down, or put in the trash."""

    post_id: int
    at: datetime
