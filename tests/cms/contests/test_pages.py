"""The pages: from a draft nobody sees to winners on the home page, through the forms that people use."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from cms.calendar.sources import Wanted
from cms.contests import services
from cms.contests.jobs import remind_of_deadlines
from cms.contests.models import Contest, Entry
from cms.contests.queries import get_contest, get_entry, own_entries, winners
from cms.contests.times import phases_of_contests
from cms.core import clock
from cms.core.database import db, transaction
from cms.drafts.models import Draft
from cms.notices.models import Notice
from cms.people.models import Person
from tests.cms.comments.talking import allow, say
from tests.cms.contests.held import BODY, DAY, DEADLINE, accept, begin, enter, make_contest, member, run
from tests.conftest import NOW
from tests.factories import make_post, nadia, sign_in

pytestmark = pytest.mark.usefixtures("app")
FORM = {
    "title_en": "Signals",
    "title_zh": "信号",
    "brief_en": "Write about **signals**.",
    "zone": "Asia/Shanghai",
    "eligible": "everyone",
    "most_entries": "1",
    "rules_en": "Be brief.",
    "consent_en": "I wrote it.",
    "entries_starts": "2026-12-01T09:00",
    "entries_ends": "2026-12-24T18:00",
    "results_starts": "2027-01-10T10:00",
    "prize_0_en": "First prize",
    "prize_0_places": "1",
}


def as_(client: FlaskClient, person: Person) -> FlaskClient:
    sign_in(client, person)
    return client


def test_a_contest_is_made_by_a_form_and_hidden_until_it_is_announced(
    app: Flask, client: FlaskClient
) -> None:
    as_(client, nadia())
    made = client.post("/desk/contests", data=FORM)
    contest = db.session.scalars(select(Contest)).one()
    assert (made.status_code, contest.slug) == (303, "signals")
    assert app.test_client().get("/contests/signals").status_code == 404
    assert "Signals" not in app.test_client().get("/contests").text
    assert client.post(f"/desk/contests/{contest.id}/announcement").status_code == 303
    page = app.test_client().get("/contests/signals").text
    assert "2026-12-24 18:00</time>" in page
    assert "on the clock of Asia/Shanghai" in page
    assert '<time datetime="2026-12-24T10:00:00Z"' in page
    assert "Set-Cookie" not in app.test_client().get("/contests/signals").headers


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(client: FlaskClient) -> None:
    as_(client, nadia())
    answer = client.post(
        "/desk/contests", data={**FORM, "entries_ends": "2026-11-01T18:00", "consent_en": ""}
    )
    assert answer.status_code == 422
    for words in ("It ends before it begins.", "Please write this, in one language at least.", "Be brief."):
        assert words in answer.text


def test_a_time_that_comes_twice_is_asked_about_in_the_form(client: FlaskClient) -> None:
    as_(client, nadia())
    data = {
        **FORM,
        "zone": "Europe/Berlin",
        "entries_ends": "2027-10-31T02:30",
        "results_starts": "2027-11-10T10:00",
    }
    asked = client.post("/desk/contests", data=data)
    assert (asked.status_code, 'name="entries_ends_which"' in asked.text) == (422, True)
    assert client.post("/desk/contests", data={**data, "entries_ends_which": "1"}).status_code == 303


def test_a_kept_page_changes_the_moment_a_phase_does(client: FlaskClient) -> None:
    contest = make_contest()
    with clock.stopped(NOW + DAY - timedelta(seconds=30)):
        assert '/enter">Take part' not in client.get(f"/contests/{contest.slug}").text
    client.application.extensions["parley_pages"].forget_everything()
    with clock.stopped(NOW + DAY):
        assert '/enter">Take part' in client.get(f"/contests/{contest.slug}").text


def test_an_entry_goes_from_the_editor_to_the_seal(client: FlaskClient) -> None:
    contest, rae = make_contest(), member()
    as_(client, rae)
    with clock.stopped(NOW + DAY):
        begun = client.post(f"/contests/{contest.slug}/enter")
        page = client.get(begun.location).text
        assert "data-keep=" in page
        assert "data-editor=" in page
        entry = own_entries(rae.id)[0]
        said = {"title": "Salt", "body": BODY, "language": "en", "rules": "1", "edits": "1"}
        refused = client.post(begun.location, data={**said, "hand_in": "1"})
        assert (refused.status_code, BODY.split("*")[0] in refused.text) == (422, True)
        handed = client.post(begun.location, data={**said, "agrees": "y", "hand_in": "1"})
    assert handed.status_code == 303
    sealed = get_entry(entry.id)
    assert sealed.sealed_hash
    assert sealed.sealed_hash in client.get(f"/me/entries/{entry.id}/sealed").text


def test_what_is_typed_is_kept_and_comes_back(client: FlaskClient) -> None:
    contest, rae = make_contest(), member()
    entry = begin(contest, rae)
    as_(client, rae)
    sent = {
        "tab": "tab-of-rae",
        "base": 1,
        "sequence": 1,
        "fields": {"title": "Kept", "body": "Not saved yet."},
    }
    kept = client.post(f"/me/entries/{entry.id}/drafts/1", json=sent)
    draft = db.session.scalars(select(Draft)).one()
    assert (kept.status_code, draft.subject) == (200, f"entry:{entry.id}")
    assert "Not saved yet." in client.get(f"/me/entries/{entry.id}?draft={draft.id}").text


def test_nothing_of_an_entry_is_shown_to_anybody_else(client: FlaskClient) -> None:
    contest = make_contest()
    entry = enter(contest, member())
    assert client.get(f"/me/entries/{entry.id}").status_code == 303
    as_(client, member("Ivy Lindqvist"))
    assert client.get(f"/me/entries/{entry.id}").status_code == 404
    public = client.get(f"/contests/{contest.slug}").text + client.get("/contests").text
    assert "Salt" not in public
    assert "Rae Sato" not in public


def test_a_juror_who_is_an_editor_does_not_run_the_contest(client: FlaskClient) -> None:
    contest = make_contest()
    other = member("Lin Wei")
    with transaction():
        other.role = "editor"
        services.set_role(contest.id, other.id, "juror", by=None, at=NOW)
    entry = enter(contest, member())
    as_(client, other)
    for path in (
        f"/desk/contests/{contest.id}",
        f"/desk/contests/{contest.id}/entries",
        f"/desk/contests/entries/{entry.id}",
    ):
        assert client.get(path).status_code == 403


def finished(by: Person, *people: Person) -> tuple[Contest, list[Entry]]:
    """Until the places can be set."""
    contest = make_contest(by=by)
    entries = [accept(enter(contest, one, title=f"By {one.handle}"), by, DEADLINE) for one in people]
    run(NOW + 6 * DAY)
    return contest, entries


def test_winners_come_to_the_home_page_once_the_results_are_final(app: Flask, client: FlaskClient) -> None:
    by, people = nadia(), [member(), member("Ivy Lindqvist"), member("Bo Yi")]
    contest, entries = finished(by, *people)
    as_(client, by)
    at = NOW + 6 * DAY
    desk = f"/desk/contests/{contest.id}/results"
    places = {f"place-{one.id}": place for one, place in zip(entries, ("1", "2", "2"), strict=True)}
    with clock.stopped(at):
        assert client.post(desk, data={**places, f"place-{entries[2].id}": "3"}).status_code == 303
        assert client.post(desk, data={**places, f"place-{entries[2].id}": "4"}).status_code == 422
        assert client.post(desk, data={**places, "reason": "A tie was overlooked."}).status_code == 303
        reader = app.test_client()
        preliminary = reader.get(f"/contests/{contest.slug}").text
        assert "Preliminary" in preliminary
        assert "By rae" in preliminary
        assert "Rae Sato" not in preliminary
        assert client.post(f"{desk}/check").status_code == 303
        client.post(f"{desk}/end")
        assert get_contest(contest.id).results_state == "final"
        assert client.post(f"/desk/contests/entries/{entries[0].id}/publication").status_code == 303
        app.extensions["parley_pages"].forget_everything()
        assert "Rae Sato" in reader.get(f"/contests/{contest.slug}").text
        fame = reader.get("/contests/winners").text
        assert [one in fame for one in ("By rae", "By ivy", "By bo")] == [True] * 3
        home = reader.get("/").text
    assert "block--winners" in home
    assert "By rae" in home.partition("block--winners")[2]
    published = get_entry(entries[0].id).published_id
    assert published is not None


def test_a_jury_may_award_nothing_or_no_first_prize_when_it_says_why(app: Flask, client: FlaskClient) -> None:
    by = nadia()
    contest, (entry,) = finished(by, member())
    as_(client, by)
    desk = f"/desk/contests/{contest.id}/results"
    with clock.stopped(NOW + 6 * DAY):
        bare = client.post(desk, data={})
        assert (bare.status_code, "say why nobody has the first place" in bare.text) == (422, True)
        assert client.post(desk, data={"reason": "None was about signals."}).status_code == 303
        page = app.test_client().get(f"/contests/{contest.slug}").text
        assert "No prize was awarded." in page
        assert "None was about signals." in page
        second = {f"place-{entry.id}": "2", "reason": "One was, after all."}
        assert client.post(desk, data=second).status_code == 303
        client.application.extensions["parley_pages"].forget_everything()
        page = app.test_client().get(f"/contests/{contest.slug}").text
    assert "Second prize" in page.partition('id="results"')[2].partition("</section>")[0]
    assert "No prize was awarded." not in page


def test_the_next_in_line_moves_up_and_is_told_when_a_winner_drops_out() -> None:
    by, first, second = nadia(), member(), member("Ivy Lindqvist")
    contest, entries = finished(by, first, second)
    at = NOW + 6 * DAY
    one, other = (entry.id for entry in entries)

    def place(reason: str, *placings: services.Placing) -> list[str]:
        with transaction():
            services.set_places(contest.id, placings, reason=reason, by=by, at=at)
        query = select(Notice).where(
            Notice.kind == "contest.entry", Notice.detail["what"].as_string() == "won"
        )
        return sorted(row.subject for row in db.session.scalars(query))

    assert place("", services.Placing(one, 1)) == []
    with transaction():
        services.check_results(contest.id, by=by, at=at)
        services.finish_results(contest.id, by=by, at=at)
    out = services.Placing(one, 9, disqualified_for="Did not answer within 14 days.")
    assert place("The winner did not answer.", out, services.Placing(other, 1)) == [
        f"entry:{one}",
        f"entry:{other}",
    ]
    assert [(won.entry_id, won.place) for won in winners(contest.id)] == [(other, 1)]


def test_who_began_and_did_not_hand_in_is_reminded_and_who_did_is_not(app: Flask) -> None:
    contest = make_contest("entries", "results", start=NOW - DAY)
    writes, done = member(), member("Ivy Lindqvist")
    with clock.stopped(NOW - DAY):
        begin(contest, writes, NOW - DAY)
        enter(contest, done, NOW - DAY)
    with transaction():
        services.extend_phase(
            contest.id, "entries", wall="2026-11-23T12:00", reason="x", by=None, at=NOW - DAY
        )
    with clock.stopped(NOW + DAY):
        assert remind_of_deadlines() == {"told": 1}
    told = select(Notice.person_id).where(Notice.kind == "contest.deadline")
    assert db.session.scalars(told).all() == [writes.id]


def test_staff_never_write_in_what_somebody_enters(client: FlaskClient) -> None:
    by = nadia()
    contest = make_contest(by=by)
    entry = enter(contest, member())
    as_(client, by)
    changed = {"title": "Better", "body": "Mine now.", "language": "en", "rules": "1", "edits": "1"}
    for path in (f"/me/entries/{entry.id}", f"/me/entries/{entry.id}/withdrawal"):
        assert client.post(path, data=changed).status_code == 403
    assert 'name="body"' not in client.get(f"/desk/contests/entries/{entry.id}").text
    assert get_entry(entry.id).title == "Salt"


@pytest.mark.parametrize(
    ("days", "sentence"), [(3, "Entries are not closed"), (4.5, "jury or the public vote")]
)
def test_places_wait_for_the_jury_and_the_vote(client: FlaskClient, days: float, sentence: str) -> None:
    by = nadia()
    contest = make_contest(by=by)
    entry = accept(enter(contest, member()), by, DEADLINE)
    as_(client, by)
    if days > 4:
        run(NOW + days * DAY)
    with clock.stopped(NOW + days * DAY):
        answer = client.post(f"/desk/contests/{contest.id}/results", data={f"place-{entry.id}": "1"})
    assert (answer.status_code, sentence in answer.text) == (409, True)


def test_the_next_contest_of_a_series_is_filled_in_with_times_ahead(client: FlaskClient) -> None:
    by = nadia()
    with transaction():
        series_id = services.create_series({"en": "Essays", "zh": "征文"}, at=NOW).id
    contest = make_contest(by=by, series_id=series_id, most_entries=2)
    with clock.stopped(NOW + 30 * DAY):
        as_(client, by)
        page = client.get(f"/desk/contests/new?after={contest.id}").text
    assert 'value="2027-01-02T12:00"' in page  # the same weekday and clock, a week ahead at least
    assert "One entry each." in page


def test_the_calendar_file_holds_each_phase_and_moves_with_an_extension(client: FlaskClient) -> None:
    contest = make_contest()
    path = f"/contests/{contest.slug}/calendar.ics"

    def ends() -> list[datetime]:
        found = Calendar.from_ical(client.get(path).data)
        return [one.end for one in found.walk("VEVENT") if ":entries@" in one["UID"]]

    assert ends() == [DEADLINE]
    with transaction():
        services.extend_phase(contest.id, "entries", wall="2026-11-23T18:00", reason="x", by=None, at=NOW)
    client.application.extensions["parley_pages"].forget_everything()
    assert ends() == [DEADLINE + timedelta(hours=6)]


def test_the_desk_has_phases_on_its_calendar(app: Flask) -> None:
    by = nadia()
    contest = make_contest(by=by)
    with app.test_request_context("/"):
        found = phases_of_contests(by, NOW, NOW + 10 * DAY, Wanted())
    assert len(found) == 8  # seven phases and the deadline
    assert [one.at for one in found if one.key == f"contest:{contest.id}:deadline"] == [DEADLINE]


def test_feeds_tell_what_happened_and_nothing_of_drafts(client: FlaskClient) -> None:
    make_contest()
    by = db.session.scalars(select(Person)).first()
    assert by is not None
    make_contest(by=by, announced=False, title={"en": "Secret"})
    for file in ("feed.xml", "atom.xml", "feed.json"):
        text = client.get(f"/contests/{file}").text
        assert "The contest was announced." in text
        assert "Secret" not in text


def test_readers_are_reminded_once_for_each_deadline(app: Flask, client: FlaskClient) -> None:
    contest, rae = make_contest("entries", "results", start=NOW - 3 * DAY), member()
    with transaction():
        services.extend_phase(
            contest.id, "entries", wall="2026-11-26T12:00", reason="x", by=None, at=NOW - 2.5 * DAY
        )
        services.follow_contest(contest.id, by=rae, at=NOW)
    told = []
    for hours in (80, 72, 71, 24, 23):
        with clock.stopped(NOW + 5 * DAY - timedelta(hours=hours)):
            told.append(remind_of_deadlines())
    assert told == [{}, {"told": 1}, {}, {"told": 1}, {}]


def test_a_reminder_says_what_is_left_and_not_what_made_it_due(client: FlaskClient) -> None:
    contest, rae = make_contest("entries", "results"), member()
    with transaction():
        services.follow_contest(contest.id, by=rae, at=NOW)
    with clock.stopped(NOW + DAY - timedelta(hours=10.5)):
        assert remind_of_deadlines() == {"told": 1}
    told = db.session.scalars(select(Notice).where(Notice.person_id == rae.id)).all()
    assert [one.detail["hours"] for one in told if "hours" in one.detail] == [11]


def test_a_comment_becomes_a_theme_with_credit(app: Flask, client: FlaskClient) -> None:
    reader, editor = member("Rae"), nadia()
    said = say("Write about *fog*.\nOr rain.", by=reader)
    as_(client, editor)
    link = f"/desk/contests/new?comment={said.id}"
    assert link in client.get(f"/desk/questions/{said.id}").text
    form = client.get(link).text
    assert "&gt; Write about *fog*.\r\n&gt; Or rain.</textarea>" in form.replace("\n", "\r\n").replace(
        "\r\r", "\r"
    )
    assert f'value="{reader.handle}"' in form
    refused = client.post("/desk/contests", data={**FORM, "theme_by": "@nobody-at-all"})
    assert refused.status_code == 422
    assert "Nobody has this handle." in refused.text
    credit = {"theme_by": f"@{reader.handle}", "theme_url": f"/posts/spring-notes/comments#c{said.id}"}
    client.post("/desk/contests", data={**FORM, **credit})
    contest = get_contest(db.session.scalars(select(Contest.id)).one())
    assert contest.theme_by_id == reader.id
    client.post(f"/desk/contests/{contest.id}/announcement")
    page = app.test_client().get("/contests/signals").text
    assert "An idea of Rae" in page
    assert f"#c{said.id}" in page
    again = client.get(f"/desk/contests/{contest.id}/edit").text
    assert f'value="{reader.handle}"' in again  # saving other words leaves the credit where it is


def test_who_wrote_without_an_account_is_named_below_the_theme(client: FlaskClient) -> None:
    post = make_post("Spring notes")
    allow(post, "open")
    said = say("Write about fog.", on=post, name="A passer-by")
    as_(client, nadia())
    form = client.get(f"/desk/contests/new?comment={said.id}").text
    assert f"From a comment by A passer-by](/posts/{post.slug}/comments#c{said.id})" in form
