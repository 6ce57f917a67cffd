import io

import pytest
from flask import Flask

from cms.people.queries import audit_entries
from tests.cms.api.conftest import Program, errors
from tests.cms.media.samples import picture
from tests.factories import db, make_media, make_person, rae


def form(data: bytes | None = None, name: str = "mast.jpg", **fields: str) -> dict[str, object]:
    return {"file": (io.BytesIO(picture() if data is None else data), name), **fields}


def test_a_picture_is_uploaded_with_its_words_and_read_again(api: Program) -> None:
    made = api.post("/media", data=form(alt="A mast in the rain", credit="Mei"))
    assert made.status_code == 201
    where = made.headers["Location"].removeprefix("/api/v1")
    got = api.get(where)
    assert got.json == made.json
    told = {
        name: got.json[name] for name in ("kind", "alt", "credit", "licence", "filename", "width", "height")
    }
    assert told == {
        "kind": "image",
        "alt": "A mast in the rain",
        "credit": "Mei",
        "licence": "",
        "filename": "mast.jpg",
        "width": 600,
        "height": 400,
    }
    assert got.json["url"].startswith("http://localhost/media/")
    assert audit_entries()[0].subject == f"media:{made.json['id']}"
    post = api.post("/posts", json={"title": "Fog", "cover": made.json["id"]})
    assert post.json["cover"] == made.json["id"]


def test_the_same_bytes_are_one_file(api: Program) -> None:
    first = api.post("/media", data=form(alt="A mast"))
    again = api.post("/media", data=form(alt="Something else", name="copy.jpg"))
    assert (again.status_code, again.json["id"], again.json["alt"]) == (200, first.json["id"], "A mast")
    assert len(api.get("/media").json["items"]) == 1


def test_a_repeated_upload_with_a_key_gets_the_first_answer(api: Program) -> None:
    key = {"Idempotency-Key": "one"}
    first = api.post("/media", data=form(alt="A mast"), headers=key)
    again = api.post("/media", data=form(alt="A mast"), headers=key)
    assert (again.status_code, again.json) == (201, first.json)
    other = api.post("/media", data=form(alt="Another"), headers=key)
    assert list(errors(other)) == ["Idempotency-Key"]


def test_what_a_picture_shows_must_be_said_or_left_empty_on_purpose(api: Program) -> None:
    refused = api.post("/media", data=form())
    assert list(errors(refused)) == ["alt"]
    assert api.get("/media").json["items"] == []
    assert api.post("/media", data=form(alt="")).status_code == 201


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (form(b"<svg xmlns='http://www.w3.org/2000/svg'/>", alt=""), None),
        (form(b"", alt=""), None),
        (form(picture()[:200], alt=""), None),
        (form(alt="", owner="1"), ["owner"]),
        (form(alt="x" * 2001), ["alt"]),
        ({"alt": "x"}, ["file"]),
        ({"alt": "x", "file": "text"}, ["file"]),
        ({"alt": "x", "document": (io.BytesIO(b"x"), "x.pdf")}, ["document", "file"]),
    ],
)
def test_what_is_no_upload_is_refused_and_nothing_is_kept(
    api: Program, data: dict[str, object], fields: list[str] | None
) -> None:
    refused = api.post("/media", data=data, content_type="multipart/form-data")
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    if fields:
        assert sorted(errors(refused)) == fields
    assert api.get("/media").json["items"] == []


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--"]
)
def test_a_broken_form_is_refused(api: Program, body: bytes) -> None:
    refused = api.post("/media", data=body, content_type="multipart/form-data; boundary=x")
    assert refused.status_code in (400, 422)
    assert api.post("/media", data=body, content_type="application/json").status_code == 415


def test_files_are_listed_newest_first_in_as_many_queries_for_three_as_for_one(
    api: Program, count_queries: list[str]
) -> None:
    ids, counts = [], []
    for kind in ("image", "image", "audio"):
        ids.append(make_media(kind).id)
        count_queries.clear()
        assert [one["id"] for one in api.get("/media").json["items"]] == ids[::-1]
        counts.append(len(count_queries))
    assert counts[0] == counts[2]
    assert [one["id"] for one in api.get("/media?kind=audio").json["items"]] == ids[2:]
    first = api.get("/media?limit=2").json
    make_media()
    assert [one["id"] for one in api.get(f"/media?cursor={first['next']}").json["items"]] == ids[:1]


def test_readers_neither_see_nor_add_files(api: Program, app: Flask) -> None:
    media, reader = make_media(), Program(app, rae())
    for answer in (
        reader.get("/media"),
        reader.get(f"/media/{media.id}"),
        reader.post("/media", data=form(alt="")),
    ):
        assert answer.status_code == 404
    assert Program(app, make_person("Mei", "expert")).get(f"/media/{media.id}").status_code == 200
    db.session.expire_all()
