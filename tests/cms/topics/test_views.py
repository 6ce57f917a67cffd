"""The desk's pages about sections and tags."""

import pytest
from flask.testing import FlaskClient

from cms.core.database import db
from cms.people.models import Person
from cms.topics import queries
from tests.factories import make_post, make_section, make_tag, nadia, sign_in

NAMES = {"name_en": "Staff blogs", "name_zh": "员工博客"}


@pytest.fixture(autouse=True)
def editor(client: FlaskClient) -> Person:
    person = nadia()
    sign_in(client, person)
    return person


def test_an_empty_site_says_what_sections_and_tags_are(client: FlaskClient) -> None:
    page = client.get("/desk/topics").text
    for words in ("No sections yet", "No tags yet", "Nothing is hot"):
        assert words in page


def test_a_section_is_added_renamed_and_removed(client: FlaskClient) -> None:
    assert client.post("/desk/sections", data=NAMES).status_code == 303
    [section] = queries.sections()
    assert (section.slug, section.name) == ("staff-blogs", {"en": "Staff blogs", "zh": "员工博客"})
    client.post(f"/desk/sections/{section.id}", data={**NAMES, "name_en": "Blogs", "slug": "blogs"})
    db.session.expire_all()
    section = queries.get_section(section.id)
    assert (section.slug, section.name["en"]) == ("blogs", "Blogs")
    client.post(f"/desk/sections/{section.id}/removal")
    assert queries.sections() == []


def test_a_section_in_use_stays_and_says_why(client: FlaskClient) -> None:
    section = make_section()
    make_post("In it", section=section)
    page = client.post(f"/desk/sections/{section.id}/removal", follow_redirects=True).text
    assert "There are posts in this section." in page
    assert "In it" in page


def test_a_taken_address_is_422_with_what_was_typed(client: FlaskClient) -> None:
    make_section("staff-blogs")
    response = client.post("/desk/sections", data=NAMES)
    assert response.status_code == 422
    assert "This address is taken. Please choose another one." in response.text
    assert "员工博客" in response.text


def test_a_name_that_is_missing_or_too_long_is_422(client: FlaskClient) -> None:
    assert "Please give it a name" in client.post("/desk/sections", data={"name_en": " "}).text
    assert client.post("/desk/tags", data={"name_en": "x" * 81}).status_code == 422


def test_sections_are_put_in_order_by_their_numbers(client: FlaskClient) -> None:
    first, second, third = (make_section(slug, position=place) for place, slug in enumerate("abc"))
    client.post(
        "/desk/sections/order",
        data={f"place-{first.id}": "3", f"place-{second.id}": "1", f"place-{third.id}": "x"},
    )
    db.session.expire_all()
    assert [one.slug for one in queries.sections()] == ["b", "a", "c"]


def test_a_tag_is_named_worded_and_pinned(client: FlaskClient) -> None:
    client.post("/desk/tags", data={"name_en": "5G"})
    [tag] = queries.tags()
    client.post(
        f"/desk/tags/{tag.id}",
        data={"name_en": "5G", "name_zh": "5G", "label_zh": "五季", "hot": "pinned", "slug": "5g"},
    )
    db.session.expire_all()
    tag = queries.get_tag(tag.id)
    assert (tag.name, tag.label, tag.hot) == ({"en": "5G", "zh": "5G"}, {"zh": "五季"}, "pinned")
    assert "五季" in client.get(f"/desk/tags/{tag.id}").text


def test_a_tag_is_merged_and_its_address_leads_on(client: FlaskClient) -> None:
    going, staying = make_tag("5g"), make_tag("networks")
    make_post("Tagged", tags=[going])
    assert "Tagged" in client.get(f"/desk/tags/{going.id}").text
    for wrong in ("nowhere", "5g"):
        assert client.post(f"/desk/tags/{going.id}/merger", data={"into": wrong}).status_code == 422
    response = client.post(f"/desk/tags/{going.id}/merger", data={"into": "networks"})
    assert response.location == f"/desk/tags/{staying.id}"
    db.session.expire_all()
    found = queries.find_tag("5g")
    assert found is not None
    assert found.id == staying.id


def test_a_tag_is_removed(client: FlaskClient) -> None:
    tag = make_tag("5g")
    client.post(f"/desk/tags/{tag.id}/removal")
    assert queries.tags() == []


def test_the_list_of_tags_takes_as_many_queries_for_three_as_for_one(
    client: FlaskClient, count_queries: list[str]
) -> None:
    make_tag("a1"), make_section("s1")
    client.get("/desk/topics")
    count_queries.clear()
    client.get("/desk/topics")
    with_one = len(count_queries)
    make_tag("b1"), make_tag("c1"), make_section("s2"), make_section("s3")
    client.get("/desk/topics")
    count_queries.clear()
    client.get("/desk/topics?after=")
    assert len(count_queries) == with_one
