"""What is hot: the arithmetic, and the job that runs it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.models import PageChange
from cms.people.models import Person
from cms.posts.heat import Mention, scores
from cms.posts.jobs import rank_hot_words
from cms.topics import queries as topics
from cms.topics.models import Tag
from tests.factories import make_person, make_post, make_tag

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def mentions(*lines: tuple[str, int | None, float]) -> list[Mention]:
    return [Mention(1, story, person, NOON - timedelta(days=days)) for story, person, days in lines]


def test_a_story_weighs_half_after_each_week() -> None:
    now = mentions(("a", 1, 0), ("b", 2, 0), ("c", 3, 0))
    assert scores(now, at=NOON) == {1: 3.0}
    assert scores(now, at=NOON + 2 * WEEK) == {1: pytest.approx(1.5)}


def test_many_authors_weigh_more_than_one_zealous_author() -> None:
    many = mentions(*((f"s{number}", number, 0) for number in range(4)))
    zealous = mentions(*((f"s{number}", 1, 0) for number in range(3)), ("other", 2, 0))
    assert scores(many, at=NOON)[1] == 4.0
    assert scores(zealous, at=NOON)[1] == pytest.approx(1 + 3**0.5)


def test_too_few_stories_or_authors_are_not_hot() -> None:
    assert scores(mentions(("a", 1, 0), ("b", 2, 0)), at=NOON) == {}
    assert scores(mentions(("a", 1, 0), ("b", 1, 0), ("c", 1, 0)), at=NOON) == {}
    assert scores([], at=NOON) == {}


def test_a_story_counts_once_in_all_its_languages_and_the_house_is_an_author() -> None:
    told_twice = mentions(("a", 1, 7), ("a", 1, 0), ("b", None, 0), ("c", 2, 0))
    assert scores(told_twice, at=NOON) == {1: 3.0}


@pytest.fixture
def people(app: object) -> list[Person]:
    return [make_person(f"P{number}", "author", handle=f"p{number}") for number in range(3)]


def write(people: list[Person], *tags: Tag, days: float = 0, **post: object) -> None:
    for person in people:
        at = NOON - timedelta(days=days)
        make_post(f"By {person.handle}", tags=tags, bylines=[person], published_at=at, **post)  # type: ignore[arg-type]


def hot() -> list[str]:
    db.session.expire_all()
    return [word.tag.slug for word in topics.hot_words()]


def test_the_job_ranks_pins_and_leaves_out(people: list[Person]) -> None:
    cold, warm, blocked, pinned = make_tag("cold"), make_tag("warm"), make_tag("ads"), make_tag("pin")
    with transaction():
        db.session.get_one(Tag, blocked.id).hot = "never"
        db.session.get_one(Tag, pinned.id).hot = "pinned"
    write(people, warm, blocked)
    write(people, cold, days=20)
    write(people, make_tag("ancient"), days=90)
    write(people, make_tag("draft"), publish=False)
    assert rank_hot_words() == {"hot": 2}
    assert hot() == ["pin", "warm", "cold"]


def test_the_home_page_is_told_only_when_the_list_changes(people: list[Person]) -> None:
    write(people, make_tag("warm"))
    rank_hot_words()
    told = select(PageChange.tag).where(PageChange.tag == "hot_words")
    assert len(db.session.scalars(told).all()) == 1
    with clock.stopped(NOON + timedelta(hours=1)):
        assert rank_hot_words() == {}
    assert len(db.session.scalars(told).all()) == 1


def test_a_word_that_cooled_down_leaves_the_list(people: list[Person]) -> None:
    write(people, make_tag("warm"))
    rank_hot_words()
    assert hot() == ["warm"]
    with clock.stopped(NOON + timedelta(days=61)):
        rank_hot_words()
    assert hot() == []
