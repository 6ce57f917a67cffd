"""What was counted: raw, added up, and how far the spool is read. The same tables on SQLite and PostgreSQL.

With SQLite they are in a file of their own, `analytics.db`, so that counting never waits for an editor, nor an editor
for it; with PostgreSQL they stand beside the others, and begin with `ev_`.
"""

from campaigns.engagement.store.events import (
    ALL,
    CAMPAIGN,
    EXACT_BELOW,
    LINK,
    POST,
    SITE,
    Cell,
    Event,
    Fact,
    Reach,
    Totals,
    Touch,
)
from campaigns.engagement.store.store import Store

__all__ = [
    "ALL",
    "CAMPAIGN",
    "EXACT_BELOW",
    "LINK",
    "POST",
    "SITE",
    "Cell",
    "Event",
    "Fact",
    "Reach",
    "Store",
    "Totals",
    "Touch",
]
