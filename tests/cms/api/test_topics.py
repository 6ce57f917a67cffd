import pytest
from flask import Flask

from cms.people.queries import audit_entries
from tests.cms.api.conftest import Program, errors
from tests.factories import db, make_person, make_post, make_section, make_tag, rae


def test_a_section_is_added_changed_and_removed(api: Program) -> None:
    made = api.post(
        "/sections", json={"name": {"en": "Hot focus", "zh": "热点"}, "description": {"en": "Now"}}
    )
    assert made.status_code == 201
    assert made.json == {
        "id": made.json["id"],
        "slug": "hot-focus",
        "url": "http://localhost/sections/hot-focus",
        "name": {"en": "Hot focus", "zh": "热点"},
        "description": {"en": "Now"},
        "position": 0,
    }
    where = made.headers["Location"].removeprefix("/api/v1")
    assert api.get(where).json == made.json
    etag = made.headers["ETag"]
    changed = api.patch(where, json={"name": {"en": "Focus"}}, headers={"If-Match": etag})
    assert (changed.json["name"], changed.json["slug"]) == ({"en": "Focus"}, "hot-focus")
    assert changed.json["description"] == {"en": "Now"}
    assert api.patch(where, json={"slug": "f"}, headers={"If-Match": etag}).status_code == 412
    assert api.delete(where, headers={"If-Match": etag}).status_code == 412
    assert api.delete(where, headers={"If-Match": changed.headers["ETag"]}).status_code == 204
    assert api.get(where).status_code == 404
    acts = [one.act for one in audit_entries() if one.act.startswith("section")]
    assert acts == ["section.deleted", "section.changed", "section.created"]


def test_a_section_that_holds_posts_stays(api: Program) -> None:
    section = make_section()
    make_post(section=section)
    refused = api.delete(f"/sections/{section.id}")
    assert refused.status_code == 409
    assert "Move them to another section first" in refused.json["detail"]


@pytest.mark.parametrize("room", ["sections", "tags"])
def test_an_address_that_is_taken_is_409(api: Program, room: str) -> None:
    first = api.post(f"/{room}", json={"name": {"en": "Fog"}}).json
    second = api.post(f"/{room}", json={"name": {"en": "Rain"}}).json
    assert api.post(f"/{room}", json={"name": {"en": "Fog"}}).status_code == 409
    assert api.patch(f"/{room}/{second['id']}", json={"slug": "fog"}).status_code == 409
    assert api.patch(f"/{room}/{first['id']}", json={"slug": "fog"}).status_code == 200
    assert [one["slug"] for one in api.get(f"/{room}").json["items"]] == ["fog", "rain"]


@pytest.mark.parametrize("room", ["sections", "tags"])
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"name": {}}, "name"),
        ({"name": {"en": " "}}, "name"),
        ({"name": "Fog"}, "name"),
        ({"name": {"fr": "Brume"}}, "name.fr"),
        ({"name": {"en": "x" * 81}}, "name.en"),
        ({"name": {"en": "Fog"}, "slug": "!!"}, "slug"),
        ({"name": {"en": "!!"}}, "slug"),
        ({"name": {"en": "Fog"}, "position": 3}, "position"),
        ({"name": {"en": "Fog"}, "id": 3}, "id"),
    ],
)
def test_what_is_no_topic_is_refused(api: Program, room: str, sent: dict[str, object], field: str) -> None:
    refused = api.post(f"/{room}", json=sent)
    assert refused.status_code == 422
    assert list(errors(refused)) == [field]
    assert api.get(f"/{room}").json["items"] == []


def test_a_tag_keeps_its_old_address_and_runs_hot_when_told(api: Program) -> None:
    tag = make_tag("5g")
    post = make_post(tags=[tag])
    changed = api.patch(f"/tags/{tag.id}", json={"slug": "five-g", "hot": "pinned", "label": {"zh": "五G"}})
    assert (changed.json["slug"], changed.json["hot"], changed.json["label"]) == (
        "five-g",
        "pinned",
        {"zh": "五G"},
    )
    assert changed.json["name"] == {"en": "5G"}
    for slug in ("5g", "five-g"):
        assert [one["id"] for one in api.get(f"/posts?tag={slug}").json["items"]] == [post.id]
    assert api.patch(f"/tags/{tag.id}", json={"hot": "very"}).status_code == 422
    assert api.delete(f"/tags/{tag.id}").status_code == 204
    assert api.get(f"/posts/{post.id}").json["tags"] == []


def test_tags_are_paged_by_slug_and_can_be_looked_for(api: Program) -> None:
    for slug in ("fog", "rain", "雾", "snow"):
        make_tag(slug)
    first = api.get("/tags?limit=2").json
    make_tag("aaa")
    second = api.get(f"/tags?limit=2&cursor={first['next']}").json
    assert [one["slug"] for page in (first, second) for one in page["items"]] == ["fog", "rain", "snow", "雾"]
    assert second["next"] is None
    assert [one["slug"] for one in api.get("/tags?search=ra").json["items"]] == ["rain"]
    assert api.get("/tags?search=r%25").json["items"] == []


@pytest.mark.parametrize("path", ["/sections", "/tags", "/people"])
def test_lists_take_as_many_queries_for_three_as_for_one(
    api: Program, count_queries: list[str], path: str
) -> None:
    counts = []
    for number in range(3):
        make_section(f"s{number}")
        make_tag(f"t{number}")
        make_person(f"Person {number}", "author", handle=f"person-{number}")
        count_queries.clear()
        assert api.get(path).status_code == 200
        counts.append(len(count_queries))
    assert counts[0] == counts[2]


def test_readers_read_topics_and_change_none(api: Program, app: Flask) -> None:
    section, tag, reader = make_section(), make_tag(), Program(app, rae())
    assert reader.get("/sections").json["items"][0]["id"] == section.id
    assert reader.get(f"/tags/{tag.id}").json["slug"] == "5g"
    for method, path, body in [
        ("POST", "/sections", {"name": {"en": "x"}}),
        ("PATCH", f"/sections/{section.id}", {"name": {"en": "x"}}),
        ("DELETE", f"/sections/{section.id}", None),
        ("POST", "/tags", {"name": {"en": "x"}}),
        ("PATCH", f"/tags/{tag.id}", {"name": {"en": "x"}}),
        ("DELETE", f"/tags/{tag.id}", None),
    ]:
        assert reader.call(method, path, json=body).status_code == 404
    db.session.expire_all()
    assert api.get(f"/sections/{section.id}").json["name"] == {"en": "Hot focus", "zh": "热点"}
