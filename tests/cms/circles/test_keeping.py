"""Making, settings that are three, hiding, closing, merging."""

from datetime import timedelta

import pytest

from cms.circles import services
from cms.circles.models import Circle, CircleSlug, Membership, Topic
from cms.circles.queries import gate, inside
from cms.circles.services.problems import LeadsToItself, NameTaken, TooManyCircles
from cms.circles.services.settling import prepare
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.topics import services as topics
from tests.cms.circles.making import join, make_circle, make_topic
from tests.factories import ivy, make_person, make_tag, nadia, rae

pytestmark = pytest.mark.usefixtures("app")


def change(circle: Circle, by: object, old_topics: str = "keep", **settings: object) -> Circle:
    given = {
        name: getattr(circle, name)
        for name in ("name", "purpose", "visibility", "join_policy", "content_default", "language")
    }
    ready = prepare(**{**given, **settings})  # type: ignore[arg-type]
    with transaction():
        services.change_settings(circle.id, ready, old_topics=old_topics, by=by, at=clock.now())  # type: ignore[arg-type]
    return db.session.get_one(Circle, circle.id)


def test_changing_who_sees_it_leaves_the_other_two_settings_alone() -> None:
    owner = make_person("Olga Petrova", "member")
    circle = make_circle(owner=owner, join_policy="request", content_default="members")
    for visibility in ("members", "hidden", "public"):
        circle = change(circle, owner, visibility=visibility)
        assert (circle.visibility, circle.join_policy, circle.content_default) == (
            visibility,
            "request",
            "members",
        )


def test_hiding_takes_the_old_addresses_away_and_frees_the_name() -> None:
    owner = make_person("Olga Petrova", "member")
    circle = change(make_circle("Quiet plans", owner=owner), owner, visibility="hidden")
    assert circle.slug.startswith("quiet-plans-")
    with pytest.raises(NotFound):
        gate.find_standing("quiet-plans", owner)
    other = make_circle("Quiet plans", owner=ivy())  # nothing tells that the name is in use
    assert other.slug == "quiet-plans"
    with pytest.raises(NameTaken):
        change(circle, owner, visibility="public")


def test_tightening_asks_what_becomes_of_what_was_public() -> None:
    owner, reader = make_person("Olga Petrova", "member"), rae()
    circle = make_circle(owner=owner)
    topic = make_topic(circle, owner)
    assert gate.get_topic(topic.id, None).id == topic.id
    circle = change(circle, owner, visibility="members")
    with pytest.raises(NotFound):
        gate.get_topic(topic.id, None)
    assert gate.get_topic(topic.id, reader).id == topic.id
    change(circle, owner, old_topics="members", visibility="members")
    with pytest.raises(NotFound):
        gate.get_topic(topic.id, reader)


def test_an_old_address_leads_on_after_a_new_name() -> None:
    owner = make_person("Olga Petrova", "member")
    circle = change(make_circle("First name", owner=owner), owner, name="Second name")
    assert gate.find_standing("first-name", None).circle.id == circle.id
    assert circle.slug == "second-name"


@pytest.mark.parametrize(
    "name", ["Night-Photographers", "Nіght photographers"]
)  # the second with a Cyrillic letter
def test_a_name_that_looks_like_another_is_refused(name: str) -> None:
    owner = make_person("Olga Petrova", "member", created_at=clock.now() - timedelta(days=30))
    make_circle(owner=owner)
    with pytest.raises(NameTaken):
        make_circle(name, owner=owner)


@pytest.mark.parametrize("name", ["Support", "官方", "Moderators"])
def test_members_cannot_speak_for_the_company(name: str) -> None:
    with pytest.raises(Invalid):
        make_circle(name, owner=rae())
    assert make_circle(name, owner=nadia()).name == name


def test_a_new_account_makes_one_circle() -> None:
    owner = rae()
    make_circle("One", owner=owner)
    with pytest.raises(TooManyCircles):
        make_circle("Two", owner=owner)
    old = make_person("Olga Petrova", "member", created_at=clock.now() - timedelta(days=30))
    make_circle("Three", owner=old)
    make_circle("Four", owner=old)


def test_a_circle_makes_no_tag_that_others_would_see() -> None:
    with pytest.raises(Invalid):
        make_circle(visibility="hidden", tags=["secret-launch"])
    assert topics.db.session.scalar(topics.select(topics.Tag.id)) is None


def test_a_merged_tag_is_followed() -> None:
    first, second = make_tag("5g"), make_tag("6g")
    circle = make_circle(tags=["5g", "6g"])
    with transaction():
        topics.merge_tags(first.id, into_id=second.id, at=clock.now())
    assert [one.tag_id for one in gate.get_standing(circle.id, None).circle.tags] == [second.id]


def test_merging_moves_people_and_topics_and_nobody_reads_more() -> None:
    owner, reader, outcast = make_person("Olga Petrova", "member"), rae(), ivy()
    hidden = make_circle("Inner", owner=owner, visibility="hidden")
    public = make_circle("Outer", owner=make_person("Mo Ali", "member"))
    join(hidden, reader)
    topic = make_topic(hidden, reader, audience="all")
    with transaction():
        services.ban(hidden.id, outcast.id, by=owner, at=clock.now())
        services.merge_circle(hidden.id, public.id, by=owner, at=clock.now())
    assert db.session.get_one(Topic, topic.id).audience == "members"
    assert [one.id for one in inside.topics(public.id, reader)] == [topic.id]
    assert [one.id for one in inside.topics(public.id, None)] == []
    assert db.session.get_one(Membership, (public.id, outcast.id)).state == "banned"
    assert db.session.get_one(Circle, public.id).member_count == 3
    assert gate.leads_to(db.session.get_one(Circle, hidden.id), reader).id == public.id  # type: ignore[union-attr]


def test_a_closed_circle_never_tells_of_a_hidden_one_it_leads_to() -> None:
    owner = make_person("Olga Petrova", "member", created_at=clock.now() - timedelta(days=30))
    hidden, public = make_circle("Inner", owner=owner, visibility="hidden"), make_circle("Outer", owner=owner)
    with transaction():
        services.close_circle(public.id, leads_to_id=hidden.id, by=owner, at=clock.now())
    public = db.session.get_one(Circle, public.id)
    assert gate.leads_to(public, None) is None
    assert gate.leads_to(public, owner).id == hidden.id  # type: ignore[union-attr]
    with pytest.raises(LeadsToItself), transaction():
        services.close_circle(hidden.id, leads_to_id=public.id, by=owner, at=clock.now())


def test_a_closed_circle_is_read_and_not_written() -> None:
    owner = make_person("Olga Petrova", "member")
    circle = make_circle(owner=owner)
    topic = make_topic(circle, owner)
    with transaction():
        services.close_circle(circle.id, by=owner, at=clock.now())
    assert gate.get_topic(topic.id, None).id == topic.id
    with pytest.raises(services.loading.CircleClosed):
        make_topic(circle, owner)
    with transaction():
        services.reopen_circle(circle.id, by=owner, at=clock.now())
    make_topic(circle, owner, "Again")


def test_slugs_of_a_removed_circle_go_with_it() -> None:
    circle = make_circle()
    with transaction():
        db.session.delete(db.session.get_one(Circle, circle.id))
    assert db.session.get(CircleSlug, "night-photographers") is None
