"""What the desk reads, and what others need to know about live posts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cms.core.database import db, transaction
from cms.people.models import Person
from cms.posts import queries, services
from cms.posts.models import Post
from cms.posts.queries import DeskFilter
from cms.topics.models import Section
from tests.factories import make_media, make_note, make_person, make_post, make_section, nadia, tom

pytestmark = pytest.mark.usefixtures("app")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def test_neighbours_are_in_the_same_language_and_never_notes() -> None:
    oldest = make_post("Oldest", published_at=days_ago(5))
    note = make_note(published_at=days_ago(4.5))
    make_post("中文", language="zh", published_at=days_ago(4))
    middle = make_post("Middle", published_at=days_ago(3))
    newest = make_post("Newest", published_at=days_ago(1))
    make_post("Draft", publish=False)
    assert queries.neighbour_ids(middle) == [oldest.id, newest.id]
    assert queries.neighbour_ids(newest) == [middle.id]
    assert queries.neighbour_ids(note) == []


def test_a_month_begins_in_the_zone_of_the_site() -> None:
    start, end = queries.month_bounds(2026, 12, "Asia/Shanghai")
    assert start == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert end == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


def _full_post(number: int) -> Post:
    people = [make_person(f"P{number}{one}", "editor", handle=f"p{number}{one}") for one in "ab"]
    section = db.session.query(Section).first() if number else make_section()
    return make_post(
        f"Full {number}",
        bylines=[(people[0], "author"), (people[1], "editor")],
        section=section,
        tags=["5g", f"t{number}"],
        cover_id=make_media().id,
        media=[services.Attachment(make_media().id), services.Attachment(make_media().id)],
    )


def somebody() -> Person:
    return db.session.scalars(select(Person).order_by(Person.id).limit(1)).one()


LISTS: dict[str, Callable[[], object]] = {
    "desk_posts": lambda: queries.desk_posts(DeskFilter(title="full"), person=somebody()),
    "my_drafts": lambda: queries.my_drafts(somebody().id),
    "just_published": queries.just_published,
    "trashed_posts": queries.trashed_posts,
    "mentions": lambda: queries.mentions_since(days_ago(9)),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_three_takes_as_many_queries_as_a_list_of_one(name: str, count_queries: list[str]) -> None:
    _full_post(0)
    db.session.expunge_all()
    count_queries.clear()
    LISTS[name]()
    with_one = len(count_queries)
    _full_post(1), _full_post(2)
    db.session.expunge_all()
    count_queries.clear()
    LISTS[name]()
    assert len(count_queries) == with_one <= 4


def test_a_post_for_editing_takes_a_fixed_number_of_queries_and_loads_all_the_form_shows(
    count_queries: list[str],
) -> None:
    post_id = _full_post(0).id
    _full_post(1)
    db.session.expunge_all()
    count_queries.clear()
    post = queries.get_post(post_id)
    assert post.latest is not None
    assert post.latest.cover is not None
    assert post.section is not None
    shown = [
        [one.person.name for one in post.bylines],
        [one.tag.slug for one in post.tags],
        [len(one.media.variants) for one in post.latest.media],
        len(post.latest.cover.variants),
        post.section.slug,
    ]
    assert shown == [["P0a", "P0b"], ["5g", "t0"], [2, 2], 2, "hot-focus"]
    assert len(count_queries) <= 6


def test_the_desk_list_tells_states_apart() -> None:
    mine, other = nadia(), tom()
    make_post("Draft", publish=False, by=mine)
    make_post("Live", by=other, bylines=[mine])
    make_post("Planned", due_at=NOON + timedelta(days=1), by=other)
    changed, down = make_post("Changed"), make_post("Down")
    make_post("Trash", trashed=True)
    with transaction():
        services.save_revision(changed.id, services.prepare(title="Changed 100%", body=""), by=None, at=NOON)
        services.take_down_post(down.id, by=None, at=NOON)
    expected = {
        DeskFilter(): ["Down", "Changed 100%", "Planned", "Live", "Draft"],
        DeskFilter(status="draft"): ["Planned", "Draft"],
        DeskFilter(status="live"): ["Changed 100%", "Live"],
        DeskFilter(status="changed"): ["Changed 100%"],
        DeskFilter(status="scheduled"): ["Planned"],
        DeskFilter(status="down"): ["Down"],
        DeskFilter(person_id=mine.id): ["Live", "Draft"],
        DeskFilter(title="0%"): ["Changed 100%"],
        DeskFilter(title="_"): [],
    }
    for wanted, names in expected.items():
        assert [one.latest.title for one in queries.desk_posts(wanted, person=mine) if one.latest] == names
    assert [one.latest.title for one in queries.my_drafts(mine.id) if one.latest] == ["Draft"]
    assert [one.latest.title for one in queries.posts_going_out(person=mine) if one.latest] == ["Planned"]
    first = queries.desk_posts(DeskFilter(), person=mine, limit=2)
    rest = queries.desk_posts(DeskFilter(), person=mine, before=(first[-1].edited_at, first[-1].id))
    assert [one.latest.title for one in (*first, *rest) if one.latest] == expected[DeskFilter()]
