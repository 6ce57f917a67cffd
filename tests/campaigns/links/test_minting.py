"""Every delivery gets a link of its own, with its UTM values locked."""

from dataclasses import replace

import pytest
from flask import Flask

from campaigns.links import codes, queries, services
from campaigns.links.models import Link
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, Problem
from tests.campaigns.links.making import make_account, make_campaign, make_link
from tests.factories import ivy, nadia, tom


@pytest.fixture(autouse=True)
def _app(app: Flask) -> None:
    """Inside the application."""


def test_a_minted_link_is_locked_and_names_its_campaign() -> None:
    campaign, account = make_campaign("clean-rivers"), make_account()
    link = make_link(
        "/posts/spring-notes", campaign_id=campaign.id, account_id=account.id, source="Our Mastodon"
    )
    assert (link.target, link.is_locked) == ("http://localhost/posts/spring-notes", True)
    assert link.utm == {"source": "our-mastodon", "medium": "social", "campaign": "clean-rivers"}
    assert (link.campaign_id, link.account_id, link.created_at) == (campaign.id, account.id, clock.now())


def test_every_link_has_a_code_of_the_same_length() -> None:
    first, second = make_link(), make_link()
    assert first.code != second.code
    assert {len(first.code), len(second.code)} == {codes.LENGTH}
    assert set(first.code + second.code) <= set(codes.ALPHABET)
    assert not set("01ilo") & set(codes.ALPHABET)


def test_a_text_can_be_counted_before_its_link_is_made() -> None:
    link = make_link()
    assert queries.short_url(link) == f"http://localhost/l/{link.code}"
    assert len(queries.sample_url()) == len(queries.short_url(link))
    assert codes.read_code(codes.SAMPLE) is None


def test_links_may_live_under_a_shorter_name(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    short = replace(app.config["PARLEY"], short_url="https://p.example")
    monkeypatch.setitem(app.config, "PARLEY", short)
    link = make_link()
    assert queries.short_url(link) == f"https://p.example/l/{link.code}"
    assert len(queries.sample_url()) == len(queries.short_url(link))
    by = tom()
    for circle in (f"https://p.example/l/{link.code}", f"http://localhost/l/{link.code}"):
        with pytest.raises(Invalid, match="correct what is marked") as refused:
            make_link(circle, by=by)
        assert refused.value.errors == {
            "target": "This is a short link itself. Please give the address it leads to."
        }


def test_a_code_that_exists_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = make_link().code
    drawn = iter([taken, taken, "2345678"])
    monkeypatch.setattr(codes, "new_code", lambda: next(drawn))
    assert make_link().code == "2345678"


def test_drawing_ends_when_no_code_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = make_link().code
    monkeypatch.setattr(codes, "new_code", lambda: taken)
    with pytest.raises(Problem, match="No free code"):
        make_link()
    assert db.session.query(Link).count() == 1


def test_what_is_typed_in_capitals_is_the_same_code() -> None:
    assert codes.read_code("BCDFGHJ") == "bcdfghj"
    assert codes.read_code("bcdfgh0") is None
    assert codes.read_code("bcdfghjk") is None
    assert codes.read_code("bcdfghj\n") is None


def test_only_staff_lead_elsewhere() -> None:
    assert make_link("https://partner.example.com/a", by=nadia()).target == "https://partner.example.com/a"
    for by in (None, ivy()):
        with pytest.raises(Invalid) as refused:
            make_link("https://partner.example.com/a", by=by)
        assert refused.value.errors == {"target": "Only staff may make links that lead to other sites."}


def test_a_campaign_that_does_not_exist_is_refused() -> None:
    with transaction(), pytest.raises(Invalid) as refused:
        services.mint_link(
            target="/",
            post_id=None,
            account_id=None,
            campaign_id=404,
            source="x",
            medium="social",
            by=None,
            at=clock.now(),
        )
    assert refused.value.errors == {"campaign": "There is no such campaign."}


def test_a_value_of_the_target_is_not_said_twice() -> None:
    with pytest.raises(Invalid) as refused:
        make_link("https://partner.example.com/?utm_source=them&utm_term=x", by=nadia())
    assert refused.value.errors == {
        "target": "This address carries utm_source already. Please take it out there, or here."
    }
