"""Whoever starts the sample site finds one hour out of the ordinary, at whatever time of the day it is made."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from campaigns.engagement.demo import make_figures
from campaigns.engagement.gate import Gate
from campaigns.reports.unusual.demo import tell_busiest_hour
from campaigns.reports.unusual.models import UnusualReading
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.transfer.demo.site import DemoSite
from tests.conftest import NOW
from tests.factories import make_post, nadia, sign_in


@pytest.mark.parametrize("hour", [2, 9, 14, 21])
def test_it_is_told_and_stands_on_the_dashboard(
    app: Flask, client: FlaskClient, counting: Gate, hour: int
) -> None:
    at = NOW.replace(hour=hour, minute=3) - timedelta(days=1)
    names = ("usual", "night-bus", "lent-battery")
    posts = [make_post(name, slug=name, published_at=at - timedelta(days=120)) for name in names]
    somebody = nadia()
    with transaction():
        site = DemoSite(at, {}, {}, {one.slug: one.id for one in posts if one.slug})
        make_figures(site)
        tell_busiest_hour(site)
    told = db.session.scalars(select(UnusualReading)).one()
    assert (told.direction, told.causes["post"], told.causes["referrer"]) == (
        "more",
        posts[2].id,
        "forum.example",
    )
    notice = db.session.scalars(select(Notice).where(Notice.kind == "reading.unusual")).one()
    assert notice.person_id == somebody.id
    assert notice.told_at <= at
    sign_in(client, somebody)
    for language, words in (("en", "Far more readers than usual"), ("zh", "读者远多于平常")):
        page = html.fromstring(client.get(f"/{language}/desk/reports?days=28").data)
        said = page.xpath("//section[@aria-labelledby='unusual-title']//li")
        assert [words in one.text_content() for one in said] == [True]
        assert said[0].xpath(".//a/@href") == [f"/{language}/desk/posts/{posts[2].id}"]
