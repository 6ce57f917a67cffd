from datetime import timedelta

import pytest
from flask import Flask

from cms.core import clock
from cms.people.queries import audit_entries
from cms.posts.models import Post
from tests.cms.api.conftest import Program, errors
from tests.conftest import NOW
from tests.factories import (
    make_media,
    make_note,
    make_person,
    make_post,
    make_section,
    rae,
    read_again,
    revise,
)

WHOLE = {
    "kind": "article",
    "title": "Masts in the fog",
    "body": "The **fog** is thick.",
    "summary": "About fog.",
    "section": "hot-focus",
    "tags": ["5g", "雾"],
    "bylines": [{"handle": "mei", "role": "author"}, {"handle": "guest", "role": "photographer"}],
    "language": "en",
    "campaign": None,
    "canonical_url": "https://example.org/fog",
}


def test_a_post_is_begun_as_a_draft_and_says_where_it_is(api: Program) -> None:
    make_section("hot-focus")
    make_person("Mei", "author")
    make_person("Guest", "guest")
    cover = make_media()
    made = api.post("/posts", json={**WHOLE, "cover": cover.id})
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1/posts/{made.json['id']}"
    got = api.get(f"/posts/{made.json['id']}")
    assert got.json == made.json
    assert got.headers["ETag"] == made.headers["ETag"]
    assert {name: got.json[name] for name in WHOLE if name != "bylines"} == {
        name: value for name, value in WHOLE.items() if name != "bylines"
    }
    assert got.json["bylines"] == [
        {"handle": "mei", "name": "Mei", "role": "author"},
        {"handle": "guest", "name": "Guest", "role": "photographer"},
    ]
    assert got.json["html"] == "<p>The <strong>fog</strong> is thick.</p>"
    assert (got.json["cover"], got.json["is_live"], got.json["url"]) == (cover.id, False, None)
    assert (got.json["created_at"], got.json["published_at"]) == ("2026-11-21T12:00:00Z", None)
    assert next((one.act, one.subject) for one in audit_entries()) == (
        "post.created",
        f"post:{got.json['id']}",
    )


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"titel": "x"}, "titel", "There is no such field."),
        ({"is_live": True}, "is_live", "There is no such field."),
        ({"bylines": [{"handle": "mei", "id": 3}]}, "bylines.0.id", "There is no such field."),
        ({"title": 3}, "title", "This must be text."),
        ({"title": "x" * 301}, "title", "Please use at most 300 characters."),
        ({"title": ""}, "title", "Please give it a title. Only notes go without one."),
        ({"kind": "poem"}, "kind", "Please choose one of 'article', 'note', 'photo', 'audio', 'video'."),
        ({"section": "nowhere"}, "section", "There is no section with this slug."),
        ({"bylines": [{"handle": "nobody"}]}, "bylines.0.handle", "Nobody has this handle."),
        ({"bylines": [{"handle": "nadia", "role": "king"}]}, "bylines.0.role", None),
        ({"cover": 99}, "media", "One of the chosen files does not exist any more."),
        ({"cover": "1"}, "cover", "This must be a whole number."),
        ({"cover": True}, "cover", "This must be a whole number."),
        ({"cover": 2**40}, "cover", "This must be at most 2147483647."),
        ({"campaign": 3}, "campaign", "This must be text."),
        ({"campaign": "nowhere"}, "campaign", "There is no campaign with this slug."),
        (
            {"canonical_url": "javascript:alert(1)"},
            "canonical_url",
            "Please give a full address that begins with https:// or http://.",
        ),
        ({"tags": ["x"] * 21}, "tags", "Please send at most 20."),
        ({"tags": ["!!"]}, "slug", "This needs at least one letter or digit."),
        ({"language": "english please"}, "language", None),
        ({"translation_of": 99}, "translation_of", "There is no such post."),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(
    api: Program, sent: dict[str, object], field: str, message: str | None
) -> None:
    refused = api.post("/posts", json={"title": "Fog", "body": "Thick.", **sent})
    assert refused.status_code == 422
    assert list(errors(refused)) == [field]
    assert message is None or errors(refused)[field] == message
    assert api.get("/posts").json["items"] == []


def test_only_what_is_named_changes(api: Program) -> None:
    made = api.post("/posts", json={"title": "Fog", "body": "Thick.", "summary": "S", "tags": ["fog"]}).json
    changed = api.patch(f"/posts/{made['id']}", json={"title": "Rain", "tags": ["rain", "fog"]})
    assert changed.status_code == 200
    assert (changed.json["title"], changed.json["tags"], changed.json["revision"]) == (
        "Rain",
        ["rain", "fog"],
        2,
    )
    assert (changed.json["body"], changed.json["summary"], changed.json["slug"]) == ("Thick.", "S", "fog")
    assert audit_entries()[0].detail == {"fields": ["tags", "title"]}


def test_a_new_text_of_a_live_post_waits_until_it_is_published(api: Program, app: Flask) -> None:
    post = make_post("Fog", body="Thick.")
    reader = Program(app, rae())
    changed = api.patch(f"/posts/{post.id}", json={"body": "Thin."}).json
    assert (changed["body"], changed["revision"], changed["live_revision"]) == ("Thin.", 2, 1)
    seen = reader.get(f"/posts/{post.id}").json
    assert (seen["body"], seen["revision"], seen["live_revision"]) == ("Thick.", 1, 1)
    assert api.put(f"/posts/{post.id}/publication", json={"revision": 2}).json["live_revision"] == 2
    assert reader.get(f"/posts/{post.id}").json["body"] == "Thin."


def test_a_note_can_become_an_article_and_back_while_nobody_has_read_it(api: Program) -> None:
    note = api.post("/posts", json={"kind": "note", "body": "Rain."}).json
    assert (note["slug"], note["title"]) == (None, "")
    article = api.patch(f"/posts/{note['id']}", json={"kind": "article", "title": "Rain again"})
    assert (article.json["kind"], article.json["slug"]) == ("article", "rain-again")
    back = api.patch(f"/posts/{note['id']}", json={"kind": "note", "title": ""})
    assert (back.status_code, back.json["kind"], back.json["title"]) == (200, "note", "")
    nameless = api.patch(f"/posts/{note['id']}", json={"kind": "article"})
    assert list(errors(nameless)) == ["title"]


def test_publishing_twice_is_publishing_once_and_taking_down_hides(api: Program, app: Flask) -> None:
    reader = Program(app, rae())
    post_id = api.post("/posts", json={"title": "雾", "body": "浓。", "language": "zh"}).json["id"]
    assert reader.get(f"/posts/{post_id}").status_code == 404
    first = api.put(f"/posts/{post_id}/publication")
    assert (first.status_code, first.json["url"]) == (200, "http://localhost/posts/%E9%9B%BE")
    again = api.put(f"/posts/{post_id}/publication", json={})
    assert (again.status_code, again.json) == (200, first.json)
    assert reader.get(f"/posts/{post_id}").status_code == 200
    assert api.delete(f"/posts/{post_id}/publication").status_code == 204
    assert reader.get(f"/posts/{post_id}").status_code == 404
    assert api.delete(f"/posts/{post_id}/publication").status_code == 409
    assert [one.act for one in audit_entries()][:3] == ["post.taken_down", "post.published", "post.created"]


def test_a_photo_without_a_picture_cannot_be_published(api: Program) -> None:
    post_id = api.post("/posts", json={"kind": "photo", "title": "Fog"}).json["id"]
    refused = api.put(f"/posts/{post_id}/publication")
    assert errors(refused) == {"media": "A photo post needs at least one picture before it can be published."}
    picture = make_media()
    patched = api.patch(f"/posts/{post_id}", json={"media": [{"id": picture.id, "caption": "Fog"}]})
    assert patched.json["media"] == [
        {
            "id": picture.id,
            "url": f"http://localhost{picture.src}",
            "alt": "A mast in the rain",
            "caption": "Fog",
        }
    ]
    assert api.put(f"/posts/{post_id}/publication").status_code == 200


@pytest.mark.parametrize("at", ["2026-12-01T09:30", "2026-12-01T09:30:00+08:00", "2026-12-01T01:30:00Z"])
def test_a_schedule_keeps_the_moment_and_what_the_clock_shows(api: Program, at: str) -> None:
    post_id = make_post(publish=False).id
    planned = api.put(f"/posts/{post_id}/schedule", json={"at": at, "zone": "Asia/Shanghai"})
    assert planned.json["schedule"] == {
        "at": "2026-12-01T01:30:00Z",
        "wall": "2026-12-01T09:30",
        "zone": "Asia/Shanghai",
        "problem": None,
    }
    assert api.delete(f"/posts/{post_id}/schedule").status_code == 204
    assert api.get(f"/posts/{post_id}").json["schedule"] is None
    assert api.delete(f"/posts/{post_id}/schedule").status_code == 409


def test_an_offset_chooses_between_two_times_of_a_night_when_clocks_go_back(api: Program) -> None:
    post_id = make_post(publish=False).id
    asked = api.put(f"/posts/{post_id}/schedule", json={"at": "2027-10-31T02:30", "zone": "Europe/Berlin"})
    assert list(errors(asked)) == ["at"]
    first, second = (
        api.put(
            f"/posts/{post_id}/schedule", json={"at": f"2027-10-31T02:30:00{offset}", "zone": "Europe/Berlin"}
        ).json["schedule"]["at"]
        for offset in ("+02:00", "+01:00")
    )
    assert (first, second) == ("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"at": "2026-11-21T11:59:00Z", "zone": "UTC"}, "at"),
        ({"at": "2027-03-28T02:30", "zone": "Europe/Berlin"}, "at"),
        ({"at": "2026-13-01T09:30", "zone": "UTC"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00", "zone": "UTC"}, "at"),
        ({"at": "2026-12-01T09:30:15Z", "zone": "UTC"}, "at"),
        ({"at": "tomorrow", "zone": "UTC"}, "at"),
        ({"at": "2026-12-01T09:30", "zone": "Middle/Earth"}, "zone"),
        ({"at": "2026-12-01T09:30", "zone": "../../etc/passwd"}, "zone"),
        ({"at": "2026-12-01T09:30"}, "zone"),
    ],
)
def test_a_time_that_cannot_be_is_refused(api: Program, sent: dict[str, str], field: str) -> None:
    refused = api.put(f"/posts/{make_post(publish=False).id}/schedule", json=sent)
    assert refused.status_code == 422
    assert list(errors(refused)) == [field]


def test_deleting_puts_it_in_the_trash(api: Program, app: Flask) -> None:
    post = make_post()
    assert api.delete(f"/posts/{post.id}").status_code == 204
    assert read_again(Post, post.id).trashed_at == NOW
    assert api.get(f"/posts/{post.id}").status_code == 404
    assert api.delete(f"/posts/{post.id}").status_code == 404
    assert api.get("/posts").json["items"] == []


def test_the_history_is_told_newest_first_to_those_who_may_see_drafts(api: Program, app: Flask) -> None:
    post = make_post()
    revise(post, body="Second.")
    revise(post, body="Third.", publish=False)
    first = api.get(f"/posts/{post.id}/revisions?limit=2").json
    assert [(one["number"], one["is_live"]) for one in first["items"]] == [(3, False), (2, True)]
    rest = api.get(f"/posts/{post.id}/revisions?cursor={first['next']}").json
    assert ([one["number"] for one in rest["items"]], rest["next"]) == ([1], None)
    other = make_post("Other")
    assert api.get(f"/posts/{other.id}/revisions?cursor={first['next']}").status_code == 422
    assert Program(app, rae()).get(f"/posts/{post.id}/revisions").status_code == 404


def test_a_draft_exists_only_for_those_who_may_see_it(api: Program, app: Flask) -> None:
    mei, jo = make_person("Mei", "author"), make_person("Jo", "author")
    draft = make_post("Fog", publish=False, by=mei)
    made = {name: Program(app, who) for name, who in {"mei": mei, "jo": jo, "rae": rae()}.items()}
    for method, path, body in [
        ("GET", "", None),
        ("PATCH", "", {"title": "x"}),
        ("DELETE", "", None),
        ("GET", "/revisions", None),
        ("PUT", "/publication", {}),
        ("PUT", "/schedule", {"at": "2026-12-01T09:30", "zone": "UTC"}),
        ("DELETE", "/schedule", None),
    ]:
        for name in ("jo", "rae"):
            answer = made[name].call(method, f"/posts/{draft.id}{path}", json=body)
            assert (name, method, path, answer.status_code) == (name, method, path, 404)
    assert [len(one.get("/posts").json["items"]) for one in (api, *made.values())] == [1, 1, 0, 0]
    assert made["mei"].get(f"/posts/{draft.id}").status_code == 200
    assert made["mei"].put(f"/posts/{draft.id}/publication").status_code == 403
    assert made["mei"].patch(f"/posts/{draft.id}", json={"title": "Mist"}).status_code == 200


def test_an_author_writes_on_a_live_post_of_their_own_but_does_not_change_what_readers_see(
    api: Program, app: Flask
) -> None:
    mei = make_person("Mei", "author")
    live = make_post("Fog", by=mei)
    program, seen = Program(app, mei), live.live_revision_id
    assert program.patch(f"/posts/{live.id}", json={"title": "Mist"}).status_code == 200
    for detail in ({"slug": "mist"}, {"tags": ["5g"]}, {"title": "Haze", "language": "zh"}):
        assert program.patch(f"/posts/{live.id}", json=detail).status_code == 403
    again = read_again(Post, live.id)
    assert (again.live_revision_id, again.slug) == (seen, "fog")
    assert again.latest_revision_id == seen + 1


def test_a_story_that_may_not_be_seen_cannot_be_told_again(api: Program, app: Flask) -> None:
    draft = make_post("Fog", publish=False)
    author = Program(app, make_person("Mei", "author"))
    refused = author.post("/posts", json={"title": "雾", "language": "zh", "translation_of": draft.id})
    assert errors(refused) == {"translation_of": "There is no such post."}
    told = api.post("/posts", json={"title": "雾", "language": "zh", "translation_of": draft.id})
    assert told.json["story"] == draft.story_id
    again = api.post("/posts", json={"title": "雾", "language": "zh", "translation_of": draft.id})
    assert again.status_code == 409


def test_readers_are_not_told_what_is_not_public(api: Program, app: Flask) -> None:
    post = make_post()
    revise(post, title="Secret plan", publish=False)
    api.put(f"/posts/{post.id}/schedule", json={"at": "2026-12-01T09:30", "zone": "UTC"})
    seen = Program(app, rae()).get(f"/posts/{post.id}")
    assert (seen.json["title"], seen.json["revision"]) == ("Spring notes", 1)
    assert (seen.json["schedule"], seen.json["edited_at"]) == (None, None)
    assert "." not in seen.headers["ETag"]
    assert Program(app, make_person("Tam", "member")).get("/posts?state=scheduled").json["items"] == []
    assert len(api.get("/posts?state=scheduled").json["items"]) == 1


def test_lists_can_be_narrowed(api: Program) -> None:
    mei = make_person("Mei", "author")
    section = make_section("hot-focus")
    fog = make_post("Fog", section=section, tags=["fog"], bylines=[mei]).id
    note = make_note().id
    draft = make_post("雾", language="zh", publish=False).id
    for query, wanted in [
        ("", [draft, note, fog]),
        ("?kind=note", [note]),
        ("?language=zh", [draft]),
        ("?section=hot-focus", [fog]),
        ("?section=nowhere", []),
        ("?tag=fog", [fog]),
        ("?person=mei", [fog]),
        ("?person=nobody", []),
        ("?state=draft", [draft]),
        ("?state=live&kind=article", [fog]),
    ]:
        assert [one["id"] for one in api.get(f"/posts{query}").json["items"]] == wanted, query


def test_pages_stay_whole_while_posts_are_added_and_edited(api: Program) -> None:
    ids = [make_post(f"Number {number}").id for number in range(5)]
    first = api.get("/posts?limit=2").json
    make_post("Added meanwhile")
    with clock.stopped(NOW + timedelta(minutes=5)):
        api.patch(f"/posts/{ids[0]}", json={"title": "Edited meanwhile"})
        second = api.get(f"/posts?limit=2&cursor={first['next']}").json
        third = api.get(f"/posts?limit=2&cursor={second['next']}").json
    seen = [one["id"] for page in (first, second, third) for one in page["items"]]
    assert (seen, third["next"]) == (ids[::-1], None)


def test_a_list_takes_as_many_queries_for_three_posts_as_for_one(
    api: Program, count_queries: list[str]
) -> None:
    mei = make_person("Mei", "author")
    counts = []
    for number in range(3):
        make_post(
            f"Number {number}", bylines=[mei], tags=[f"t{number}"], section=None, cover_id=make_media().id
        )
        count_queries.clear()
        assert len(api.get("/posts").json["items"]) == number + 1
        counts.append(len(count_queries))
    assert counts[0] == counts[2]
    count_queries.clear()
    api.get("/posts/1")
