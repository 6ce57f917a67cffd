"""One gate: what exists for whom, asked of rules and of SQL, which must agree."""

import pytest

from cms.circles import rules, services
from cms.circles.models import Membership, Topic
from cms.circles.queries import gate, inside, listing
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import NotFound
from tests.cms.circles.making import join, make_circle, make_topic
from tests.factories import ivy, make_person, make_tag, nadia, rae, save

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("visibility", ["public", "members", "hidden"])
@pytest.mark.parametrize("state", [None, "requested", "invited", "member", "banned"])
@pytest.mark.parametrize("role", ["visitor", "member", "author", "editor"])
def test_the_rule_and_the_query_say_the_same(visibility: str, state: str | None, role: str) -> None:
    circle = make_circle(visibility=visibility)
    person = None if role == "visitor" else make_person("Rae Sato", role)
    if state and person:
        save(
            Membership(
                circle_id=circle.id, person_id=person.id, state=state, role="member", since=clock.now()
            )
        )
    standing = gate.standing_in(circle, person)
    assert gate.known_ids(person, [circle.id]) == ({circle.id} if rules.can_know(standing) else set())


@pytest.mark.parametrize(
    ("visibility", "audience", "readers"),
    [
        ("public", "all", {"visitor", "outsider", "member", "moderator", "editor"}),
        ("public", "members", {"member", "moderator", "editor"}),
        ("members", "all", {"outsider", "member", "moderator", "editor"}),
        ("members", "members", {"member", "moderator", "editor"}),
        ("hidden", "all", {"member", "moderator", "editor"}),
        ("hidden", "members", {"member", "moderator", "editor"}),
    ],
)
def test_who_reads_a_topic(visibility: str, audience: str, readers: set[str]) -> None:
    owner = make_person("Olga Petrova", "member")
    circle, member, moderator = (
        make_circle(owner=owner, visibility=visibility),
        rae(),
        make_person("Mo Ali", "member"),
    )
    join(circle, member)
    join(circle, moderator, role="moderator")
    topic = make_topic(circle, owner, audience=audience)
    people = {
        "visitor": None, "outsider": ivy(), "member": member, "moderator": moderator, "editor": nadia(),
    }  # fmt: skip
    seen = {name for name, one in people.items() if inside.topics(circle.id, one)}
    assert seen == readers
    for name, one in people.items():
        if name not in readers:
            with pytest.raises(NotFound):
                gate.get_topic(topic.id, one)


def test_a_hidden_topic_is_for_its_writer_and_moderators() -> None:
    circle, writer, other = make_circle(), rae(), ivy()
    join(circle, writer)
    join(circle, other)
    topic = make_topic(circle, writer)
    editor = nadia()
    with transaction():
        services.hide_topic(topic.id, why="An advertisement.", by=editor, at=clock.now())
    assert (inside.topics(circle.id, None), inside.topics(circle.id, other)) == ([], [])
    assert gate.get_topic(topic.id, writer).hidden_why == "An advertisement."
    assert db.session.get_one(Topic, topic.id).circle_id == circle.id


def test_a_hidden_circle_is_in_no_list_number_word_or_suggestion() -> None:
    tag = make_tag("5g")
    owner, outsider = make_person("Olga Petrova", "member"), ivy()
    hidden = make_circle("Inner", owner=owner, visibility="hidden", tags=["5g"])
    shown = make_circle("Outer", owner=rae(), tags=["5g"])
    join(shown, outsider)
    for person in (None, outsider, owner):
        assert [one.id for one in listing.circles(person)] == [shown.id]
        assert listing.circles(person, search="Inner") == []
        assert [one.id for one in listing.circles(person, tag_id=tag.id)] == [shown.id]
    assert [(one.id, number) for one, number in listing.words_of_circles()] == [(tag.id, 1)]
    assert listing.suggestions(outsider) == []
    assert [one.circle_id for one in listing.mine(owner)] == [hidden.id]  # whoever made it still finds it


def test_a_suggestion_says_why() -> None:
    make_tag("5g")
    reader = ivy()
    join(make_circle("One", owner=rae(), tags=["5g"]), reader)
    two = make_circle("Two", tags=["5g"])
    assert [(one.circle.id, one.tag.slug, one.because) for one in listing.suggestions(reader)] == [
        (two.id, "5g", "joined")
    ]


def test_a_list_of_many_needs_as_many_queries_as_one(count_queries: list[str]) -> None:
    make_tag("5g")
    make_circle("One", owner=rae(), tags=["5g"])
    db.session.rollback()
    count_queries.clear()
    listing.circles(None)
    one = len(count_queries)
    make_circle("Two", owner=ivy(), tags=["5g"])
    make_circle("Three", tags=["5g"])
    db.session.rollback()
    count_queries.clear()
    assert len(listing.circles(None)) == 3
    assert len(count_queries) == one
