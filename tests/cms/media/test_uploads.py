import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cms.core.markup import render_markdown
from cms.media import queries
from tests import factories
from tests.cms.media import samples
from tests.factories import make_media, sign_in


@pytest.fixture
def nadia(client: FlaskClient) -> int:
    """Nadia is signed in."""
    person = factories.nadia()
    sign_in(client, person)
    return person.id


def send(client: FlaskClient, data: bytes, name: str, **fields: str) -> TestResponse:
    return client.post(
        "/desk/media/uploads",
        data={"file": (io.BytesIO(data), name), **fields},
        content_type="multipart/form-data",
    )


def test_a_script_uploads_a_picture_and_is_told_how_to_show_it(client: FlaskClient, nadia: int) -> None:
    answer = send(client, samples.picture(), "spring.jpg", alt="A field [at\nnoon]")
    media = queries.media_page(size=1).items[0]

    assert answer.status_code == 201
    assert answer.json == {
        "id": media.id,
        "kind": "image",
        "state": "processing",
        "src": f"/media/{media.file}",
        "thumb": f"/media/{media.file}",
        "width": 600,
        "height": 400,
        "alt": "A field [at noon]",
        "credit": "",
        "filename": "spring.jpg",
        "markdown": f"![A field at noon](/media/{media.file})",
    }
    assert media.uploaded_by_id == nadia


def test_the_same_bytes_again_are_the_file_that_is_there(client: FlaskClient, nadia: int) -> None:
    first = send(client, samples.picture(), "spring.jpg", alt="A field")
    again = send(client, samples.picture(), "other.jpg", alt="Something else")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "This file is empty."), (b"<svg/>", "SVG files are not taken."), (b"\xff\xd8\xffno", "damaged")],
)
def test_a_refused_file_is_a_sentence(client: FlaskClient, nadia: int, data: bytes, said: str) -> None:
    answer = send(client, data, "x.jpg")
    assert answer.status_code == 422
    assert said in answer.json["message"]


def test_no_file_and_a_novel_as_description_are_sentences(client: FlaskClient, nadia: int) -> None:
    nothing = client.post("/desk/media/uploads", data={"alt": "A field"})
    novel = send(client, samples.picture(), "x.jpg", alt="x" * 2001)

    assert (nothing.status_code, nothing.json) == (422, {"message": "Please choose a file."})
    assert (novel.status_code, novel.json) == (422, {"message": "Please keep it under 2,000 characters."})


def test_an_upload_without_its_token_is_refused(
    client: FlaskClient, app: Flask, nadia: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert send(client, samples.picture(), "a.jpg").status_code == 400


def test_files_are_offered_by_kind_and_words_a_page_at_a_time(client: FlaskClient, nadia: int) -> None:
    for number in range(26):
        make_media(filename=f"mast-{number}.jpg")
    make_media("audio", filename="mast.mp3")
    first = client.get("/desk/media/choices?kind=image&q=mast").json
    rest = client.get(f"/desk/media/choices?kind=image&q=mast&before={first['next_before']}").json

    assert [item["filename"] for item in first["items"]] == [f"mast-{n}.jpg" for n in range(25, 1, -1)]
    assert [item["filename"] for item in rest["items"]] == ["mast-1.jpg", "mast-0.jpg"]
    assert rest["next_before"] is None


def test_offers_take_the_same_number_of_queries_however_many(
    client: FlaskClient, nadia: int, count_queries: list[str]
) -> None:
    make_media()
    client.get("/desk/media/choices")
    count_queries.clear()
    client.get("/desk/media/choices")
    with_one = len(count_queries)
    make_media()
    make_media()
    count_queries.clear()
    client.get("/desk/media/choices")
    assert len(count_queries) == with_one


def test_what_shows_a_recording_in_a_text_survives_cleaning(app: Flask) -> None:
    sound, film = queries.get_media(make_media("audio").id), queries.get_media(make_media("video").id)

    assert render_markdown(sound.markdown).html == (
        f'<p><audio controls="" preload="metadata" src="{sound.src}"></audio></p>'
    )
    assert render_markdown(film.markdown).html == (
        f'<video controls="" preload="metadata" src="{film.src}" width="1600" height="900"></video>'
    )
