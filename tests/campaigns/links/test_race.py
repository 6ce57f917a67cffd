"""Several processes and threads at once, on real connections."""

from itertools import count
from threading import local

import pytest
from flask import Flask

from app import create_app
from campaigns.links import codes, services
from campaigns.links.models import InboundUTM, Link
from campaigns.links.terms import LinkTerms
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.pagecache import ChangeListener
from cms.people.models import Person
from tests.campaigns.links.making import make_link
from tests.cms.api.test_race import at_once
from tests.factories import nadia

THREADS = 4


def test_the_same_code_drawn_at_the_same_moment_makes_different_links(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, later = local(), count()

    def draw() -> str:
        if not hasattr(drawn, "once"):
            drawn.once = True
            return "bcdfghj"
        return f"22222{'23456789'[next(later)]}2"

    monkeypatch.setattr(codes, "new_code", draw)

    def mint() -> None:
        with own_app.app_context():
            make_link()

    at_once([mint] * THREADS)
    with own_app.app_context():
        found = sorted(link.code for link in db.session.query(Link))
        assert found == ["2222222", "2222232", "2222242", "bcdfghj"]


def test_values_that_come_at_the_same_moment_are_all_counted(own_app: Flask) -> None:
    def note(campaign: str) -> None:
        with own_app.app_context(), transaction():
            services.note_inbound({"campaign": campaign}, at=clock.now())

    at_once([lambda: note("spring")] * THREADS + [lambda: note("Spring ")] * THREADS)
    with own_app.app_context():
        rows = db.session.query(InboundUTM).all()
        assert sorted((row.values["campaign"], row.hits) for row in rows) == [
            ("Spring ", THREADS),
            ("spring", THREADS),
        ]
        assert len({row.family for row in rows}) == 1


def test_another_process_hears_of_a_change(own_app: Flask) -> None:
    other = create_app(own_app.config["PARLEY"])
    with own_app.app_context():
        by_id, link_id = nadia().id, make_link().id
        code = db.session.get_one(Link, link_id).code
    with other.app_context():
        listener = ChangeListener(other.extensions["parley_pages"], db.engine)
    listener.look()
    assert leads(other, code) == "http://localhost/posts/spring-notes"
    with own_app.app_context(), transaction():
        terms = LinkTerms("http://localhost/posts/spring-notes", replacement="/sections", utm=UTM)
        services.change_link(link_id, terms, by=db.session.get_one(Person, by_id), at=clock.now())
        services.end_link(link_id, at=clock.now())
    assert leads(own_app, code) == "http://localhost/sections"
    listener.look()
    assert leads(other, code) == "http://localhost/sections"
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


UTM = {"source": "mastodon", "medium": "social"}


def leads(app: Flask, code: str) -> str:
    return app.test_client().get(f"/l/{code}").headers["Location"].partition("?")[0]
