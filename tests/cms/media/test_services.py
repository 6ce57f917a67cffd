import io
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.core.models import PageChange
from cms.core.storage import storage
from cms.media import queries, services
from cms.media.models import Media, MediaVariant
from cms.media.services import Received, receiving
from tests import factories
from tests.cms.media import samples


def receive(data: bytes, filename: str = "picture.jpg") -> Received:
    return services.receive_upload(io.BytesIO(data), filename)


def upload(data: bytes, filename: str = "picture.jpg", **fields: object) -> Media:
    received = receive(data, filename)
    with transaction():
        media = services.keep_media(received, **{"by": None, "at": clock.now(), **fields})
    return queries.get_media(media.id)


def test_an_upload_is_there_at_once_and_waits_for_its_sizes(app: Flask) -> None:
    nadia = factories.nadia()
    media = upload(
        samples.picture(), "C:\\fakepath\\spring.jpg", by=nadia, alt=" A green  field\n", credit="Rae"
    )

    assert (media.kind, media.state, media.mime) == ("image", "processing", "image/jpeg")
    assert (media.width, media.height, media.colour) == (600, 400, "#0b6e4f")
    assert (media.alt, media.credit, media.filename) == ("A green field", "Rae", "spring.jpg")
    assert (media.uploaded_by_id, media.created_at) == (nadia.id, clock.now())
    assert storage().size(media.file) == media.byte_size
    assert media.src == f"/media/{media.file}"
    assert media.sources == []


def test_the_same_bytes_are_the_same_row(app: Flask) -> None:
    first = upload(samples.picture(), alt="", credit="Rae")
    second = upload(samples.picture(), "other-name.jpg", alt="Now described", credit="Somebody else")

    assert second.id == first.id
    assert (second.alt, second.credit, second.filename) == ("Now described", "Rae", "picture.jpg")


def test_the_same_picture_in_other_bytes_shares_no_file(app: Flask) -> None:
    first, second = upload(samples.picture()), upload(samples.with_place())
    assert first.id != second.id
    assert first.file != second.file


def test_two_uploads_of_one_file_at_once_make_one_row_and_one_file(own_app: Flask) -> None:
    barrier, made, failures = threading.Barrier(4), [], []

    def upload_it() -> None:
        with own_app.app_context():
            try:
                barrier.wait()
                received = receive(samples.picture())
                barrier.wait()
                with transaction():
                    media = services.keep_media(received, by=None, at=clock.now())
                    made.append((media.id, media.file, received.files))
            except Exception as error:  # shown by the assertion below
                failures.append(error)

    threads = [threading.Thread(target=upload_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len({media_id for media_id, _, _ in made}) == 1
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Media)) == 1
        kept = made[0][1]
        for _, _, files in made:
            services.discard_files(set(files) - {kept})
        assert list(storage().names()) == [kept]


def test_a_crash_between_file_and_row_leaves_only_a_file_which_is_swept_after_a_day(own_app: Flask) -> None:
    with own_app.app_context():
        orphan = receive(samples.picture())  # and then the power goes
        kept = upload(samples.picture(image=samples.drawing(300, 200)))
        assert sorted(storage().names()) == sorted([*orphan.files, kept.file])
        store = Path(own_app.config["PARLEY"].storage_url)
        now = datetime.now(UTC)

        assert services.sweep_files(at=now + timedelta(hours=23)) == 0
        for name in [*orphan.files, kept.file]:
            os.utime(store / name, times=(time.time() - 90_000,) * 2)
        assert services.sweep_files(at=now) == 1
        assert list(storage().names()) == [kept.file]


def test_a_failure_while_storing_leaves_no_row(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk on fire")

    monkeypatch.setattr(type(storage()), "put", fail)
    with pytest.raises(OSError, match="fire"):
        upload(samples.picture())
    assert db.session.scalar(select(func.count()).select_from(Media)) == 0


REFUSED = {
    "empty": (b"", "This file is empty."),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG files are not taken."),
    "html in a jpg": (b"<!doctype html><script>alert(1)</script>", "HTML files are not taken."),
    "pdf": (b"%PDF-1.7 ...", "PDF files are not taken."),
    "text": (b"hello", "This kind of file is not taken."),
    "cut off": (samples.picture()[:400], "This file is damaged or not what it says it is."),
    "only a signature": (b"\x89PNG\r\n\x1a\n", "This file is damaged or not what it says it is."),
    "a gif that is javascript": (
        b"GIF89a/*" + b"*/=1;alert(1)//",
        "This file is damaged or not what it says",
    ),
    "broken mp4": (
        b"\0\0\0\x20ftypisom\0\0\2\0isomiso2" + b"\0" * 99,
        "This file is damaged or not what it says",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_gets_a_sentence(app: Flask, name: str) -> None:
    data, sentence = REFUSED[name]
    with pytest.raises(services.Refused) as refusal:
        upload(data, "holiday.jpg")
    assert refusal.value.message.startswith(sentence)
    assert refusal.value.status == 422
    assert db.session.scalar(select(func.count()).select_from(Media)) == 0


def test_a_name_does_not_decide_what_a_file_is(app: Flask) -> None:
    assert upload(samples.picture("PNG"), "song.mp3").kind == "image"


def test_a_file_above_its_limit_is_refused_before_it_is_read_to_the_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            self.taken += size
            return b"\xff\xd8\xff" + b"\0" * (size - 3)

        def seek(self, *_: int) -> int:
            return 0

    stream = Endless()
    with pytest.raises(services.Refused, match="larger than 30 MB"):
        services.receive_upload(stream, "x.jpg")  # type: ignore[arg-type]
    assert stream.taken < 33 * 1024 * 1024


def test_a_picture_that_takes_too_long_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "PICTURE_DEADLINE", 0.01)
    with pytest.raises(services.Refused, match="took too long"):
        upload(samples.picture(image=samples.drawing(5000, 5000)))


def test_nothing_slow_happens_inside_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="before the transaction"), transaction():
        receive(samples.picture())


def test_a_video_has_its_poster_at_once(app: Flask, tmp_path: Path) -> None:
    media = upload(samples.film(tmp_path / "made"), "clip.mp4")

    assert (media.kind, media.state, media.mime, media.width) == ("video", "processing", "video/mp4", 320)
    assert media.duration_seconds == pytest.approx(3.0, abs=0.1)
    assert media.poster == f"/media/{media.variants[0].file}"
    assert storage().exists(media.variants[0].file)


def test_an_mp3_is_ready_at_once_and_a_wav_waits(app: Flask, tmp_path: Path) -> None:
    assert upload(samples.sound(tmp_path / "a", "mp3", "libmp3lame")).state == "ready"
    assert upload(samples.sound(tmp_path / "b", "wav", "pcm_s16le")).state == "processing"


@pytest.mark.parametrize(
    ("x", "y"), [(-0.01, 0.5), (0.5, 1.01), (2.0, 0.0), (float("nan"), 0.5), (float("inf"), 0)]
)
def test_a_focal_point_outside_the_picture_is_refused(app: Flask, x: float, y: float) -> None:
    media, nadia = upload(samples.picture()), factories.nadia()
    with pytest.raises(Invalid), transaction():
        services.edit_media(
            media.id, alt="", credit="", licence="", focal_x=x, focal_y=y, by=nadia, at=clock.now()
        )
    assert queries.get_media(media.id).focal_x == 0.5


@pytest.mark.parametrize(("x", "y"), [(0, 0), (1, 1), (0.25, 0.75)])
def test_a_focal_point_within_the_picture_is_kept_and_pages_are_told(app: Flask, x: float, y: float) -> None:
    media, nadia = upload(samples.picture()), factories.nadia()
    with transaction():
        services.edit_media(
            media.id,
            alt="A field",
            credit="Rae",
            licence="CC BY 4.0",
            focal_x=x,
            focal_y=y,
            by=nadia,
            at=clock.now(),
        )
    media = queries.get_media(media.id)
    assert (media.focal_x, media.focal_y, media.alt, media.licence) == (x, y, "A field", "CC BY 4.0")
    assert db.session.scalars(select(PageChange.tag).where(PageChange.tag.startswith("media:"))).all() == [
        f"media:{media.id}"
    ]


def test_what_nothing_uses_is_deleted_with_its_files(app: Flask) -> None:
    media, nadia = upload(samples.picture()), factories.nadia()
    with transaction():
        names = services.delete_media(media.id, by=nadia, at=clock.now())
    services.discard_files(names)

    assert names == [media.file]
    assert not storage().exists(media.file)
    with pytest.raises(NotFound):
        queries.get_media(media.id)


def test_what_a_portrait_or_a_text_shows_cannot_be_deleted(app: Flask) -> None:
    media, nadia = upload(samples.picture()), factories.nadia()
    with transaction():
        services.set_portrait(nadia.id, media_id=media.id, by=nadia, at=clock.now())
    with pytest.raises(services.InUse), transaction():
        services.delete_media(media.id, by=nadia, at=clock.now())
    assert [(use.place, use.id) for use in queries.uses_of(media.id)] == [("portraits", nadia.id)]
    assert queries.portraits_of([nadia.id])[nadia.id].id == media.id

    with transaction():
        services.remove_portrait(nadia.id, by=nadia, at=clock.now())
        services.attach([media.id], holder="post:12")
    with pytest.raises(services.InUse), transaction():
        services.delete_media(media.id, by=nadia, at=clock.now())
    assert [(use.place, use.id) for use in queries.uses_of(media.id)] == [("post", 12)]

    with transaction():
        services.attach([], holder="post:12")
        services.delete_media(media.id, by=nadia, at=clock.now())


def test_a_portrait_is_a_picture(app: Flask, tmp_path: Path) -> None:
    media, nadia = upload(samples.sound(tmp_path / "a", "mp3", "libmp3lame")), factories.nadia()
    with pytest.raises(Invalid), transaction():
        services.set_portrait(nadia.id, media_id=media.id, by=nadia, at=clock.now())


def test_a_text_names_what_it_shows_in_any_size(app: Flask) -> None:
    first, second = upload(samples.picture()), upload(samples.picture("PNG"))
    with transaction():
        db.session.add(
            MediaVariant(
                media_id=second.id,
                file="aa/bb/cc-400.webp",
                mime="image/webp",
                width=400,
                height=300,
                byte_size=9,
            )
        )
    html = f'<img src="{first.src}"><img srcset="/media/aa/bb/cc-400.webp 400w"><a href="/media/no/such.jpg">'
    assert queries.ids_in_html(html) == {first.id, second.id}
    assert queries.ids_in_html("<p>nothing</p>") == set()


def test_the_list_is_paged_by_key_with_a_fixed_number_of_queries(
    app: Flask, count_queries: list[str]
) -> None:
    made = [upload(samples.picture(image=samples.drawing(40 + at, 30)), f"{at}.jpg").id for at in range(5)]
    queries_used = []
    for size in (1, 3):
        db.session.expunge_all()
        count_queries.clear()
        page = queries.media_page(size=size)
        assert [media.sources for media in page.items] == [[]] * size
        queries_used.append(len(count_queries))
    assert queries_used == [2, 2]

    page = queries.media_page(size=2)
    seen = [media.id for media in page.items]
    while page.next_before:
        page = queries.media_page(size=2, before=page.next_before)
        seen += [media.id for media in page.items]
    assert seen == made[::-1]


def test_the_list_finds_by_words_and_by_what_is_missing(app: Flask, tmp_path: Path) -> None:
    described = upload(samples.picture(), "spring.jpg", alt="A 100% green field")
    bare = upload(samples.picture("PNG"), "autumn_1.png")
    sound = upload(samples.sound(tmp_path / "a", "mp3", "libmp3lame"), "talk.mp3")

    def found(**wanted: object) -> list[int]:
        return [media.id for media in queries.media_page(**wanted).items]  # type: ignore[arg-type]

    assert found(search="GREEN spring") == [described.id]
    assert found(search="100%") == [described.id]
    assert found(search="autu") == [bare.id]
    assert found(search="%") == []
    assert found(only="missing") == [bare.id]
    assert found(kind="audio") == [sound.id]
    assert queries.count_missing_alt() == 1


def test_media_come_in_the_order_asked_for(app: Flask) -> None:
    first, second = upload(samples.picture()), upload(samples.picture("PNG"))
    assert [m.id for m in queries.media_by_ids([second.id, 999_999, first.id])] == [second.id, first.id]


def test_alternative_texts_are_set_together(app: Flask) -> None:
    first, second, nadia = upload(samples.picture()), upload(samples.picture("PNG")), factories.nadia()
    with transaction():
        services.describe_media({first.id: "One", second.id: "Two"}, by=nadia, at=clock.now())
    assert [m.alt for m in queries.media_by_ids([first.id, second.id])] == ["One", "Two"]


def test_what_is_served_of_a_picture_with_a_place_has_none(app: Flask) -> None:
    media = upload(samples.with_place("JPEG", 6))
    data = storage().read(media.file)
    assert samples.SECRET.encode() not in data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.size, dict(image.getexif())) == ((400, 600), {})
