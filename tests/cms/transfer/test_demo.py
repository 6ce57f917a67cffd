import re
import zlib
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import and_, func, select

from campaigns.engagement.store import SITE, Store
from cms.blogs.models import Blog, Pitch
from cms.contests.models import Entry
from cms.core import clock
from cms.core.database import db, transaction
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.models import KINDS, Post
from cms.transfer.demo import sounds
from cms.transfer.demo.blogs import make_blogs
from cms.transfer.demo.build import NotEmpty, build_demo
from cms.transfer.demo.content import published_at, read_sample
from cms.transfer.demo.drawing import SCENES
from cms.transfer.demo.pictures.canvas import Canvas
from cms.transfer.demo.site import DemoSite
from tests.factories import make_person, nadia

SAMPLE = read_sample()
HAN = re.compile("[\u4e00-\u9fff]")


def test_there_are_posts_of_all_kinds_in_both_languages() -> None:
    assert len(SAMPLE.posts) >= 40
    assert {post.kind for post in SAMPLE.posts} == set(KINDS)
    languages = Counter(post.language for post in SAMPLE.posts)
    assert abs(languages["en"] - languages["zh"]) < 8
    stories = Counter(post.story for post in SAMPLE.posts)
    assert sum(count == 2 for count in stories.values()) >= 10


@pytest.mark.parametrize("post", SAMPLE.posts + SAMPLE.drafts, ids=lambda post: post.name)
def test_every_post_is_whole_and_written_in_its_language(post) -> None:  # type: ignore[no-untyped-def]
    handles = {person["handle"] for person in SAMPLE.people}
    assert {by["handle"] for by in post.bylines} <= handles
    assert set(post.tags) <= set(SAMPLE.tags)
    assert bool(HAN.search(post.body)) == (post.language == "zh")
    assert published_at(post.published, clock.now()) < clock.now()
    if post.kind != "note":
        assert post.title
        assert post.summary
        assert post.cover in SCENES
        assert bool(HAN.search(post.cover_alt)) == (post.language == "zh")
    assert all(shown["key"] in SCENES and shown["alt"] for shown in post.gallery)
    assert (post.kind == "photo") == bool(post.gallery)
    assert (post.kind in ("audio", "video")) == bool(post.media and post.transcript)


def test_a_picture_is_the_same_each_time() -> None:
    def draw() -> bytes:
        canvas = Canvas(zlib.crc32(b"chart-hills"))
        SCENES["chart-hills"](canvas)
        return canvas.finish().tobytes()

    assert draw() == draw()


def test_a_recording_is_the_same_each_time() -> None:
    assert sounds.river_notes() == sounds.river_notes()


@pytest.mark.slow
@pytest.mark.once  # journeys make it on the other database
def test_the_sample_site_is_made_once_and_never_into_somebodys_work(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'analytics.db'}")  # figures are not undone with the test
    monkeypatch.setitem(app.extensions, "parley_store", store)
    made = build_demo(clock.now(), quiet=True)
    entered = select(Entry.published_id).where(Entry.published_id.is_not(None))
    ours = and_(Post.blog_id.is_(None), Post.id.not_in(entered))
    live = db.session.scalar(select(func.count()).where(Post.live_revision_id.is_not(None), ours))
    assert live == made["posts"] == len(SAMPLE.posts)
    assert db.session.scalar(select(func.count()).select_from(Media)) == made["files"]
    assert store.totals(SITE, [0])[0].views > 5000
    store.engine.dispose()
    with pytest.raises(NotEmpty):
        build_demo(clock.now(), quiet=True)
    assert db.session.scalar(select(func.count()).where(ours)) == len(SAMPLE.posts) + len(SAMPLE.drafts)
    assert db.session.scalar(select(func.count()).where(Post.blog_id.is_not(None))) == 5


def test_an_instance_with_one_person_is_not_empty(app: Flask) -> None:
    nadia()
    with pytest.raises(NotEmpty):
        build_demo(clock.now(), quiet=True)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_the_blogs_of_the_sample_site_are_in_both_languages(app: Flask) -> None:
    roles = {"zhao-min": "editor", "rae": "member", "he-jun": "author", "elif-aydin": "expert"}
    people = {handle: make_person(handle.title(), role, handle=handle).id for handle, role in roles.items()}
    with transaction():
        make_blogs(DemoSite(at=clock.now(), people=people, files={}, stories={}))
    blogs = db.session.execute(select(Blog.language, Blog.state).order_by(Blog.id)).all()
    assert [tuple(row) for row in blogs] == [("en", "open"), ("zh", "open"), ("en", "applied")]
    of_blogs = select(func.count()).where(Post.live_revision_id.is_not(None), Post.blog_id.is_not(None))
    assert db.session.scalar(of_blogs) == 5
    assert db.session.scalar(of_blogs.where(Post.featured_at.is_not(None))) == 1
    assert db.session.scalars(select(Pitch.state)).all() == ["waiting"]
