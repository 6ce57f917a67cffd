"""What posts have in the calendar."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cms.calendar.sources import Wanted
from cms.core import clock
from cms.core.database import transaction
from cms.people.models import Person
from cms.posts import services
from cms.posts.times import SOURCES
from tests.factories import make_note, make_person, make_post, make_section, nadia, revise

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
EVERYTHING = Wanted()


@pytest.fixture(autouse=True)
def in_a_request(app: Flask) -> None:
    """Entries hold addresses."""
    context = app.test_request_context()
    context.push()
    yield
    context.pop()


def found(person: Person, wanted: Wanted = EVERYTHING, *, days: int = 10) -> dict[str, list[str]]:
    """Titles by kind, of everything from yesterday on."""
    by_kind = {
        source.kind: [one.title for one in source.entries(person, NOON - DAY, NOON + days * DAY, wanted)]
        for source in SOURCES
    }
    return {kind: titles for kind, titles in by_kind.items() if titles}


def plan(post_id: int, act: Callable[..., object], wall: str = "2026-11-25T09:30", **more: str) -> None:
    with transaction():
        act(post_id, wall=wall, zone="Asia/Shanghai", by=None, at=clock.now(), **more)


def everything(**fields: object) -> None:
    """One of each kind."""
    make_post("Planned", due_at=NOON + DAY, **fields)
    live = make_post("Live", **fields)
    plan(revise(live, publish=False, title="Newer").id, services.schedule_post)
    plan(live.id, services.plan_removal, "2026-11-28T09:30")
    plan(make_post("Secret", publish=False, **fields).id, services.set_embargo, reason="A fair")
    plan(make_note("Rain", publish=False, **fields).id, services.schedule_post)


def test_each_kind_of_time_is_an_entry_of_its_own() -> None:
    everything()
    assert found(nadia()) == {
        "publication": ["Planned"],
        "update": ["Newer"],
        "note": ["Rain"],
        "removal": ["Newer"],
        "embargo": ["Secret"],
        "published": ["Newer"],
    }


def test_an_entry_says_when_where_who_and_how_to_move_it() -> None:
    author, editor = make_person("Mei", "author"), nadia()
    post = make_post("Planned", publish=False, bylines=[author], section=make_section(), language="zh")
    plan(post.id, services.schedule_post)
    [entry] = SOURCES[0].entries(editor, NOON, NOON + 9 * DAY, EVERYTHING)
    assert (entry.key, entry.kind, entry.at) == (
        f"post:{post.id}:publication",
        "publication",
        datetime(2026, 11, 25, 1, 30, tzinfo=UTC),
    )
    assert (entry.zone, entry.language, entry.section, entry.people, entry.state) == (
        "Asia/Shanghai",
        "zh",
        "Hot focus",
        ("Mei",),
        "planned",
    )
    assert (entry.url, entry.move_url) == (f"/desk/posts/{post.id}", f"/desk/posts/{post.id}/schedule/time")
    assert [one.url for one in entry.acts] == [
        f"/desk/posts/{post.id}/publication?revision_id={post.latest_revision_id}",
        f"/desk/posts/{post.id}/schedule/removal",
    ]
    [own] = SOURCES[0].entries(author, NOON, NOON + 9 * DAY, EVERYTHING)
    assert (own.move_url, own.acts) == (None, ())


def test_what_was_missed_says_why() -> None:
    post = make_post("Planned", due_at=NOON + DAY)
    with transaction():
        services.note_missed(post.id, why="The recording is gone.", at=NOON + DAY)
    [entry] = SOURCES[0].entries(nadia(), NOON, NOON + 9 * DAY, EVERYTHING)
    assert (entry.state, entry.note) == ("missed", "The recording is gone.")


def test_an_entry_outside_the_days_or_in_the_trash_is_not_there() -> None:
    make_post("Too late", due_at=NOON + 10 * DAY)
    gone = make_post("Gone", due_at=NOON + DAY)
    with transaction():
        services.trash_post(gone.id, by=None, at=NOON)
    editor = nadia()
    assert found(editor) == {}
    assert found(editor, days=11) == {"publication": ["Too late"]}


def test_entries_are_narrowed_by_section_and_person() -> None:
    section, author = make_section(), make_person("Mei", "author")
    everything(section=section)
    make_post("Elsewhere", due_at=NOON + DAY, bylines=[author])
    editor = nadia()
    assert found(editor, Wanted(section_id=section.id))["publication"] == ["Planned"]
    assert found(editor, Wanted(person_id=author.id)) == {"publication": ["Elsewhere"]}
    assert found(editor, Wanted(campaign_id=1)) == {}


def test_an_author_sees_their_own_plans_and_what_is_public() -> None:
    author = make_person("Mei", "author")
    everything()
    make_post("Mine", due_at=NOON + DAY, bylines=[author])
    assert found(author) == {"publication": ["Mine"], "published": ["Newer"]}


def test_three_entries_take_as_many_queries_as_one(count_queries: list[str]) -> None:
    section, editor = make_section(), nadia()

    def asked() -> int:
        assert editor.role == "editor"  # read again after what was just made
        count_queries.clear()
        found(editor)
        return len(count_queries)

    everything(section=section, bylines=[editor])
    with_one = asked()
    everything(section=section, bylines=[editor])
    assert asked() == with_one == 19
