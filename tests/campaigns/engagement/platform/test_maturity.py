"""How much of its final value a figure has at an age: learned, with an interval, or not known."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from campaigns.engagement.platform.maturity import Curve, maturity, share_at, value_at
from campaigns.engagement.platform.models import PlatformFigure
from campaigns.engagement.platform.schedule import AGES, next_due
from cms.core.database import db, transaction
from cms.posts.models import Post
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.conftest import NOW
from tests.factories import make_post

DAY = 86400.0
SENT = NOW - timedelta(days=100)


@pytest.mark.parametrize(
    ("age", "value"), [(0, 0), (DAY / 2, 20), (DAY, 40), (2 * DAY, 60), (3 * DAY, 80), (9 * DAY, 80)]
)
def test_between_two_snapshots_a_figure_lies_on_a_line(age: float, value: float) -> None:
    assert value_at([(DAY, 40), (3 * DAY, 80)], age) == value


def test_too_few_deliveries_teach_nothing() -> None:
    curve = Curve([(DAY, 40), (90 * DAY, 100)], 100)
    assert share_at([curve] * 5, DAY) is None
    assert share_at([curve] * 6, DAY) == (0.4, 0.4, 0.4, 6)
    assert share_at([], DAY) is None


def test_a_handful_is_left_out() -> None:
    few = Curve([(DAY, 4), (90 * DAY, 4)], 4)
    none = Curve([(DAY, 0), (90 * DAY, 0)], 0)
    many = Curve([(DAY, 30), (90 * DAY, 60)], 60)
    assert share_at([few, none] * 9 + [many] * 6, DAY) == (0.5, 0.5, 0.5, 6)


def test_the_interval_is_that_of_the_median() -> None:
    curves = [Curve([(DAY, 10 * number), (90 * DAY, 100)], 100) for number in range(1, 11)]
    found = share_at(curves, DAY)
    assert found is not None
    assert found.share == pytest.approx(0.55)
    assert (found.low, found.high, found.n) == (0.2, 0.9, 10)  # the second and the ninth of ten: 97.9 %


def test_figures_that_fell_have_had_more_than_all() -> None:
    curves = [Curve([(DAY, 120), (90 * DAY, 100)], 100)] * 6
    found = share_at(curves, DAY)
    assert found is not None
    assert found.share == 1.2


def test_it_is_learned_from_finished_deliveries_of_the_network_alone(app: Flask) -> None:
    post, mastodon, bluesky = make_post(), make_account("M", "mastodon"), make_account("B", "bluesky")
    for number in range(6):
        finished(post, mastodon, number, {1: 30, 90: 60})
        finished(post, bluesky, number, {1: 60, 90: 60})
    finished(post, mastodon, 7, {1: 60}, is_final=False)  # still growing
    finished(post, mastodon, 8, {1: 60}, deleted_at=NOW)  # taken away: it never grew up
    assert maturity("likes", "mastodon", timedelta(days=1)) == (0.5, 0.5, 0.5, 6)
    assert maturity("likes", "bluesky", timedelta(days=1)) == (1, 1, 1, 6)
    assert maturity("reposts", "mastodon", timedelta(days=1)) is None
    assert maturity("likes", "weibo", timedelta(days=1)) is None


def finished(
    post: Post,
    account: Account,
    number: int,
    likes: dict[int, int],
    *,
    is_final: bool = True,
    deleted_at: datetime | None = None,
) -> Delivery:
    """A delivery with its likes by age in days."""
    one = make_delivery(
        post,
        account,
        "sent",
        sent_at=SENT,
        occurrence=number + 1,
        remote_id=f"r{number}",
        deleted_at=deleted_at,
    )
    with transaction():
        for day, value in likes.items():
            db.session.add(
                PlatformFigure(
                    delivery_id=one.id,
                    metric="likes",
                    definition_version=1,
                    captured_at=SENT + timedelta(days=day),
                    value=value,
                    source=account.channel,
                    is_final=is_final and day == max(likes),
                )
            )
    return one


def test_the_schedule_ends() -> None:
    assert next_due(NOW, at=NOW) == NOW + timedelta(minutes=15)
    assert [next_due(NOW, at=NOW + one) for one in AGES] == [*(NOW + one for one in AGES[1:]), None]
