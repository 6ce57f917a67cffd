"""Topics that members report: who hears of it, where it stands to be decided, and what is decided."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.circles import services
from cms.circles.models import Topic, TopicFlag
from cms.circles.queries import gate
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotAllowed, NotFound
from cms.notices.models import Notice
from cms.people.models import AuditEntry, Person
from cms.people.services.erasing import erase_person
from tests.cms.circles.making import join, make_circle, make_topic
from tests.factories import ivy, make_person, nadia, rae, sign_in

pytestmark = pytest.mark.usefixtures("app")


def report(topic: Topic, by: Person, *, reason: str = "rude", note: str = "") -> None:
    with transaction():
        services.report_topic(topic.id, reason=reason, note=note, by=by, at=clock.now())


def told() -> list[int]:
    rows = db.session.scalars(select(Notice.person_id).where(Notice.kind == "circle.reported"))
    return sorted(rows)


def flags() -> list[tuple[str, str]]:
    return [(one.reason, one.note) for one in db.session.scalars(select(TopicFlag))]


def test_a_reader_reports_it_and_the_circles_moderators_decide(client: FlaskClient) -> None:
    owner, moderator, writer = make_person("Olga Petrova", "member"), ivy(), rae()
    circle = make_circle(owner=owner)
    join(circle, writer)
    join(circle, moderator, role="moderator")
    topic = make_topic(circle, writer, "Look at him")
    base = f"/en/circles/{circle.slug}"
    assert f"{topic.id}/report" in client.get(f"{base}/topics/{topic.id}").text
    sign_in(client, make_person("Ben Okri", "member"))
    assert client.get(f"{base}/topics/{topic.id}/report").status_code == 200
    sent = {"reason": "rude", "note": "the second line"}
    assert client.post(f"{base}/topics/{topic.id}/report", data=sent).status_code == 303
    assert told() == sorted([owner.id, moderator.id])
    sign_in(client, moderator)
    assert "To decide (1)" in client.get(f"{base}/inside").text
    queue = client.get(f"{base}/queue?show=reported").text
    assert "Look at him" in queue
    assert "It insults or threatens somebody: the second line" in queue
    assert "Ben Okri" not in queue
    assert client.post(f"{base}/topics/{topic.id}/keeping").status_code == 303
    assert "Look at him" not in client.get(f"{base}/queue?show=reported").text
    assert gate.get_topic(topic.id, None).id == topic.id
    acts = list(db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("circle.topic%"))))
    assert acts == ["circle.topic_kept"]


def test_the_desk_sees_what_is_reported_in_every_circle(client: FlaskClient) -> None:
    owner, writer = make_person("Olga Petrova", "member"), rae()
    hidden = make_circle("Inner", owner=owner, visibility="hidden")
    join(hidden, writer)
    report(make_topic(hidden, writer, "Look at him"), owner)
    sign_in(client, nadia())
    page = client.get("/en/desk/comments?show=reported").text
    assert "Look at him" in page
    assert "Inner" in page
    assert "Nothing waits here" not in page
    assert "Look at him" not in client.get("/en/desk/comments").text


def test_what_its_moderator_wrote_is_told_to_the_community_managers() -> None:
    owner, editor = make_person("Olga Petrova", "member"), nadia()
    circle = make_circle(owner=owner)
    report(make_topic(circle, owner), rae())
    assert told() == [editor.id]


def test_three_reports_take_it_out_of_sight_until_somebody_looked() -> None:
    owner, writer = make_person("Olga Petrova", "member"), rae()
    circle = make_circle(owner=owner)
    join(circle, writer)
    topic = make_topic(circle, writer)
    readers = [make_person(f"Reader {number}", "member", handle=f"reader-{number}") for number in range(6)]
    for one in (readers[0], readers[0], readers[1]):
        report(topic, one)
    assert gate.get_topic(topic.id, None).id == topic.id
    report(topic, readers[2])
    with pytest.raises(NotFound):
        gate.get_topic(topic.id, None)
    assert gate.get_topic(topic.id, writer).hidden_why == ""
    with transaction():
        services.keep_topic(topic.id, by=owner, at=clock.now())
    for one in readers[3:]:
        report(topic, one)
    assert gate.get_topic(topic.id, None).id == topic.id  # a moderator has seen it


def test_hiding_it_deals_with_the_reports() -> None:
    owner, writer = make_person("Olga Petrova", "member"), rae()
    circle = make_circle(owner=owner)
    join(circle, writer)
    topic = make_topic(circle, writer)
    report(topic, ivy(), note="why")
    assert flags() == [("rude", "why")]
    with transaction():
        services.hide_topic(topic.id, why="Off", by=owner, at=clock.now())
    assert flags() == []


def test_what_is_not_seen_or_ones_own_is_not_reported(client: FlaskClient) -> None:
    owner = make_person("Olga Petrova", "member")
    circle = make_circle("Inner", owner=owner, visibility="hidden")
    topic = make_topic(circle, owner)
    with pytest.raises(NotAllowed):
        report(topic, owner)
    sign_in(client, rae())
    assert (
        client.post(f"/circles/{circle.slug}/topics/{topic.id}/report", data={"reason": "rude"}).status_code
        == 404
    )
    assert flags() == []


def test_a_report_without_a_reason_is_a_sentence(client: FlaskClient) -> None:
    owner, reader = make_person("Olga Petrova", "member"), rae()
    circle = make_circle(owner=owner)
    topic = make_topic(circle, owner)
    with pytest.raises(Invalid):
        report(topic, reader, reason="ugly")
    sign_in(client, reader)
    answer = client.post(f"/en/circles/{circle.slug}/topics/{topic.id}/report", data={"note": "because"})
    assert answer.status_code == 422
    assert "Please choose what is wrong with it." in answer.text
    assert "because" in answer.text


def test_reports_go_with_who_made_them() -> None:
    owner, reader = make_person("Olga Petrova", "member"), rae()
    report(make_topic(make_circle(owner=owner), owner), reader)
    with transaction():
        erase_person(reader.id, by=reader, at=clock.now(), with_texts=False)
    assert flags() == []
