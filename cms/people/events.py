"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SignedUp:
    """Somebody made an account for themselves."""

    person_id: int


@dataclass(frozen=True)
class PersonErased:
    """Somebody is being erased: rooms part what they hold from who it was. Their row is still as it was.

    Columns that name them and may be empty are emptied afterwards, and rows that go with their row are removed, in every
    room (see `services/erasing.py`): handlers only do what is more than that.
    """

    person_id: int
    email: str | None
    left_as: str  # what stands from now on where their name stood
    with_texts: bool  # they want what they wrote taken away too
    at: datetime
