"""The same person within a window, nobody in particular after it."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.engagement.clients import Choices, Clients, keep
from campaigns.engagement.models import VisitorSalt
from campaigns.engagement.ranges import Ranges
from campaigns.engagement.visitors import Salts, keep_salts, window_at
from cms.core import clock
from cms.core.database import db, transaction

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def knowing(**salts: bytes) -> Salts:
    made = Salts("month")
    made.known = {202611: b"a" * 32, 202612: b"b" * 32}
    return made


def kept(at: datetime, length: str = "month") -> tuple[dict[str, int], list[int]]:
    with transaction():
        done = keep_salts(at=at, length=length)
    return done, sorted(db.session.scalars(select(VisitorSalt.window)))


def test_a_person_is_the_same_within_a_window_and_somebody_else_in_the_next() -> None:
    salts = knowing()
    november = salts.visitor("198.51.100.7", "Firefox", at=NOON)
    assert salts.visitor("198.51.100.7", "Firefox", at=NOON + timedelta(days=9)) == november
    assert salts.visitor("198.51.100.7", "Firefox", at=NOON + timedelta(days=10)) != november
    assert salts.visitor("198.51.100.8", "Firefox", at=NOON) != november
    assert salts.visitor("198.51.100.7", "Chrome", at=NOON) != november
    assert 0 < november < 2**63


def test_ipv6_is_told_by_the_network_and_mapped_addresses_are_ipv4() -> None:
    salts = knowing()
    one, two, three, four = (
        salts.visitor(address, "Firefox", at=NOON)
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "::ffff:198.51.100.7")
    )
    assert (one == two, one == three) == (True, False)
    assert four == salts.visitor("198.51.100.7", "Firefox", at=NOON)


@pytest.mark.parametrize("address", ["", "unix:", "<script>"])
def test_without_an_address_or_a_salt_nobody_is_counted(address: str) -> None:
    assert knowing().visitor(address, "Firefox", at=NOON) == 0
    assert Salts("month").visitor("198.51.100.7", "Firefox", at=NOON) == 0


def test_what_is_remembered_of_who_asked_goes_with_the_salt() -> None:
    clients = Clients(knowing(), Choices(frozenset(), "unlink"))
    asks = {"REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": "Firefox", "REQUEST_METHOD": "GET"}
    now, later = (round(at.timestamp() * 1000) for at in (NOON, NOON + timedelta(days=10)))
    before = clients.of(asks, now)
    keep(clients.lines(now), ("what was asked",), [b"what is written"])
    assert (clients.of(asks, now), len(clients.lines(now + 60_000))) == (before, 1)
    clients.salts.known = dict(clients.salts.known)  # read anew, and the same
    assert len(clients.lines(now)) == 1
    after = clients.of(asks, later)
    assert after.visitor == knowing().visitor("198.51.100.7", "Firefox", at=NOON + timedelta(days=10))
    assert after.visitor != before.visitor
    assert clients.lines(later) == {}
    clients.salts.known = {202612: b"c" * 32}  # after a restored backup, say
    assert clients.of(asks, later).visitor != after.visitor


def test_who_says_a_whole_book_is_not_remembered() -> None:
    clients = Clients(knowing(), Choices(frozenset(), "unlink"))
    now = round(NOON.timestamp() * 1000)
    for number in range(10):
        agent = f"Firefox/{number}" + "a" * 3000
        assert clients.of({"REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": agent}, now).visitor
    assert clients._kinds == {}


def test_what_is_remembered_of_a_kind_of_client_holds_nobody() -> None:
    clients = Clients(
        knowing(), Choices(frozenset(), "unlink", machines=Ranges([ip_network("203.0.113.0/24")]))
    )
    now = round(NOON.timestamp() * 1000)
    one, two, machine, nowhere = (
        clients.of(
            {"REMOTE_ADDR": address, "HTTP_USER_AGENT": "Firefox", "HTTP_SEC_PURPOSE": "prefetch"}, now
        )
        for address in ("198.51.100.7", "198.51.100.8", "203.0.113.9", None)
    )
    assert len({one.visitor, two.visitor, machine.visitor}) == 3
    assert (one.marks, machine.marks, nowhere.marks, nowhere.visitor) == ("p", "pc", "p", 0)
    assert len(clients._kinds) == 1
    assert "198.51.100.7" not in repr(clients._kinds)


@pytest.mark.parametrize(("length", "window"), [("month", 202611), ("day", 20261121)])
def test_windows_are_months_or_days(length: str, window: int) -> None:
    assert window_at(NOON, length) == window


def test_a_salt_is_made_before_its_window_and_destroyed_after_it(app: Flask) -> None:
    assert kept(NOON) == ({"made": 1}, [202611])
    salt = db.session.scalar(select(VisitorSalt.salt))
    assert kept(NOON) == ({}, [202611])
    assert db.session.scalar(select(VisitorSalt.salt)) == salt
    assert kept(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == ({"made": 1}, [202611, 202612])
    assert kept(datetime(2026, 12, 1, tzinfo=UTC)) == ({"destroyed": 1}, [202612])


def test_shorter_windows_destroy_the_longer_salt_at_once(app: Flask) -> None:
    kept(clock.now())
    assert kept(NOON, "day") == ({"made": 1, "destroyed": 1}, [20261121])
