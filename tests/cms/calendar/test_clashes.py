"""What wants another look."""

from datetime import timedelta

import pytest
from flask import Flask

from cms.calendar.clashes import clashes
from cms.calendar.sources import Entry
from tests.cms.calendar.entries import NOON, entry


@pytest.fixture(autouse=True)
def words(app: Flask) -> None:
    """Sentences are made for a request's language."""


def codes(*entries: Entry) -> list[tuple[str, list[str]]]:
    return [(one.code, [each.key for each in one.entries]) for one in clashes(entries, zone="UTC")]


def test_two_posts_of_one_section_within_half_an_hour_hide_each_other() -> None:
    first = entry(section_id=1, section="Rain")
    near = entry(number=2, at=NOON + timedelta(minutes=29), section_id=1, section="Rain")
    assert codes(near, first) == [("too_close", [first.key, near.key])]
    far = entry(number=2, at=NOON + timedelta(minutes=30), section_id=1)
    other = entry(number=3, at=NOON, section_id=2)
    assert codes(first, far, other) == []


def test_what_is_done_clashes_with_nothing() -> None:
    assert codes(entry(section_id=1, state="done"), entry(number=2, section_id=1)) == []


def test_seven_launches_a_day_are_too_many() -> None:
    six = [entry(number=number, at=NOON + timedelta(hours=number)) for number in range(6)]
    assert codes(*six) == []
    assert [code for code, _keys in codes(*six, entry(number=9))] == ["too_many"]


@pytest.mark.parametrize(
    ("kind", "hours", "code"),
    [
        ("embargo", 1, ["embargo"]),
        ("embargo", -1, []),
        ("review", 0, ["late_review"]),
        ("review", -1, []),
        ("removal", -1, ["removal"]),
        ("removal", 1, []),
    ],
)
def test_times_of_one_post_that_contradict_each_other(kind: str, hours: int, code: list[str]) -> None:
    other = entry(kind=kind, at=NOON + timedelta(hours=hours))
    assert [one for one, _keys in codes(entry(), other)] == code
    stranger = entry(number=2, kind=kind, at=NOON + timedelta(hours=hours))
    assert codes(entry(), stranger) == []
