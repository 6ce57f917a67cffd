"""Which posts a list holds: each story once, paged by key."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cms.core.database import db
from cms.posts.models import Post, Revision
from cms.site.edition import Place
from cms.site.queries.listing import Listing, Scope, page_of
from tests.factories import make_note, make_post, make_section, make_tag, nadia

pytestmark = pytest.mark.usefixtures("app")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ENGLISH, CHINESE = Scope(prefer="en"), Scope(prefer="zh")


def titles(listing: Listing | None = None, scope: Scope = ENGLISH) -> list[str]:
    ids, _following = page_of(listing or Listing(), scope)
    return named(ids)


def named(ids: list[int]) -> list[str]:
    live = select(Post.id, Revision.title).join(Revision, Revision.id == Post.live_revision_id)
    title = {row.id: row.title for row in db.session.execute(live)}
    return [title[one] for one in ids]


def days_ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def test_each_story_comes_once_in_the_language_of_the_reader() -> None:
    english = make_post("Both", published_at=days_ago(3))
    make_post("两种", language="zh", translation_of=english, published_at=days_ago(2))
    make_post("English only", published_at=days_ago(1))
    make_post("只有中文", language="zh", published_at=days_ago(0.5))
    draft = make_post("Has a draft", published_at=days_ago(0.2))
    make_post("草稿", language="zh", translation_of=draft, publish=False)
    assert titles(scope=ENGLISH) == ["Has a draft", "只有中文", "English only", "Both"]
    assert titles(scope=CHINESE) == ["Has a draft", "只有中文", "English only", "两种"]
    assert titles(scope=Scope()) == ["Has a draft", "只有中文", "English only", "Both"]
    assert titles(scope=Scope(only="zh")) == ["只有中文", "两种"]


def test_a_story_whose_original_is_hidden_is_told_in_what_is_left() -> None:
    french = make_post("Printemps", language="fr", publish=False)
    make_post("Frühling", language="de", translation_of=french)
    make_post("Primavera", language="es", translation_of=french)
    for scope in (ENGLISH, CHINESE, Scope()):
        assert titles(scope=scope) == ["Frühling"]
    assert titles(scope=Scope(prefer="es")) == ["Primavera"]


def test_a_translation_outside_the_list_hides_nothing_in_it() -> None:
    section, tag, person = make_section(), make_tag(), nadia()
    english = make_post("Elsewhere")
    make_post("在这里", language="zh", translation_of=english, section=section, tags=[tag], bylines=[person])
    for listing in (Listing(section_id=section.id), Listing(tag_id=tag.id), Listing(person_id=person.id)):
        assert titles(listing) == ["在这里"]


def test_lists_hold_what_they_are_asked_for() -> None:
    section, tag, person = make_section(), make_tag(), nadia()
    make_post("In section", section=section, published_at=days_ago(1))
    make_post("Tagged", tags=[tag], published_at=days_ago(2))
    make_note("Short", published_at=days_ago(3))
    make_post("Credited", bylines=[person], tags=[tag], published_at=days_ago(40))
    assert titles(Listing(section_id=section.id)) == ["In section"]
    assert titles(Listing(tag_id=tag.id)) == ["Tagged", "Credited"]
    assert titles(Listing(person_id=person.id)) == ["Credited"]
    assert titles(Listing(kind="note")) == [""]
    assert titles(Listing(since=days_ago(2.5), until=days_ago(1.5))) == ["Tagged"]


def test_pages_follow_each_other_without_gaps_also_at_the_same_instant() -> None:
    tag = make_tag("5g")
    for number in range(7):
        make_post(f"P{number}", published_at=days_ago(number // 3), tags=[tag])
    for listing in (Listing(), Listing(tag_id=tag.id)):
        whole = titles(listing)
        walked: list[str] = []
        place: Place | None = None
        for _page in range(3):
            ids, place = page_of(listing, ENGLISH, before=place, size=3)
            walked += named(ids)
        assert walked == whole
        assert len(whole) == 7
        assert place is None
