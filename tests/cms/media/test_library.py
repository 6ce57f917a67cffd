import io
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.storage import storage
from cms.media import jobs, queries, search, services
from cms.media.models import Media, MediaAlias
from cms.people.models import Person
from cms.posts.models import Post, Revision
from tests import factories
from tests.cms.media import samples
from tests.conftest import NOW
from tests.factories import make_media, make_person, make_post, read_again, revise, sign_in


@pytest.fixture
def nadia(client: FlaskClient) -> Person:
    """Nadia is signed in."""
    person = factories.nadia()
    sign_in(client, person)
    return person


def upload(data: bytes, name: str = "mast.jpg", **said: str) -> Media:
    received = services.receive_upload(io.BytesIO(data), name)
    with transaction():
        media_id = services.keep_media(received, by=None, at=clock.now(), **said).id
    return queries.get_media(media_id)


def blue() -> bytes:
    return samples.picture(image=samples.drawing(500, 500, "#203080"))


def replace(client: FlaskClient, media_id: int, data: bytes, name: str = "new.jpg") -> int:
    sent = {"file": (io.BytesIO(data), name)}
    answer = client.post(f"/desk/media/{media_id}/replacement", data=sent, content_type="multipart/form-data")
    return answer.status_code


def html_of(post: Post) -> str:
    live = read_again(Post, post.id).live_revision_id
    return db.session.scalars(select(Revision.html).where(Revision.id == live)).one()


def test_a_replaced_file_keeps_its_number_and_shows_everywhere(client: FlaskClient, nadia: Person) -> None:
    media = upload(samples.picture(), alt="A mast")
    media_id, old = media.id, media.src
    post = make_post(body=f"Look: ![a mast]({old})", cover_id=media_id)
    path, words = f"/posts/{post.slug}", post.latest_revision_id
    assert client.get(path).text.count(old) >= 2

    assert replace(client, media_id, blue()) == 303
    now = queries.get_media(media_id)
    client.application.extensions["parley_pages"].forget_everything()
    shown = client.get(path).text

    assert (now.alt, now.width, now.filename, now.state) == ("A mast", 500, "new.jpg", "processing")
    assert old not in shown
    assert shown.count(now.src) >= 2
    assert read_again(Post, post.id).latest_revision_id == words
    moved = client.get(old)
    assert (moved.status_code, moved.headers["Location"]) == (302, now.src)
    assert moved.headers["Cache-Control"] == "public, max-age=60"
    assert not storage().exists(old.removeprefix("/media/"))


def test_replacing_twice_leads_in_one_step(client: FlaskClient, nadia: Person) -> None:
    media = upload(samples.picture())
    media_id, first = media.id, media.src
    assert replace(client, media_id, blue()) == 303
    assert replace(client, media_id, samples.picture("PNG")) == 303
    assert client.get(first).headers["Location"] == queries.get_media(media_id).src


def test_an_old_address_written_again_shows_the_new_file(client: FlaskClient, nadia: Person) -> None:
    media = upload(samples.picture())
    media_id, old = media.id, media.src
    replace(client, media_id, blue())
    post = make_post(body=f"Look: ![a mast]({old})")

    assert queries.get_media(media_id).src in html_of(post)
    assert [(use.place, use.id) for use in queries.uses_of(media_id)] == [("post", post.id)]


@pytest.mark.parametrize(("name", "said"), [("same", "already"), ("kind", "same kind"), ("none", "taken")])
def test_what_cannot_take_its_place_is_a_sentence(
    client: FlaskClient, nadia: Person, name: str, said: str, tmp_path: object
) -> None:
    media_id = upload(samples.picture()).id
    upload(blue())
    file = {"same": blue(), "none": b"<svg/>", "kind": samples.sound(tmp_path / "a", "mp3", "libmp3lame")}[
        name
    ]  # type: ignore[operator]
    sent = {"file": (io.BytesIO(file), "x.bin")}
    before = queries.get_media(media_id).src
    answer = client.post(f"/desk/media/{media_id}/replacement", data=sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert said in answer.text
    assert queries.get_media(media_id).src == before


def test_a_crop_is_shown_and_the_whole_comes_back(client: FlaskClient, nadia: Person) -> None:
    media = upload(samples.picture())  # 600 x 400, red at the top left
    media_id, old = media.id, media.src
    sent = {"x": "50", "y": "50", "width": "50", "height": "50"}
    assert client.post(f"/desk/media/{media_id}/crop", data=sent).status_code == 303
    part = queries.get_media(media_id)
    crop = queries.find_crop(media_id)

    assert (part.width, part.height) == (300, 200)
    assert crop is not None
    assert (crop.x, crop.y, crop.width, crop.height) == (0.5, 0.5, 0.5, 0.5)
    assert client.get(old).headers["Location"] == part.src
    with Image.open(io.BytesIO(storage().read(crop.master))) as whole:
        assert whole.size == (600, 400)

    assert client.post(f"/desk/media/{media_id}/crop", data=sent).status_code == 303
    again = queries.find_crop(media_id)
    assert again is not None
    assert (again.x, again.y, again.width, again.height) == (0.75, 0.75, 0.25, 0.25)

    master = again.master
    assert client.post(f"/desk/media/{media_id}/crop/removal").status_code == 303
    assert (queries.get_media(media_id).width, queries.find_crop(media_id)) == (600, None)
    assert not storage().exists(master)


def test_the_point_that_stays_visible_stays_where_it_is(nadia: Person) -> None:
    media_id = upload(samples.picture()).id
    with transaction():
        services.edit_media(
            media_id, alt="", credit="", licence="", focal_x=0.75, focal_y=0.5, by=nadia, at=NOW
        )
    cut = services.cut_picture(media_id, (0.5, 0.0, 0.5, 1.0))
    with transaction():
        services.keep_cut(media_id, cut, by=nadia, at=NOW)
    assert (queries.get_media(media_id).focal_x, queries.get_media(media_id).focal_y) == (0.5, 0.5)


def test_two_crops_at_once_do_not_mix(nadia: Person) -> None:
    media_id = upload(samples.picture()).id
    first, second = (services.cut_picture(media_id, (0.0, 0.0, share, 1.0)) for share in (0.5, 0.25))
    with transaction():
        services.keep_cut(media_id, first, by=nadia, at=NOW)
    with pytest.raises(services.ReplacedMeanwhile), transaction():
        services.keep_cut(media_id, second, by=nadia, at=NOW)


@pytest.mark.parametrize(
    "sent",
    [{"x": "x"}, {"x": "-1"}, {"width": "0"}, {"height": "101"}, {"x": "nan", "y": "1e9"}, {"width": ""}],
)
def test_a_crop_outside_the_picture_is_sent_back(
    client: FlaskClient, nadia: Person, sent: dict[str, str]
) -> None:
    media_id = upload(samples.picture()).id
    whole = {"x": "0", "y": "0", "width": "100", "height": "100"}
    assert client.post(f"/desk/media/{media_id}/crop", data={**whole, **sent}).status_code == 422
    assert queries.find_crop(media_id) is None


def test_what_moves_or_sounds_cannot_be_cropped(client: FlaskClient, nadia: Person) -> None:
    moving, sound = upload(samples.animation()).id, make_media("audio").id
    sent = {"x": "0", "y": "0", "width": "50", "height": "50"}
    answers = [client.post(f"/desk/media/{one}/crop", data=sent) for one in (moving, sound)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "A picture that moves cannot be cropped." in answers[0].text
    assert "Only pictures can be cropped." in answers[1].text


def test_the_whole_of_a_cropped_picture_is_not_swept_away(client: FlaskClient, nadia: Person) -> None:
    media_id = upload(samples.picture()).id
    client.post(f"/desk/media/{media_id}/crop", data={"x": "0", "y": "0", "width": "50", "height": "50"})
    crop = queries.find_crop(media_id)
    assert crop is not None
    assert queries.names_kept([crop.master, "no/pe/nope.jpg"]) == {crop.master}


def test_a_file_says_where_it_is_used_and_how(client: FlaskClient, nadia: Person) -> None:
    media = make_media(filename="mast.jpg")
    media_id = media.id
    make_post("Live one", cover_id=media_id)
    make_post("Draft one", publish=False, body=f"![a]({media.src})")
    old = make_post("Old one", cover_id=media_id)
    revise(old, title="Old one", body="No picture any more.")
    shown = " ".join(client.get(f"/desk/media/{media_id}").text.split())

    for title, state in (("Live one", "live"), ("Draft one", "in a draft"), ("Old one", "only in old texts")):
        place = shown[shown.index(f">{title}</a>") :]
        assert place[: place.index("</li>")].endswith(f"{state}</span>")


def test_a_draft_of_others_is_counted_and_not_named(client: FlaskClient) -> None:
    media_id = make_media().id
    make_post("Secret plan", publish=False, cover_id=media_id)
    sign_in(client, make_person("Zhao Min", "author", handle="zhao-min"))
    shown = client.get(f"/desk/media/{media_id}").text
    assert "Secret plan" not in shown
    assert "A draft that you may not open" in shown


def found(**wanted: object) -> list[str]:
    return [media.filename for media in queries.media_page(**wanted).items]  # type: ignore[arg-type]


def test_files_are_found_in_both_scripts(nadia: Person) -> None:
    make_media(filename="青石山基站.jpg", alt="雨中的铁塔", credit="林夏")
    make_media(filename="Harbour-Night.jpg", alt="Café at night", credit="Rae Sato")
    for words in ("青石", "基站", "铁塔", "塔", "林夏 雨中"):
        assert found(search=words) == ["青石山基站.jpg"], words
    for words in ("harb", "NIGHT cafe", "sato"):
        assert found(search=words) == ["Harbour-Night.jpg"], words
    assert found(search="基塔") == []
    assert found(search='"') == []


def test_files_that_were_there_before_the_index_are_found_after_the_worker_came(nadia: Person) -> None:
    media_id = make_media(filename="mast.jpg").id
    with transaction():
        search.forget_media(media_id)
    assert found(search="mast") == []
    assert jobs.index_files() == {"indexed": 1}
    assert found(search="mast") == ["mast.jpg"]
    assert jobs.index_files() == {}


def test_files_are_kept_by_month_in_the_zone_of_the_site(client: FlaskClient, nadia: Person) -> None:
    make_media(filename="late.jpg", created_at=NOW - timedelta(days=40))
    make_media(filename="now.jpg")
    assert [(one.year, one.month, one.files) for one in queries.months("UTC")] == [
        (2026, 11, 1),
        (2026, 10, 1),
    ]
    october = client.get("/desk/media?month=2026-10").text
    assert ("late.jpg" in october, "now.jpg" in october) == (True, False)
    assert "now.jpg" in client.get("/desk/media?month=2026-99").text


def test_lists_of_what_lacks_something(client: FlaskClient, nadia: Person) -> None:
    make_post(cover_id=make_media(filename="used.jpg").id)
    make_media(filename="free.jpg", licence_ends_on=date(2026, 11, 20))
    make_media(filename="last-day.jpg", licence_ends_on=date(2026, 11, 21))
    make_media(filename="bare.jpg", alt="")
    make_media(filename="ornament.jpg", alt="", is_decorative=True)

    assert found(only="unused") == ["ornament.jpg", "bare.jpg", "last-day.jpg", "free.jpg"]
    assert found(only="ended", today=date(2026, 11, 21)) == ["free.jpg"]
    assert found(only="missing") == ["bare.jpg"]
    assert [
        client.get(f"/desk/media?only={one}&view=table").status_code for one in ("unused", "ended", "x")
    ] == [200] * 3


def test_missing_texts_are_worked_through_one_after_another(client: FlaskClient, nadia: Person) -> None:
    first, second, third = (make_media(alt="").id for _number in range(3))
    assert f'action="/desk/media/{third}/description"' in client.get("/desk/media/descriptions/next").text

    said = client.post(f"/desk/media/{third}/description", data={"alt": " A mast\n at dusk "})
    assert (said.status_code, said.location) == (303, f"/desk/media/descriptions/next?after={third}")
    assert f'action="/desk/media/{second}/description"' in client.get(said.location).text
    assert client.post(f"/desk/media/{second}/description", data={"decorative": "1"}).status_code == 303
    empty = client.post(f"/desk/media/{first}/description", data={"alt": "  "})

    assert empty.status_code == 422
    assert "Please say what it shows, or that it is decoration." in empty.text
    assert queries.get_media(third).alt == "A mast at dusk"
    assert queries.count_missing_alt() == 1
    assert (
        "That was the last one of this round"
        in client.get(f"/desk/media/descriptions/next?after={first}").text
    )


def test_an_author_is_asked_about_their_own_pictures(client: FlaskClient) -> None:
    zhao = make_person("Zhao Min", "author", handle="zhao-min")
    own = make_media(alt="", uploaded_by_id=zhao.id).id
    make_media(alt="")
    sign_in(client, zhao)
    assert f'action="/desk/media/{own}/description"' in client.get("/desk/media/descriptions/next").text


def test_what_is_thrown_away_comes_back(client: FlaskClient, nadia: Person) -> None:
    ids = [make_media(filename=f"{number}.jpg").id for number in range(2)]
    gone = client.post("/desk/media/trash", data={"id": ids})
    assert gone.location == f"/desk/media?undo={ids[0]}&undo={ids[1]}"
    assert found() == []
    assert found(only="trash") == ["1.jpg", "0.jpg"]
    assert "2 files are in the trash for 30 days." in client.get(gone.location).text

    assert client.post("/desk/media/trash/removal", data={"id": ids}).status_code == 303
    assert found() == ["1.jpg", "0.jpg"]


def test_of_several_one_is_used_so_none_is_thrown_away(client: FlaskClient, nadia: Person) -> None:
    free, used = make_media(filename="free.jpg").id, make_media(filename="used.jpg").id
    make_post(cover_id=used)
    client.post("/desk/media/trash", data={"id": [free, used]})
    assert found() == ["used.jpg", "free.jpg"]


def test_the_trash_is_emptied_after_thirty_days_but_for_what_is_used_again(nadia: Person) -> None:
    free, again, fresh = (upload(data) for data in (samples.picture(), blue(), samples.picture("PNG")))
    free_id, again_id, fresh_id, file = free.id, again.id, fresh.id, free.file
    with transaction():
        services.trash_media([free_id, again_id], by=nadia, at=NOW - timedelta(days=31))
        services.trash_media([fresh_id], by=nadia, at=NOW - timedelta(days=29))
    make_post(cover_id=again_id)

    assert jobs.purge_trash() == {"removed": 1}
    assert queries.find_media(free_id) is None
    assert not storage().exists(file)
    assert queries.get_media(again_id).trashed_at is None
    assert queries.get_media(fresh_id).trashed_at is not None


def test_uploading_something_from_the_trash_brings_it_back(nadia: Person) -> None:
    media_id = upload(samples.picture()).id
    with transaction():
        services.trash_media([media_id], by=nadia, at=NOW)
    assert upload(samples.picture()).id == media_id
    assert queries.get_media(media_id).trashed_at is None


def test_terms_of_use_are_kept_and_offered(client: FlaskClient, nadia: Person) -> None:
    media_id = make_media().id
    page = client.get(f"/desk/media/{media_id}").text
    said = {
        "alt": "A mast",
        "licence": "CC BY-SA 4.0",
        "licence_ends_on": "2027-03-01",
        "focal_x": "50",
        "focal_y": "50",
    }
    assert client.post(f"/desk/media/{media_id}", data=said).status_code == 303
    wrong = client.post(f"/desk/media/{media_id}", data={**said, "licence_ends_on": "never"})

    assert '<option value="CC BY 4.0">' in page
    assert (queries.get_media(media_id).licence, queries.get_media(media_id).licence_ends_on) == (
        "CC BY-SA 4.0",
        date(2027, 3, 1),
    )
    assert wrong.status_code == 422


def test_an_alias_goes_with_its_file(client: FlaskClient, nadia: Person) -> None:
    media = upload(samples.picture())
    media_id, old = media.id, media.src
    replace(client, media_id, blue())
    with transaction():
        names = services.delete_media(media_id, by=None, at=NOW)
    services.discard_files(names)
    assert db.session.scalars(select(MediaAlias.name)).all() == []
    assert client.get(old).status_code == 404
