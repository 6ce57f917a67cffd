"""Sections and tags: addresses, merging, removing."""

import pytest
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.models import PageChange
from cms.posts import queries as posts
from cms.site.queries.listing import Listing, Scope, page_of
from cms.topics import queries, services
from cms.topics.models import Tag
from tests.factories import make_post, make_section, make_tag, read_again

pytestmark = pytest.mark.usefixtures("app")


def test_a_section_gets_an_address_from_its_name_and_a_place_at_the_end() -> None:
    with transaction():
        first = services.create_section(name={"en": "Hot focus", "zh": " 热点  关注 "})
        second = services.create_section(name={"zh": "新鲜事"})
    assert (first.slug, first.name, first.position) == (
        "hot-focus",
        {"en": "Hot focus", "zh": "热点 关注"},
        0,
    )
    assert (second.slug, second.position) == ("新鲜事", 1)
    assert queries.find_section("hot-focus") is not None


@pytest.mark.parametrize(
    ("name", "slug", "field"),
    [
        ({"en": " "}, "", "name"),
        ({"en": "…"}, "", "slug"),
        ({"en": "x" * 81}, "", "name_en"),
        ({"en": "A"}, "?", "slug"),
    ],
)
def test_a_section_without_a_usable_name_or_address_is_refused(
    name: dict[str, str], slug: str, field: str
) -> None:
    with pytest.raises(Invalid) as problem, transaction():
        services.create_section(name=name, slug=slug)
    assert list(problem.value.errors) == [field]


def test_two_sections_cannot_share_an_address() -> None:
    make_section("news")
    other = make_section("blogs")
    with pytest.raises(services.SlugTaken), transaction():
        services.create_section(name={"en": "News"})
    with pytest.raises(Conflict), transaction():
        services.change_section(other.id, name={"en": "Blogs"}, slug="news")
    assert queries.get_section(other.id).slug == "blogs"


def test_sections_take_the_order_they_are_given() -> None:
    ids = [make_section(slug, position=place).id for place, slug in enumerate("abc")]
    with transaction():
        services.order_sections([ids[2], ids[0]])
    assert [one.slug for one in queries.sections()] == ["c", "a", "b"]


def test_a_section_with_posts_is_kept_even_when_they_are_in_the_trash() -> None:
    section, empty = make_section("used"), make_section("empty")
    make_post(section=section, trashed=True)
    with pytest.raises(services.SectionInUse), transaction():
        services.delete_section(section.id)
    with transaction():
        services.delete_section(empty.id)
    assert [one.slug for one in queries.sections()] == ["used"]


def test_renaming_a_section_says_that_every_page_changed() -> None:
    section = make_section()
    with transaction():
        services.change_section(section.id, name={"en": "Focus", "zh": "焦点"})
    assert queries.get_section(section.id).name == {"en": "Focus", "zh": "焦点"}
    assert set(db.session.scalars(select(PageChange.tag))) == {"site", f"section:{section.id}"}


def test_a_tag_keeps_every_address_it_had() -> None:
    tag = make_tag("5g")
    with transaction():
        services.change_tag(
            tag.id, name={"en": "5G networks", "zh": "5G 网络"}, slug="5G networks", label={"en": "Five!"}
        )
    found = queries.find_tag("5g")
    assert found is not None
    assert (found.slug, found.name, found.label) == (
        "5g-networks",
        {"en": "5G networks", "zh": "5G 网络"},
        {"en": "Five!"},
    )
    make_tag("other")
    with pytest.raises(services.SlugTaken), transaction():
        services.change_tag(tag.id, name={"en": "5G"}, slug="other")
    with pytest.raises(services.SlugTaken), transaction():
        services.create_tag(name={"en": "5g"})


def test_a_word_that_was_an_old_address_means_the_tag_that_has_it_now() -> None:
    tag = make_tag("5g")
    with transaction():
        services.change_tag(tag.id, name={"en": "Networks"}, slug="networks")
    with transaction():
        [found, new] = services.tags_for(["5G", "networks", "基站"], language="zh")
    assert (found.id, new.slug, new.name) == (tag.id, "基站", {"zh": "基站"})
    with pytest.raises(NotFound), transaction():
        services.tags_for([999], language="en")


def test_merging_moves_posts_names_and_addresses() -> None:
    going, staying = make_tag("5g"), make_tag("networks")
    both, one = make_post("Both", tags=[going, staying]), make_post("One", tags=[going])
    with transaction():
        db.session.get_one(Tag, going.id).name = {"en": "5G", "zh": "5G 网络"}
    with transaction():
        services.merge_tags(going.id, into_id=staying.id, at=clock.now())
    db.session.expire_all()
    found = queries.find_tag("5g")
    assert found is not None
    assert (found.slug, found.name) == ("networks", {"en": "NETWORKS", "zh": "5G 网络"})
    assert [[row.tag.slug for row in posts.get_post(post.id).tags] for post in (both, one)] == [
        ["networks"]
    ] * 2
    assert len(page_of(Listing(tag_id=staying.id), Scope())[0]) == 2
    touched = set(db.session.scalars(select(PageChange.tag)))
    assert {f"post:{both.id}", f"post:{one.id}", f"tag:{going.id}", f"tag:{staying.id}"} <= touched
    with pytest.raises(Invalid), transaction():
        services.merge_tags(staying.id, into_id=staying.id, at=clock.now())


def test_merging_twice_leads_from_the_first_address_to_the_last_tag() -> None:
    first, second, third = make_tag("a1"), make_tag("b1"), make_tag("c1")
    for going, staying in ((first, second), (second, third)):
        going_id, staying_id = going.id, staying.id
        with transaction():
            services.merge_tags(going_id, into_id=staying_id, at=clock.now())
    found = queries.find_tag("a1")
    assert found is not None
    assert found.slug == "c1"


def test_a_tag_is_taken_off_every_post() -> None:
    tag = make_tag("5g")
    post = make_post(tags=[tag, "rain"])
    with transaction():
        services.delete_tag(tag.id)
    db.session.expire_all()
    assert [row.tag.slug for row in posts.get_post(post.id).tags] == ["rain"]
    assert queries.find_tag("5g") is None


def test_tags_are_listed_by_address_and_beginning() -> None:
    for slug in ("rain", "radio", "5g"):
        make_tag(slug)
    assert [one.slug for one in queries.tags()] == ["5g", "radio", "rain"]
    assert [one.slug for one in queries.tags(search="ra", after="radio")] == ["rain"]
    assert read_again(Tag, queries.tags(limit=1)[0].id).slug == "5g"
