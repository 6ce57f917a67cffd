"""What the worker does: reminders and lateness; and what the calendar is offered."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cms.calendar.sources import Wanted
from cms.contributions import services
from cms.contributions.jobs import note_late, send_reminders
from cms.contributions.times import deadlines
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.models import OutgoingMail
from cms.notices.models import Notice
from tests.cms.contributions.invited import ask, hand_in
from tests.conftest import NOW
from tests.factories import make_person, make_post, nadia

pytestmark = pytest.mark.usefixtures("app")
DUE = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
MAIL = "ana@example.com"


def reminders() -> list[str]:
    subjects = db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)).all()
    return [one for one in subjects if one.startswith("A reminder")]


def run_at(at: datetime) -> dict[str, object]:
    with clock.stopped(at):
        return send_reminders()


def test_reminders_go_out_three_days_and_one_day_before_once_each() -> None:
    ask(email=MAIL)
    outcomes = [
        run_at(DUE - before)
        for before in (
            timedelta(days=4),
            timedelta(days=3),
            timedelta(days=2, hours=23),
            timedelta(hours=24),
            timedelta(hours=23),
            timedelta(0),
        )
    ]
    assert outcomes == [{}, {"reminded": 1}, {}, {"reminded": 1}, {}, {}]
    assert reminders() == ["A reminder: Salt and signal"] * 2


def test_a_worker_that_slept_sends_one_reminder_not_two() -> None:
    ask(email=MAIL)
    assert run_at(DUE - timedelta(hours=2)) == {"reminded": 1}
    assert run_at(DUE - timedelta(hours=1)) == {}


def test_who_was_asked_within_a_day_is_not_reminded_at_once() -> None:
    ask(email=MAIL, wall="2026-11-22T10:00")
    assert run_at(NOW + timedelta(minutes=5)) == {}


def test_nobody_is_reminded_after_handing_in_or_asking_for_none_or_without_address() -> None:
    editor = nadia()
    hand_in(ask(by=editor, email=MAIL)[0])
    stopped = ask(make_post("Two"), name="Bo", by=editor, email=MAIL)[0].id
    with transaction():
        services.stop_reminders(stopped, at=NOW)
    ask(make_post("Three"), name="Cy", by=editor)
    revoked = ask(make_post("Four"), name="Di", by=editor, email=MAIL)[0].id
    with transaction():
        services.revoke(revoked, by=editor, at=NOW)
    assert run_at(DUE - timedelta(hours=20)) == {}


def test_a_reminder_carries_a_link_that_works_and_one_to_stop_them(app: Flask) -> None:
    ask(email=MAIL)
    run_at(DUE - timedelta(days=1))
    mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)).one()
    links = [line for line in mail.text.split() if line.startswith("http://localhost/en/contribute/")]
    codes = [app.test_client().get(link.removeprefix("http://localhost")).status_code for link in links]
    assert codes == [200, 200]
    assert links[1] == f"{links[0]}/reminders"


def test_a_reminder_by_hand_needs_an_address() -> None:
    editor = nadia()
    one_id = ask(by=editor)[0].id
    with pytest.raises(services.NoAddress), transaction():
        services.remind(one_id, by=editor, at=NOW)


def test_what_is_late_is_told_once() -> None:
    editor = nadia()
    ask(by=editor)
    with clock.stopped(DUE + timedelta(hours=1)):
        assert (note_late(), note_late()) == ({"late": 1}, {})
    kinds = db.session.execute(select(Notice.person_id, Notice.kind)).all()
    assert [tuple(one) for one in kinds] == [(editor.id, "contribution.late")]


def test_when_who_asked_may_not_know_any_more_the_editors_are_told() -> None:
    asker = make_person("Gone Editor", "editor", handle="gone")
    hand_in_for = ask(by=asker)[0]
    editor = nadia()
    asker_id = asker.id
    with transaction():
        db.session.get(type(asker), asker_id).role = "author"  # type: ignore[union-attr]
    hand_in(hand_in_for)
    assert db.session.scalars(select(Notice.person_id)).all() == [editor.id]


def test_the_calendar_is_offered_deadlines_of_what_one_may_see(app: Flask) -> None:
    editor, author = nadia(), make_person("Ann Author", "author")
    one = ask(by=editor)[0]
    start, end = DUE - timedelta(days=1), DUE + timedelta(days=1)
    with app.test_request_context("/en/desk"):
        entries = deadlines(editor, start, end, Wanted())
        assert [(entry.key, entry.at, entry.state) for entry in entries] == [
            (f"contribution:{one.id}", DUE, "planned")
        ]
        assert entries[0].move_url == f"/desk/contributions/{one.id}/deadline"
        assert deadlines(author, start, end, Wanted()) == []
        assert deadlines(editor, end, end + timedelta(days=1), Wanted()) == []
