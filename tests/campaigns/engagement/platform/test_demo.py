"""The sample site has figures of networks up to the moment it is made, and none that cannot be."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from campaigns.engagement.platform.demo import DAYS, make_platform_figures
from campaigns.engagement.platform.models import FigureWatch, PlatformFigure, PlatformFollowers
from campaigns.engagement.platform.queries import growth, latest_figures
from campaigns.engagement.platform.schedule import AGES
from cms.core.database import db, transaction
from cms.transfer.demo.site import DemoSite
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.conftest import NOW
from tests.factories import make_post


def test_curves_end_where_the_sample_begins_and_are_the_same_each_time(app: Flask) -> None:
    post, account, hook = make_post(), make_account("M", "mastodon"), make_account("H", "webhook")
    old = make_delivery(post, account, "sent", sent_at=NOW - timedelta(days=100))
    new = make_delivery(post, account, "sent", sent_at=NOW - timedelta(days=1, hours=1), occurrence=2)
    silent = make_delivery(post, hook, "sent", sent_at=NOW - timedelta(days=100))
    told = []
    for _ in range(2):
        with transaction():
            make_platform_figures(DemoSite(at=NOW, people={}, files={}, stories={}))
        told.append([(one.delivery_id, one.metric, one.value) for one in latest_figures()])
        assert len(growth(old.id, "likes")) == len(AGES)
        assert len(growth(new.id, "likes")) == 5
        assert growth(silent.id, "likes") == []
        followers = db.session.scalars(
            select(PlatformFollowers).where(PlatformFollowers.account_id == account.id)
        )
        assert len(followers.all()) == DAYS
        assert db.session.get_one(FigureWatch, old.id).due_at is None
        assert db.session.get_one(FigureWatch, new.id).due_at == NOW - timedelta(days=1, hours=1) + timedelta(
            days=2
        )
        with transaction():
            for model in (PlatformFigure, PlatformFollowers, FigureWatch):
                db.session.query(model).delete()
    assert told[0] == told[1]
    assert all(value is not None and value >= 0 for _, _, value in told[0])


def test_reads_are_told_by_networks_that_tell_them_and_never_of_drafts(app: Flask) -> None:
    post, sent_at = make_post(), NOW - timedelta(days=40)
    accounts = [make_account(one, one) for one in ("wechat", "weibo", "mastodon")]
    wechat, *others = [make_delivery(post, one, "sent", sent_at=sent_at) for one in accounts]
    draft = make_delivery(post, accounts[0], "sent", sent_at=sent_at, is_draft=True, occurrence=2)
    with transaction():
        make_platform_figures(DemoSite(at=NOW, people={}, files={}, stories={}))
    told = [value for _, value in growth(wechat.id, "reads")]
    assert told[:4] == [None] * 4  # WeChat tells the next morning
    assert [one for one in told if one] == sorted(one for one in told[4:] if one)
    assert len([one for one in told if one]) == len([age for age in AGES if age <= timedelta(days=40)]) - 4
    assert [growth(one.id, metric) for one in (draft, *others) for metric in ("reads", "impressions")] == [
        []
    ] * 6
