"""Asking networks for figures: on time, in one question for each account, and never nought for what is missing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.channels.events import AccountRemoved
from campaigns.channels.mastodon.adapter import Mastodon
from campaigns.channels.models import Account
from campaigns.channels.seats import write_secrets
from campaigns.deliveries.events import DeliveryGone, DeliverySent
from campaigns.deliveries.models import Delivery
from campaigns.engagement.platform import watching
from campaigns.engagement.platform.claiming import claim, open_seats
from campaigns.engagement.platform.jobs import pull_figures
from campaigns.engagement.platform.models import FigureSeat, FigureWatch, PlatformFigure, PlatformFollowers
from campaigns.engagement.platform.pulling import pull
from campaigns.engagement.platform.queries import followers_gained, growth, latest_figures
from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from cms.posts.models import Post
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.conftest import NOW
from tests.factories import make_person, make_post, read_again
from tests.networks import running
from tests.networks.mastodon import TOKEN, MastodonServer

QUARTER = NOW + timedelta(minutes=15)


@pytest.fixture
def server(app: Flask) -> Iterator[MastodonServer]:
    """A Mastodon server that the application may reach."""
    config = app.config["PARLEY"]
    app.config["PARLEY"] = replace(config, outbound_allow=(ip_network("127.0.0.0/8"),))
    with running(MastodonServer()) as server:
        yield server
    app.config["PARLEY"] = config


@pytest.fixture
def account(server: MastodonServer) -> Account:
    return make_account(
        "Mast",
        "mastodon",
        settings={"url": server.url},
        secrets=write_secrets({"token": TOKEN}),
    )


@pytest.fixture
def post(app: Flask) -> Post:
    return make_post(title="Salt")


def sent(post: Post, account: Account, server: MastodonServer | None = None, **fields: Any) -> Delivery:
    """A delivery that arrived just now, as the engine announces it."""
    fields.setdefault("remote_id", server.say("Salt") if server else "109")
    one = make_delivery(post, account, "sent", due=timedelta(0), sent_at=clock.now(), **fields)
    with transaction():
        watching.follow_sent(
            DeliverySent(one.id, post.id, account.id, account.channel, one.remote_id, clock.now())
        )
    return one


def at(moment: datetime) -> None:
    """Let it be then, for the rest of the test, and run the job."""
    with clock.stopped(moment):
        pull_figures()


def due_at(one: Delivery) -> datetime | None:
    return read_again(FigureWatch, one.id).due_at


def told(one: Delivery) -> dict[str, int | None]:
    return {each.metric: each.value for each in latest_figures(delivery_ids=[one.id])}


def test_a_delivery_is_asked_about_on_a_schedule_that_thins_out(
    post: Post, account: Account, server: MastodonServer
) -> None:
    one = sent(post, account, server)
    at(NOW)
    assert told(one) == {}
    at(QUARTER)
    assert told(one) == {"likes": 5, "reposts": 0, "replies": 2, "quotes": None}
    hours = []
    while (then := due_at(one)) is not None:
        hours.append((then - NOW) / timedelta(hours=1))
        at(then)
    assert hours == [1, 3, 8, 24, 48, 72, 168, 336, 720, 1440, 2160]
    figures = db.session.scalars(select(PlatformFigure).where(PlatformFigure.metric == "likes")).all()
    assert len(figures) == 12
    assert [each.is_final for each in figures] == [False] * 11 + [True]
    assert {each.source for each in figures} == {"mastodon"}


def test_what_was_due_many_times_is_asked_about_once(
    post: Post, account: Account, server: MastodonServer
) -> None:
    one = sent(post, account, server)
    at(NOW + timedelta(days=4))
    assert len(growth(one.id, "likes")) == 1
    assert due_at(one) == NOW + timedelta(days=7)


def test_figures_may_fall_and_what_is_missing_keeps_its_last_value(
    post: Post, account: Account, server: MastodonServer
) -> None:
    one = sent(post, account, server)
    at(QUARTER)
    server.figures[one.remote_id] = {"favourites_count": 3}
    at(NOW + timedelta(hours=1))
    server.figures[one.remote_id] = {"favourites_count": None}
    at(NOW + timedelta(hours=3))
    assert [value for _, value in growth(one.id, "likes")] == [5, 3, None]
    [likes] = [each for each in latest_figures(delivery_ids=[one.id]) if each.metric == "likes"]
    assert (likes.value, likes.captured_at) == (3, NOW + timedelta(hours=1))
    [then] = [each for each in latest_figures(delivery_ids=[one.id], until=QUARTER) if each.metric == "likes"]
    assert then.value == 5


def test_all_that_is_due_of_an_account_is_one_question(
    post: Post, account: Account, server: MastodonServer
) -> None:
    for number in range(3):
        sent(post, account, server, occurrence=number + 1)
    at(NOW)  # followers
    server.requests.clear()
    at(QUARTER)
    assert len(server.requests) == 1
    assert len(db.session.scalars(select(PlatformFigure).where(PlatformFigure.metric == "likes")).all()) == 3


def test_more_than_fits_into_one_question_is_asked_in_the_next(
    post: Post, account: Account, server: MastodonServer
) -> None:
    for number in range(23):
        sent(post, account, server, occurrence=number + 1)
    at(NOW)
    server.requests.clear()
    at(QUARTER)
    assert [len(one.several("id[]")) for one in server.requests] == [20, 3]
    assert len(db.session.scalars(select(PlatformFigure).where(PlatformFigure.metric == "likes")).all()) == 23


def test_what_the_network_does_not_know_any_more_is_missing_and_not_nought(
    post: Post, account: Account, server: MastodonServer
) -> None:
    one = sent(post, account, server)
    del server.statuses[one.remote_id]
    at(QUARTER)
    assert told(one) == {"likes": None, "reposts": None, "replies": None, "quotes": None}


def test_a_quota_is_kept_to_the_second_and_holds_up_no_sending(
    post: Post, account: Account, server: MastodonServer
) -> None:
    one = sent(post, account, server)
    at(NOW)
    reset = QUARTER + timedelta(minutes=4)
    server.script(("429", {"X-RateLimit-Reset": reset.isoformat()}, {"error": "Too many requests"}))
    at(QUARTER)
    asked = len(server.requests)
    at(reset - timedelta(seconds=1))
    assert len(server.requests) == asked
    assert told(one) == {}
    assert read_again(Account, account.id).limited_until is None
    at(reset)
    assert told(one)["likes"] == 5
    assert read_again(FigureSeat, account.id).tries == 0


def test_a_network_that_is_away_is_asked_less_and_less(
    post: Post, account: Account, server: MastodonServer
) -> None:
    one = sent(post, account, server)
    at(NOW)
    server.script("500", "500", "500")
    waits, then = [], QUARTER
    for _ in range(3):
        at(then)
        resume = read_again(FigureSeat, account.id).resume_at
        assert resume is not None
        waits.append((resume - then).total_seconds())
        then = resume
    assert 24 <= waits[0] <= 36
    assert 48 <= waits[1] <= 72
    assert 96 <= waits[2] <= 144
    at(then)
    assert told(one)["likes"] == 5


def test_a_dead_token_pauses_the_account_once(post: Post, account: Account, server: MastodonServer) -> None:
    one = sent(post, account, server)
    at(NOW)
    server.script(*[("401", {}, {"error": "The access token was revoked"})] * 2)
    at(QUARTER)
    first = read_again(Account, account.id)
    assert (first.state, first.paused_at) == ("paused", QUARTER)
    asked = len(server.requests)
    at(QUARTER + timedelta(hours=2))
    assert len(server.requests) == asked
    assert read_again(Account, account.id).paused_at == QUARTER
    assert due_at(one) == QUARTER  # asked when it is resumed


def test_what_is_gone_keeps_its_last_figures_as_final(
    post: Post, account: Account, server: MastodonServer
) -> None:
    one = sent(post, account, server)
    at(QUARTER)
    gone = NOW + timedelta(minutes=40)
    with transaction():
        watching.follow_gone(DeliveryGone(one.id, gone))
    with transaction():
        watching.follow_gone(DeliveryGone(one.id, gone))  # told twice: nothing more
    assert due_at(one) is None
    figures = {each.metric: each for each in latest_figures(delivery_ids=[one.id])}
    assert {name: each.value for name, each in figures.items()} == {
        "likes": 5,
        "reposts": 0,
        "replies": 2,
        "quotes": None,
    }
    assert {(each.captured_at, each.source, each.is_final) for each in figures.values()} == {
        (gone, "kept", True)
    }
    at(NOW + timedelta(hours=1))
    assert len(growth(one.id, "likes")) == 2


def test_a_removed_account_is_asked_no_more(post: Post, account: Account, server: MastodonServer) -> None:
    one, by = sent(post, account, server), make_person()
    at(QUARTER)
    with transaction():
        fact = AccountRemoved(account.id, "Mast", db.session.get_one(Person, by.id), QUARTER)
        watching.follow_account_removed(fact)
    assert due_at(one) is None
    assert all(each.is_final for each in latest_figures(account_ids=[account.id]))


def test_a_network_that_tells_nothing_is_not_asked(post: Post) -> None:
    one = sent(post, make_account("Hook", "webhook"))
    assert db.session.get(FigureWatch, one.id) is None


def test_an_account_is_claimed_by_one_worker_and_a_late_one_changes_nothing(
    post: Post, account: Account, server: MastodonServer
) -> None:
    one = sent(post, account, server)
    with clock.stopped(QUARTER):
        open_seats()
        ours = claim()
        assert ours is not None
        assert claim() is None
    with clock.stopped(QUARTER + timedelta(minutes=4)):  # its lease is over: somebody else takes it
        theirs = claim()
        assert theirs is not None
        pull(ours)
        assert told(one) == {}
        assert pull(theirs) == 1
        assert told(one)["likes"] == 5


def test_what_was_frozen_while_its_network_was_asked_stays_as_it_was_frozen(
    post: Post, account: Account, server: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = sent(post, account, server)
    metrics = Mastodon.metrics

    def taken_away(self: Any, *asked: Any) -> Any:
        with transaction():
            watching.follow_gone(DeliveryGone(one.id, QUARTER))
        return metrics(self, *asked)

    monkeypatch.setattr(Mastodon, "metrics", taken_away)
    at(QUARTER)
    assert told(one) == {}
    assert due_at(one) is None


def test_followers_are_written_down_once_a_day(account: Account, server: MastodonServer) -> None:
    at(NOW)
    at(NOW + timedelta(hours=1))
    server.followers = 1190
    at(NOW + timedelta(days=1))
    values = db.session.scalars(select(PlatformFollowers.value).order_by(PlatformFollowers.captured_at)).all()
    assert values == [1204, 1190]
    spans = [
        (account.id, NOW, NOW + timedelta(days=2)),
        (account.id, NOW, NOW + timedelta(hours=2)),
        (account.id, NOW - timedelta(days=9), NOW),
        (account.id, NOW - timedelta(days=9), NOW + timedelta(days=2)),
        (account.id + 1, NOW, NOW + timedelta(days=2)),
    ]
    assert list(followers_gained(spans).items()) == list(
        zip(spans, [-14, None, None, -14, None], strict=True)
    )
    assert followers_gained([]) == {}


def test_credentials_that_cannot_be_read_hold_nothing_else_up(post: Post, server: MastodonServer) -> None:
    broken = make_account("Broken", "mastodon", settings={"url": server.url}, secrets="nonsense")
    well = make_account(
        "Well", "mastodon", settings={"url": server.url}, secrets=write_secrets({"token": TOKEN})
    )
    first, second = sent(post, broken, server), sent(post, well, server)
    at(QUARTER)
    assert told(first) == {}
    assert told(second)["likes"] == 5


def test_latest_figures_are_those_of_a_campaign_a_post_or_an_account(
    post: Post, account: Account, server: MastodonServer, count_queries: list[str]
) -> None:
    one = sent(post, account, server)
    other = sent(make_post(title="Paint"), account, server)
    at(QUARTER)
    post_id, account_id, ids = post.id, account.id, (one.id, other.id)
    count_queries.clear()
    assert {each.delivery_id for each in latest_figures(post_ids=[post_id])} == {ids[0]}
    assert {each.delivery_id for each in latest_figures(account_ids=[account_id])} == set(ids)
    assert latest_figures(campaign_ids=[]) == []
    assert len(count_queries) == 3
