"""The page of a comparison and of an opened figure: good questions, and bad ones that get a sentence."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from campaigns.engagement.store import Store
from campaigns.reports import wording
from tests.campaigns.reports.conftest import Reads
from tests.campaigns.reports.test_comparison import campaign, day
from tests.factories import make_campaign, nadia, sign_in

PAGE = "/desk/reports/comparison"
NAV = r'<nav class="cluster" aria-label="([^"]+)">(.*?)</nav>'


@pytest.fixture
def manager(client: FlaskClient, store: Store) -> FlaskClient:
    """Nadia, signed in."""
    sign_in(client, nadia())
    return client


def test_campaigns_stand_side_by_side_with_the_numbers_of_the_chart(
    manager: FlaskClient, reads: Reads
) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(2), views=1204)
    html = manager.get(
        f"{PAGE}?campaign={spring.id}&campaign={rain.id}&from=2026-11-01&to=2026-11-03&measure=views&mode=daily"
    ).text
    assert "1,204" in html
    assert 'data-value="1204"' in html
    assert 'data-x="2026-11-02"' in html
    assert "Descriptive, not causal" in html
    assert "too few posts" in html
    ways = {nav: re.findall(r"<a[^>]*>([^<]+)</a>", said) for nav, said in re.findall(NAV, html, re.DOTALL)}
    assert ways["Measure"] == ["Views", "Engaged views", "Verified clicks"]
    assert ways["Laid side by side"] == ["By date", "By days since launch"]
    assert "Attribution" in ways["Reports"]


def test_without_a_question_the_newest_are_compared(manager: FlaskClient) -> None:
    old = make_campaign("Old", starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 31), state="finished")
    running = [make_campaign(name, state="running") for name in ("One", "Two", "Three")]
    html = manager.get(PAGE).text
    chosen = [one.id for one in (*running, old) if f'name="campaign" value="{one.id}"' in html]
    assert chosen == [running[1].id, running[2].id, old.id]


def test_one_campaign_alone_is_nothing_to_compare(manager: FlaskClient) -> None:
    make_campaign("Alone")
    answer = manager.get(PAGE)
    assert answer.status_code == 200
    assert "There is nothing to compare yet" in answer.text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("campaign=1", "Choose at least two campaigns."),
        ("campaign=1&campaign=1", "Choose at least two campaigns."),
        (
            "campaign=1&campaign=2&campaign=3&campaign=4&campaign=5&campaign=6&campaign=7",
            "Choose six campaigns at most.",
        ),
        ("campaign=1&campaign=999", "There is no such campaign."),
        ("campaign=1&campaign=%F0%9F%90%89", "There is no such campaign."),
        ("campaign=1&campaign=2&from=2026-11-09&to=2026-11-08", "The last day is before the first one."),
        ("campaign=1&campaign=2&from=2026-02-30", "There is no such day."),
        ("campaign=1&campaign=2&align=moon", "This is not one of the choices."),
    ],
)
def test_a_question_that_makes_no_sense_gets_a_sentence(
    manager: FlaskClient, asked: str, sentence: str
) -> None:
    made = [make_campaign(f"Campaign {number}").id for number in range(7)]
    asked = re.sub(r"campaign=([1-7])\b", lambda said: f"campaign={made[int(said[1]) - 1]}", asked)
    answer = manager.get(f"{PAGE}?{asked}")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'name="campaign" value="{made[0]}"' in answer.text  # nothing chosen is lost


def test_every_figure_opens_down_to_its_rows(manager: FlaskClient, reads: Reads) -> None:
    spring, posts = campaign("Spring", posts=60)
    rain, _posts = campaign("Rain")
    for place, post in enumerate(posts):
        reads(spring.id, post, day(1), views=1 + place % 3, first_person=1 + place * 5)
    address = f"/desk/reports/figure?campaign={spring.id}&campaign={rain.id}&of={spring.id}&figure=views"
    days = manager.get(address).text
    assert "1 Nov 2026" in days
    assert "version 1" in days
    rows = manager.get(f"{address}&rows=post").text
    assert rows.count('<tr><th scope="row"><a href="/desk/posts/') == 50
    assert "1 of 2" in rows
    second = manager.get(f"{address}&rows=post&page=2").text
    assert second.count('<tr><th scope="row"><a href="/desk/posts/') == 10
    per_post = manager.get(f"{address}&per=post").text
    assert "bootstrap" in per_post
    assert "Median post" in per_post


@pytest.mark.parametrize(
    "figure",
    "reach views engaged readers seconds verified conversions comments entries followers shown cost".split(),
)
def test_every_column_opens(manager: FlaskClient, reads: Reads, figure: str) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(1), views=3, engaged=2, verified=1)
    for rows in ("day", "channel", "post", ""):
        answer = manager.get(
            f"/desk/reports/figure?campaign={spring.id}&campaign={rain.id}&of={spring.id}&figure={figure}&rows={rows}"
        )
        assert answer.status_code == 200


@pytest.mark.parametrize("wrong", ["of=999", "figure=love", "figure=reach&per=post"])
def test_a_figure_there_is_not_is_not_found(manager: FlaskClient, wrong: str) -> None:
    spring, rain = make_campaign("Spring"), make_campaign("Rain")
    usual = f"campaign={spring.id}&campaign={rain.id}&of={spring.id}&figure=views"
    name = wrong.partition("=")[0]
    kept = "&".join(one for one in usual.split("&") if not one.startswith(f"{name}="))
    assert manager.get(f"/desk/reports/figure?{usual}").status_code == 200
    assert manager.get(f"/desk/reports/figure?{kept}&{wrong}").status_code == 404


def test_all_splits_and_ways_are_shown(manager: FlaskClient, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(1), views=3)
    for split in ("channel", "post", "section", "audience", "country", "language", "device"):
        for align in ("calendar", "launch"):
            answer = manager.get(
                f"{PAGE}?campaign={spring.id}&campaign={rain.id}&split={split}&align={align}&measure=views"
            )
            assert answer.status_code == 200
            assert 'id="by-part"' in answer.text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (0.0021, "0.0021"),
        (0.0999, "0.100"),
        (0.11, "0.11"),
        (-0.5, "-0.50"),
        (4.44, "4.4"),
        (99.96, "100.0"),
        (1204.4, "1,204"),
    ],
)
def test_a_small_number_has_two_digits_that_say_something(app: Flask, value: float, said: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert wording.number(value) == said
