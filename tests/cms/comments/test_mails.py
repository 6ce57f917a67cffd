"""Mail about comments: each kind can be ended by the one click of a mail program (RFC 8058), alone."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.comments import services
from cms.comments.news import NOTICES
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.mail import _message
from cms.core.models import OutgoingMail
from cms.notices import jobs, queries
from cms.notices.services import mark_read, notify
from cms.people.models import Person
from tests.cms.comments.talking import say

DETAIL = {"who": "Ivy", "title": "Spring notes", "decision": "approved", "reason": "spam", "due": None}


@pytest.mark.parametrize("kind", [one.key for one in NOTICES])
def test_mail_of_each_kind_is_ended_by_one_click(
    kind: str, client: FlaskClient, nadia: Person, rae: Person
) -> None:
    said = say(by=rae)
    with transaction():
        services.assign_question(said.id, owner_id=nadia.id, by=rae, at=clock.now())
        mark_read(nadia.id, until=clock.now(), at=clock.now())  # so that one mail is about one kind
    before = {one.kind: one.by_mail for one in queries.choices(nadia)}
    assert before[kind] != "never"
    subject = "queue:post" if kind == "comment.waiting" else f"comment:{said.id}"
    with transaction():
        notify(kind, to=[nadia.id], subject=subject, by=rae, at=clock.now(), detail=DETAIL)
    with clock.stopped(clock.now() + timedelta(days=2)):
        jobs.mail_due_notices()
    mails = [_message(one) for one in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]
    [message] = [one for one in mails if one["List-Unsubscribe"] and one["To"] == nadia.email]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    after = {one.kind: one.by_mail for one in queries.choices(nadia)}
    assert after == {**before, kind: "never"}
