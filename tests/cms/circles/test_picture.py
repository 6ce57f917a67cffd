"""The picture of a circle: who chooses it, what is said of it, where it is shown, and what becomes of the old one."""

import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cms.circles import services
from cms.circles.models import Circle
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.core.storage import storage
from cms.media.models import Media
from cms.people.models import Person
from tests.cms.circles.making import join, make_circle
from tests.cms.media import samples
from tests.factories import ivy, make_media, make_person, nadia, rae, sign_in, token_headers

pytestmark = pytest.mark.usefixtures("app")
ADDRESS = "/circles/night-photographers/picture"


def olga() -> Person:
    return make_person("Olga Petrova", "member")


def send(client: FlaskClient, data: bytes | None = None, **fields: object) -> TestResponse:
    given: dict[str, object] = {"alt": "A pier at night", "focal_x": "0", "focal_y": "100", **fields}
    if data is not None:
        given["file"] = (io.BytesIO(data), "holiday-at-home.jpg")
    return client.post(ADDRESS, data=given, content_type="multipart/form-data")


def now_of(circle: Circle) -> Circle:
    db.session.expire_all()
    return db.session.get_one(Circle, circle.id)


def set_it(circle: Circle, media_id: int | None, by: Person, *, alt: str = "A pier") -> None:
    with transaction():
        services.set_picture(circle.id, media_id=media_id, alt=alt, by=by, at=clock.now())


def test_a_moderator_chooses_it_and_readers_see_it_on_page_and_list(client: FlaskClient) -> None:
    circle, moderator = make_circle(owner=olga()), rae()
    join(circle, moderator, role="moderator")
    before = client.get("/circles").text
    sign_in(client, moderator)
    assert send(client, samples.with_place()).status_code == 303
    found = db.session.get_one(Media, now_of(circle).picture_id)
    assert found.src not in before
    for address in ("/circles", "/circles/night-photographers", "/circles/night-photographers/inside"):
        shown = client.get(address).text
        assert found.src in shown, address
        assert 'alt="A pier at night"' in shown, address
        assert "picture--x0 picture--y4" in shown, address
        assert "holiday-at-home" not in shown, address


def test_where_it_was_taken_does_not_stay_in_the_file(client: FlaskClient) -> None:
    circle = make_circle(owner=olga())
    sign_in(client, db.session.get_one(Person, circle.created_by_id))
    send(client, samples.with_place())
    found = db.session.get_one(Media, now_of(circle).picture_id)
    assert samples.SECRET.encode() in samples.with_place()
    with storage().open(found.file) as stored:
        assert samples.SECRET.encode() not in stored.read()


def test_members_and_outsiders_do_not(client: FlaskClient) -> None:
    circle = make_circle(owner=olga())
    member = rae()
    join(circle, member)
    for somebody in (member, ivy()):
        sign_in(client, somebody)
        assert send(client, samples.picture()).status_code == 403
    assert now_of(circle).picture_id is None


@pytest.mark.parametrize(
    ("data", "fields", "sentence"),
    [
        (samples.picture(), {"alt": " "}, "for those who cannot see it"),
        (samples.picture(), {"alt": "a" * 301}, "for those who cannot see it"),
        (samples.picture(), {"focal_x": "101"}, "The point must lie within the picture."),
        (None, {}, "Please choose a picture."),
        (b"no picture", {}, "This kind of file is not taken."),
    ],
)
def test_wrong_input_is_a_sentence_and_nothing_typed_is_lost(
    client: FlaskClient, data: bytes | None, fields: dict[str, str], sentence: str
) -> None:
    circle = make_circle(owner=olga())
    sign_in(client, db.session.get_one(Person, circle.created_by_id))
    answer = send(client, data, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="100"' in answer.text
    assert now_of(circle).picture_id is None


def test_words_and_point_change_without_another_file(client: FlaskClient) -> None:
    circle, picture = make_circle(owner=olga()), make_media(alt="As the library says it")
    owner = db.session.get_one(Person, circle.created_by_id)
    set_it(circle, picture.id, owner)
    sign_in(client, owner)
    assert send(client, alt="Boats").status_code == 303
    changed = now_of(circle)
    assert (changed.picture_id, changed.picture_alt, changed.focal_x) == (picture.id, "Boats", 0.0)
    assert db.session.get_one(Media, picture.id).alt == "As the library says it"


def test_what_it_replaces_goes_unless_it_is_shown_elsewhere_or_of_the_library(client: FlaskClient) -> None:
    owner = make_person("Olga Petrova", "member", email_confirmed_at=clock.now())
    first, second = make_circle(owner=owner), make_circle("Painters", owner=rae())
    kept, shared, of_library = (
        make_media(uploaded_by_id=owner.id),
        make_media(uploaded_by_id=owner.id),
        make_media(uploaded_by_id=nadia().id),
    )
    for media in (kept, shared, of_library):
        set_it(first, media.id, owner)
        if media is shared:
            set_it(second, shared.id, owner)
    with transaction():
        services.remove_picture(first.id, by=owner, at=clock.now())
    gone = {one.id: db.session.get_one(Media, one.id).trashed_at for one in (kept, shared, of_library)}
    assert gone == {kept.id: clock.now(), shared.id: None, of_library.id: None}
    assert (now_of(first).picture_id, now_of(first).picture_alt) == (None, "")


def test_a_recording_is_no_picture() -> None:
    circle = make_circle(owner=olga())
    with pytest.raises(Invalid):
        set_it(circle, make_media(kind="audio").id, db.session.get_one(Person, circle.created_by_id))


def test_changing_settings_leaves_it(client: FlaskClient) -> None:
    circle, picture = make_circle(owner=olga()), make_media()
    owner = db.session.get_one(Person, circle.created_by_id)
    set_it(circle, picture.id, owner)
    headers = token_headers(owner)
    address = f"/api/v1/circles/{circle.id}"
    etag = client.get(address, headers=headers).headers["ETag"]
    told = client.patch(address, json={"purpose": "Other."}, headers={**headers, "If-Match": etag}).json
    assert told["picture"] == {
        "url": f"http://localhost{picture.src}", "width": picture.width, "height": picture.height, "alt": "A pier",
    }  # fmt: skip
    assert client.get("/api/v1/circles", headers=headers).json["items"][0]["picture"] == told["picture"]
    assert now_of(circle).picture_id == picture.id
