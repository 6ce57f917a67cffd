"""What posts announce, inside the transaction that makes it true."""

from dataclasses import dataclass
from datetime import datetime


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
