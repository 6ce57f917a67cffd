import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from cms.core import clock
from cms.core.database import db
from cms.media import queries, views
from cms.media.models import Media
from tests import factories
from tests.cms.media import samples
from tests.factories import make_media, sign_in


@pytest.fixture
def nadia(client: FlaskClient) -> int:
    """Nadia is signed in."""
    person = factories.nadia()
    sign_in(client, person)
    return person.id


def send(client: FlaskClient, files: list[tuple[bytes, str]], **fields: str) -> TestResponse:
    sent = [(io.BytesIO(data), name) for data, name in files]
    return client.post("/desk/media", data={"files": sent, **fields}, content_type="multipart/form-data")


def newest() -> Media:
    return queries.media_page(size=1).items[0]


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Media)) or 0


def test_one_file_is_uploaded_with_what_is_said_about_it(client: FlaskClient, nadia: int) -> None:
    answer = send(
        client, [(samples.picture(), "spring.jpg")], alt="A field", credit="Rae Sato", licence="CC BY 4.0"
    )

    media = newest()
    assert (answer.status_code, answer.location) == (303, f"/desk/media/{media.id}")
    assert (media.alt, media.credit, media.licence) == ("A field", "Rae Sato", "CC BY 4.0")
    assert (media.filename, media.uploaded_by_id) == ("spring.jpg", nadia)


def test_several_files_are_described_on_the_next_page(client: FlaskClient, nadia: int) -> None:
    answer = send(
        client, [(samples.picture(), "a.jpg"), (samples.picture("PNG"), "b.png")], alt="not for both"
    )
    shown = client.get(answer.location)
    first, second = sorted(queries.media_page().items, key=lambda media: media.id)

    assert answer.location == f"/desk/media/descriptions?id={first.id}&id={second.id}"
    assert (first.alt, second.alt) == ("", "")
    assert shown.text.count("<textarea") == 2

    ids = [first.id, second.id]
    saved = client.post(
        "/desk/media/descriptions",
        data={"id": ids, f"alt-{ids[0]}": "One", f"alt-{ids[1]}": "Two", "alt-999": "x"},
    )
    assert (saved.status_code, saved.location) == (303, "/desk/media")
    assert [media.alt for media in queries.media_by_ids(ids)] == ["One", "Two"]


def test_what_is_refused_is_said_file_by_file_and_the_rest_is_kept(client: FlaskClient, nadia: int) -> None:
    answer = send(client, [(b"<svg/>", "logo.svg"), (samples.picture(), "a.jpg")], credit="Rae Sato")

    assert answer.status_code == 422
    assert "logo.svg" in answer.text
    assert "SVG files are not taken." in answer.text
    assert 'value="Rae Sato"' in answer.text
    assert newest().filename == "a.jpg"
    assert f'href="/desk/media/{newest().id}"' in answer.text


def test_no_file_at_all_is_said(client: FlaskClient, nadia: int) -> None:
    answer = client.post("/desk/media", data={"alt": "A field"}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Please choose a file." in answer.text
    assert "A field" in answer.text


def test_a_file_name_cannot_break_the_page(client: FlaskClient, nadia: int) -> None:
    name = "<script>alert(1)</script>\u202e.jpg"
    answer = send(client, [(b"nothing", name)])
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text

    send(client, [(samples.picture(), 'x"><script>alert(1)</script>.jpg')])
    assert "<script>alert" not in client.get("/desk/media").text
    assert "<script>alert" not in client.get(f"/desk/media/{newest().id}").text


def test_only_who_may_upload_may_send_much(
    client: FlaskClient, app: Flask, nadia: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    assert send(client, [(samples.picture(), "a.jpg")]).status_code == 303

    other = app.test_client()
    assert send(other, [(samples.picture(), "a.jpg")]).status_code in (303, 413)
    sign_in(other, factories.ivy())
    assert send(other, [(samples.picture(), "a.jpg")]).status_code == 404
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert send(other, [(samples.picture(), "a.jpg")]).status_code == 413
    assert count() == 1


def test_a_request_above_the_limit_of_uploads_is_refused(
    client: FlaskClient, nadia: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"media.upload": (views.rules.can_upload, 500)}
    monkeypatch.setattr(views, "_LIMITS", limits)
    answer = send(client, [(samples.picture(), "a.jpg")])
    assert answer.status_code == 413
    assert count() == 0


def test_a_file_is_edited(client: FlaskClient, nadia: int) -> None:
    media_id = make_media(uploaded_by_id=nadia).id
    shown = client.get(f"/desk/media/{media_id}")
    assert re.search(r'<input[^>]*name="focal_x"[^>]*value="50"', shown.text)

    answer = client.post(
        f"/desk/media/{media_id}",
        data={"alt": "A mast", "credit": "Rae", "licence": "CC0", "focal_x": "20", "focal_y": "85"},
    )
    media = queries.get_media(media_id)
    assert (answer.status_code, answer.location) == (303, f"/desk/media/{media_id}")
    assert (media.alt, media.credit, media.licence) == ("A mast", "Rae", "CC0")
    assert (media.focal_x, media.focal_y) == (0.2, 0.85)


@pytest.mark.parametrize("value", ["-1", "101", "", "x", "1e9", "NaN"])
def test_a_point_outside_the_picture_is_sent_back_with_what_was_typed(
    client: FlaskClient, nadia: int, value: str
) -> None:
    media_id = make_media(uploaded_by_id=nadia).id
    answer = client.post(
        f"/desk/media/{media_id}", data={"alt": "Typed in vain", "focal_x": value, "focal_y": "50"}
    )
    assert answer.status_code == 422
    assert "Typed in vain" in answer.text
    assert queries.get_media(media_id).focal_x == 0.5


def test_a_used_file_cannot_be_deleted_and_a_free_one_can(client: FlaskClient, nadia: int) -> None:
    used, free = make_media().id, make_media().id
    post = factories.make_post(cover_id=used)
    assert f'href="/desk/posts/{post.id}">Spring notes</a>' in client.get(f"/desk/media/{used}").text
    client.post(f"/desk/media/{used}/removal")
    assert queries.find_media(used) is not None

    answer = client.post(f"/desk/media/{free}/removal")
    assert (answer.status_code, answer.location) == (303, f"/desk/media?undo={free}")
    assert queries.get_media(free).trashed_at == clock.now()
    assert queries.get_media(used).trashed_at is None


def test_a_file_that_a_text_shows_by_address_is_used(client: FlaskClient, nadia: int) -> None:
    media = make_media()
    media_id, address = media.id, media.src
    post = factories.make_post(body=f"Look: ![a mast]({address})")
    assert [(use.place, use.id) for use in queries.uses_of(media_id)] == [("post", post.id)]
    client.post(f"/desk/media/{media_id}/removal")
    assert queries.get_media(media_id).trashed_at is None


def test_the_list_asks_as_often_for_one_file_as_for_three(
    client: FlaskClient, nadia: int, count_queries: list[str]
) -> None:
    client.get("/desk/media")
    used = []
    for rows in (1, 3):
        while count() < rows:
            make_media()
        db.session.expunge_all()
        count_queries.clear()
        assert client.get("/desk/media").status_code == 200
        used.append(len(count_queries))
    assert used[0] == used[1]


def test_the_list_is_filtered_and_leads_on(
    client: FlaskClient, nadia: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        queries.media_page, "__kwdefaults__", {**queries.media_page.__kwdefaults__, "size": 2}
    )
    for at in range(3):
        make_media(filename=f"mast-{at}.jpg", alt="")
    make_media(filename="other.jpg")

    shown = client.get("/desk/media?q=mast&only=missing")
    assert re.findall(r"mast-\d|other", re.sub(r'(value|aria-label)="[^"]*"', "", shown.text)) == [
        "mast-2",
        "mast-1",
    ]
    following = re.search(r'href="([^"]*)" rel="next"', shown.text)
    assert following is not None
    rest = client.get(following[1].replace("&amp;", "&"))
    assert re.findall(r"mast-\d|other", re.sub(r'(value|aria-label)="[^"]*"', "", rest.text)) == ["mast-0"]


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=" + "9" * 40, "kind=%00", "q=" + "%25" * 300]
)
def test_a_made_up_query_is_answered(client: FlaskClient, nadia: int, query: str) -> None:
    assert client.get(f"/desk/media?{query}").status_code == 200


@pytest.mark.parametrize("path", ["", "/new", "/{id}", "/descriptions?id={id}"])
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_every_page_speaks_both_languages(client: FlaskClient, nadia: int, path: str, locale: str) -> None:
    media = make_media(uploaded_by_id=nadia, state="failed", failure="OSError: gone")
    answer = client.get(f"/{locale}/desk/media" + path.format(id=media.id))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert any(word in answer.text for word in ("媒体", "上传")) == (locale == "zh")


def test_a_member_sets_a_picture_of_themselves(client: FlaskClient) -> None:
    rae = factories.rae()
    rae_id = rae.id
    sign_in(client, rae)
    assert client.get("/me/portrait").status_code == 200
    answer = client.post("/me/portrait", data={"file": (io.BytesIO(samples.picture()), "me.jpg")})

    assert (answer.status_code, answer.location) == (303, "/me/portrait")
    portrait = queries.portraits_of([rae_id])[rae_id]
    assert portrait.alt == "Portrait of Rae Sato"
    assert portrait.src in client.get("/me/portrait").text

    client.post("/me/portrait/removal")
    assert queries.portraits_of([rae_id]) == {}


def test_a_portrait_that_is_no_picture_is_refused_with_a_sentence(
    client: FlaskClient, tmp_path: Path
) -> None:
    sign_in(client, factories.rae())
    sound = samples.sound(tmp_path / "a", "mp3", "libmp3lame")
    for data, said in [(sound, "Please choose a picture."), (b"<svg/>", "SVG files are not taken.")]:
        answer = client.post("/me/portrait", data={"file": (io.BytesIO(data), "me.jpg")})
        assert answer.status_code == 422
        assert said in answer.text
    assert client.post("/me/portrait", data={}).status_code == 422
    assert count() == 0


def test_an_editor_sets_the_picture_of_a_guest(client: FlaskClient, nadia: int) -> None:
    guest = factories.make_person("Gu Wen", "guest").id
    assert client.get(f"/desk/people/{guest}/portrait").status_code == 200
    client.post(f"/desk/people/{guest}/portrait", data={"file": (io.BytesIO(samples.picture()), "gu.jpg")})
    assert queries.portraits_of([guest])[guest].alt == "Portrait of Gu Wen"
    client.post(f"/desk/people/{guest}/portrait/removal")
    assert queries.portraits_of([guest]) == {}
