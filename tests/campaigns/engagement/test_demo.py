"""The sample site has figures of a year and a half, the same each time, with machines in them."""

from datetime import timedelta

import pytest
import yaml
from flask import Flask

from campaigns.deliveries.demo import SAID
from campaigns.deliveries.models import Delivery
from campaigns.engagement.demo import PAST, make_figures, sample_lines
from campaigns.engagement.feeds.queries import feeds_figures
from campaigns.engagement.gate import Gate
from campaigns.engagement.queries import opens_of
from campaigns.engagement.sample.crowd import milliseconds
from campaigns.engagement.sample.letters import FETCHED, RECIPIENTS
from campaigns.engagement.sample.reading import Told, Way
from campaigns.engagement.sample.rush import AFTER_OURS, BACK, HOUR, MANY, PLACE, find_rush
from campaigns.engagement.store import POST, SITE, Store
from campaigns.links.models import Link
from cms.core import clock
from cms.core.database import db, transaction
from cms.posts.models import Post
from cms.transfer.demo.content import published_at, read_sample
from cms.transfer.demo.site import DemoSite
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.campaigns.links.making import make_link
from tests.conftest import NOW
from tests.factories import make_post

_SENT = [
    one
    for one in yaml.safe_load(SAID.read_text(encoding="utf-8"))["deliveries"]
    if one.get("state") == "sent"
]
_SAMPLE = read_sample().posts
NAMES = ("night-bus", "usual", "open-standard", "lent-battery")


@pytest.fixture
def site(app: Flask) -> DemoSite:
    """Four stories of half a year ago, each with a link that was given out an hour later."""
    at = clock.now()
    stories = {name: make_post(name, slug=name).id for name in NAMES}
    with transaction():
        for number in stories.values():
            post = db.session.get_one(Post, number)
            post.first_published_at = at - timedelta(days=180)
            db.session.add(
                Link(
                    code=f"code{number}",
                    target="/",
                    utm_digest="",
                    post_id=number,
                    created_at=at - timedelta(days=180) + timedelta(hours=1),
                )
            )
    return DemoSite(at=at, people={}, files={}, stories=stories)


def test_the_same_happens_each_time_and_never_in_the_future(site: DemoSite) -> None:
    lines = sample_lines(site)
    assert lines == sample_lines(site)
    assert lines == sorted(lines, key=lambda line: line.at)
    assert milliseconds(site.at - PAST) <= lines[0].at < lines[-1].at < milliseconds(site.at)
    assert {line.kind for line in lines} == {"view", "read", "click", "fetch", "fact"}


def test_one_goes_round_the_world_and_one_nobody_wants(site: DemoSite, counting: Gate, store: Store) -> None:
    make_figures(site)
    totals = store.totals(POST, site.stories.values())
    loud, usual, silent = (totals[site.stories[one]] for one in ("night-bus", "usual", "open-standard"))
    assert loud.views > 3 * usual.views > 4 * silent.views > 0
    assert all(0 < one.engaged < one.views for one in (loud, usual))
    assert 0 < usual.verified < usual.clicks
    whole = store.totals(SITE, [0])[0]
    assert whole.machines > 20
    assert whole.staff > 0
    assert usual.people <= usual.views


def test_feeds_are_followed_and_who_claims_too_much_is_not_added_up(
    site: DemoSite, counting: Gate, store: Store
) -> None:
    with transaction():  # the sample site is made in one
        make_figures(site)
    told = {one.feed: one for one in feeds_figures(until=site.at)}
    assert list(told) == ["/", "/en", "/zh"]
    main = told["/"]
    assert main.announced == 412 + 37 + 141 + 58 + 9
    assert [one.subscribers for one in main.services if not one.is_known] == [24_998]
    assert 20 < main.individuals < main.polls


def test_only_the_events_of_the_last_months_are_kept_one_by_one(
    site: DemoSite, counting: Gate, store: Store
) -> None:
    make_figures(site)
    assert store.months() == [202608, 202609, 202610, 202611]


def test_one_is_found_anew_for_an_hour(site: DemoSite) -> None:
    found = [line for line in sample_lines(site) if line.referrer == PLACE and line.kind == "view"]
    post, hours = f"post:{site.stories['lent-battery']}", [line.at // 3_600_000 for line in found]
    fullest = max(set(hours), key=hours.count)
    rush = [line for line, hour in zip(found, hours, strict=True) if hour == fullest]
    assert MANY * 0.8 < len(rush) <= MANY
    assert {line.subject for line in rush} == {post}


@pytest.mark.parametrize("minute", [0, 59])
@pytest.mark.parametrize("hour", range(24))
def test_at_whatever_time_the_sample_is_made_there_is_an_hour_with_nothing_of_ours(
    hour: int, minute: int
) -> None:
    at = NOW.replace(hour=hour, minute=minute)
    sent = [at + timedelta(hours=one["hours"]) for one in _SENT]
    ways = [Way(number, "weibo", since, at) for number, since in enumerate(sent)]
    told = [
        Told(number, "", published_at(one.published, at), one.kind, one.language, 1.0, ways)
        for number, one in enumerate(_SAMPLE)
    ]
    among = [one for one in told if _SAMPLE[one.id].story == "lent-battery"]
    rush = find_rush(told, among, until=at)
    assert rush is not None
    assert at - BACK - 2 * HOUR <= rush.since <= at - 2 * HOUR
    for moment in (*sent, *(one.since for one in told)):
        assert not rush.since - AFTER_OURS <= moment <= rush.since + HOUR
    assert 9 <= (rush.since.hour + 8) % 24 < 23  # China has no summer time
    assert rush.post.tongue == "zh"


@pytest.mark.parametrize("asks", [True, False])
def test_letters_of_an_account_that_asks_are_opened_and_fetched(
    site: DemoSite, counting: Gate, store: Store, asks: bool
) -> None:
    post = db.session.get_one(Post, site.stories["usual"])
    account = make_account("Letters", "email", settings={"says_opened": asks})
    sent = make_delivery(post, account, "sent", sent_at=site.at - timedelta(days=100))
    link = make_link(post_id=post.id, account_id=account.id)
    with transaction():
        db.session.get_one(Delivery, sent.id).link_id = link.id
        db.session.get_one(Link, link.id).created_at = sent.sent_at
    make_figures(site)
    told = opens_of(POST, post.id)
    if asks:
        assert 60 < told["open:reader"] < RECIPIENTS
        assert told["open:service"] == sum(round(RECIPIENTS * share) for share in FETCHED.values())
        assert {key for key, many in opens_of(POST, site.stories["night-bus"]).items() if many} == set()
    else:
        assert told == {}
