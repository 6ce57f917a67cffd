"""The tables. What was added up is kept for ever; raw and what tells views and clicks apart go by month."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
)

from campaigns.engagement.store.events import COLUMNS, METRICS

VERSION = 4  # of the tables: raised with every change that a program of before cannot read, or reads wrongly
BEFORE = (2, 3)  # that are brought along
metadata = MetaData()


def _key(name: str, type_: type[Integer] | type[SmallInteger] | type[BigInteger]) -> Column[int]:
    return Column(name, type_, primary_key=True, autoincrement=False)


def _word(name: str, length: int) -> Column[str]:
    return Column(name, String(length), primary_key=True)


def _counts() -> list[Column[int]]:
    return [Column(name, BigInteger, nullable=False) for name in COLUMNS]


meta = Table(
    "ev_meta",
    metadata,
    _word("name", 16),
    Column("value", BigInteger, nullable=False),
)  # version: of these tables; next: number of the next event; dropped, unread: lines; as_of: milliseconds;
# closed: the day before which the pyramid is built; late: how often a day before it was changed
positions = Table(
    "ev_pos",
    metadata,
    _word("file", 200),
    Column("read", BigInteger, nullable=False),
)
packs = Table(
    "ev_raw",
    metadata,
    _key("first", BigInteger),  # number of its first event
    Column("month", Integer, nullable=False),  # 202611, UTC
    Column("count", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),  # milliseconds of its earliest and latest event
    Column("until", BigInteger, nullable=False),
    Column("lines", LargeBinary, nullable=False),
    Index("ix_ev_raw_month", "month"),
)
views = Table(
    "ev_views",
    metadata,
    _key("view", BigInteger),
    Column("month", Integer, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("channel", String(24), nullable=False),
    Column("opened", SmallInteger, nullable=False),  # 2: again within seconds, so that it adds no view
    Column("deltas", BigInteger, nullable=False),  # a bit for each that came
    Column("seconds", Integer, nullable=False),
    Column("engaged", SmallInteger, nullable=False),
    Column("depth", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
clicks = Table(
    "ev_clicks",
    metadata,
    _word("click", 16),
    Column("month", Integer, nullable=False),
    Column("channel", String(24), nullable=False),
    Column("hour", Integer),  # empty until the click itself is read: its view may come first
    Column("day", Integer),
    Column("campaign_day", Integer),
    Column("link", Integer),
    Column("post", Integer),
    Column("campaign", Integer),
    Column("human", SmallInteger, nullable=False),
    Column("opened", SmallInteger, nullable=False),  # a page of ours said that it was opened with this id
    Column("verified", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
arrivals = Table(
    "ev_arrivals",
    metadata,
    _key("visitor", BigInteger),
    Column("window", Integer, nullable=False),
    Column("channel", String(24), nullable=False),  # how this person came the last time
    sqlite_with_rowid=False,
)
hours = Table(
    "ev_hour",
    metadata,
    _key("scope", SmallInteger),
    _key("subject", Integer),
    _key("hour", Integer),  # since 1970, UTC
    _word("channel", 24),
    *_counts(),
    sqlite_with_rowid=False,
)
days = Table(
    "ev_day",
    metadata,
    _key("scope", SmallInteger),
    _key("subject", Integer),
    _key("day", Integer),  # since 1970: of a campaign in its zone, of all else in the zone of the site
    _word("channel", 24),
    *_counts(),
    *(
        Column(name, Integer, nullable=False) for name in METRICS
    ),  # different people, estimated for this row alone
    sqlite_with_rowid=False,
)
splits = Table(
    "ev_split",
    metadata,
    _key("scope", SmallInteger),
    _key("subject", Integer),
    _key("day", Integer),
    _word("dimension", 8),
    _word("key", 80),
    *_counts(),
    sqlite_with_rowid=False,
)
sketches = Table(
    "ev_sketch",
    metadata,
    _key("scope", SmallInteger),
    _key("subject", Integer),
    _key("metric", SmallInteger),
    _word("channel", 24),
    _key("level", SmallInteger),  # a node holds 4 ** level days
    _key("node", Integer),  # day >> 2 * level
    Column("people", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
dirty = Table(
    "ev_dirty",
    metadata,
    _key("scope", SmallInteger),
    _key("subject", Integer),
    _key("metric", SmallInteger),
    _word("channel", 24),
    _key("day", Integer),  # it changed, and the nodes above it did not yet
    sqlite_with_rowid=False,
)
windows = Table("ev_window", metadata, _key("day", Integer), _key("window", Integer), sqlite_with_rowid=False)
facts = Table(
    "ev_fact",
    metadata,
    _key("campaign", Integer),  # 0: of none
    _key("post", Integer),
    _key("day", Integer),
    _word("channel", 24),
    _word("kind", 24),
    _word("key", 200),
    Column("count", BigInteger, nullable=False),
    Column("told", Integer, nullable=False),  # how many of them came with a visitor
    Column("people", LargeBinary),
)
ADDED_UP = (views, clicks, arrivals, hours, days, splits, sketches, windows, facts)


def migrate(connection: Connection, version: int) -> None:
    """From a version before. Since 3, views, clicks and arrivals lie in the order of their keys, and have no other index;
    since 4 new packs of raw say once what is told of many, and older ones are read as they are."""
    if version >= 3:
        return
    for table, index in ((views, "month"), (clicks, "month"), (arrivals, "window")):
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS ix_{table.name}_{index}")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"ALTER TABLE {table.name} RENAME TO old_{table.name}")
            table.create(connection)
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            rows = f"SELECT {names} FROM old_{table.name} ORDER BY 1"  # noqa: S608 - our own names
            connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) {rows}")
            connection.exec_driver_sql(f"DROP TABLE old_{table.name}")
