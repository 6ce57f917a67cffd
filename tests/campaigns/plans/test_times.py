"""Campaigns on the calendar, what their owner is told, and that a paused one sends nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.deliveries import services as deliveries
from campaigns.deliveries.models import Hold
from campaigns.plans import jobs, services
from campaigns.plans.models import Campaign
from campaigns.plans.times import campaign_days
from cms.calendar.sources import Wanted
from cms.core import clock
from cms.notices.models import Notice
from cms.people.models import Person
from tests.factories import db, ivy, make_campaign, make_post, nadia, sign_in, tom, transaction

NOV, DEC = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def request_of(app: Flask) -> Iterator[None]:
    """Addresses are made as in a request."""
    with app.test_request_context():
        yield


def found(
    person: Person, wanted: Wanted | None = None, *, start: datetime = NOV, end: datetime = DEC
) -> list[str]:
    return [one.title for one in campaign_days(person, start, end, wanted or Wanted())]


def test_first_and_last_days_stand_on_the_calendar_in_the_zone_of_the_campaign(request_of: None) -> None:
    owner = nadia()
    campaign = make_campaign(owner_id=owner.id, starts_on=date(2026, 11, 2))
    entries = campaign_days(owner, NOV, DEC, Wanted())
    assert [(one.key, one.at, one.state, one.people) for one in entries] == [
        (f"campaign:{campaign.id}:start", datetime(2026, 11, 1, 16, tzinfo=UTC), "done", ("Nadia Rahimi",)),
        (
            f"campaign:{campaign.id}:end",
            datetime(2026, 11, 30, 15, 59, tzinfo=UTC),
            "planned",
            ("Nadia Rahimi",),
        ),
    ]
    assert found(owner, end=datetime(2026, 11, 1, 16, tzinfo=UTC)) == []
    assert found(owner, Wanted(campaign_id=campaign.id)) == ["Quiet networks begins", "Quiet networks ends"]
    assert found(owner, Wanted(campaign_id=campaign.id + 1)) == []
    assert found(owner, Wanted(person_id=owner.id + 99)) == []
    assert found(ivy()) == []


def test_three_campaigns_take_as_many_queries_as_one(request_of: None, count_queries: list[str]) -> None:
    editor, counts = nadia(), []
    for _ in range(3):
        make_campaign(owner_id=editor.id)
        db.session.refresh(editor)
        count_queries.clear()
        assert found(editor)
        counts.append(len(count_queries))
    assert counts == [1, 1, 1]


def test_the_calendar_shows_the_posts_of_one_campaign(client: FlaskClient) -> None:
    sign_in(client, nadia())
    tomorrow = clock.now() + timedelta(days=1)
    campaign = make_campaign(posts=[make_post("Lamps arrive", due_at=tomorrow)])
    make_post("Of no campaign", due_at=tomorrow)
    page = client.get(f"/desk/calendar?view=month&campaign={campaign.id}").text
    assert ("Lamps arrive" in page, "Of no campaign" in page) == (True, False)
    assert "Of no campaign" in client.get("/desk/calendar?view=month").text


def move(campaign_id: int, state: str, *, by: Person | None) -> None:
    with transaction():
        services.move_campaign(campaign_id, state, by=by, at=clock.now())


def test_the_owner_is_told_what_others_and_the_dates_do(app: Flask) -> None:
    owner, other = nadia(), tom()
    campaign_id = make_campaign(owner_id=owner.id).id
    move(campaign_id, "paused", by=owner)
    assert db.session.scalars(select(Notice)).all() == []
    move(campaign_id, "running", by=other)
    with clock.stopped(datetime(2026, 12, 2, tzinfo=UTC)):
        jobs.follow_campaign_dates()
    told = db.session.scalars(select(Notice)).all()
    assert [(one.person_id, one.subject, one.times) for one in told] == [
        (owner.id, f"campaign:{campaign_id}", 2)
    ]
    assert told[0].detail["to"] == "finished"


def test_the_notice_is_read_in_words(client: FlaskClient) -> None:
    owner = nadia()
    sign_in(client, owner)
    campaign_id = make_campaign(owner_id=owner.id).id
    move(campaign_id, "paused", by=tom())
    assert "Tom Okafor paused the campaign “Quiet networks”" in client.get("/desk/notices").text


def standing() -> list[int | None]:
    return list(db.session.scalars(select(Hold.campaign_id).where(Hold.lifted_at.is_(None))))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_paused_campaign_is_held_until_it_goes_on(client: FlaskClient, language: str) -> None:
    sign_in(client, nadia())
    campaign_id = make_campaign().id
    client.post(f"/{language}/desk/campaigns/{campaign_id}/state", data={"state": "paused"})
    assert standing() == [campaign_id]
    client.post(f"/desk/campaigns/{campaign_id}/state", data={"state": "running"})
    assert standing() == []


def test_a_hold_of_somebody_else_stays_when_the_campaign_goes_on(app: Flask) -> None:
    editor, campaign_id = nadia(), make_campaign().id
    with transaction():
        deliveries.hold("campaign", campaign_id, reason="A complaint", by=editor, at=clock.now())
    move(campaign_id, "paused", by=editor)
    move(campaign_id, "running", by=editor)
    assert standing() == [campaign_id]


def test_what_a_pause_held_stays_held_when_the_campaign_ends_meanwhile(app: Flask) -> None:
    campaign_id = make_campaign().id
    move(campaign_id, "paused", by=nadia())
    with clock.stopped(datetime(2026, 12, 2, tzinfo=UTC)):
        assert jobs.follow_campaign_dates() == {"finished": 1}
    assert db.session.get_one(Campaign, campaign_id).state == "finished"
    assert standing() == [campaign_id]


def test_days_are_moved_on_the_calendar(client: FlaskClient) -> None:
    sign_in(client, nadia())
    campaign = make_campaign(starts_on=date(2026, 11, 25), ends_on=date(2026, 11, 30), state="planned")

    def move(which: str, wall: str, zone: str = "Asia/Shanghai") -> tuple[int, str]:
        url = f"/desk/campaigns/{campaign.id}/days/{which}"
        answer = client.post(url, data={"wall": wall, "zone": zone}, headers={"Accept": "application/json"})
        told = answer.get_json()
        return answer.status_code, told.get("message") or told["errors"][0]["message"]

    def days() -> tuple[date, date]:
        db.session.expire_all()
        found = db.session.get_one(Campaign, campaign.id)
        return found.starts_on, found.ends_on

    assert move("start", "2026-11-27T00:00") == (200, "Moved.")
    assert move("end", "2026-12-02T23:59") == (200, "Moved.")
    assert move("end", "2026-12-02T18:00", "UTC") == (200, "Moved.")  # which is the third in Shanghai
    assert days() == (date(2026, 11, 27), date(2026, 12, 3))
    status, said = move("start", "2026-12-04T00:00")
    assert (status, said) == (
        422,
        "It ends before it starts. Please choose a later day, or an earlier start.",
    )
    assert move("end", "soon")[0] == 422
    assert days() == (date(2026, 11, 27), date(2026, 12, 3))


def test_what_has_begun_keeps_its_first_day(client: FlaskClient, request_of: None) -> None:
    editor = nadia()
    sign_in(client, editor)
    campaign = make_campaign(starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 28))
    moves = {one.key: one.move_url for one in campaign_days(editor, NOV, DEC, Wanted())}
    assert moves == {
        f"campaign:{campaign.id}:start": None,
        f"campaign:{campaign.id}:end": f"/desk/campaigns/{campaign.id}/days/end",
    }
    answer = client.post(
        f"/desk/campaigns/{campaign.id}/days/start", data={"wall": "2026-11-03T00:00"}, follow_redirects=True
    )
    assert "It has begun already, so its first day stays." in answer.get_data(as_text=True)
