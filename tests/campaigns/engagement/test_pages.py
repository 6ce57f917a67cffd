"""Where figures are seen: beside a post and a campaign, in the list of links, in the API; and what readers are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from campaigns.engagement.classify import RULES
from campaigns.engagement.definitions import FIGURES
from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line
from campaigns.engagement.queries import COLLECT
from campaigns.plans.models import CampaignPost
from cms.core import clock
from cms.core.models import Heartbeat
from tests.campaigns.engagement.conftest import NOW
from tests.campaigns.links.making import make_campaign, make_link
from tests.factories import make_note, make_post, nadia, save, sign_in, token_headers

VIEW = Line(NOW, "view", "P", 1, "post:1", view=5, agent="browser:firefox")


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia's browser."""
    sign_in(client, nadia())
    return client


def box(client: FlaskClient, path: str) -> list[str]:
    """What the box says: each name with its figure, then the sentences."""
    (section,) = html.fromstring(client.get(path).data).xpath("//section[@aria-labelledby='readers-box']")
    pairs = zip(section.xpath(".//dt"), section.xpath(".//dd"), strict=True)
    figures = [f"{name.text_content().strip()}: {value.text_content().strip()}" for name, value in pairs]
    return figures + [" ".join(one.text_content().split()) for one in section.xpath("./p")]


def test_a_visit_is_beside_its_post_and_its_campaign(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    post, campaign = make_post("Spring notes"), make_campaign()
    save(CampaignPost(post_id=post.id, campaign_id=campaign.id, added_at=clock.now()))
    save(Heartbeat(job=COLLECT, at=datetime(2026, 11, 21, 11, 59, 58, tzinfo=UTC), seconds=0.1, outcome={}))
    assert box(desk, f"/en/desk/posts/{post.id}") == [
        "Nobody was here yet.",
        "As of Nov 21, 2026, 11:59:58 AM UTC · What we count",
    ]
    view = replace(VIEW, subject=f"post:{post.id}")
    counting.spool.write(view)
    counting.spool.write(replace(view, view=6, visitor=2))
    counting.spool.write(replace(view, kind="read", at=NOW + 80_000, seconds=75))
    counting.spool.write(replace(view, kind="fetch", agent="preview:mastodon"))
    collect()
    told = [
        "Views: 2",
        "Different people: 2",
        "Engaged: 1",
        "Reading time: 0:38",
        "Clicks: 0",
        "Verified clicks: 0",
        "Link previews: 1",
        "Told apart within a month; who comes in two months counts twice.",
        "As of Nov 21, 2026, 11:59:58 AM UTC · What we count",
    ]
    assert box(desk, f"/en/desk/posts/{post.id}") == told
    assert box(desk, f"/en/desk/campaigns/{campaign.id}") == told


def test_a_draft_has_no_readers_and_without_a_worker_nothing_is_said_to_be_counted(
    desk: FlaskClient, counting: Gate
) -> None:
    draft, live = make_post("A draft", publish=False), make_post("Spring notes")
    assert b"readers-box" not in desk.get(f"/en/desk/posts/{draft.id}").data
    assert box(desk, f"/en/desk/posts/{live.id}") == [
        "Nothing is counted yet: the worker has not run. · What we count"
    ]


def test_a_post_is_edited_though_the_store_is_broken(desk: FlaskClient, app: Flask, counting: Gate) -> None:
    from campaigns.engagement.store import Store

    app.extensions["parley_store"] = Store("sqlite:////nowhere/analytics.db")
    assert desk.get(f"/en/desk/posts/{make_post('Spring notes').id}").status_code == 200


def test_clicks_are_in_the_list_of_links_and_null_where_nobody_clicked(
    desk: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    link, other = make_link(), make_link("/sections")
    click = replace(VIEW, kind="click", view=0, subject=f"link:{link.id}")
    for number in range(3):
        counting.spool.write(replace(click, click=f"click-id-{number:03}", at=click.at + number * 2000))
    counting.spool.write(replace(click, agent="preview:slack", click="click-id-999"))
    counting.spool.write(replace(VIEW, click="click-id-001"))
    collect()
    rows = html.fromstring(desk.get("/en/desk/links").data).xpath("//td[@data-label='Clicks']")
    assert [row.text_content() for row in rows] == ["–", "31 verified"]
    headers = token_headers(nadia_again())
    told = desk.get("/api/v1/links", headers=headers).json["items"]
    assert [(one["id"], one["clicks"], one["verified_clicks"]) for one in told] == [
        (other.id, None, None),
        (link.id, 3, 1),
    ]


def nadia_again():
    from cms.core.database import db
    from cms.people.models import Person

    return db.session.query(Person).filter_by(handle="nadia").one()


@pytest.mark.parametrize(
    ("path", "subject"),
    [("/en/archive", "page:/archive"), ("/en/nothing-here", None), ("/en/sign-in", None)],
)
def test_pages_name_what_they_count_for(client: FlaskClient, path: str, subject: str | None) -> None:
    page = html.fromstring(client.get(path).data)
    assert page.xpath("//main/@data-subject") == ([subject] if subject else [])
    assert page.xpath("//noscript/img/@src") == ([f"/e.gif?s={quote(subject)}"] if subject else [])


def test_posts_and_notes_name_themselves_and_nothing_about_the_reader(
    reader: FlaskClient, client: FlaskClient
) -> None:
    post, note = make_post("Spring notes"), make_note()
    for one, path in ((post, f"/en/posts/{post.slug}"), (note, f"/en/notes/{note.id}")):
        answer = reader.get(f"{path}?pcid=abcDEF-_1234&utm_source=x")
        assert html.fromstring(answer.data).xpath("//main/@data-subject") == [f"post:{one.id}"]
        assert answer.data == client.get(path).data
        assert "Set-Cookie" not in answer.headers


def test_previews_of_the_desk_are_not_counted(desk: FlaskClient) -> None:
    post = make_post("Spring notes")
    page = html.fromstring(desk.get(f"/en/desk/posts/{post.id}/preview").data)
    assert (len(page.xpath("//main")), page.xpath("//main/@data-subject")) == (1, [])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_readers_are_told_what_is_counted_in_the_words_of_the_program(
    client: FlaskClient, language: str
) -> None:
    page = html.fromstring(client.get(f"/{language}/what-we-count").data)
    assert [one.get("id") for one in page.xpath("//dl/div/dt")] == [f"figure-{one.key}" for one in FIGURES]
    assert page.xpath("//tbody/tr/td[1]/text()") == [str(rule.id) for rule in RULES]
    words = {"en": "What we count", "zh": "我们统计什么"}[language]
    assert page.xpath("//h1/text()") == [words]
    assert page.xpath("//footer//a[contains(@href, 'what-we-count')][not(@hreflang)]/text()") == [words]
