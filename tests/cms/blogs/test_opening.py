"""Asking for a blog, and what becomes of it."""

import pytest
from sqlalchemy import func, select

from cms.blogs import queries, rules, services
from cms.blogs.events import BlogOpened
from cms.blogs.models import Blog
from cms.blogs.services import Face, HasBlog, OtherState
from cms.core import clock, seams
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.notices.models import Notice
from cms.people.models import AuditEntry, Person
from tests.cms.blogs.blogging import FACE, applied, open_blog
from tests.factories import make_person, nadia, rae, read_again, save

pytestmark = pytest.mark.usefixtures("app")


def told(person: Person) -> list[str]:
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id)))


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_who_asks_waits_and_the_editors_know() -> None:
    editor, asker = nadia(), rae()
    blog = applied(asker)
    assert (blog.state, blog.title, blog.opened_at) == ("applied", "Slow signals", None)
    assert told(editor) == ["blog.applied"]
    assert not rules.can_write(asker, blog)


def test_asking_again_changes_what_was_asked_for() -> None:
    asker = rae()
    first = applied(asker).id
    again = applied(asker, Face("Slower signals", "", "zh"))
    assert (again.id, again.title, again.language) == (first, "Slower signals", "zh")


def test_the_database_keeps_one_blog_for_one_person() -> None:
    blog = applied(rae())
    at = clock.now()
    twin = Blog(
        person_id=blog.person_id, state="applied", title="Two", language="en", applied_at=at, state_at=at
    )
    with pytest.raises(Exception, match=r"(?i)unique"):
        save(twin)


def test_opening_lets_its_owner_write_and_is_told_audited_and_announced() -> None:
    editor, asker = nadia(), rae()
    heard: list[BlogOpened] = []
    seams.on(BlogOpened, heard.append)
    try:
        blog = open_blog(asker, editor)
    finally:
        seams._handlers[BlogOpened].remove(heard.append)
    assert rules.can_write(read_again(Person, asker.id), blog)
    assert "blog.decided" in told(asker)
    assert acts() == ["blog.opened"]
    assert heard == [BlogOpened(blog.id, asker.id, clock.now())]


def test_an_editor_needs_nobodys_leave() -> None:
    assert applied(nadia()).state == "open"


def test_a_refusal_says_why_and_can_be_followed_by_another_request() -> None:
    editor, asker = nadia(), rae()
    blog_id = applied(asker).id
    with pytest.raises(Invalid), transaction():
        services.refuse_blog(blog_id, reason=" ", by=editor, at=clock.now())
    with transaction():
        services.refuse_blog(blog_id, reason="Tell us more.", by=editor, at=clock.now())
    assert read_again(Blog, blog_id).reason == "Tell us more."
    assert (applied(asker).state, read_again(Blog, blog_id).reason) == ("applied", "")


def test_a_closed_blog_is_not_written_in_and_can_be_opened_again() -> None:
    editor, owner = nadia(), rae()
    blog_id = open_blog(owner, editor).id
    with transaction():
        services.close_blog(blog_id, reason="Advertisements.", by=editor, at=clock.now())
    blog = read_again(Blog, blog_id)
    assert not rules.can_write(owner, blog)
    assert not blog.is_own_closing
    with pytest.raises(HasBlog):
        applied(owner)
    with transaction():
        services.open_blog(blog_id, by=editor, at=clock.now())
    assert acts() == ["blog.opened", "blog.closed", "blog.reopened"]


def test_owners_close_without_a_reason_and_may_open_what_they_closed() -> None:
    owner = rae()
    blog_id = open_blog(owner).id
    with transaction():
        services.close_blog(blog_id, reason="", by=owner, at=clock.now())
    assert read_again(Blog, blog_id).is_own_closing


def test_deciding_twice_is_said() -> None:
    editor = nadia()
    blog_id = open_blog(rae(), editor).id
    with pytest.raises(OtherState), transaction():
        services.open_blog(blog_id, by=editor, at=clock.now())
    with pytest.raises(OtherState), transaction():
        services.refuse_blog(blog_id, reason="No.", by=editor, at=clock.now())


def test_a_withdrawn_request_leaves_nothing() -> None:
    asker = rae()
    blog_id = applied(asker).id
    with transaction():
        services.withdraw_application(blog_id, by=asker, at=clock.now())
    assert db.session.scalar(select(func.count()).select_from(Blog)) == 0


@pytest.mark.parametrize(
    ("face", "field"),
    [
        (Face(" ", "", "en"), "title"),
        (Face("x" * 121, "", "en"), "title"),
        (Face("A", "x" * 2001, "en"), "about"),
        (Face("A", "", "xx"), "language"),
    ],
)
def test_what_a_blog_says_of_itself_is_checked(face: Face, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        applied(rae(), face)
    assert list(caught.value.errors) == [field]


def test_applications_come_first_come_first_served() -> None:
    first, second = applied(rae()).id, applied(make_person("Ivy Lindqvist", "member"), FACE).id
    assert [one.id for one in queries.blogs("applied")] == [first, second]
    assert queries.count_waiting() == (2, 0)
