"""What judging announces, inside the transaction that makes it true."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class VoteCast:
    """A vote that counts was cast. `ballot` is its own name, so that nobody counts it twice; it says nothing of who."""

    contest_id: int
    entry_id: int
    ballot: str
    at: datetime
