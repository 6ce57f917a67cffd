"""Several programs at once, on real connections."""

import threading

from flask import Flask
from sqlalchemy import func, select

from cms.core.database import db
from cms.posts.models import Post
from tests.cms.api.conftest import Program
from tests.factories import make_post, nadia


def at_once(calls: list[object]) -> None:
    """Run these functions at the same moment, and wait for them."""
    start = threading.Barrier(len(calls))

    def run(call: object) -> None:
        start.wait()
        call()  # type: ignore[operator]

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_same_key_at_the_same_moment_makes_one_post(own_app: Flask) -> None:
    with own_app.app_context():
        program = Program(own_app, nadia())
    answers = []

    def create() -> None:
        key = {"Idempotency-Key": "once"}
        answers.append(program.post("/posts", json={"title": "Fog", "tags": ["fog"]}, headers=key))

    at_once([create] * 4)
    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.headers["Location"] for one in answers}) == 1
    assert sorted("Idempotent-Replayed" in one.headers for one in answers) == [False, True, True, True]
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Post)) == 1


def test_of_two_changes_to_the_same_version_one_is_refused(own_app: Flask) -> None:
    with own_app.app_context():
        program, post_id = Program(own_app, nadia()), make_post().id
    etag = program.get(f"/posts/{post_id}").headers["ETag"]
    statuses = []

    def change(title: str) -> None:
        answer = program.patch(f"/posts/{post_id}", json={"title": title}, headers={"If-Match": etag})
        statuses.append(answer.status_code)

    at_once([lambda: change("Mine"), lambda: change("Theirs")])
    assert sorted(statuses) == [200, 412]
    assert program.get(f"/posts/{post_id}").json["revision"] == 2
