from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.models import Attempt, OutgoingMail
from cms.people import jobs, services
from cms.people.models import Invitation, OneTimeLink, SecondStep, SignIn
from tests.conftest import NOW
from tests.factories import make_person, nadia, rae, sign_in

TABLES = (SignIn, OneTimeLink, Attempt, SecondStep, Invitation)


def counts() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def test_what_need_not_be_kept_is_forgotten_and_nothing_else(app: Flask) -> None:
    who, other = nadia(), rae()
    sign_in(app.test_client(), who)
    app.test_client().post("/sign-up", data={"name": "Mei", "email": "mei@example.com"})
    with transaction():
        services.begin_second_step(other.id, at=NOW)
        services.invite(email="a@example.com", name="", role="expert", locale="en", by=who, at=NOW)
        for letter in db.session.scalars(select(OutgoingMail)):
            letter.sent_at = NOW
    assert jobs.forget_expired() == {}
    assert counts() == [1, 1, 2, 1, 1]
    with clock.stopped(NOW + timedelta(days=200)):
        make_person("Late Comer", "member")
        assert jobs.forget_expired() == {
            "sign_ins": 1,
            "links": 1,
            "second_steps": 1,
            "invitations": 1,
            "attempts": 2,
            "mail_bodies": 2,
        }
        assert jobs.forget_expired() == {}
    assert counts() == [0, 0, 0, 0, 0]
    assert db.session.scalars(select(OutgoingMail.text)).all() == ["", ""]


def test_a_second_step_in_use_is_never_forgotten(app: Flask) -> None:
    who = rae()
    with transaction():
        db.session.add(SecondStep(person_id=who.id, secret="x", created_at=NOW, confirmed_at=NOW))
    with clock.stopped(NOW + timedelta(days=2000)):
        jobs.forget_expired()
    assert db.session.get(SecondStep, who.id) is not None
