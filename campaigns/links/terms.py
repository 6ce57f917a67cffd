"""What a person says about a link: typed values, before any of it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class LinkTerms:
    """A link as it should be. `utm` holds what may be typed; `utm_campaign` comes from the campaign."""

    target: str
    label: str = ""
    campaign_id: int | None = None
    utm: Mapping[str, str] = field(default_factory=dict)  # "source", "medium", "content", "term"
    expires_at: datetime | None = None
    replacement: str = ""
