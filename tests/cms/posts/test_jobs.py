"""What the worker does for posts."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.core import clock
from cms.core.database import db, transaction
from cms.posts import queries, services
from cms.posts.jobs import publish_due_posts, purge_trash
from cms.posts.models import Post, RevisionMedia
from tests.factories import make_media, make_post, nadia, read_again

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.mark.usefixtures("app")
def test_due_posts_go_out_and_one_that_cannot_does_not_stop_them() -> None:
    recording = make_media("audio")
    broken = make_post("A", kind="audio", media=[services.Attachment(recording.id)], due_at=LATER)
    fine, early = make_post("B", due_at=LATER), make_post("C", due_at=LATER + timedelta(hours=1))
    with transaction():
        db.session.query(RevisionMedia).delete()
    with clock.stopped(LATER):
        assert publish_due_posts() == {"published": 1, "missed": 1}
        assert publish_due_posts() == {}
    assert [read_again(Post, one.id).is_live for one in (broken, fine, early)] == [False, True, False]
    assert read_again(Post, broken.id).due_problem == (
        "An audio post needs its recording before it can be published."
    )


@pytest.mark.usefixtures("app")
def test_a_post_nobody_came_for_is_seen_to_be_late() -> None:
    post, editor = make_post(due_at=LATER), nadia()
    assert queries.missed_posts(person=editor, late_since=LATER) == []
    assert [
        one.id for one in queries.missed_posts(person=editor, late_since=LATER + timedelta(minutes=5))
    ] == [post.id]


@pytest.mark.usefixtures("app")
def test_the_trash_is_emptied_after_thirty_days() -> None:
    make_post("Old", trashed=True)
    with clock.stopped(NOON + timedelta(days=1)):
        young = make_post("Young", trashed=True)
    with clock.stopped(NOON + timedelta(days=30, seconds=1)):
        assert purge_trash() == {"removed": 1}
        assert purge_trash() == {}
    assert [one.id for one in queries.trashed_posts()] == [young.id]
