import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.storage import storage
from cms.core.worker import run_once
from cms.media import jobs, queries, services
from cms.media.models import Media
from tests.cms.media import samples
from tests.cms.media.test_services import upload


def test_a_picture_gets_its_sizes_in_both_formats(app: Flask) -> None:
    media = upload(samples.with_place(image=samples.drawing(1000, 600)))
    assert jobs.make_variants() == {"finished": 1, "failed": 0}

    media = queries.get_media(media.id)
    assert (media.state, media.claimed_until, media.failure) == ("ready", None, None)
    assert [(v.mime, v.width, v.height) for v in sorted(media.variants, key=lambda v: (v.mime, v.width))] == [
        ("image/avif", 400, 240),
        ("image/avif", 800, 480),
        ("image/avif", 1000, 600),
        ("image/webp", 400, 240),
        ("image/webp", 800, 480),
        ("image/webp", 1000, 600),
    ]
    assert [mime for mime, _ in media.sources] == ["image/avif", "image/webp"]
    assert [entry.split()[1] for entry in media.sources[0][1].split(", ")] == ["400w", "800w", "1000w"]
    for variant in media.variants:
        data = storage().read(variant.file)
        assert len(data) == variant.byte_size
        assert samples.SECRET.encode() not in data
        with Image.open(io.BytesIO(data)) as image:
            assert (image.size, dict(image.getexif())) == ((variant.width, variant.height), {})
    assert jobs.make_variants() == {}


def test_a_worker_that_is_asked_to_stop_leaves_the_next_picture_to_another(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [upload(samples.with_place(image=samples.drawing(300, wide))).id for wide in (200, 201)]
    asked = iter([False, True])
    monkeypatch.setattr(jobs, "is_stopping", lambda: next(asked))
    assert jobs.make_variants() == {"finished": 1, "failed": 0}
    assert sorted(queries.get_media(one).state == "ready" for one in both) == [False, True]
    monkeypatch.setattr(jobs, "is_stopping", lambda: False)
    assert jobs.make_variants() == {"finished": 1, "failed": 0}


def test_a_video_gets_sizes_of_its_poster(app: Flask, tmp_path: Path) -> None:
    media = upload(samples.film(tmp_path / "made", size=(640, 480)), "clip.mp4")
    jobs.make_variants()

    media = queries.get_media(media.id)
    assert media.state == "ready"
    assert [(v.mime, v.width) for v in media.variants if v.mime != "image/avif"] == [
        ("image/webp", 400),
        ("image/jpeg", 640),
        ("image/webp", 640),
    ]
    assert media.poster is not None
    assert media.src.endswith(".mp4")


def test_a_picture_that_moves_gets_a_still_and_no_other_sizes(app: Flask) -> None:
    media = upload(samples.animation(), "wave.gif")
    jobs.make_variants()

    media = queries.get_media(media.id)
    assert media.sources == []
    assert media.poster == f"/media/{media.variants[0].file}"
    assert [v.mime for v in media.variants] == ["image/jpeg"]


def test_a_wav_becomes_an_mp3_and_the_copy_is_left_to_the_sweeper(app: Flask, tmp_path: Path) -> None:
    media = upload(samples.sound(tmp_path / "made", "wav", "pcm_s16le"), "talk.wav")
    before = media.file
    jobs.make_variants()

    media = queries.get_media(media.id)
    assert (media.state, media.mime) == ("ready", "audio/mpeg")
    assert media.byte_size == storage().size(media.file) < storage().size(before)
    assert queries.names_kept([before, media.file]) == {media.file}


def test_work_goes_on_where_another_worker_stopped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    media = upload(samples.picture(image=samples.drawing(1000, 600)))
    make_size, calls = jobs.pictures.make_size, []

    def dying(seconds: float, function: object, path: Path, width: int, mime: str) -> object:
        calls.append((mime, width))
        if len(calls) == 3:
            raise KeyboardInterrupt  # the worker is killed
        return make_size(path, width, mime)

    monkeypatch.setattr(jobs._helper, "run_within", dying)
    with pytest.raises(KeyboardInterrupt):
        jobs.make_variants()
    have = len(queries.get_media(media.id).variants)
    assert have == 2
    assert jobs.make_variants() == {}  # its claim still holds

    with clock.stopped(clock.now() + timedelta(hours=1)):
        assert jobs.make_variants() == {"finished": 1, "failed": 0}
    assert len(calls) == 3 + 4
    assert len(queries.get_media(media.id).variants) == 6


def test_one_bad_row_stops_no_other_and_says_why(app: Flask) -> None:
    bad, good = upload(samples.picture()), upload(samples.picture("PNG")).id
    bad_id = bad.id
    storage().delete(bad.file)

    assert jobs.make_variants() == {"finished": 1, "failed": 1}

    assert queries.get_media(good).state == "ready"
    failed = queries.get_media(bad_id)
    assert failed.state == "failed"
    assert failed.failure is not None
    assert failed.failure.startswith("FileNotFoundError")


def test_uploading_a_failed_file_again_tries_again(app: Flask) -> None:
    media = upload(samples.picture())
    with transaction():
        db.session.get_one(Media, media.id).state = "failed"
    assert upload(samples.picture()).state == "processing"


def test_a_row_that_kills_its_worker_three_times_is_parked(app: Flask) -> None:
    media = upload(samples.picture())
    for hours in range(3):
        with clock.stopped(clock.now() + timedelta(hours=hours)), transaction():
            assert services.claim_media(at=clock.now()) is not None
    with clock.stopped(clock.now() + timedelta(hours=9)):
        assert jobs.make_variants() == {}
    assert queries.get_media(media.id).state == "failed"


def test_a_worker_whose_claim_is_over_changes_nothing(app: Flask) -> None:
    media = upload(samples.picture())
    with transaction():
        late = services.claim_media(at=clock.now())
    with clock.stopped(clock.now() + timedelta(hours=1)), transaction():
        mine = services.claim_media(at=clock.now())
    assert late is not None
    assert mine is not None

    with transaction():
        services.fail_media(late, reason="late")
        services.finish_media(late)
    assert queries.get_media(media.id).state == "processing"
    with transaction():
        services.finish_media(mine)
    assert queries.get_media(media.id).state == "ready"


def test_the_jobs_are_in_the_list_of_the_worker(app: Flask) -> None:
    for job in jobs.JOBS:
        assert job in app.extensions["parley_jobs"]
        run_once(app, job)
