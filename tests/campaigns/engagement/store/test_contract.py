"""The contract on the database that is tested, and ClickHouse's SQL on its own engine in this process (chDB)."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from campaigns.engagement.store import POST, Store
from campaigns.engagement.store.clickhouse import ClickHouseStore
from tests.campaigns.engagement.store.contract import Contract, told
from tests.campaigns.engagement.store.making import NOON, TODAY, event, views


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Loading the engine takes a second or two."""
    import clickhouse_connect

    made = clickhouse_connect.get_client(dsn=f"chdb://{tmp_path_factory.mktemp('clickhouse')}")
    yield made
    made.close()


class TestTables(Contract):
    """SQLite, or PostgreSQL."""

    @pytest.fixture
    def kept(self, store: Store) -> Store:
        """An empty one."""
        return store


@pytest.mark.once
class TestClickHouse(Contract):
    """One engine for the process: it can be opened once, so each test has a database of its own in it."""

    @pytest.fixture
    def kept(self, client: Any) -> Iterator[ClickHouseStore]:
        """An empty one."""
        name = f"test_{uuid4().hex[:8]}"
        client.command(f"CREATE DATABASE {name}")
        client.command(f"USE {name}")
        yield ClickHouseStore(client)
        client.command("USE default")
        client.command(f"DROP DATABASE {name}")

    def test_a_batch_that_is_sent_again_changes_nothing(self, kept: ClickHouseStore) -> None:
        batch = views(range(1, 200))
        kept.append_batch(batch, {"a": 1}, at=NOON)
        before = told(kept, POST, 1)
        kept.client.command(
            "TRUNCATE TABLE ev_known"
        )  # as if the process had been killed before it wrote that
        again = ClickHouseStore(kept.client)
        again.append_batch(views(range(1, 200)), {"a": 1}, at=NOON + 1)
        assert told(again, POST, 1) == before
        again.append_batch([event(day=TODAY, view=999, visitor=999)], {"a": 2}, at=NOON + 2)
        assert [cell["views"] for cell in told(again, POST, 1).values()] == [200]


@pytest.mark.slow
@pytest.mark.once
def test_the_application_loads_neither_that_engine_nor_the_sketches() -> None:
    said = "import sys, app; print(sorted({'chdb', 'clickhouse_connect', 'datasketches'} & set(sys.modules)))"
    seen = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
