import pytest
from flask import Flask
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.posts import queries, rules, services
from cms.posts.models import Post
from tests.factories import make_person, make_post, read_again

ROLES = ("guest", "member", "expert", "author", "editor", "manager", "admin")


@pytest.mark.parametrize("role", ROLES)
def test_the_rule_and_the_condition_of_the_database_say_the_same(app: Flask, role: str) -> None:
    person = make_person("Someone", role)
    other = make_person("Other", "author", handle="other")
    made = [
        make_post("Own", publish=False, by=person),
        make_post("Credited", publish=False, by=other, bylines=[other, person]),
        make_post("Someone else's", publish=False, by=other, bylines=[other]),
        make_post("Live", by=other),
        make_post("Own and live", by=person),
    ]
    by_rule = {one.id for one in made if rules.can_see_draft(person, queries.get_post(one.id))}
    assert set(db.session.scalars(select(Post.id).where(queries.open_to(person)))) == by_rule
    wanted = {"guest": 0, "member": 0, "expert": 3, "author": 3}
    assert len(by_rule) == wanted.get(role, 5)


def test_what_is_in_the_trash_is_open_to_nobody(app: Flask) -> None:
    make_post(trashed=True)
    assert list(db.session.scalars(select(Post.id).where(queries.open_to(make_person("Ada", "admin"))))) == []
    assert list(db.session.scalars(select(Post.id).where(queries.open_to(None)))) == []


def test_authors_write_on_but_change_what_readers_see_only_until_they_see_it(app: Flask) -> None:
    author, editor = make_person("Mei", "author"), make_person("Nadia", "editor")
    draft = queries.get_post(make_post("Draft", publish=False, by=author).id)
    live = queries.get_post(make_post("Live", by=author).id)
    assert [rules.can_edit(author, one) for one in (draft, live)] == [True, True]
    assert [rules.can_edit_details(author, one) for one in (draft, live)] == [True, False]
    assert [rules.can_trash(author, one) for one in (draft, live)] == [True, False]
    other = make_person("Otto", "author")
    assert [rules.can_edit(other, one) for one in (draft, live)] == [False, False]
    assert [rules.can_edit(editor, one) for one in (draft, live)] == [True, True]
    assert [rules.can_publish(one, draft) for one in (author, editor, None)] == [False, True, False]
    assert rules.can_edit(editor, None) is False


def test_a_version_that_is_not_expected_is_refused(app: Flask) -> None:
    post = make_post()
    with transaction():
        services.expect_version(post.id, post.version)
    version = post.version
    with transaction():
        services.take_down_post(post.id, by=None, at=clock.now())
    with pytest.raises(services.ChangedMeanwhile), transaction():
        services.expect_version(post.id, version)
    assert not read_again(Post, post.id).is_live
