"""News by mail: gathered, once, when it suits the reader, and easy to end."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.mail import _message
from cms.core.models import OutgoingMail
from cms.notices import jobs, mails, queries, services
from tests.cms.notices.conftest import Tell
from tests.conftest import NOW
from tests.factories import ivy, make_person, nadia, tom

pytestmark = pytest.mark.usefixtures("app")
LATER = NOW + services.GATHERING


def mail() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def run(at: datetime = LATER) -> None:
    with clock.stopped(at):
        jobs.mail_due_notices()


def test_what_happens_within_two_minutes_is_one_mail(tell: Tell) -> None:
    editor = nadia()
    for number in range(5):
        tell([editor], f"post:{number}")
    run(LATER - timedelta(seconds=1))
    assert mail() == []
    run()
    [message] = mail()
    assert (message.recipient, message.subject) == (editor.email, "Mira praises “Masts”, and 4 more")
    assert message.text.count("Mira praises") == 5


def test_it_is_mailed_once_whoever_runs_the_job(tell: Tell) -> None:
    tell([nadia()])
    run(), run(), run(LATER + timedelta(days=2))
    assert len(mail()) == 1


def test_the_mail_is_in_the_language_of_its_reader(tell: Tell) -> None:
    editor = make_person("Wen Li", "editor", locale="zh")
    tell([editor], "post:1"), tell([editor], "post:2")
    run()
    assert mail()[0].subject == "Mira praises “Masts”，另有 1 条"


def test_the_digest_comes_at_eight_on_the_clock_of_its_reader(tell: Tell) -> None:
    shanghai = make_person("Wen Li", "editor", timezone="Asia/Shanghai")
    tell([shanghai], kind="text.read")  # noon in UTC is eight in the evening there
    morning = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    run(morning - timedelta(seconds=1) - services.GATHERING)
    assert mail() == []
    run(morning)
    assert len(mail()) == 1


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Europe/Berlin", datetime(2026, 10, 24, 7, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 28, 8, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2026, 3, 28, 0, tzinfo=UTC), datetime(2026, 3, 29, 0, tzinfo=UTC)),
    ],
)
def test_eight_stays_eight_when_the_clocks_change(zone: str, at: datetime, due: datetime) -> None:
    assert services.mail_due("digest", zone, at=at) == due


def test_what_was_read_before_is_not_mailed(tell: Tell) -> None:
    editor = nadia()
    tell([editor])
    with transaction():
        services.mark_read(editor.id, until=NOW, at=NOW)
    run()
    assert mail() == []


def test_what_may_not_be_seen_when_it_is_mailed_is_left_out(tell: Tell, hidden: set[str]) -> None:
    editor = nadia()
    tell([editor], "post:1")
    hidden.add("post:1")
    run()
    hidden.clear()
    run(LATER + timedelta(days=1))
    assert mail() == []


def test_news_only_by_mail_is_read_by_being_mailed_and_may_come_again(tell: Tell) -> None:
    editor = nadia()
    with transaction():
        services.choose(editor.id, "text.praised", by_mail="now", is_on_desk=False)
    tell([editor])
    assert queries.notices(editor) == []
    run()
    with clock.stopped(LATER):
        tell([editor])
    run(LATER + services.GATHERING)
    assert len(mail()) == 2


def test_somebody_whose_account_was_closed_gets_no_mail(tell: Tell) -> None:
    editor = nadia()
    tell([editor])
    with transaction():
        db.session.merge(editor).disabled_at = NOW
    run()
    assert mail() == []


def test_every_message_can_be_ended_with_one_click(tell: Tell, client: FlaskClient) -> None:
    editor = nadia()
    tell([editor], "post:1"), tell([editor], "post:2")
    run()
    message = _message(mail()[0])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert address in mail()[0].text
    assert client.get(address).status_code == 200
    assert queries.choices(editor)[0].by_mail == "now"
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert [(one.by_mail, one.is_on_desk) for one in queries.choices(editor)] == [
        ("never", True),
        ("digest", True),
    ]


def test_ending_mail_also_ends_what_already_waits(tell: Tell) -> None:
    editor = nadia()
    tell([editor])
    with transaction():
        services.stop_mail(editor.id, ["text.praised", "gone.kind"])
    run()
    assert mail() == []


def test_a_link_that_was_tampered_with_ends_nothing(client: FlaskClient) -> None:
    token = mails.write_token(nadia().id, ["text.praised"])
    for wrong in (token[:-2], "x." + token, "%FF"):
        assert client.post(f"/notices/mail/{wrong}").status_code == 404


def test_a_job_takes_as_many_queries_for_three_notices_as_for_one(
    tell: Tell, count_queries: list[str]
) -> None:
    editor, manager = nadia(), tom()
    tell([editor])
    count_queries.clear()
    run()
    with_one = len(count_queries)
    for number in range(3):
        tell([manager], f"post:{number}")
    count_queries.clear()
    run()
    assert len(count_queries) <= with_one + 2  # each row remembers that it was mailed


def test_a_member_is_mailed_too(tell: Tell) -> None:
    member = ivy()
    tell([member])
    run()
    assert [one.recipient for one in mail()] == [member.email]
