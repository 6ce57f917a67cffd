"""The desk's pages about sections and tags."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from cms.core.database import db, transaction
from cms.people.models import AuditEntry, Person
from cms.topics import queries, services
from tests.factories import make_post, make_section, make_tag, nadia, sign_in

NAMES = {"name_en": "Staff blogs", "name_zh": "员工博客"}


@pytest.fixture(autouse=True)
def editor(client: FlaskClient) -> Person:
    person = nadia()
    sign_in(client, person)
    return person


def test_an_empty_site_says_what_sections_and_tags_are(client: FlaskClient) -> None:
    page = client.get("/desk/topics").text + client.get("/desk/tags").text
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


def test_a_renamed_section_is_found_at_its_old_address_too(client: FlaskClient) -> None:
    section = make_section("hot-focus")
    for slug in ("focus", "in-focus"):
        client.post(f"/desk/sections/{section.id}", data={**NAMES, "slug": slug})
    for old in ("hot-focus", "focus"):
        answer = client.get(f"/sections/{old}")
        assert (answer.status_code, answer.location) == (301, "/sections/in-focus")
        assert client.get(f"/sections/{old}/feed.xml").location.endswith("/sections/in-focus/feed.xml")
    assert client.get("/sections/in-focus").status_code == 200
    assert "/sections/hot-focus" in client.get(f"/desk/sections/{section.id}").text


def test_a_section_may_go_back_to_an_address_it_had_but_nobody_else_may_take_it(client: FlaskClient) -> None:
    section = make_section("hot-focus")
    client.post(f"/desk/sections/{section.id}", data={**NAMES, "slug": "focus"})
    assert client.post("/desk/sections", data={**NAMES, "slug": "hot-focus"}).status_code == 422
    client.post(f"/desk/sections/{section.id}", data={**NAMES, "slug": "hot-focus"})
    assert client.get("/sections/hot-focus").status_code == 200
    assert client.get("/sections/focus").location == "/sections/hot-focus"


def test_a_section_that_is_put_away_keeps_its_posts_and_leaves_the_navigation(client: FlaskClient) -> None:
    section = make_section("hot-focus")
    make_post("In it", section=section)
    assert "/sections/hot-focus" in client.get("/sections").text
    client.post(f"/desk/sections/{section.id}/archive")
    assert "/sections/hot-focus" not in client.get("/sections").text
    assert "In it" in client.get("/sections/hot-focus").text
    assert queries.sections() == []
    assert [one.id for one in queries.sections(also=section.id)] == [section.id]
    assert "1 section is put away" in client.get("/desk/topics").text
    client.post(f"/desk/sections/{section.id}/archive/removal")
    assert [one.id for one in queries.sections()] == [section.id]


def test_a_post_in_a_section_that_is_put_away_can_still_be_saved(client: FlaskClient) -> None:
    section = make_section("hot-focus")
    post = make_post("In it", section=section)
    client.post(f"/desk/sections/{section.id}/archive")
    page = html.fromstring(client.get(f"/desk/posts/{post.id}").text)
    assert page.xpath("//select[@name='section_id']/option[@selected]/@value") == [str(section.id)]


def test_who_types_a_synonym_gets_the_tag(client: FlaskClient) -> None:
    tag, other = make_tag("5g"), make_tag("networks")
    assert client.post(f"/desk/tags/{tag.id}/synonyms", data={"word": "第五代移动通信"}).status_code == 303
    with transaction():
        assert [one.id for one in services.tags_for(["第五代移动通信"], language="zh")] == [tag.id]
    assert client.get("/tags/第五代移动通信").location == "/tags/5g"
    taken = client.post(f"/desk/tags/{tag.id}/synonyms", data={"word": "Networks"})
    assert (taken.status_code, "This word already means another tag." in taken.text) == (422, True)
    assert client.post(f"/desk/tags/{other.id}/synonyms", data={"word": " "}).status_code == 422
    client.post(f"/desk/tags/{tag.id}/synonyms/removal", data={"word": "第五代移动通信"})
    assert client.get("/tags/第五代移动通信").status_code == 404


def test_the_own_address_of_a_tag_is_no_synonym_to_remove(client: FlaskClient) -> None:
    tag = make_tag("5g")
    assert client.post(f"/desk/tags/{tag.id}/synonyms/removal", data={"word": "5g"}).status_code == 404


@pytest.mark.parametrize("words", ["移动", "Fifth", "5G", "next-gen"])
def test_a_tag_is_found_by_any_name_and_any_word_for_it(client: FlaskClient, words: str) -> None:
    make_tag("networks")
    tag = make_tag("5g", name={"en": "Fifth generation", "zh": "第五代移动通信"})
    with transaction():
        services.add_synonym(tag.id, "next-gen")
    assert [one.slug for one in queries.tags(search=words)] == ["5g"]


def test_words_kept_out_of_the_hot_list_can_be_listed(client: FlaskClient) -> None:
    make_tag("5g", hot="never"), make_tag("6g")
    page = html.fromstring(client.get("/desk/tags?hot=never").text)
    assert page.xpath("//tbody//a/@href") == [f"/desk/tags/{queries.tags(hot='never')[0].id}"]


def test_what_editors_do_to_topics_is_in_the_audit_log(client: FlaskClient) -> None:
    client.post("/desk/sections", data=NAMES)
    [section] = queries.sections()
    client.post(f"/desk/sections/{section.id}/archive")
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.act, one.subject) for one in entries] == [
        ("section.created", f"section:{section.id}"),
        ("section.archived", f"section:{section.id}"),
    ]


def test_a_tag_is_removed(client: FlaskClient) -> None:
    tag = make_tag("5g")
    unsure = client.post(f"/desk/tags/{tag.id}/removal", data={"slug": "6g"})
    assert (unsure.status_code, "Please type 5g to remove it." in unsure.text) == (422, True)
    client.post(f"/desk/tags/{tag.id}/removal", data={"slug": "5g"})
    assert queries.tags() == []


def test_the_list_of_tags_takes_as_many_queries_for_three_as_for_one(
    client: FlaskClient, count_queries: list[str]
) -> None:
    def asked(address: str) -> int:
        client.get(address)
        count_queries.clear()
        client.get(address)
        return len(count_queries)

    make_tag("a1"), make_section("s1")
    with_one = [asked("/desk/topics"), asked("/desk/tags")]
    make_tag("b1"), make_tag("c1"), make_section("s2"), make_section("s3")
    assert [asked("/desk/topics"), asked("/desk/tags")] == with_one
