"""When to ask for the figures of what was sent: often at first, then less and less. Pure."""

from datetime import datetime, timedelta

AGES = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    *(timedelta(days=one) for one in (1, 2, 3, 7, 14, 30, 60, 90)),
)
FOLLOWERS = timedelta(days=1)


def next_due(sent_at: datetime, *, at: datetime) -> datetime | None:
    """The next time after `at`; None when what was asked then was the last. Times that were missed are not made up for:
    asking five times at once tells nothing more."""
    return next((sent_at + age for age in AGES if sent_at + age > at), None)
