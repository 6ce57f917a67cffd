"""Making a contest, its wall times, its rules, its people, its extension."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cms.contests import services
from cms.contests.content import PhaseLine, Plan, TimesTwice, prepare, prepare_rules
from cms.contests.models import ContestAct
from cms.contests.queries import get_contest
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid
from cms.notices.models import Notice
from cms.people.models import AuditEntry
from tests.cms.contests.held import DAY, begin, make_contest, member, plan, rules, run
from tests.conftest import NOW
from tests.factories import nadia, tom

pytestmark = pytest.mark.usefixtures("app")


def said(*lines: PhaseLine, zone: str = "Europe/Berlin") -> Plan:
    return Plan(title={"en": "Signals"}, zone=zone, phases=lines)


def wrong(what: Plan) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        prepare(what)
    return dict(caught.value.errors)


def test_a_contest_needs_a_name_entries_and_results() -> None:
    assert sorted(wrong(Plan(title={}, zone="UTC", phases=[]))) == [
        "phases.entries.starts",
        "phases.results.starts",
        "title_en",
    ]


def test_an_abbreviated_zone_is_refused_because_cst_means_three_things() -> None:
    assert "zone" in wrong(said(zone="CST"))


def test_a_date_alone_is_no_deadline() -> None:
    lines = (PhaseLine("entries", "2026-12-01", "2026-12-24"), PhaseLine("results", "2026-12-30T10:00"))
    assert set(wrong(said(*lines))) == {"phases.entries.starts", "phases.entries.ends"}


def test_a_deadline_in_the_hour_that_does_not_exist_is_refused() -> None:
    lines = (
        PhaseLine("entries", "2027-03-01T09:00", "2027-03-28T02:30"),
        PhaseLine("results", "2027-04-01T09:00"),
    )
    assert set(wrong(said(*lines))) == {"phases.entries.ends"}


def test_a_deadline_that_comes_twice_is_asked_about() -> None:
    def lines(which: int | None) -> tuple[PhaseLine, PhaseLine]:
        ends = PhaseLine("entries", "2027-10-01T09:00", "2027-10-31T02:30", (None, which))
        return ends, PhaseLine("results", "2027-11-05T09:00")

    with pytest.raises(TimesTwice) as caught:
        prepare(said(*lines(None)))
    assert list(caught.value.questions) == ["phases.entries.ends"]
    meant = [prepare(said(*lines(which))).phases[0].ends_at for which in (0, 1)]
    assert meant == [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_wall_times_keep_their_clock_across_the_change() -> None:
    ready = prepare(
        said(
            PhaseLine("entries", "2027-03-01T18:00", "2027-03-30T18:00"),
            PhaseLine("results", "2027-04-01T18:00"),
        )
    )
    entries = ready.phases[0]
    assert (entries.starts_at.hour, entries.ends_at and entries.ends_at.hour) == (17, 16)


def test_phases_out_of_order_are_refused_by_name() -> None:
    lines = (
        PhaseLine("entries", "2026-12-01T09:00", "2026-12-24T18:00"),
        PhaseLine("jury", "2026-12-20T09:00", "2026-12-28T18:00"),
        PhaseLine("results", "2026-12-30T10:00"),
    )
    assert wrong(said(*lines)) == {"phases.jury.starts": "This begins before “Entries” is over."}


def test_phases_open_and_close_once_in_their_order_after_a_long_silence() -> None:
    contest = make_contest()
    assert run(NOW + 3.5 * DAY) == {"opened": 4, "closed": 3}
    assert run(NOW + 3.5 * DAY) == {}
    acts = db.session.execute(select(ContestAct.act, ContestAct.at).order_by(ContestAct.id)).all()
    assert [(act, at) for act, at in acts][1:4] == [
        ("opened", NOW),
        ("closed", NOW + DAY),
        ("opened", NOW + DAY),
    ]
    assert get_contest(contest.id).sealed_hash is not None


def test_nothing_happens_by_itself_before_the_announcement() -> None:
    make_contest(announced=False)
    assert run(NOW + 2 * DAY) == {}


def test_announcing_after_the_deadline_is_refused() -> None:
    contest = make_contest(announced=False)
    with pytest.raises(Conflict), transaction():
        services.announce_contest(contest.id, by=None, at=NOW + 2 * DAY)


def test_an_extension_moves_what_follows_is_logged_and_told() -> None:
    contest, rae = make_contest(), member()
    run(NOW + DAY)
    begin(contest, rae)
    with transaction():
        services.extend_phase(
            contest.id, "entries", wall="2026-11-23T18:00", reason="The site was down.", by=None, at=NOW + DAY
        )
    again = get_contest(contest.id)
    shift = timedelta(hours=6)
    assert [one.ends_at for one in again.phases if one.kind in ("entries", "jury")] == [
        NOW + 2 * DAY + shift,
        NOW + 4 * DAY + shift,
    ]
    assert [one.starts_at for one in again.phases if one.kind == "check"] == [NOW + 2 * DAY + shift]
    act = db.session.scalars(select(ContestAct).where(ContestAct.act == "extended")).one()
    assert (act.words, act.detail["to"]) == ("The site was down.", "2026-11-23 18:00 (UTC)")
    assert db.session.scalars(select(AuditEntry.act).where(AuditEntry.act == "contest.extended")).all() != []
    told = db.session.scalars(select(Notice).where(Notice.person_id == rae.id)).all()
    assert [one.detail["what"] for one in told] == ["extended"]


@pytest.mark.parametrize(
    ("wall", "reason"), [("2026-11-23T11:00", "Sooner"), ("2026-11-24T11:00", " "), ("soon", "Later")]
)
def test_an_extension_that_makes_no_sense_is_refused(wall: str, reason: str) -> None:
    contest = make_contest()
    with pytest.raises(Invalid), transaction():
        services.extend_phase(contest.id, "entries", wall=wall, reason=reason, by=None, at=NOW + DAY)


def test_a_closed_phase_is_not_extended() -> None:
    contest = make_contest()
    run(NOW + 2 * DAY)
    with pytest.raises(Conflict), transaction():
        services.extend_phase(
            contest.id, "entries", wall="2026-11-28T11:00", reason="x", by=None, at=NOW + 2 * DAY
        )


def test_times_and_limits_stand_once_announced_and_words_do_not() -> None:
    contest = make_contest()
    with pytest.raises(Invalid) as caught, transaction():
        services.change_contest(contest.id, plan(most_entries=3, start=NOW + DAY), by=None, at=NOW)
    assert set(caught.value.errors) == {"eligible", "zone"}
    with transaction():
        services.change_contest(contest.id, plan(summary={"en": "New words"}), by=None, at=NOW)
    assert get_contest(contest.id).summary == {"en": "New words"}


def test_rules_get_a_new_version_that_says_what_is_new() -> None:
    contest = make_contest()
    with pytest.raises(Invalid), transaction():
        services.add_rules(contest.id, rules("Two entries each."), by=None, at=NOW)
    with transaction():
        services.add_rules(contest.id, rules("Two entries each.", "Two now."), by=None, at=NOW)
    assert [(one.number, one.change) for one in get_contest(contest.id).rules] == [(1, ""), (2, "Two now.")]


def test_rules_without_consent_are_refused() -> None:
    with pytest.raises(Invalid) as caught:
        prepare_rules({"en": "Rules"}, {})
    assert set(caught.value.errors) == {"consent_en"}


def test_who_runs_it_cannot_judge_it_and_who_entered_can_do_neither() -> None:
    by, other, rae = nadia(), tom(), member()
    contest = make_contest(by=by)
    with transaction():
        services.set_role(contest.id, other.id, "juror", by=by, at=NOW)
    begin(contest, rae)
    for person, role in ((by, "juror"), (other, "organiser"), (rae, "juror"), (rae, "organiser")):
        with pytest.raises(Invalid), transaction():
            services.set_role(contest.id, person.id, role, by=by, at=NOW)


def test_the_last_organiser_stays() -> None:
    by = nadia()
    contest = make_contest(by=by)
    with pytest.raises(Conflict), transaction():
        services.remove_role(contest.id, by.id, by=by, at=NOW)


def test_contests_of_a_series_are_numbered() -> None:
    by = nadia()
    with transaction():
        series_id = services.create_series({"en": "Essays"}, at=NOW).id
    numbers = [make_contest(by=by, series_id=series_id).number for _ in range(2)]
    assert numbers == [1, 2]
