"""A text of a blog is offered to the main blog, read there, and taken over with its credit."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.blogs import queries, rules, services
from cms.blogs.events import PitchAccepted
from cms.blogs.models import Pitch
from cms.blogs.services import NewerText, NotPitched, NotShown, PitchedAlready, PitchedAnother
from cms.core import clock, seams
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.notices.models import Notice
from cms.people.models import Person
from cms.posts.models import Byline, Post
from cms.posts.services import NotReady
from cms.reviews import services as reviews
from cms.reviews.queries.loading import find_open_round
from cms.reviews.services.plans import PlannedStep
from tests.cms.blogs.blogging import open_blog, pitch, rewrite, write
from tests.factories import make_person, make_section, nadia, rae, read_again

pytestmark = pytest.mark.usefixtures("app")


def accept(one: Pitch, by: Person, section_id: int | None = None) -> Post:
    pitch_id, post_id = one.id, one.post_id
    with transaction():
        services.accept(pitch_id, section_id=section_id, by=by, at=clock.now())
    return read_again(Post, post_id)


def plan(reviewer: Person) -> None:
    step = PlannedStep({"en": "Read"}, mode="any", days=2, required=True, role=None, people=(reviewer.id,))
    with transaction():
        reviews.set_plan(None, [step], by=None, at=clock.now())


def test_accepted_it_is_the_main_blogs_with_byline_address_and_credit(client: FlaskClient) -> None:
    editor, owner = nadia(), rae()
    heard: list[PitchAccepted] = []
    seams.on(PitchAccepted, heard.append)
    post = write(open_blog(owner, editor))
    before = (post.slug, post.published_at, post.updated_at, post.guid)
    section = make_section()
    try:
        taken = accept(pitch(post), editor, section.id)
    finally:
        seams._handlers[PitchAccepted].remove(heard.append)
    assert (taken.blog_id, taken.is_main, taken.section_id) == (None, True, section.id)
    assert (taken.slug, taken.published_at, taken.updated_at, taken.guid) == before
    assert db.session.scalars(select(Byline.person_id).where(Byline.post_id == post.id)).all() == [owner.id]
    page = client.get(f"/en/posts/{taken.slug}").text
    assert "First written in the blog of Rae Sato:" in page
    assert "Slow signals" in page
    assert [(one.post_id, one.person_id) for one in heard] == [(post.id, owner.id)]


def test_from_then_on_editors_look_after_it_and_its_writer_still_finds_it() -> None:
    editor, owner = nadia(), rae()
    post = accept(pitch(write(open_blog(owner, editor))), editor)
    one = queries.get_blog_post(post.id)
    assert rules.can_see_text(owner, one)
    assert not rules.can_edit(owner, one)
    assert [text.id for text in queries.texts_of(one.blog.id)] == [post.id]
    told = db.session.scalars(select(Notice.kind).where(Notice.person_id == owner.id)).all()
    assert "blog.pitch_decided" in told


def test_exactly_what_was_pitched_is_taken_or_nothing() -> None:
    editor = nadia()
    post = write(open_blog(editor=editor))
    offered = pitch(post)
    rewrite(post, "Another text.")
    with pytest.raises(PitchedAnother):
        accept(offered, editor)
    assert read_again(Post, post.id).blog_id is not None


def test_only_what_readers_see_is_pitched_and_only_once() -> None:
    blog = open_blog()
    with pytest.raises(NotShown):
        pitch(write(blog, publish=False))
    post = write(queries.get_blog(blog.id), "Trams by day")
    with pytest.raises(NewerText):
        pitch(rewrite(post, "Newer.", publish=False))
    shown = rewrite(read_again(Post, post.id), "Newest.")
    pitch(shown)
    with pytest.raises(PitchedAlready):
        pitch(read_again(Post, shown.id))


def test_declined_it_stays_in_its_blog_with_the_reason_and_may_come_again() -> None:
    editor = nadia()
    post = write(open_blog(editor=editor))
    pitch_id = pitch(post).id
    with pytest.raises(Invalid), transaction():
        services.decline(pitch_id, reason="", by=editor, at=clock.now())
    with transaction():
        services.decline(pitch_id, reason="Too short.", by=editor, at=clock.now())
    assert queries.get_pitch(pitch_id).reason == "Too short."
    assert read_again(Post, post.id).blog_id is not None
    with pytest.raises(NotPitched), transaction():
        services.accept(pitch_id, section_id=None, by=editor, at=clock.now())
    assert pitch(read_again(Post, post.id)).state == "waiting"


def test_where_texts_are_reviewed_a_pitch_is_too() -> None:
    editor, reviewer = nadia(), make_person("Edda Brandt", "editor")
    plan(reviewer)
    post = write(open_blog(editor=editor))
    offered = pitch(post)
    round = find_open_round(post.id)
    assert round is not None
    step_id, revision_id = round.steps[0].id, post.latest_revision_id
    with pytest.raises(NotReady):
        accept(offered, editor)
    assert read_again(Post, post.id).blog_id is not None
    with transaction():
        reviews.decide(step_id, verdict="approved", revision_id=revision_id, by=reviewer, at=clock.now())
    assert accept(queries.get_pitch(offered.id), editor).is_main
    assert find_open_round(post.id) is None


def test_withdrawing_a_pitch_ends_its_review() -> None:
    plan(make_person("Edda Brandt", "editor"))
    post = write(open_blog())
    pitch_id, by = pitch(post).id, read_again(Person, post.created_by_id or 0)
    with transaction():
        services.withdraw(pitch_id, by=by, at=clock.now())
    assert find_open_round(post.id) is None
