"""The newest change of everything is remembered; the rest is forgotten after a day."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from cms.core import changes, clock
from cms.core.database import db, transaction
from cms.core.models import PageChange
from cms.core.pagecache import touch
from tests.conftest import NOW


def touched(*tags: str, hours_ago: int) -> None:
    with clock.stopped(NOW - timedelta(hours=hours_ago)), transaction():
        touch(*tags)


def test_the_newest_change_of_each_tag_is_kept_for_good(app: Flask) -> None:
    touched("posts", "tag:1", hours_ago=72)
    touched("posts", hours_ago=48)
    touched("posts", hours_ago=36)
    touched("tag:2", hours_ago=1)
    touched("tag:2", hours_ago=0)
    assert changes.forget_seen_changes() == {"forgotten": 2}
    rows = db.session.execute(select(PageChange.tag, PageChange.at).order_by(PageChange.id)).all()
    assert [(row.tag, (NOW - row.at) // timedelta(hours=1)) for row in rows] == [
        ("tag:1", 72),
        ("posts", 36),
        ("tag:2", 1),
        ("tag:2", 0),
    ]
    assert changes.forget_seen_changes() == {}


def test_the_last_change_is_the_newest_of_the_named_tags(app: Flask) -> None:
    touched("posts", hours_ago=5)
    touched("tag:1", hours_ago=3)
    touched("tag:2", hours_ago=1)
    assert changes.last_change({"posts", "tag:1"}) == NOW - timedelta(hours=3)
    assert changes.last_change({"tag:9"}) is None
