"""The one place that asks what time it is, so that a test can stop the clock for everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_fixed: datetime | None = None


def now() -> datetime:
    """The present instant, timezone-aware, in UTC."""
    return _fixed or datetime.now(UTC)


def is_stopped() -> bool:
    """Whether `now` is an instant that somebody chose: then other clocks, such as the database's, are not asked."""
    return _fixed is not None


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Stop the clock at an aware instant while the block runs; for tests and replays."""
    global _fixed
    before, _fixed = _fixed, at.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before
