"""Campaigns as readers see them: hidden ones are nowhere, public ones are whole, and a change is seen at once."""

import json
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.plans import queries, services
from campaigns.plans.content import AudienceLine, MoneyLine, PageLine, PartnerLine, Plan
from campaigns.plans.models import Campaign
from cms.core import clock
from tests.factories import make_campaign, make_note, make_post, read_again, transaction

FEEDS = ("feed.xml", "atom.xml", "feed.json")


def shown_campaign(**said: object) -> Campaign:
    defaults: dict[str, object] = {
        "name": {"en": "Light for schools", "zh": "为学校点灯"},
        "summary": {"en": "Lamps for sixty schools.", "zh": "给六十所学校的灯。"},
        "story": {"en": "Every **school**.", "zh": "每一所**学校**。"},
        "kind": "csr",
        "cause": {"en": "Reading after dark.", "zh": "天黑以后也能读书。"},
        "sdg_targets": ["4.1"],
        "purpose": "Win the tender",
        "is_public": True,
        "audiences": [AudienceLine("users", "Secret pupils", 5, "Secret source")],
        "money": [MoneyLine("budget", Decimal("12345.67"), "CNY")],
        "partners": [
            PartnerLine("partner", "Sunrise", "https://sunrise.example", is_public=True),
            PartnerLine("customer", "Hidden customer"),
        ],
        "pages": [
            PageLine("https://example.com/ask", "Ask", is_public=True),
            PageLine("https://hidden.example"),
        ],
    }
    return make_campaign(**{**defaults, **said})  # type: ignore[arg-type]


def change(campaign: Campaign, **said: object) -> None:
    plan = queries.plan_of(queries.get_whole_campaign(campaign.id))
    ready = services.prepare(Plan(**{**vars(plan), **said}))  # type: ignore[arg-type]
    with transaction():
        services.change_campaign(campaign.id, ready, by=None, at=clock.now())


def test_readers_see_the_story_and_nothing_of_the_plan(client: FlaskClient) -> None:
    shown_campaign(posts=[make_post("Lamps arrive"), make_note("First light tonight.")])
    for locale, words in (
        (
            "en",
            ["Light for schools", "Every <strong>school</strong>.", "Reading after dark.", "1 November 2026"],
        ),
        ("zh", ["为学校点灯", "每一所<strong>学校</strong>。", "天黑以后也能读书。", "2026年11月1日"]),
    ):
        page = client.get(f"/{locale}/campaigns/light-for-schools")
        assert page.status_code == 200
        for one in [
            *words,
            "Sunrise",
            "https://example.com/ask",
            "4.1",
            "Lamps arrive",
            "First light tonight.",
        ]:
            assert one in page.text
        for secret in ("Win the tender", "Secret", "12345", "12,345", "Hidden customer", "hidden.example"):
            assert secret not in page.text
        assert "Set-Cookie" not in page.headers
        assert "csrf" not in page.text


def test_a_page_is_made_once_and_made_anew_when_something_changes(
    client: FlaskClient, count_queries: list[str]
) -> None:
    campaign = shown_campaign()
    post = make_post("Lamps arrive")
    paths = ["/en/campaigns", "/en/campaigns/light-for-schools", "/en/campaigns/light-for-schools/feed.xml"]

    def texts() -> list[str]:
        return [client.get(path).text for path in paths]

    texts()
    count_queries.clear()
    texts()
    assert count_queries == []
    with transaction():
        services.assign_post(post.id, campaign.id, by=None, at=clock.now())
    assert ["Lamps arrive" in text for text in texts()] == [False, True, True]
    with transaction():
        services.remove_post(post.id, by=None, at=clock.now())
    assert ["Lamps arrive" in text for text in texts()] == [False, False, False]
    change(campaign, name={"en": "Lamps"})
    assert ["Light for schools" in text for text in texts()] == [False, False, False]
    change(campaign, is_public=False)
    assert [client.get(path).status_code for path in paths] == [200, 404, 404]
    assert "Lamps" not in client.get("/en/campaigns").text


@pytest.mark.parametrize("path", ["", *(f"/{one}" for one in FEEDS)])
def test_one_that_is_not_public_is_nowhere(client: FlaskClient, path: str) -> None:
    hidden = shown_campaign(is_public=False, posts=[make_post("Lamps arrive")])
    answer = client.get(f"/en/campaigns/{hidden.slug}{path}")
    assert answer.status_code == 404
    assert "Light for schools" not in answer.text
    assert "Light for schools" not in client.get("/en/campaigns").text
    assert "/campaigns/light" not in client.get("/sitemaps/lists.xml").text
    assert "/campaigns/light" not in client.get("/opml.xml").text


def test_its_feeds_hold_its_posts_each_in_its_language(client: FlaskClient) -> None:
    post = make_post("Lamps arrive")
    told = make_post("灯到了", language="zh", translation_of=post)
    shown_campaign(posts=[post, told, make_post("Draft of ours", publish=False)])
    make_post("Of no campaign")
    for prefix, titles, name in (
        ("/en", ["Lamps arrive"], "Light for schools"),
        ("/zh", ["灯到了"], "为学校点灯"),
        ("", ["Lamps arrive"], "Light for schools"),
    ):
        feed = json.loads(client.get(f"{prefix}/campaigns/light-for-schools/feed.json").text)
        assert [one["title"] for one in feed["items"]] == titles
        assert feed["title"].startswith(f"{name} · ")
        assert feed["home_page_url"] == f"http://localhost{prefix}/campaigns/light-for-schools"
    for file in FEEDS[:2]:
        assert client.get(f"/campaigns/light-for-schools/{file}").text.count("Lamps arrive") >= 1


def test_search_engines_and_feed_readers_find_it(client: FlaskClient) -> None:
    shown_campaign()
    assert "<loc>http://localhost/campaigns/light-for-schools</loc>" in client.get("/sitemaps/lists.xml").text
    assert "/campaigns/light-for-schools/feed.xml" in client.get("/opml.xml").text
    page = client.get("/en/campaigns/light-for-schools").text
    assert '<link rel="canonical" href="http://localhost/en/campaigns/light-for-schools">' in page
    assert 'hreflang="zh-Hans" href="http://localhost/zh/campaigns/light-for-schools"' in page


def test_a_post_says_what_it_is_part_of_only_while_readers_may_know(client: FlaskClient) -> None:
    post = make_post("Lamps arrive")
    campaign = shown_campaign(posts=[post], is_public=False)
    path, link = f"/en/posts/{post.slug}", 'href="/en/campaigns/light-for-schools"'
    assert link not in client.get(path).text
    change(campaign, is_public=True)
    assert link in client.get(path).text
    change(campaign, name={"en": "Lamps"})
    assert f"{link}>Lamps</a>" in client.get(path).text
    change(campaign, is_public=False)
    assert link not in client.get(path).text


def test_a_long_list_goes_on_and_tells_its_story_once(client: FlaskClient) -> None:
    campaign = shown_campaign(posts=[make_post(f"Lamp {one}") for one in range(22)])
    first = client.get("/en/campaigns/light-for-schools").text
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = client.get(following).text
    assert (first.count('class="card card--row'), second.count('class="card card--row')) == (20, 2)
    assert ("Reading after dark." in first, "Reading after dark." in second) == (True, False)
    assert read_again(Campaign, campaign.id).version == 1


def test_what_runs_comes_before_what_is_to_come_and_what_is_over(client: FlaskClient, app: Flask) -> None:
    for state, name in (
        ("finished", "Over"),
        ("planned", "To come"),
        ("running", "Runs"),
        ("archived", "Long ago"),
    ):
        make_campaign(name, state=state, is_public=True)
    make_campaign("Hidden")
    page = client.get("/en/campaigns").text
    places = [page.index(f">{one}</a></h") for one in ("Runs", "To come", "Over")]
    assert places == sorted(places)
    assert "Long ago" in page
    assert "Hidden" not in page
