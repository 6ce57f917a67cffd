"""The servers, each started once; and what was left out, and why, in a line each."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.peers.starting import started


@pytest.fixture(scope="session")
def network() -> Iterator[dict[str, Any]]:
    """Bluesky: with its app view where that can run."""
    with started("bluesky.sh", [], ["--no-appview"]) as told:
        yield told


@pytest.fixture(scope="session")
def site() -> Iterator[dict[str, Any]]:
    """WordPress."""
    with started("wordpress.sh") as told:
        yield told


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A server that could not be started is named once, not once a test."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(one.longrepr[2]).removeprefix("Skipped: ") for one in skipped)
    for reason, count in reasons.items():
        terminalreporter.write_line(f"Left out, {count} tests: {reason}")
