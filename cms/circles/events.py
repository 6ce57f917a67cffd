"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CircleJoined:
    """Somebody became a member of a circle, by whichever way."""

    circle_id: int
    person_id: int
    by_own_act: bool  # they pressed the button themselves; False when a moderator let them in


@dataclass(frozen=True)
class TopicStarted:
    """Somebody began a topic in a circle."""

    topic_id: int
    at: datetime


@dataclass(frozen=True)
class CircleMerged:
    """A circle was closed and leads to another one, which has its members and topics."""

    circle_id: int
    into_id: int


@dataclass(frozen=True)
class CircleHidden:
    """A circle is known to its members only from now on."""

    circle_id: int
