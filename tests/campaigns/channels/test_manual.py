"""Posting by hand. The contract of all networks is about what goes over the line, and here nothing does: what holds of it
for texts and fields is tested below."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.channels.adapter import Disconnected, Refused, Seat
from campaigns.channels.counting import excess
from campaigns.channels.http import Http
from campaigns.channels.manual.adapter import Manual
from campaigns.channels.manual.sites import SITES
from tests.campaigns.channels.contract import drive, message, story

ADAPTER = Manual()


def seat(**settings: Any) -> Seat:
    def nobody(*_arguments: object, **_options: object) -> Any:
        raise AssertionError("nothing is ever asked")

    def no_lock() -> Any:
        raise AssertionError("there are no credentials")

    return Seat(
        settings=settings,
        secrets={},
        http=Http(nobody, seconds=1),
        limits=ADAPTER.limits(settings, None),
        now=lambda: datetime(2026, 11, 21, tzinfo=UTC),
        read=nobody,
        secrets_now=dict,
        keep=nobody,
        renewing=no_lock,
    )


def test_nothing_is_ever_sent() -> None:
    outcome = drive(ADAPTER, message(), seat(site="zhihu"))
    assert isinstance(outcome, Refused)
    assert outcome.code == "by_hand"


def test_there_is_nothing_secret_about_it() -> None:
    assert ADAPTER.is_by_hand
    assert not any(one.is_secret for one in ADAPTER.fields)


@pytest.mark.parametrize("one", SITES, ids=lambda one: one.key)
def test_each_site_has_a_name_and_tells_where_to_write(one: Any) -> None:
    who = ADAPTER.connect(seat(site=one.key, site_name="Our partner" if one.key == "other" else ""))
    assert who.name == ("Our partner" if one.key == "other" else str(one.name))
    assert who.url == one.url
    assert who.notes == one.tips


def test_another_site_needs_a_name_and_may_say_where() -> None:
    with pytest.raises(Disconnected) as told:
        ADAPTER.connect(seat(site="other"))
    assert told.value.field == "site_name"
    page = "https://partner.example.com/new"
    assert ADAPTER.connect(seat(site="other", site_name="Partner", page=page)).url == page


def long_stories() -> Iterator[Any]:
    yield story()
    yield story(
        title="盐会慢慢腐蚀铜。" * 40, summary="Salt eats copper slowly. " * 400, text="铜会被腐蚀。" * 900
    )


@pytest.mark.parametrize("one", SITES, ids=lambda one: one.key)
@pytest.mark.parametrize(
    "settings", [{}, {"longest": 300, "longest_title": 12, "most_pictures": 1}, {"form": "short"}]
)
def test_what_it_makes_ready_fits_and_has_our_link(one: Any, settings: dict[str, Any]) -> None:
    settings = {**settings, "site": one.key}
    limits = ADAPTER.limits(settings, None)
    for told in long_stories():
        draft = ADAPTER.compose(replace(told, media=((1, "A mast"), (2, "A rope"))), limits, settings)
        text = draft.parts[0].text
        assert excess(text, limits) == 0
        assert limits.title is None or 0 < len(draft.title) <= limits.title
        assert told.link in text
        assert len(draft.parts[0].media) == min(2, limits.pictures)


def test_an_article_is_whole_and_says_when_it_is_not() -> None:
    settings = {"site": "zhihu"}
    draft = ADAPTER.compose(story(), ADAPTER.limits(settings, None), settings)
    assert draft.parts[0].text == "Salt eats copper slowly. Paint helps.\n\nhttps://example.com/l/abc12"
    assert draft.html.startswith("<p>Salt eats copper slowly. Paint helps.</p><p><a href=")
    assert (draft.title, draft.changes) == ("What salt does to a mast", ())
    cut = {"site": "zhihu", "longest": "60"}
    shortened = ADAPTER.compose(story(), ADAPTER.limits(cut, None), cut)
    assert shortened.parts[0].text == "Salt eats copper slowly.\n\nhttps://example.com/l/abc12"
    assert (shortened.html, shortened.changes) == ("", ("shortened",))


def test_a_short_text_does_not_say_its_title_twice() -> None:
    settings = {"site": "xiaohongshu"}
    draft = ADAPTER.compose(story(title="Salt"), ADAPTER.limits(settings, None), settings)
    assert draft.title == "Salt"
    assert draft.parts[0].text == "Salt eats copper slowly.\n\nhttps://example.com/l/abc12"


def test_limits_that_somebody_sets_hold_and_nonsense_does_not() -> None:
    limits = ADAPTER.limits(
        {"site": "xiaohongshu", "longest": 500, "longest_title": "0", "most_pictures": ""}, None
    )
    assert (limits.text, limits.title, limits.pictures) == (500, 20, 18)
    assert ADAPTER.limits({"site": "gone"}, None).carries_html
