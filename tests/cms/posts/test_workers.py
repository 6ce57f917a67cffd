"""Several workers at once, on real connections: of two that see the same row due, one acts."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.models import PageChange
from cms.notices.models import Notice
from cms.posts import services
from cms.posts.jobs import publish_due_posts, publish_due_releases, take_down_ended_posts
from cms.posts.models import Post, Release, Revision
from tests.factories import make_post

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
WORKERS = 3
Outcome = dict[str, int]


@pytest.fixture
def database(whole_app: Flask) -> Iterator[Flask]:
    """The application on real connections; what is committed is removed by hand afterwards."""
    yield whole_app
    with whole_app.app_context():
        with transaction():
            for post in db.session.query(Post).filter(Post.trashed_at.is_(None)).all():
                services.trash_post(post.id, by=None, at=LATER)
        with transaction():  # purging would leave lines in the audit log, which only grows
            for left in (Release, Post, PageChange, Notice):
                db.session.query(left).delete()
        assert db.session.query(Revision).count() == 0


def outcomes(app: Flask, job: Callable[[], Outcome]) -> list[Outcome]:
    """What each of several workers says it did, when all start at the same moment."""
    found: list[Outcome] = []
    start = threading.Barrier(WORKERS)

    def work() -> None:
        with app.app_context():
            start.wait()
            found.append(job())

    with clock.stopped(LATER):
        workers = [threading.Thread(target=work) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    return sorted(found, key=len)


def test_a_post_goes_out_once(database: Flask) -> None:
    with database.app_context():
        make_post("Once", due_at=LATER)
    assert outcomes(database, publish_due_posts) == [{}, {}, {"published": 1}]


def test_a_post_is_taken_down_once(database: Flask) -> None:
    with database.app_context():
        post_id = make_post("Once").id
        with transaction():
            services.plan_removal(post_id, wall="2026-11-21T13:00", zone="UTC", by=None, at=NOON)
    assert outcomes(database, take_down_ended_posts) == [{}, {}, {"taken_down": 1}]


def test_a_release_goes_out_once(database: Flask) -> None:
    with database.app_context():
        ids = [make_post(title, publish=False).id for title in ("One", "Two")]
        with transaction():
            release_id = services.create_release("Both", by=None, at=NOON).id
            for post_id in ids:
                services.add_to_release(release_id, post_id, by=None, at=NOON)
        with transaction():
            services.schedule_release(release_id, wall="2026-11-21T13:00", zone="UTC", by=None, at=NOON)
    assert outcomes(database, publish_due_releases) == [{}, {}, {"released": 1}]
    with database.app_context():
        assert db.session.query(Post).filter(Post.live_revision_id.is_not(None)).count() == 2


def test_what_cannot_go_out_is_noted_once(database: Flask) -> None:
    with database.app_context():
        post_id = make_post("Never", due_at=LATER).id
        with transaction():
            services.trash_post(post_id, by=None, at=NOON)
    said = outcomes(database, publish_due_posts)
    assert said[-1] == {"missed": 1}
    with database.app_context():
        post = db.session.get(Post, post_id)
        assert post is not None
        assert post.due_problem == "It was in the trash when its time came."
