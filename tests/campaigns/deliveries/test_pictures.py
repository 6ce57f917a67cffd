"""Pictures within a network's limits: one computed size, bounded tries, nothing but pixels, made once and reused."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from campaigns.channels.messages import Limits
from campaigns.deliveries import fitting, pictures, upkeep
from campaigns.deliveries.composing import message_for
from campaigns.deliveries.fitting import Target, fit
from campaigns.deliveries.models import ConvertedPicture
from campaigns.deliveries.timing import AtWall
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.core.storage import storage
from cms.media import services as library
from cms.media.models import Media
from cms.media.pictures import Unreadable
from tests.campaigns.deliveries.making import make_account, plan
from tests.conftest import NOW
from tests.factories import make_media, make_post

JPEG = ("image/jpeg",)


def photograph(path: Path, width: int = 1200, height: int = 900) -> Path:
    """A picture with as much going on as in one from a camera, with its place written into it."""
    noise = [Image.effect_noise((width // 4, height // 4), 70).resize((width, height)) for _ in range(3)]
    exif = Image.Exif()
    exif[0x0110] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    Image.merge("RGB", noise).save(path, "JPEG", quality=95, exif=exif)
    return path


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@given(most=st.integers(8_000, 400_000), side=st.integers(200, 1500))
@settings(max_examples=12, deadline=None)
def test_every_limit_is_kept_and_used(tmp_path_factory: pytest.TempPathFactory, most: int, side: int) -> None:
    path = photograph(tmp_path_factory.mktemp("p") / "a.jpg", 600, 450)
    made = fit(path, Target(most, side, JPEG))
    assert len(made.data) <= most
    assert max(made.width, made.height) <= min(side, 600)
    assert abs(made.width / made.height - 4 / 3) < 0.02
    assert opened(made.data).size == (made.width, made.height)
    if made.width < min(side, 600):  # it was made smaller for its bytes: then they are used
        assert len(made.data) > most * 0.5


def test_ten_large_pictures_take_a_bounded_number_of_encodings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, count = photograph(tmp_path / "a.jpg", 2400, 1800), 0
    encode = fitting._encoded

    def counted(*args: object) -> object:
        nonlocal count
        count += 1
        return encode(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(fitting, "_encoded", counted)
    made = fit(path, Target(200_000, 4096, JPEG))
    assert 150_000 < len(made.data) <= 200_000
    assert count <= 2 * fitting.ROUNDS + fitting.TRIES


def test_nothing_of_the_camera_or_the_place_is_left(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", 400, 300)
    assert b"A camera" in path.read_bytes()
    made = fit(path, Target(10_000_000, 4096, JPEG))
    assert b"A camera" not in made.data
    assert dict(opened(made.data).getexif()) == {}


def test_drawings_and_what_one_can_see_through_stay_sharp_where_that_fits(tmp_path: Path) -> None:
    drawing = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    drawing.paste((200, 30, 30, 255), (50, 50, 250, 150))
    drawing.save(tmp_path / "a.webp", lossless=True)
    made = fit(tmp_path / "a.webp", Target(100_000, 4096, ("image/jpeg", "image/png")))
    assert (made.mime, opened(made.data).convert("RGBA").getpixel((0, 0))) == ("image/png", (0, 0, 0, 0))
    flat = fit(tmp_path / "a.webp", Target(100_000, 4096, JPEG))
    corner = opened(flat.data).getpixel((0, 0))
    assert (flat.mime, corner) == ("image/jpeg", (255, 255, 255))


def test_of_a_picture_that_moves_the_first_frame_goes(tmp_path: Path) -> None:
    red, blue = (Image.new("RGB", (80, 60), one) for one in ("red", "blue"))
    red.save(tmp_path / "a.webp", save_all=True, append_images=[blue], duration=100)
    made = fit(tmp_path / "a.webp", Target(100_000, 4096, ("image/png",)))
    assert getattr(opened(made.data), "n_frames", 1) == 1
    pixel = opened(made.data).convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[2] < 50


def test_what_cannot_be_made_to_fit_or_is_damaged_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        fit(photograph(tmp_path / "a.jpg", 400, 300), Target(300, 4096, JPEG))
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8 no picture")
    with pytest.raises(Unreadable):
        fit(tmp_path / "b.jpg", Target(300, 4096, JPEG))


# Rows and files ---------------------------------------------------------------------------------------------------

LIMITS = Limits(pictures=4, picture_bytes=30_000, picture_types=JPEG)


def upload(tmp_path: Path, width: int = 500) -> Media:
    path = photograph(tmp_path / "up.jpg", width, width)
    name = f"up/{width}-{path.stat().st_size}.jpg"
    storage().put(name, path.read_bytes())
    return make_media(file=name, mime="image/jpeg", byte_size=path.stat().st_size, width=width, height=width)


@pytest.mark.usefixtures("app")
class TestRows:
    def test_a_picture_is_made_once_for_each_target_and_its_file_is_there(self, tmp_path: Path) -> None:
        media_id = upload(tmp_path).id
        first = pictures.picture_for(media_id, "A mast", LIMITS)
        assert (first.media_id, first.mime, first.alt) == (media_id, "image/jpeg", "A mast")
        assert storage().size(first.name) == first.size <= 30_000
        assert pictures.picture_for(media_id, "A mast", LIMITS) == first
        other = pictures.picture_for(media_id, "", Limits(pictures=1, picture_side=100))
        assert (other.name != first.name, other.width) == (True, 100)
        rows = db.session.scalars(select(ConvertedPicture.file).order_by(ConvertedPicture.id)).all()
        assert rows == [first.name, other.name]

    def test_what_fits_goes_as_it_is_under_a_name_of_its_own(self, tmp_path: Path) -> None:
        media = upload(tmp_path)
        found = pictures.picture_for(media.id, "", Limits(pictures=1))
        assert found.name != media.file
        assert storage().read(found.name) == storage().read(media.file)

    def test_alternative_text_is_kept_within_the_limit(self, tmp_path: Path) -> None:
        media_id = upload(tmp_path).id
        said = "A mast in the rain, seen from the sea. 👩‍👩‍👧 " * 3
        alts = [
            pictures.picture_for(media_id, said, Limits(pictures=1, alt=most)).alt for most in (None, 40, 0)
        ]
        assert alts == [said, "A mast in the rain, seen from the sea.", ""]

    def test_a_file_that_was_lost_is_made_again(self, tmp_path: Path) -> None:
        media_id = upload(tmp_path).id
        first = pictures.picture_for(media_id, "", LIMITS)
        storage().delete(first.name)
        again = pictures.picture_for(media_id, "", LIMITS)
        assert storage().size(again.name) == again.size
        assert db.session.scalars(select(ConvertedPicture.file)).all() == [again.name]

    def test_a_replaced_picture_is_made_anew(self, tmp_path: Path) -> None:
        media = upload(tmp_path)
        media_id = media.id
        first = pictures.picture_for(media_id, "", LIMITS)
        other = upload(tmp_path, 300)
        name = other.file
        with transaction():
            db.session.delete(db.session.get(Media, other.id))
            db.session.flush()
            row = db.session.get_one(Media, media_id)
            row.file, row.width, row.height = name, 300, 300
        assert pictures.picture_for(media_id, "", LIMITS).name != first.name

    @pytest.mark.parametrize("kind", ["gone", "audio", "missing"])
    def test_what_is_no_picture_is_refused_with_a_sentence(self, kind: str) -> None:
        media_id = 999 if kind == "gone" else make_media("image" if kind == "missing" else kind).id
        with pytest.raises(Invalid) as refused:
            pictures.picture_for(media_id, "", LIMITS)
        assert refused.value.errors["media"].endswith("another.") or "missing" in refused.value.message

    def test_no_picture_is_made_inside_a_transaction(self, tmp_path: Path) -> None:
        media_id = upload(tmp_path).id
        with pytest.raises(RuntimeError), transaction():
            pictures.picture_for(media_id, "", LIMITS)

    def test_the_sweeper_keeps_what_a_row_speaks_of(self, tmp_path: Path) -> None:
        found = pictures.picture_for(upload(tmp_path).id, "", LIMITS)
        library.sweep_files(at=NOW + timedelta(days=3650))
        assert storage().exists(found.name)

    def test_what_no_message_named_for_two_months_is_removed_row_and_file(self, tmp_path: Path) -> None:
        media_id = upload(tmp_path).id
        found = pictures.picture_for(media_id, "", LIMITS)
        with clock.stopped(NOW + timedelta(days=20)):
            assert pictures.picture_for(media_id, "", LIMITS) == found
        with clock.stopped(NOW + timedelta(days=70)):
            assert upkeep.forget_pictures() == {}
        with clock.stopped(NOW + timedelta(days=81)):
            assert upkeep.forget_pictures() == {"removed": 1}
        assert not storage().exists(found.name)
        assert db.session.scalars(select(ConvertedPicture.id)).all() == []

    def test_a_message_has_its_pictures_its_cover_and_those_inside_its_html(self, tmp_path: Path) -> None:
        inside, cover = upload(tmp_path), upload(tmp_path, 300)
        post = make_post(
            body=f"Look: ![A &amp; chart](/media/{inside.file})", cover_id=cover.id, cover_alt="The cover"
        )
        message = message_for(plan(post, make_account()).id)
        assert message.cover is not None
        assert (message.cover.media_id, message.cover.alt) == (cover.id, "The cover")
        assert [(address, one.media_id, one.alt) for address, one in message.inline] == [
            (f"http://localhost/media/{inside.file}", inside.id, "A & chart")
        ]
        assert [one.media_id for one in message.pictures] == [cover.id]
        assert all(storage().exists(one.name) for one in (message.cover, *message.pictures))

    def test_a_recording_inside_the_html_is_not_taken_for_a_picture(self) -> None:
        film = make_media("video")
        post = make_post(body=f'<video controls src="/media/{film.file}"></video>')
        assert message_for(plan(post, make_account()).id).inline == ()

    def test_pictures_of_what_goes_out_soon_are_made_before_it_is_due(self, tmp_path: Path) -> None:
        cover = upload(tmp_path, 300)
        post = make_post(cover_id=cover.id)
        plan(post, make_account(), AtWall("2026-11-21T20:20", "Asia/Shanghai"))  # in twenty minutes
        assert upkeep.prepare_pictures() == {}
        with clock.stopped(NOW + timedelta(minutes=6)):
            assert upkeep.prepare_pictures() == {"prepared": 1}
            assert [one.media_id for one in db.session.scalars(select(ConvertedPicture))] == [cover.id]
            assert upkeep.prepare_pictures() == {}
