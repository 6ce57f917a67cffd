"""Lists of live posts: each story once, paged by key, the same number of queries whatever they hold."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from cms.posts import queries, services
from cms.posts.models import Post
from cms.posts.queries import DeskFilter, ListFilter
from cms.topics.models import Section
from tests.factories import make_media, make_note, make_person, make_post, make_section, make_tag, nadia, tom

pytestmark = pytest.mark.usefixtures("app")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def titles(posts: list[Post]) -> list[str]:
    return [post.live.title for post in posts if post.live]


def days_ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def test_each_story_comes_once_in_the_language_of_the_interface() -> None:
    english = make_post("Both", published_at=days_ago(3))
    make_post("两种", language="zh", translation_of=english, published_at=days_ago(2))
    make_post("English only", published_at=days_ago(1))
    make_post("只有中文", language="zh", published_at=days_ago(0.5))
    draft = make_post("Has a draft", published_at=days_ago(0.2))
    make_post("草稿", language="zh", translation_of=draft, publish=False)
    assert titles(queries.live_posts(ListFilter(locale="en"))) == [
        "Has a draft",
        "只有中文",
        "English only",
        "Both",
    ]
    assert titles(queries.live_posts(ListFilter(locale="zh"))) == [
        "Has a draft",
        "只有中文",
        "English only",
        "两种",
    ]
    assert titles(queries.live_posts(ListFilter(language="zh"))) == ["只有中文", "两种"]
    assert len(queries.live_posts()) == 5


def test_a_story_whose_original_is_hidden_is_told_in_what_is_left() -> None:
    french = make_post("Printemps", language="fr", publish=False)
    make_post("Frühling", language="de", translation_of=french)
    make_post("Primavera", language="es", translation_of=french)
    for locale in ("en", "zh"):
        assert titles(queries.live_posts(ListFilter(locale=locale))) == ["Frühling"]
    assert titles(queries.live_posts(ListFilter(locale="es"))) == ["Primavera"]


def test_a_translation_outside_the_list_hides_nothing_in_it() -> None:
    section, tag, person = make_section(), make_tag(), nadia()
    english = make_post("Elsewhere")
    make_post("在这里", language="zh", translation_of=english, section=section, tags=[tag], bylines=[person])
    for wanted in (
        ListFilter(locale="en", section_id=section.id),
        ListFilter(locale="en", tag_id=tag.id),
        ListFilter(locale="en", person_id=person.id),
    ):
        assert titles(queries.live_posts(wanted)) == ["在这里"]


def test_lists_hold_what_they_are_asked_for() -> None:
    section, tag, person = make_section(), make_tag(), nadia()
    make_post("In section", section=section, published_at=days_ago(1))
    make_post("Tagged", tags=[tag], published_at=days_ago(2))
    make_post("Credited", bylines=[person], tags=[tag], published_at=days_ago(40))
    make_note("Short", published_at=days_ago(3))
    wanted = {
        ("In section",): ListFilter(section_id=section.id),
        ("Tagged", "Credited"): ListFilter(tag_id=tag.id),
        ("Credited",): ListFilter(person_id=person.id, tag_id=tag.id),
        ("",): ListFilter(kind="note"),
        ("In section", "Tagged", "Credited"): ListFilter(without_kind="note"),
        ("Tagged",): ListFilter(tag_id=tag.id, since=days_ago(30), until=days_ago(2) + timedelta(seconds=1)),
    }
    for expected, one in wanted.items():
        assert tuple(titles(queries.live_posts(one))) == expected


def test_pages_walk_down_and_back_up_without_gaps_also_at_the_same_instant() -> None:
    for number in range(7):
        make_post(f"P{number}", published_at=days_ago(number // 3), tags=["5g"])
    whole = titles(queries.live_posts())
    tag_id = queries.get_post(queries.live_posts(limit=1)[0].id).tags[0].tag_id
    for wanted in (ListFilter(), ListFilter(locale="en"), ListFilter(tag_id=tag_id)):
        first = queries.live_posts(wanted, limit=3)
        key = (first[-1].published_at or NOON, first[-1].id)
        second = queries.live_posts(wanted, before=key, limit=3)
        key = (second[-1].published_at or NOON, second[-1].id)
        third = queries.live_posts(wanted, before=key, limit=3)
        assert titles(first + second + third) == whole
        key = (second[0].published_at or NOON, second[0].id)
        assert titles(queries.live_posts(wanted, after=key, limit=3)) == titles(first)


def test_neighbours_are_in_the_same_language_and_never_notes() -> None:
    oldest = make_post("Oldest", published_at=days_ago(5))
    make_note(published_at=days_ago(4.5))
    make_post("中文", language="zh", published_at=days_ago(4))
    middle = make_post("Middle", published_at=days_ago(3))
    newest = make_post("Newest", published_at=days_ago(1))
    older, newer = queries.neighbours(middle)
    assert (older and older.id, newer and newer.id) == (oldest.id, newest.id)
    assert queries.neighbours(newest)[1] is None
    assert queries.neighbour_ids(oldest) == [middle.id]


def test_related_posts_share_most_tags_then_the_section() -> None:
    section = make_section()
    make_post("Nothing in common", tags=["other"])
    make_post("Same section", section=section, published_at=days_ago(1))
    make_post("One tag", tags=["5g"], published_at=days_ago(9))
    make_post("Two tags", tags=["5g", "grid"], published_at=days_ago(10))
    post = make_post("This", tags=["5g", "grid"], section=section)
    make_post("这个", language="zh", tags=["5g", "grid"], translation_of=post)
    shown = queries.get_live_post("this")
    assert titles(queries.related_posts(shown, locale="en")) == ["Two tags", "One tag", "Same section"]
    assert queries.related_posts(queries.get_live_post("nothing-in-common")) == []


def test_the_archive_names_months_with_posts_in_the_zone_of_the_site() -> None:
    make_post("A", published_at=datetime(2025, 12, 31, 17, 0, tzinfo=UTC))
    make_post("B", published_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert queries.archive_months("UTC") == [(2026, 3), (2025, 12)]
    assert queries.archive_months("Asia/Shanghai", locale="en") == [(2026, 3), (2026, 1)]
    start, end = queries.month_bounds(2026, 1, "Asia/Shanghai")
    assert titles(queries.live_posts(ListFilter(since=start, until=end))) == ["A"]


def test_an_empty_site_has_empty_lists() -> None:
    assert (queries.live_posts(), queries.archive_months("UTC"), queries.live_addresses()) == ([], [], [])


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


LISTS: dict[str, Callable[[], object]] = {
    "live_posts": lambda: queries.live_posts(ListFilter(locale="en")),
    "live_posts_in_full": lambda: queries.live_posts(ListFilter(language="en"), in_full=True),
    "desk_posts": lambda: queries.desk_posts(DeskFilter(title="full"), person=db.session.get(Person, 1)),
    "just_published": queries.just_published,
    "archive": lambda: queries.archive_months("UTC", locale="en"),
    "addresses": queries.live_addresses,
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
    assert len(count_queries) == with_one <= 7


def test_a_post_takes_a_fixed_number_of_queries_and_loads_all_its_page_shows(
    count_queries: list[str],
) -> None:
    _full_post(0), _full_post(1)
    db.session.expunge_all()
    count_queries.clear()
    post = queries.get_live_post("full-0")
    assert post.live is not None
    assert post.live.cover is not None
    assert post.section is not None
    shown = [
        [one.person.name for one in post.bylines],
        [one.tag.slug for one in post.tags],
        [len(one.media.variants) for one in post.live.media],
        len(post.live.cover.variants),
        post.section.slug,
    ]
    assert shown == [["P0a", "P0b"], ["5g", "t0"], [2, 2], 2, "hot-focus"]
    assert len(count_queries) <= 6


def test_a_preview_shows_the_draft_in_the_place_of_the_live_text_and_saves_nothing() -> None:
    post = make_post("Live")
    with transaction():
        services.save_revision(post.id, services.prepare(title="Draft", body="d"), by=None, at=clock.now())
    preview = queries.get_preview(post.id)
    assert preview.live is not None
    assert preview.live.title == "Draft"
    assert titles(queries.live_posts()) == ["Live"]


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
