"""Who gets in and out: joining asks the policy again, invitations meet requests, pending people are not members."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from cms.circles import services
from cms.circles.models import Circle, Membership
from cms.circles.queries import gate, inside, listing
from cms.circles.services.problems import LastOwner, NotAMember, NotOpenForAll, ProtectedMember
from cms.circles.states import AFTER, Banned, NotPossible, after
from cms.comments import services as comments
from cms.comments.models import Comment
from cms.comments.sending import make_mark
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.people.models import Person
from tests.cms.circles.making import join, make_circle, make_topic
from tests.cms.comments.talking import say, trust
from tests.factories import ivy, make_person, make_post, nadia, rae, sign_in

pytestmark = pytest.mark.usefixtures("app")


def state(circle: Circle, person: Person) -> str | None:
    db.session.rollback()
    row = db.session.get(Membership, (circle.id, person.id))
    return row.state if row else None


def do(act: str, *args: object, **kwargs: object) -> object:
    with transaction():
        return getattr(services, act)(*args, at=clock.now(), **kwargs)


def members(circle: Circle) -> int:
    db.session.rollback()
    return db.session.get_one(Circle, circle.id).member_count


def told(person: Person) -> list[str]:
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id)))


def test_an_open_circle_is_joined_at_once() -> None:
    circle, reader = make_circle(), rae()
    assert do("ask_in", circle.id, by=reader) == "member"
    assert members(circle) == 2
    assert do("ask_in", circle.id, by=reader) == "member"  # twice is once
    assert members(circle) == 2


def test_a_request_waits_and_is_no_membership() -> None:
    owner = make_person("Olga Petrova", "member")
    circle, reader = make_circle(owner=owner, join_policy="request"), rae()
    assert do("ask_in", circle.id, words="I have a tripod", by=reader) == "requested"
    assert members(circle) == 1
    assert told(owner) == ["circle.request"]
    assert [one.person_id for one in inside.members(circle.id)] == [owner.id]
    do("approve", circle.id, reader.id, by=owner)
    assert (state(circle, reader), members(circle), told(reader)) == ("member", 2, ["circle.let_in"])


def test_the_policy_is_asked_when_the_button_is_pressed_not_when_it_is_shown() -> None:
    circle, reader = make_circle(join_policy="invitation"), rae()
    with pytest.raises(NotOpenForAll):
        do("ask_in", circle.id, by=reader)
    assert state(circle, reader) is None


def test_a_hidden_circle_that_is_open_is_joined_by_nobody_who_was_not_invited() -> None:
    circle, reader = make_circle(visibility="hidden", join_policy="open"), rae()
    with pytest.raises(NotOpenForAll):
        do("ask_in", circle.id, by=reader)


def test_invited_and_asked_is_in_whichever_came_first() -> None:
    owner = make_person("Olga Petrova", "member")
    circle, reader, other = make_circle(owner=owner, join_policy="request"), rae(), ivy()
    do("ask_in", circle.id, by=reader)
    assert do("invite", circle.id, reader.id, by=owner) == "member"
    do("invite", circle.id, other.id, by=owner)
    assert do("ask_in", circle.id, by=other) == "member"


def test_an_invitation_to_a_hidden_circle_is_seen_and_can_be_declined() -> None:
    owner = make_person("Olga Petrova", "member")
    circle, reader = make_circle(owner=owner, visibility="hidden", join_policy="invitation"), rae()
    do("invite", circle.id, reader.id, by=owner)
    assert told(reader) == ["circle.invited"]
    assert gate.get_standing(circle.id, reader).state == "invited"
    assert [one.circle_id for one in listing.mine(reader, state="invited")] == [circle.id]
    do("leave", circle.id, by=reader)
    assert state(circle, reader) is None
    assert gate.known_ids(reader, [circle.id]) == set()


def test_who_is_banned_comes_in_by_no_way() -> None:
    owner = make_person("Olga Petrova", "member")
    circle, reader = make_circle(owner=owner), rae()
    join(circle, reader)
    do("ban", circle.id, reader.id, why="Shouting", by=owner)
    with transaction():
        token = services.make_link(circle.id, most_uses=10, by=owner, at=clock.now())
    for act, args in (("ask_in", {"by": reader}), ("accept", {"by": reader})):
        with pytest.raises(Banned):
            do(act, circle.id, **args)
    with pytest.raises(Banned):
        do("invite", circle.id, reader.id, by=owner)
    with pytest.raises(Banned):
        do("join_by_link", token, by=reader)
    assert (state(circle, reader), members(circle)) == ("banned", 1)
    db.session.refresh(reader)
    assert reader.is_active  # the account is not touched
    do("lift_ban", circle.id, reader.id, by=owner)
    assert do("ask_in", circle.id, by=reader) == "member"


def test_the_owner_leaves_only_with_an_heir_or_when_it_is_closed() -> None:
    owner = make_person("Olga Petrova", "member")
    heir = make_person("Rae Sato", "member", created_at=clock.now() - timedelta(days=30))
    circle = make_circle(owner=owner)
    with pytest.raises(LastOwner):
        do("leave", circle.id, by=owner)
    with pytest.raises(NotAMember):
        do("hand_over", circle.id, heir.id, by=owner)
    join(circle, heir)
    do("hand_over", circle.id, heir.id, by=owner)
    do("leave", circle.id, by=owner)
    roles = db.session.scalars(select(Membership.role).where(Membership.circle_id == circle.id))
    assert list(roles) == ["owner"]
    other = make_circle("Other", owner=heir)
    do("close_circle", other.id, by=heir)
    do("leave", other.id, by=heir)
    assert state(other, heir) is None


def test_who_owned_it_is_told_no_more() -> None:
    owner, heir, reader = make_person("Olga Petrova", "member"), ivy(), rae()
    circle = make_circle(owner=owner, join_policy="request")
    join(circle, heir)
    do("hand_over", circle.id, heir.id, by=owner)
    do("leave", circle.id, by=owner)
    do("ask_in", circle.id, by=reader)
    assert told(owner) == []
    assert told(heir) == ["circle.owner", "circle.request"]


def test_moderators_show_out_members_and_not_each_other() -> None:
    circle = make_circle()
    first, second, reader = make_person("Mo Ali", "member"), make_person("Kim Lee", "member"), rae()
    join(circle, first, role="moderator")
    join(circle, second, role="moderator")
    join(circle, reader)
    do("remove", circle.id, reader.id, by=first)
    with pytest.raises(ProtectedMember):
        do("ban", circle.id, second.id, by=first)
    assert members(circle) == 3


def test_a_link_lets_in_so_many_and_no_more() -> None:
    owner = make_person("Olga Petrova", "member")
    circle, first, second = make_circle(owner=owner, visibility="hidden"), rae(), ivy()
    with transaction():
        token = services.make_link(circle.id, most_uses=1, by=owner, at=clock.now())
    do("join_by_link", token, by=first)
    do("join_by_link", token, by=first)  # again is no second use
    with pytest.raises(services.links.DeadCircleLink):
        do("join_by_link", token, by=second)
    assert members(circle) == 2


def test_the_database_holds_one_tie_and_one_owner() -> None:
    circle, reader = make_circle(), rae()
    do("ask_in", circle.id, by=reader)
    ties = select(func.count()).select_from(Membership).where(Membership.person_id == reader.id)
    assert db.session.scalar(ties) == 1
    second = update(Membership).where(Membership.person_id == reader.id).values(role="owner")
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(second)


def test_the_table_of_states_lets_nobody_from_shut_out_to_member() -> None:
    ways = {act for (before, act), to in AFTER.items() if before == "banned" and to == "member"}
    assert ways == set()
    with pytest.raises(NotPossible):
        after(None, "approve")


def test_staff_can_always_give_a_circle_another_owner(client: FlaskClient) -> None:
    owner, heir = make_person("Olga Petrova", "member"), rae()
    circle = make_circle(owner=owner, visibility="hidden")
    join(circle, heir)
    sign_in(client, nadia())
    given = client.post(f"/circles/{circle.slug}/owner", data={"person": str(heir.id)})
    assert given.status_code == 303
    roles = select(Membership.person_id).where(Membership.circle_id == circle.id, Membership.role == "owner")
    assert db.session.scalars(roles).all() == [heir.id]


def test_shut_out_of_a_circle_is_not_shut_out_of_the_site_and_the_other_way_round(
    client: FlaskClient,
) -> None:
    owner = make_person("Olga Petrova", "member")
    circle, reader, rude = make_circle(owner=owner), rae(), ivy()
    topic, post, editor = make_topic(circle, owner), make_post(), nadia()
    for person in (reader, rude):
        join(circle, person)
        trust(person)
    do("ban", circle.id, reader.id, by=owner)
    assert say(by=reader, on=post).is_visible
    with transaction():
        comments.block_person(rude.id, days=7, note="Rest a little.", by=editor, at=clock.now())
    for person, status in ((reader, (403, 404)), (rude, (403,))):
        sign_in(client, person)
        mark = make_mark(f"topic:{topic.id}", at=clock.now() - timedelta(seconds=30))
        sent = client.post(f"/comments/topic/{topic.id}", data={"body": "No.", "mark": mark})
        assert sent.status_code in status
    assert db.session.scalars(select(Comment.subject_kind)).all() == ["post"]
