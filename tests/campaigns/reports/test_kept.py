"""What people keep of reports: frozen answers by link, saved views, notes on days, and mails that come once."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.reports import jobs, keeping, presenting, queries, services
from campaigns.reports.freezing import freeze, thaw
from campaigns.reports.models import Annotation, ReportMail, ReportShare, SavedView
from campaigns.reports.services.mailing import next_due
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.core.models import OutgoingMail
from cms.people.models import AuditEntry, Person
from tests.campaigns.reports import kept
from tests.campaigns.reports.made import comparison
from tests.factories import make_campaign, make_person, sign_in


def test_a_frozen_answer_is_read_back_to_equality(app: Flask) -> None:
    compared = comparison()
    again = thaw(json.loads(json.dumps(freeze(compared))))
    assert freeze(again) == freeze(compared)
    assert (again.query, list(again.verdicts)) == (compared.query, list(compared.verdicts))
    assert [one.cells for one in again.rows] == [one.cells for one in compared.rows]


def test_a_share_shows_what_was_frozen_to_somebody_without_account(app: Flask, client: FlaskClient) -> None:
    number, token = kept.share(kept.owner())
    answer = client.get(f"/shared/reports/{token}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Set-Cookie" not in answer.headers
    assert "1,204" in answer.text
    row = db.session.get_one(ReportShare, number)
    assert token not in (row.token_hash, str(row.frozen))
    files = {
        form: client.get(f"/shared/reports/{token}/report.{form}").status_code for form in ("csv", "xlsx")
    }
    assert files == {"csv": 200, "xlsx": 200}


def test_a_share_says_all_that_its_page_says(app: Flask, client: FlaskClient) -> None:
    _number, token = kept.share(kept.owner())
    page = client.get(f"/shared/reports/{token}").text
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words in (
        "The days of each campaign are days in its own time zone.",
        "“The long road”",
        "Accounts whose network tells figures 1 of 2 1 of 2",
        "Targets met 1 of 2 0 of 2",
        "Search engines 1,000 11",
        "Views by 31 Oct 2026 2,000 1,204 Not met",
        "2 Oct 2026: The fair opened",
    ):
        assert words in said, words
    assert 'data-note="The fair opened"' in page
    assert "/desk/" not in page


def test_what_was_given_out_before_shares_had_targets_shows_none(app: Flask, client: FlaskClient) -> None:
    number, token = kept.share(kept.owner())
    with transaction():
        row = db.session.get_one(ReportShare, number)
        row.frozen = {**row.frozen, "version": 1}
    page = client.get(f"/shared/reports/{token}").text
    assert "1,204" in page
    assert "Targets met" not in page
    assert "2,000" not in page
    assert "Targets" not in client.get(f"/shared/reports/{token}/report.csv").text


def test_a_share_ends_when_it_is_over_revoked_or_mistyped(app: Flask, client: FlaskClient) -> None:
    by = kept.owner()
    number, token = kept.share(by, days=2)
    assert client.get(f"/shared/reports/{token}x").status_code == 404
    with clock.stopped(clock.now() + timedelta(days=2)):
        assert client.get(f"/shared/reports/{token}").status_code == 404
    assert client.get(f"/shared/reports/{token}").status_code == 200
    with transaction():
        services.revoke_share(number, by=by, at=clock.now())
    for rest in ("", "/report.csv"):
        assert client.get(f"/shared/reports/{token}{rest}").status_code == 404
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.subject == f"report:{number}"))
    assert list(acts) == ["report.shared", "report.share_revoked"]


def test_what_was_defined_anew_is_listed_and_the_number_stays(app: Flask, client: FlaskClient) -> None:
    old = comparison()
    columns = [replace(one, version=one.version - 1) if one.key == "views" else one for one in old.columns]
    by = kept.owner()
    with transaction():
        _row, token = services.share(
            replace(old, columns=columns), title="Old", days=3, by=by, at=clock.now()
        )
    text = client.get(f"/shared/reports/{token}").text
    assert "Defined anew since, and not changed here: Views" in text
    assert "1,204" in text


def test_a_link_cannot_last_for_ever(app: Flask) -> None:
    by = kept.owner()
    with pytest.raises(Invalid), transaction():
        services.share(comparison(), title="x", days=366, by=by, at=clock.now())


def test_the_form_makes_a_link_that_opens(app: Flask, client: FlaskClient) -> None:
    sign_in(client, kept.owner())
    one, other = make_campaign("One"), make_campaign("Other")
    asked = f"campaign={one.id}&campaign={other.id}"
    wrong = client.post("/desk/reports/shares", data={"asked": asked, "title": "Board", "days": "999"})
    assert wrong.status_code == 422
    assert 'value="Board"' in wrong.text
    made = client.post("/desk/reports/shares", data={"asked": asked, "title": "Board", "days": "7"})
    assert made.status_code == 201
    path = made.text.partition("http://localhost")[2].partition('"')[0]
    outsider = app.test_client()
    shown = outsider.get(path)
    assert shown.status_code == 200
    assert "Board" in shown.text


def test_views_are_seen_by_their_owner_and_the_team_only_when_shared(app: Flask) -> None:
    olga, tom = kept.owner(), make_person("Tom", "manager")
    kept.view(olga, is_shared=False)
    assert [[one.name for one in keeping.saved_views(who)] for who in (olga, tom)] == [["Two"], []]
    kept.view(olga, is_shared=True)
    assert [one.name for one in keeping.saved_views(tom)] == ["Two"]
    assert db.session.query(SavedView).count() == 1  # the same name is the same view


def test_private_notes_are_for_their_owner_and_notes_stand_in_the_chart(app: Flask) -> None:
    olga, tom = kept.owner(), make_person("Tom", "manager")
    kept.note(olga)
    kept.note(olga, is_private=True)
    days = {"campaigns": [1, 2], "since": date(2026, 10, 1), "until": date(2026, 10, 31)}
    assert [len(keeping.annotations(who, **days)) for who in (olga, tom, None)] == [2, 1, 1]
    with app.test_request_context():
        compared = comparison()
        noted = keeping.happened(compared.subjects, tom)
        assert presenting.notes_by_x(compared, noted) == {"2026-10-02": "The fair opened"}


def test_a_note_needs_words_and_can_be_written_anew(app: Flask, client: FlaskClient) -> None:
    olga = kept.owner()
    one = kept.note(olga)
    sign_in(client, olga)
    path = f"/desk/reports/annotations/{one.id}"
    empty = client.post(path, data={"day": "2026-10-05", "words_en": " ", "words_zh": ""})
    assert empty.status_code == 422
    assert "2026-10-05" in empty.text
    assert client.post(path, data={"day": "2026-10-05", "words_zh": "下雪了"}).status_code == 303
    again = db.session.get_one(Annotation, one.id, populate_existing=True)
    assert (again.day, again.words_en, again.words_zh) == (date(2026, 10, 5), "", "下雪了")


@pytest.mark.parametrize(
    ("every", "zone", "after", "due"),
    [
        ("week", "Asia/Shanghai", "2026-11-21T12:00", "2026-11-23T00:30"),
        ("week", "Asia/Shanghai", "2026-11-23T00:30", "2026-11-30T00:30"),
        ("month", "Europe/London", "2026-06-15T12:00", "2026-07-01T07:30"),
        ("month", "Europe/London", "2026-12-31T23:00", "2027-01-01T08:30"),
    ],
)
def test_mails_are_due_at_a_wall_time_of_a_zone(
    app: Flask, every: str, zone: str, after: str, due: str
) -> None:
    said, expected = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (after, due))
    assert next_due(every, "08:30", zone, after=said) == expected


def test_no_such_time_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid):
        next_due("week", "25:00", "UTC", after=clock.now())


def letters() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_a_report_comes_once_for_each_week_and_ends_with_one_press(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "compare_campaigns", lambda query, *, at: comparison())
    one = kept.mail(kept.owner())
    due = one.due_at
    assert due < clock.now()
    assert jobs.send_due_reports() == {"sent": 1}
    assert jobs.send_due_reports() == {}
    letter = letters()[-1]
    assert (len(letters()), letter.subject) == (1, "Report: Two")
    assert "1,204" in letter.text
    with transaction():  # another worker that took the same row a moment before
        assert services.send_report(one.id, comparison(), due_at=due, at=clock.now()) is False
    stop = "/" + letter.headers["List-Unsubscribe"].strip("<>").partition("localhost/")[2]
    assert client.get(stop).status_code == 200
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert db.session.query(ReportMail).count() == 0
    assert client.post(stop.replace("/end", "x/end")).status_code == 404


def test_who_lost_the_right_gets_no_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "compare_campaigns", lambda query, *, at: comparison())
    olga = kept.owner()
    kept.mail(olga)
    with transaction():
        db.session.get_one(Person, olga.id).role = "member"
    assert jobs.send_due_reports() == {}
    assert letters() == []


def test_a_share_that_never_was_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        keeping.share_of("nothing", at=clock.now())
