"""What this room announces. `app.py` connects who listens."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DeliverySent:
    """It is there, for readers or, as a draft, for a person. Announced once a delivery."""

    delivery_id: int
    post_id: int | None
    account_id: int
    channel: str  # key of its network
    remote_id: str  # empty where the network does not name what it took
    at: datetime


@dataclass(frozen=True)
class DeliveryFailed:
    """It does not go out by itself any more: `refused`, `missed`, or `unsure` with nothing left to look at."""

    delivery_id: int
    post_id: int | None
    account_id: int
    state: str
    code: str
    at: datetime


@dataclass(frozen=True)
class DeliveryEdited:
    """What is there says something else now."""

    delivery_id: int
    at: datetime


@dataclass(frozen=True)
class DeliveryGone:
    """It is not there any more, by us or by somebody else: a tombstone with its figures is kept."""

    delivery_id: int
    at: datetime
