"""The profile by link, pictures, and the account somebody may have of it."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.contributions.services.profiles import MOST_PICTURES
from cms.core.database import db, transaction
from cms.core.models import OutgoingMail
from cms.media.models import Media, Portrait
from cms.people.models import Person
from cms.posts.queries import get_post
from tests.cms.contributions.invited import again, agree, ask, hand_in
from tests.cms.media.samples import drawing, picture
from tests.factories import make_person, read_again

PROFILE = {
    "name": "Ana Writer",
    "headline_en": "Sea engineer",
    "headline_zh": "海洋工程师",
    "bio_en": "",
    "bio_zh": "",
}


def test_a_profile_changes_in_both_languages(client: FlaskClient) -> None:
    one, token = ask()
    assert client.post(f"/contribute/{token}/profile", data=PROFILE).status_code == 303
    person = read_again(Person, one.person_id)
    assert (person.headline, person.bio) == ({"en": "Sea engineer", "zh": "海洋工程师"}, {})
    page = client.get(f"/zh/contribute/{token}/profile").text
    assert 'value="海洋工程师"' in page


def test_a_profile_without_a_name_comes_back_with_what_was_typed(client: FlaskClient) -> None:
    _, token = ask()
    answer = client.post(f"/en/contribute/{token}/profile", data={**PROFILE, "name": ""})
    assert answer.status_code == 422
    assert 'value="Sea engineer"' in answer.text


def test_a_portrait_is_taken_and_a_bad_one_refused_with_a_sentence(client: FlaskClient) -> None:
    one, token = ask()
    bad = {"file": (io.BytesIO(b"not a picture"), "me.jpg")}
    refused = client.post(f"/en/contribute/{token}/portrait", data=bad)
    assert refused.status_code == 422
    assert db.session.scalars(select(Portrait)).all() == []
    good = {"file": (io.BytesIO(picture("PNG", drawing(300, 300))), "me.png")}
    assert client.post(f"/contribute/{token}/portrait", data=good).status_code == 303
    assert db.session.scalars(select(Portrait.person_id)).all() == [one.person_id]
    client.post(f"/contribute/{token}/portrait/removal")
    assert db.session.scalars(select(Portrait)).all() == []


def test_somebody_with_an_account_has_no_profile_by_link(client: FlaskClient) -> None:
    one, token = ask()
    person_id = one.person_id
    with transaction():
        person = db.session.get(Person, person_id)
        assert person is not None
        person.email, person.role = "ana@example.com", "expert"
    assert client.get(f"/contribute/{token}").status_code == 200
    assert client.get(f"/contribute/{token}/profile").status_code == 404
    assert client.post(f"/contribute/{token}/profile", data=PROFILE).status_code == 404


def test_an_account_keeps_address_and_credits(client: FlaskClient) -> None:
    one, token = ask()
    hand_in(one)
    handle = read_again(Person, one.person_id).handle
    assert client.post(f"/contribute/{token}/account", data={"email": "ana@example.com"}).status_code == 303
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == "ana@example.com")).one()
    link = next(word for word in mail.text.split() if "/invitations/" in word).removeprefix(
        "http://localhost"
    )
    data = {"name": "Ana Writer", "password": "a long enough passphrase 7"}
    assert client.post(link, data=data).status_code == 303
    person = read_again(Person, one.person_id)
    assert (person.role, person.email, person.handle) == ("expert", "ana@example.com", handle)
    assert [byline.person_id for byline in get_post(one.post_id).bylines] == [person.id]


def test_an_address_that_has_an_account_is_refused(client: FlaskClient) -> None:
    make_person("Rae Sato", "member", handle="rae")
    _, token = ask()
    answer = client.post(f"/en/contribute/{token}/account", data={"email": "rae@example.com"})
    assert answer.status_code == 422


def test_invitations_by_link_are_few(client: FlaskClient) -> None:
    _, token = ask()
    codes = [
        client.post(f"/contribute/{token}/account", data={"email": f"ana{number}@example.com"}).status_code
        for number in range(4)
    ]
    assert codes == [303, 303, 303, 429]


def upload(client: FlaskClient, token: str, content: bytes, name: str = "salt.png"):  # type: ignore[no-untyped-def]
    return client.post(
        f"/en/contribute/{token}/pictures", data={"file": (io.BytesIO(content), name), "alt": "Salt"}
    )


def test_a_picture_for_the_text_is_taken_after_consent_only(client: FlaskClient) -> None:
    one, token = ask()
    assert upload(client, token, picture("PNG")).status_code == 409
    agree(one)
    taken = upload(client, token, picture("PNG"))
    assert (taken.status_code, taken.json["alt"], taken.json["kind"]) == (201, "Salt", "image")
    assert db.session.scalars(select(Media.uploaded_by_id)).all() == [one.person_id]
    assert again(one.id).pictures == 1


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"", b"MZ not a picture"])
def test_what_is_no_picture_is_refused_with_a_sentence(client: FlaskClient, content: bytes) -> None:
    one, token = ask()
    agree(one)
    refused = upload(client, token, content)
    assert refused.status_code == 422
    assert len(refused.json["message"]) > 10


def test_pictures_through_one_link_are_limited(client: FlaskClient) -> None:
    one, token = ask()
    agree(one)
    contribution_id = one.id
    with transaction():
        again(contribution_id).pictures = MOST_PICTURES
    assert upload(client, token, picture("PNG")).status_code == 409
