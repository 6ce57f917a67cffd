"""What must hold when several do the same at once: real connections, real commits."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from cms.core import clock, mail
from cms.core.config import read_config
from cms.core.database import db, transaction
from cms.core.errors import Problem
from cms.core.mail import queue_mail
from cms.core.throttle import throttle
from cms.people import audit, services
from cms.people.models import AuditEntry, Person, SecondStep
from cms.people.services.second_step import secret_of
from tests.conftest import NOW
from tests.databases import migrated_database
from tests.factories import make_person


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("races")
    with migrated_database(folder) as url:
        app = create_app(read_config({**settings, "PARLEY_DATABASE_URL": url, "PARLEY_DATA": str(folder)}))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def at_once(app: Flask, acts: list[Callable[[], object]]) -> list[object]:
    """Do all of these at the same time; gives what each gave, or the problem it met."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                answers[number] = acts[number]()
            except Problem as problem:
                answers[number] = problem
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def inside(act: Callable[[], object]) -> object:
    with transaction():
        return act()


def test_no_two_people_get_handles_that_look_alike(shared: Flask) -> None:
    names = ["coco", "сосо", "COCO", "c0c0", "ⅽoco"] * 3
    taken = at_once(
        shared,
        [
            lambda name=name: inside(lambda: services.add_guest(name=name, handle=name, at=NOW))
            for name in names
        ],
    )
    assert sum(isinstance(one, Person) for one in taken) == 1
    assert all(isinstance(one, Person | Problem) for one in taken)


def test_an_address_gets_one_account(shared: Flask) -> None:
    made = at_once(
        shared,
        [
            lambda n=n: inside(
                lambda: services.add_account(
                    email="twin@example.com",
                    name=f"Twin {n}",
                    role="member",
                    password_hash=None,
                    by=None,
                    at=NOW,
                )
            )
            for n in range(8)
        ],
    )
    assert sum(isinstance(one, Person) for one in made) == 1
    assert all(isinstance(one, Person | Problem) for one in made)


def test_a_code_lets_in_one_of_many_who_know_it(shared: Flask) -> None:
    with shared.app_context():
        who = make_person("Cody Code", "member").id
        with transaction():
            services.begin_second_step(who, at=NOW)
        step = db.session.get(SecondStep, who)
        assert step is not None
        code = pyotp.TOTP(secret_of(step)).at(NOW)
    taken = at_once(shared, [lambda: inside(lambda: services.take_code(who, code=code, at=NOW))] * 6)
    assert sorted(map(bool, taken)) == [False] * 5 + [True]


def test_of_two_last_admins_one_stays(shared: Flask) -> None:
    with shared.app_context():
        ids = [make_person(f"{name} Admin", "admin").id for name in ("Anna", "Bert")]
    at_once(
        shared,
        [lambda n=n: inside(lambda: services.change_role(n, role="editor", by=None, at=NOW)) for n in ids],
    )
    with shared.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person).where(Person.role == "admin")) == 1


def test_a_limit_holds_for_all_processes_together(shared: Flask) -> None:
    tried = at_once(
        shared, [lambda: inside(lambda: throttle("race", limit=5, per=timedelta(minutes=1)))] * 12
    )
    assert sum(one is None for one in tried) == 5


def test_the_log_stays_one_chain(shared: Flask) -> None:
    at_once(
        shared,
        [
            lambda n=n: inside(lambda: audit.record("race", f"n:{n}", by=None, at=clock.now()))
            for n in range(12)
        ],
    )
    with shared.app_context():
        count = select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "race")
        assert db.session.scalar(count) == 12
        assert audit.first_break() is None


def test_two_workers_never_take_the_same_message(shared: Flask) -> None:
    with shared.app_context():
        for n in range(8):
            with transaction():
                queue_mail(f"r{n}@example.com", "Hello", "Words")

    def claims() -> list[int]:
        return [row.id for row in iter(mail._claim, None)]

    claimed = [one for many in at_once(shared, [claims] * 4) for one in many]  # type: ignore[attr-defined]
    assert sorted(claimed) == sorted(set(claimed))
    assert len(claimed) == 8
