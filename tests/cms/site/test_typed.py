"""The real page of a text that is still being typed."""

from flask.testing import FlaskClient
from sqlalchemy import func, select

from cms.core.database import db
from cms.posts.models import Post, Revision
from tests.factories import make_media, make_person, make_post, make_section, nadia, sign_in

TYPED = {"kind": "article", "language": "en", "title": "Typed title", "body": "## Part\n\nTyped **words**."}


def test_a_text_that_was_never_saved_is_shown_on_its_page(client: FlaskClient) -> None:
    sign_in(client, nadia())
    answer = client.post("/desk/posts/preview", data=TYPED)
    assert answer.status_code == 200
    assert "<strong>words</strong>" in answer.text
    assert "Typed title" in answer.text
    assert "Nadia Rahimi" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert db.session.scalar(select(func.count()).select_from(Post)) == 0


def test_what_is_typed_stands_in_the_place_of_what_is_saved(client: FlaskClient) -> None:
    editor = nadia()
    sign_in(client, editor)
    section, cover, photo = make_section(), make_media(), make_media()
    post = make_post("Saved title", body="Saved words.", tags=["5g"], bylines=[editor])
    answer = client.post(
        f"/desk/posts/{post.id}/preview",
        data={
            **TYPED,
            "section_id": section.id,
            "cover": cover.id,
            "files-0-media_id": photo.id,
            "files-0-alt": "Rain on a mast",
            "cover_alt": "A mast",
        },
    )
    assert ("Typed title" in answer.text, "Saved words." in answer.text) == (True, False)
    for words in ("A mast", section.name["en"], 'href="/tags/5g"'):
        assert words in answer.text
    photos = client.post(
        f"/desk/posts/{post.id}/preview",
        data={**TYPED, "kind": "photo", "files-0-media_id": photo.id, "files-0-alt": "Rain on a mast"},
    )
    assert "Rain on a mast" in photos.text
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 1


def test_half_a_form_is_enough_and_nonsense_is_left_out(client: FlaskClient) -> None:
    sign_in(client, nadia())
    answer = client.post(
        "/desk/posts/preview",
        data={
            "kind": "poem",
            "cover": "x",
            "cover_number": "²",
            "section_id": "-4",
            "files-0-media_id": "4711",
        },
    )
    assert answer.status_code == 200


def test_a_text_that_is_too_long_is_a_sentence(client: FlaskClient) -> None:
    sign_in(client, nadia())
    answer = client.post(
        "/desk/posts/preview", data={**TYPED, "body": "x" * 100_001}, content_type="multipart/form-data"
    )
    assert (answer.status_code, "longer than 100,000 characters" in answer.text) == (422, True)


def test_hostile_words_stay_words(client: FlaskClient) -> None:
    sign_in(client, nadia())
    hostile = '"><script>alert(1)</script>'
    answer = client.post("/desk/posts/preview", data={"title": hostile, "body": hostile, "summary": hostile})
    assert "<script>alert" not in answer.text


def test_somebody_elses_draft_is_refused(client: FlaskClient) -> None:
    post = make_post(publish=False)
    sign_in(client, make_person("Otto", "author"))
    assert client.post(f"/desk/posts/{post.id}/preview", data=TYPED).status_code == 403
