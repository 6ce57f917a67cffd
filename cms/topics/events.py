"""What topics announce, inside the transaction that makes it true."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TagMerged:
    """A tag is about to give way to another one: whatever carries the first must carry the second."""

    tag_id: int
    into_id: int
    at: datetime
