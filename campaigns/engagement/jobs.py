"""What the worker runs here: the salts of visitors, adding up what happened, forgetting what is old."""

from datetime import timedelta

from flask import current_app

from campaigns.engagement import collector
from campaigns.engagement.feeds.services import forget_readers
from campaigns.engagement.installing import store
from campaigns.engagement.queries import COLLECT
from campaigns.engagement.store.events import day_number
from campaigns.engagement.visitors import keep_salts, window_at
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.pages import config
from cms.core.worker import Job, Outcome, is_stopping


def look_after_salts() -> Outcome:
    """Make the salt of the next window in time, and destroy that of one that is over."""
    with transaction():
        return dict(keep_salts(at=clock.now(), length=config().visitor_window))


def collect() -> Outcome:
    """Add up what waits in the spool of this machine."""
    settings = config()
    try:
        return dict(
            collector.collect(
                settings.data / "spool",
                store(),
                window=settings.visitor_window,
                oldest=timedelta(days=settings.raw_days),
                zone=settings.timezone,
                followers=current_app.extensions["parley_followers"],
            )
        )
    finally:
        db.session.rollback()


def close_days() -> Outcome:
    """Unite the people of days that are over everywhere, so that long spans are read quickly."""
    over = day_number((clock.now() - timedelta(hours=36)).date())
    nodes = store().close_days(before=over, is_stopping=is_stopping)
    return {"nodes": nodes} if nodes else {}


def forget() -> Outcome:
    """Drop the raw of months that are old enough, and who was told apart in windows that are over."""
    settings, now = config(), clock.now()
    oldest = int((now - timedelta(days=settings.raw_days)).strftime("%Y%m"))
    window = window_at(now - timedelta(days=2), settings.visitor_window)
    with transaction():
        readers = forget_readers(at=now)
    months = store().forget(before_month=oldest, before_window=window)
    return {name: count for name, count in (("months", months), ("readers of feeds", readers)) if count}


JOBS: list[Job] = [
    Job("salts of visitors", look_after_salts, 30),
    Job(COLLECT, collect, 0.5),  # who looks at a dashboard sees what happened a second ago
    Job("unite days", close_days, 600),
    Job("forget single events", forget, 3600),
]
