from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from cms.core import clock
from cms.core.database import transaction
from cms.core.throttle import TooOften, forgive, give_back, network, remove_old_attempts, throttle
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def attempt(key: str = "k", limit: int = 3) -> bool:
    try:
        with transaction():
            throttle(key, limit=limit, per=MINUTE)
    except TooOften:
        return False
    return True


def test_so_many_tries_in_so_long_and_no_more(app: Flask) -> None:
    assert [attempt() for _ in range(5)] == [True, True, True, False, False]
    assert attempt("another key")


def test_room_comes_back_as_tries_grow_old(app: Flask) -> None:
    for seconds in (0, 20, 40):
        with clock.stopped(NOW + timedelta(seconds=seconds)):
            assert attempt()
    with clock.stopped(NOW + timedelta(seconds=50)), pytest.raises(TooOften) as refused, transaction():
        throttle("k", limit=3, per=MINUTE)
    assert refused.value.retry_after == 10
    with clock.stopped(NOW + timedelta(seconds=60)):
        assert [attempt(), attempt()] == [True, False]


def test_a_refused_try_does_not_lengthen_the_wait(app: Flask) -> None:
    for _ in range(3):
        attempt()
    with clock.stopped(NOW + timedelta(seconds=59)):
        assert not attempt()
    with clock.stopped(NOW + timedelta(seconds=60)):
        assert attempt()


def test_forgiven_tries_do_not_count(app: Flask) -> None:
    for _ in range(3):
        attempt()
    with transaction():
        forgive("k")
    assert attempt()


def test_a_try_that_is_given_back_makes_room_for_one(app: Flask) -> None:
    for _ in range(3):
        attempt()
    with transaction():
        give_back("k")
        give_back("never tried")
    assert [attempt(), attempt()] == [True, False]


def test_old_tries_are_removed(app: Flask) -> None:
    attempt()
    with clock.stopped(NOW + timedelta(days=1, seconds=1)):
        attempt()
        with transaction():
            assert remove_old_attempts() == 1


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_64(app: Flask, address: str, named: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert network() == named


def test_a_forwarded_address_counts_only_from_our_own_proxy(app: Flask) -> None:
    seen: list[str] = []

    def note(environ: dict, start_response: object) -> list[bytes]:
        with app.request_context(environ):
            seen.append(network())
        return []

    for hops in (0, 1):
        environ = app.test_request_context(
            environ_base={"REMOTE_ADDR": "10.0.0.1"}, headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7"}
        ).request.environ
        (ProxyFix(note, x_for=hops) if hops else note)(environ, lambda *_: None)
    assert seen == ["10.0.0.0/24", "203.0.113.0/24"]
