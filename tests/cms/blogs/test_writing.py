"""Writing in one's own blog: only there, seen by readers of it, private before."""

import pytest
from sqlalchemy import select

from cms.blogs import queries, rules, services
from cms.blogs.services import BlogNotOpen, NotInBlog
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.people.models import Person
from cms.posts import rules as post_rules
from cms.posts import services as posts
from cms.posts.models import Post
from cms.posts.queries import DeskFilter, desk_posts, trashed_posts
from cms.posts.services import ChangedMeanwhile
from tests.cms.blogs.blogging import feature, open_blog, pitch, rewrite, write
from tests.factories import ivy, make_person, make_post, nadia, rae, read_again

pytestmark = pytest.mark.usefixtures("app")


def test_a_text_of_a_blog_has_its_owners_byline_and_no_section() -> None:
    post = write(open_blog(), tags=("Trams",))
    one = queries.get_blog_post(post.id)
    assert [(row.person_id, row.role) for row in one.post.bylines] == [(one.blog.person_id, "author")]
    assert (post.is_live, post.is_main, post.section_id) == (True, False, None)


def test_a_note_is_found_by_its_tags_like_any() -> None:
    post = write(open_blog(), "", body="Late again #trams", kind="note")
    one = queries.get_blog_post(post.id)
    assert (post.kind, post.slug, [row.tag.slug for row in one.post.tags]) == ("note", None, ["trams"])


def test_what_never_went_out_is_its_writers_alone() -> None:
    editor, owner = nadia(), rae()
    hidden = write(open_blog(owner, editor), publish=False)
    shown = write(queries.get_blog(hidden.blog_id or 0), "Trams by day")
    assert hidden.is_private
    loaded = queries.get_blog_post(hidden.id).post
    assert not post_rules.can_see_draft(editor, loaded)
    assert not post_rules.can_publish(editor, loaded)
    assert [one.id for one in desk_posts(DeskFilter(), person=editor)] == [shown.id]
    with transaction():
        services.discard_text(hidden.id, by=read_again(Person, owner.id), at=clock.now())
    assert list(trashed_posts(person=editor)) == []


def test_only_its_owner_writes_there_and_only_while_it_is_open() -> None:
    editor, owner, other = nadia(), rae(), ivy()
    blog = open_blog(owner, editor)
    one = queries.get_blog_post(write(blog).id)
    assert rules.can_edit(owner, one)
    assert rules.can_publish(owner, one)
    assert not rules.can_edit(other, one)
    assert not rules.can_publish(editor, one)
    assert not rules.can_see_text(other, one)
    with transaction():
        services.close_blog(blog.id, reason="No.", by=editor, at=clock.now())
    again = queries.get_blog_post(one.post.id)
    assert not rules.can_edit(owner, again)
    assert rules.can_see_text(owner, again)
    with pytest.raises(BlogNotOpen):
        write(queries.get_blog(blog.id))
    with pytest.raises(BlogNotOpen), transaction():
        services.publish_text(one.post.id, by=owner, at=clock.now())


def test_a_post_of_the_main_site_is_no_text_of_a_blog() -> None:
    owner = rae()
    open_blog(owner)
    post = make_post(bylines=[owner])
    with pytest.raises(NotInBlog), transaction():
        services.take_down_text(post.id, by=owner, at=clock.now())


def test_a_save_on_top_of_another_one_is_stopped() -> None:
    post = write(open_blog())
    stale = post.latest_revision_id
    rewrite(post, "They hum in A.")
    ready = services.prepare(
        "article", title="Mine", summary="", body="Mine", language="en", tags=[], own_language="en"
    )
    by = read_again(Person, post.created_by_id or 0)
    with pytest.raises(ChangedMeanwhile), transaction():
        services.save_text(post.id, ready, base_id=stale, by=by, at=clock.now())


def test_publishing_what_readers_see_already_does_nothing() -> None:
    post = write(open_blog())
    by = read_again(Person, post.created_by_id or 0)
    with transaction():
        services.publish_text(post.id, by=by, at=clock.now())
    assert read_again(Post, post.id).version == post.version


def test_what_editors_featured_is_the_text_they_read() -> None:
    editor = nadia()
    post = feature(write(open_blog(editor=editor)), editor)
    assert post.is_main
    kept = rewrite(post, "Not published yet.", publish=False)
    assert kept.featured_at is not None
    changed = rewrite(kept, "BUY TRAMS")
    assert (changed.is_live, changed.featured_at) == (True, None)
    told = db.session.scalars(select(Notice.kind).where(Notice.person_id == editor.id)).all()
    assert "blog.feature_lapsed" in told


def test_taking_down_and_throwing_away_end_what_hangs_on_it() -> None:
    editor = nadia()
    post = feature(write(open_blog(editor=editor)), editor)
    pitch_id = pitch(post).id
    by = read_again(Person, post.created_by_id or 0)
    with transaction():
        services.take_down_text(post.id, by=by, at=clock.now())
    assert queries.get_pitch(pitch_id).state == "withdrawn"
    assert read_again(Post, post.id).featured_at is None
    with transaction():
        services.discard_text(post.id, by=by, at=clock.now())
    assert [one.id for one in trashed_posts(person=editor)] == [post.id]


def test_a_review_of_the_main_blog_does_not_hold_up_a_members_blog() -> None:
    from cms.reviews import services as reviews
    from cms.reviews.services.plans import PlannedStep

    reviewer = make_person("Edda Brandt", "editor")
    with transaction():
        step = PlannedStep(
            {"en": "Read"}, mode="any", days=2, required=True, role=None, people=(reviewer.id,)
        )
        reviews.set_plan(None, [step], by=None, at=clock.now())
    blog = open_blog()
    assert write(blog).is_live
    with pytest.raises(posts.NotReady):
        make_post("Ours", by=None, bylines=[reviewer], publish=False, body="x") and _publish(reviewer)


def _publish(by: Person) -> None:
    post = make_post("Ours too", publish=False)
    with transaction():
        posts.publish_post(post.id, by=by, at=clock.now())
