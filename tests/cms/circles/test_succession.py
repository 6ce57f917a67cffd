"""When an owner vanishes, somebody is found, and nobody is asked twice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cms.circles import jobs, services
from cms.circles.models import Circle, Membership
from cms.circles.services.problems import NotAMember
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.people import services as people
from cms.people.models import Person
from tests.cms.circles.making import join, make_circle
from tests.factories import ivy, make_person, nadia, rae

pytestmark = pytest.mark.usefixtures("app")


def owner_of(circle: Circle) -> int | None:
    db.session.rollback()
    query = select(Membership.person_id).where(Membership.circle_id == circle.id, Membership.role == "owner")
    return db.session.scalar(query)


def seen(person: Person, at: datetime) -> None:
    with transaction():
        people.start_sign_in(person.id, agent="a test", at=at)


def heir_of(circle: Circle) -> int | None:
    return db.session.get_one(Circle, circle.id, populate_existing=True).heir_id


def after(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def test_an_owner_who_is_here_keeps_the_circle() -> None:
    owner = make_person("Olga Petrova", "member")
    circle = make_circle(owner=owner)
    seen(owner, after(50))
    with clock.stopped(after(51)):
        assert jobs.look_for_heirs() == {}
    with transaction():
        people.end_sign_ins(owner.id)  # rows of sign-ins go; that they were here is remembered
    with clock.stopped(after(100)):
        assert jobs.look_for_heirs() == {}
    assert owner_of(circle) == owner.id


def test_a_moderator_takes_the_place_of_a_closed_account() -> None:
    owner, moderator = make_person("Olga Petrova", "member"), rae()
    circle = make_circle(owner=owner)
    join(circle, ivy())
    join(circle, moderator, role="moderator")
    with transaction():
        db.session.get_one(Person, owner.id).disabled_at = clock.now()
    assert jobs.look_for_heirs() == {"circles": 1}
    assert owner_of(circle) == moderator.id
    assert jobs.look_for_heirs() == {}


def test_members_are_asked_one_after_the_other_and_staff_is_told_in_the_end() -> None:
    owner, first, second, editor = make_person("Olga Petrova", "member"), rae(), ivy(), nadia()
    circle = make_circle(owner=owner)
    join(circle, first)
    with clock.stopped(clock.now() + timedelta(minutes=1)):
        join(circle, second)
    days = 61
    for heir in (first, second):
        with clock.stopped(after(days)):
            seen(first, clock.now())
            seen(second, clock.now())
            assert jobs.look_for_heirs() == {"circles": 1}
            assert jobs.look_for_heirs() == {}
        assert heir_of(circle) == heir.id
        days += 15
    with clock.stopped(after(days)):
        seen(first, clock.now())
        seen(second, clock.now())
        assert jobs.look_for_heirs() == {"circles": 1}
    kinds = select(Notice.kind).where(Notice.person_id == editor.id)
    assert list(db.session.scalars(kinds)) == ["circle.ownerless"]


def test_who_was_asked_says_yes_and_nobody_else_can() -> None:
    heir = rae()
    circle = make_circle()
    join(circle, heir)
    with clock.stopped(after(61)):
        seen(heir, clock.now())
        jobs.look_for_heirs()
    outsider = ivy()
    with pytest.raises(NotAMember), transaction():
        services.take_over(circle.id, by=outsider, at=clock.now())
    with transaction():
        services.take_over(circle.id, by=heir, at=clock.now())
    assert (owner_of(circle), heir_of(circle)) == (heir.id, None)


def test_an_owner_who_comes_back_keeps_it() -> None:
    owner, heir = make_person("Olga Petrova", "member"), rae()
    circle = make_circle(owner=owner)
    join(circle, heir)
    with clock.stopped(after(61)):
        seen(heir, clock.now())
        jobs.look_for_heirs()
        assert heir_of(circle) == heir.id
        seen(owner, clock.now())
        jobs.look_for_heirs()
    assert (owner_of(circle), heir_of(circle)) == (owner.id, None)


def test_an_erased_owner_leaves_the_circle_to_others() -> None:
    owner, moderator = make_person("Olga Petrova", "member"), rae()
    circle = make_circle(owner=owner)
    join(circle, moderator, role="moderator")
    with transaction():
        db.session.delete(db.session.get_one(Membership, (circle.id, owner.id)))
    assert jobs.look_for_heirs() == {"circles": 1}
    assert owner_of(circle) == moderator.id
