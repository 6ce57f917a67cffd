"""Who is told what: never who did it, never twice, never what they may not see."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cms.core import clock
from cms.core.database import db, transaction
from cms.notices import queries, services
from cms.notices.models import Notice
from tests.cms.notices.conftest import Tell
from tests.conftest import NOW
from tests.factories import ivy, make_person, nadia, save, tom

pytestmark = pytest.mark.usefixtures("app")


def told() -> list[tuple[int, str, int]]:
    rows = db.session.scalars(select(Notice).order_by(Notice.person_id, Notice.id))
    return [(row.person_id, row.subject, row.times) for row in rows]


def test_everybody_named_is_told_once_and_the_actor_never(tell: Tell) -> None:
    editor, manager = nadia(), tom()
    tell([editor, manager, manager], by=editor)
    assert told() == [(manager.id, "post:1", 1)]


def test_guests_and_closed_accounts_are_not_told(tell: Tell) -> None:
    tell([make_person("Gil", "guest"), make_person("Cass", "editor", disabled_at=clock.now())])
    assert told() == []


def test_the_same_news_counts_once_more_until_it_is_read(tell: Tell) -> None:
    editor = nadia()
    tell([editor]), tell([editor])
    assert told() == [(editor.id, "post:1", 2)]
    with transaction():
        services.mark_read(editor.id, until=NOW, at=NOW)
    tell([editor])
    assert told() == [(editor.id, "post:1", 2), (editor.id, "post:1", 1)]


def test_the_database_itself_refuses_a_second_unread_notice(tell: Tell) -> None:
    editor = nadia()
    tell([editor])
    with pytest.raises(IntegrityError):
        save(Notice(person_id=editor.id, kind="text.praised", subject="post:1", told_at=NOW))


def test_an_unread_notice_that_happens_again_moves_up(tell: Tell) -> None:
    editor = nadia()
    tell([editor], "post:1"), tell([editor], "post:2")
    with clock.stopped(NOW + timedelta(minutes=1)):
        tell([editor], "post:1")
    assert [one.subject for one in queries.notices(editor)] == ["post:1", "post:2"]


def test_what_may_not_be_seen_is_neither_shown_nor_counted(tell: Tell, hidden: set[str]) -> None:
    editor = nadia()
    tell([editor], "post:1"), tell([editor], "post:2")
    assert queries.count_unread(editor) == 2
    hidden.add("post:1")
    assert queries.count_unread(editor) == 1
    assert [one.subject for one in queries.visible_to(editor, queries.notices(editor))] == ["post:2"]


def test_a_kind_nobody_declares_any_more_is_not_shown(app: Flask, tell: Tell) -> None:
    editor = nadia()
    tell([editor])
    del app.extensions["parley_notices"]["text.praised"]
    assert queries.count_unread(editor) == 0


def test_nothing_is_kept_for_somebody_who_wants_it_neither_here_nor_by_mail(tell: Tell) -> None:
    editor = nadia()
    with transaction():
        services.choose(editor.id, "text.praised", by_mail="never", is_on_desk=False)
    tell([editor])
    assert told() == []


def test_choices_are_as_chosen_else_as_the_kind_goes_and_only_what_concerns_one() -> None:
    editor, member = nadia(), ivy()
    with transaction():
        services.choose(editor.id, "text.praised", by_mail="digest", is_on_desk=False)
    assert [(one.kind, one.by_mail, one.is_on_desk) for one in queries.choices(editor)] == [
        ("text.praised", "digest", False),
        ("text.read", "digest", True),
    ]
    assert [one.kind for one in queries.choices(member)] == ["text.read"]


def test_only_what_was_read_three_months_ago_is_forgotten(tell: Tell) -> None:
    editor = nadia()
    tell([editor], "post:1"), tell([editor], "post:2")
    long_ago = NOW - services.READ_KEPT - timedelta(seconds=1)
    with transaction():
        first = db.session.scalars(select(Notice.id).order_by(Notice.id)).first()
        services.mark_read(editor.id, notice_ids=[first or 0], until=NOW, at=long_ago)
        assert services.forget_read(at=NOW) == 1
    assert told() == [(editor.id, "post:2", 1)]


def test_pages_of_notices_follow_each_other_without_gap(tell: Tell) -> None:
    editor = nadia()
    for number in range(3):
        tell([editor], f"post:{number}")
    first = queries.notices(editor, limit=2)
    rest = queries.notices(editor, limit=2, before=(first[-1].told_at, first[-1].id))
    assert [one.subject for one in (*first, *rest)] == ["post:2", "post:1", "post:0"]
