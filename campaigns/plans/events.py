"""What campaigns announce, inside the transaction that makes it true."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CampaignMoved:
    """A campaign left one state for another: it began, was paused, goes on, is over, or was put away."""

    campaign_id: int
    before: str
    state: str
    at: datetime
    by_id: int | None  # None when its dates did it


@dataclass(frozen=True)
class PostJoinedCampaign:
    """A post serves a campaign from now on; it left `left_id` for it, if it served another one."""

    post_id: int
    campaign_id: int
    left_id: int | None
    at: datetime


@dataclass(frozen=True)
class PostLeftCampaign:
    """A post serves no campaign any more."""

    post_id: int
    campaign_id: int
    at: datetime
