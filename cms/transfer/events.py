"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DatabaseRestored:
    """Every row was put here at once, by an archive or a backup: what was due meanwhile must not happen by itself.

    Announced inside the transaction that puts the rows there, or before anybody else can see them.
    """

    at: datetime
