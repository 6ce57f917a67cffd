"""Rules of repetition, and the deliveries they make: a new row each time, at the same wall, whatever clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.deliveries import services, upkeep
from campaigns.deliveries.models import Delivery, Repeat
from campaigns.deliveries.recurrence import check_rule, occurrences
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.posts.models import Post
from tests.campaigns.deliveries.making import make_account, story
from tests.conftest import NOW
from tests.factories import make_post, nadia, read_again, tom

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "UTC",
)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYMONTHDAY=-1"]),
    st.integers(4, 22),
)
def test_a_repeat_never_drifts_over_the_change_of_clocks(zone: str, rule: str, hour: int) -> None:
    found = []
    for one in occurrences(rule, wall=f"2026-01-05T{hour:02}:30", zone=zone):
        found.append(one)
        if len(found) == 400 or one.at > datetime(2028, 1, 1, tzinfo=UTC):
            break
    assert {one.at.astimezone(ZoneInfo(zone)).strftime("%H:%M") for one in found} == {f"{hour:02}:30"}
    assert [one.number for one in found] == list(range(1, len(found) + 1))


def test_a_wall_that_does_not_exist_comes_later_and_one_that_comes_twice_comes_once() -> None:
    spring = occurrences("FREQ=DAILY", wall="2027-03-27T02:30", zone="Europe/Berlin")
    assert [next(spring).at.hour for _ in range(3)] == [1, 1, 0]  # 02:30, 03:30, 02:30 there
    autumn = occurrences("FREQ=DAILY", wall="2027-10-30T02:30", zone="Europe/Berlin")
    assert [next(autumn).at for _ in range(3)] == [
        datetime(2027, 10, 30, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 11, 1, 1, 30, tzinfo=UTC),
    ]


def test_a_rule_ends_by_its_count_or_on_its_last_day() -> None:
    by_count = occurrences("FREQ=WEEKLY;COUNT=3", wall="2026-12-01T09:30", zone="UTC")
    by_day = occurrences("FREQ=WEEKLY", wall="2026-12-01T09:30", zone="UTC", until_on=date(2026, 12, 15))
    assert [one.wall for one in by_count] == [one.wall for one in by_day] == [
        "2026-12-01T09:30", "2026-12-08T09:30", "2026-12-15T09:30",
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["freq=weekly;byday=mo,th", "RRULE:FREQ=WEEKLY;BYDAY=MO,TH"])
def test_a_rule_is_kept_in_one_form(rule: str) -> None:
    assert check_rule(rule) == "FREQ=WEEKLY;BYDAY=MO,TH"


@pytest.mark.parametrize(
    "rule",
    ["", "weekly", "FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0",
     "FREQ=DAILY;FREQ=DAILY", "FREQ=WEEKLY;UNTIL=20271231T000000Z", "FREQ=DAILY\nDTSTART:20200101T000000",
     "FREQ=MONTHLY;BYMONTHDAY=99"],
)  # fmt: skip
def test_what_is_no_rule_of_ours_is_refused_with_a_sentence(app: object, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_rule(rule)
    assert "FREQ=WEEKLY;BYDAY=MO,TH" in refused.value.errors["rule"]


# Rows -------------------------------------------------------------------------------------------------------------


def start(post: Post, rule: str = "FREQ=WEEKLY", **fields: object) -> int:
    post_id, account_id = post.id, make_account().id
    asked: dict[str, object] = {
        "wall": "2026-11-23T09:30",
        "zone": "Asia/Shanghai",
        "until_on": None,
        **fields,
    }
    by = nadia()
    with transaction():
        return services.start_repeat(post_id, account_id, rule=rule, by=by, at=NOW, **asked)  # type: ignore[arg-type]


def rows_of(repeat_id: int) -> list[Delivery]:
    db.session.expire_all()
    query = select(Delivery).where(Delivery.repeat_id == repeat_id).order_by(Delivery.occurrence)
    return list(db.session.scalars(query))


@pytest.mark.usefixtures("app")
class TestRows:
    def test_each_time_is_a_row_of_its_own_with_its_own_link_weeks_ahead(self) -> None:
        rows = rows_of(start(make_post()))
        assert [(one.wall, one.occurrence, one.state, one.timing) for one in rows] == [
            (f"2026-{day}T09:30", number, "scheduled", "repeat")
            for number, day in enumerate(("11-23", "11-30", "12-07", "12-14", "12-21"), start=1)
        ]
        assert len({one.link_id for one in rows}) == len({one.key for one in rows}) == 5

    def test_the_job_makes_what_is_missing_and_nothing_twice(self) -> None:
        repeat_id = start(make_post())
        assert upkeep.extend_repeats() == {}
        with clock.stopped(NOW + timedelta(days=14)):
            assert upkeep.extend_repeats() == {"made": 2}
            assert upkeep.extend_repeats() == {}
        assert [one.occurrence for one in rows_of(repeat_id)] == list(range(1, 8))

    def test_a_moved_or_cancelled_time_is_not_made_again(self) -> None:
        repeat_id = start(make_post())
        with transaction():
            rows = rows_of(repeat_id)
            rows[1].state, rows[2].wall = "cancelled", "2026-12-08T11:00"
        upkeep.extend_repeats()
        assert len(rows_of(repeat_id)) == 5

    def test_times_that_passed_while_no_worker_ran_are_left_out(self) -> None:
        repeat_id = start(make_post())
        with clock.stopped(NOW + timedelta(days=100)):
            upkeep.extend_repeats()
        walls = [one.wall for one in rows_of(repeat_id)]
        assert walls[4:6] == ["2026-12-21T09:30", "2027-03-08T09:30"]

    def test_a_rare_rule_has_its_next_row_however_far_it_is(self) -> None:
        repeat_id = start(make_post(), "FREQ=YEARLY", wall="2027-09-01T09:30")
        assert [one.wall for one in rows_of(repeat_id)] == ["2027-09-01T09:30"]
        assert upkeep.extend_repeats() == {}

    def test_a_repeat_of_a_draft_waits(self) -> None:
        assert {one.state for one in rows_of(start(make_post(publish=False)))} == {"waiting"}

    def test_a_finished_rule_is_over(self) -> None:
        repeat_id = start(make_post(), "FREQ=WEEKLY;COUNT=2")
        assert read_again(Repeat, repeat_id).ended_at is None
        with clock.stopped(NOW + timedelta(days=20)):
            upkeep.extend_repeats()
            assert read_again(Repeat, repeat_id).ended_at == NOW + timedelta(days=20)

    def test_ending_it_cancels_what_is_planned_and_nothing_else(self) -> None:
        repeat_id, by = start(make_post()), tom()
        with transaction():
            rows_of(repeat_id)[0].state = "sent"
        with transaction():
            services.end_repeat(repeat_id, by=by, at=NOW)
        rows = rows_of(repeat_id)
        assert [one.state for one in rows] == ["sent"] + ["cancelled"] * 4
        assert story(rows[1].id) == ["planned", "cancelled"]
        assert upkeep.extend_repeats() == {}

    def test_a_second_repeat_of_the_same_post_to_the_same_account_is_refused(self) -> None:
        post = make_post()
        repeat_id = start(post)
        post_id, account_id, by = post.id, read_again(Repeat, repeat_id).account_id, tom()
        with pytest.raises(services.AlreadyPlanned), transaction():
            services.start_repeat(
                post_id,
                account_id,
                rule="FREQ=DAILY",
                wall="2026-11-23T09:30",
                zone="UTC",
                until_on=None,
                by=by,
                at=NOW,
            )

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"wall": "2026-11-20T09:30"}, "wall"),
            ({"wall": "2027-03-28T02:30", "zone": "Europe/Berlin"}, "wall"),
            ({"zone": "Asia/Atlantis"}, "zone"),
            ({"until_on": date(2026, 11, 22)}, "until_on"),
            ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rule"),
        ],
    )
    def test_what_makes_no_sense_is_refused_with_its_field(
        self, fields: dict[str, object], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            start(make_post(), **fields)  # type: ignore[arg-type]
        assert list(refused.value.errors) == [field]
