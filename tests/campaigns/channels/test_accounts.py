"""What is done with accounts after they are connected: pauses, limits, details, times, recipients, warnings."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.channels import jobs, letters, queries, services, slots
from campaigns.channels.models import Account, AccountRecipient
from campaigns.channels.services import Details
from campaigns.channels.trials import Failed
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.notices.models import Notice
from tests.campaigns.channels.connecting import connect, make_account, make_delivery, reach_loopback
from tests.factories import ivy, nadia, read_again, tom
from tests.networks import running
from tests.networks.telegram import TelegramServer

HOUR = timedelta(hours=1)


def notices(kind: str) -> list[tuple[int, int]]:
    """Whom this kind was told to, and how often."""
    return [
        (one.person_id, one.times)
        for one in db.session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.person_id))
    ]


def pause(account: Account, reason: str = "Unauthorized") -> bool:
    with transaction():
        return services.pause_account(account.id, reason=reason, code="401", at=clock.now())


def test_pausing_keeps_what_is_planned_and_tells_staff_once(app: Flask) -> None:
    editor, manager = nadia(), tom()
    ivy()
    account = make_account()
    planned = make_delivery(account)
    assert pause(account) is True
    assert pause(account, "Something later") is False
    account = read_again(Account, account.id)
    assert (account.state, account.problem, account.problem_code) == ("paused", "Unauthorized", "401")
    assert read_again(type(planned), planned.id).state == "scheduled"
    told = [person for person, times in notices("account.paused") if times == 1]
    assert {editor.id, manager.id} <= set(told)
    assert [times for _person, times in notices("account.paused")] == [1] * len(told)


def test_resuming_clears_the_reason(app: Flask) -> None:
    manager, account = tom(), make_account()
    pause(account)
    with transaction():
        assert services.resume_account(account.id, by=manager, at=clock.now()) is True
    with transaction():
        assert services.resume_account(account.id, by=manager, at=clock.now()) is False
    account = read_again(Account, account.id)
    assert (account.state, account.problem, account.paused_at) == ("active", "", None)


def test_a_pause_does_not_refuse_somebody_elses_edit(app: Flask) -> None:
    account = make_account()
    version = account.version
    pause(account)
    with transaction():
        services.change_account(
            account.id, Details(name="Renamed", zone="UTC"), expected_version=version, by=None, at=clock.now()
        )
    assert read_again(Account, account.id).name == "Renamed"


def test_a_limit_only_grows(app: Flask) -> None:
    account, now = make_account(), clock.now()
    for until in (now + 2 * HOUR, now + HOUR):
        with transaction():
            services.limit_account(account.id, until=until)
    assert read_again(Account, account.id).limited_until == now + 2 * HOUR


def test_two_people_editing_the_second_reads_what_the_first_saved(app: Flask) -> None:
    account = make_account("First")
    version = account.version
    first = Details(name="Second", zone="UTC")
    with transaction():
        services.change_account(account.id, first, expected_version=version, by=None, at=clock.now())
    with pytest.raises(services.ChangedMeanwhile) as problem, transaction():
        services.change_account(
            account.id, Details(name="Third", zone="UTC"), expected_version=version, by=None, at=clock.now()
        )
    assert problem.value.errors == {"name": "Saved now: Second"}
    assert read_again(Account, account.id).name == "Second"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, ["name"]),
        ({"zone": "Mars/Olympus"}, ["zone"]),
        ({"language": "fr"}, ["language"]),
        ({"mode": "draft"}, ["mode"]),
        ({"latest_minutes": 0}, ["latest_minutes"]),
        ({"latest_minutes": 100_000}, ["latest_minutes"]),
        ({"quiet_from": "22:00"}, ["quiet_until"]),
        ({"quiet_from": "25:00", "quiet_until": "7"}, ["quiet_from", "quiet_until"]),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, ["quiet_until"]),
        ({"signature": "x" * 201}, ["signature"]),
        ({"utm_source": "Our Channel"}, ["utm_source"]),
    ],
)
def test_details_that_make_no_sense_are_refused(
    app: Flask, fields: dict[str, object], wrong: list[str]
) -> None:
    account = make_account()
    with app.test_request_context(), pytest.raises(Invalid) as problem, transaction():
        services.change_account(
            account.id,
            Details(**{"name": "Name", "zone": "UTC", **fields}),  # type: ignore[arg-type]
            by=None,
            at=clock.now(),
        )
    assert list(problem.value.errors) == wrong


def add_slots(account: Account, days: str, wall: str) -> int:
    with transaction():
        return services.add_slots(account.id, days=days, wall=wall, by=None, at=clock.now())


def test_a_time_on_every_weekday_is_five_places_and_one_sentence(app: Flask) -> None:
    account = make_account()
    assert add_slots(account, "weekdays", "9:30") == 5
    assert add_slots(account, "every", "09:30") == 2
    assert add_slots(account, "5", "18:00") == 1
    account = queries.get_account(account.id)
    with app.test_request_context():
        said = [(str(one.days), one.wall, len(one.slot_ids)) for one in slots.in_words(account.slots)]
    assert said == [("Every day", "09:30", 7), ("Saturday", "18:00", 1)]
    every_day = slots.in_words(account.slots)[0].slot_ids
    with transaction():
        services.remove_slots(account.id, every_day, by=None, at=clock.now())
    assert [one.wall for one in queries.get_account(account.id).slots] == ["18:00"]


@pytest.mark.parametrize(("days", "wall"), [("weekdays", "24:00"), ("8", "09:30"), ("0", "soon"), ("0", "")])
def test_times_that_are_none_are_refused(app: Flask, days: str, wall: str) -> None:
    account = make_account()
    with pytest.raises(Invalid):
        add_slots(account, days, wall)
    assert queries.get_account(account.id).slots == []


def test_slots_of_another_account_stay(app: Flask) -> None:
    one, other = make_account(), make_account("Other")
    add_slots(other, "0", "09:30")
    foreign = [slot.id for slot in queries.get_account(other.id).slots]
    with transaction():
        assert services.remove_slots(one.id, foreign, by=None, at=clock.now()) == 0
    assert len(queries.get_account(other.id).slots) == 1


def add(account: Account, text: str) -> services.Added:
    with transaction():
        return services.add_recipients(account.id, text, by=None, at=clock.now())


def test_a_list_of_recipients_is_added_once_each(app: Flask) -> None:
    account = make_account("Letters", "email")
    assert add(account, "Ann@Example.com, bo@example.com;\nann@example.com") == services.Added(2, 0, 0)
    assert add(account, "ann@example.com\ncy@example.com") == services.Added(1, 1, 0)
    assert queries.count_recipients(account.id) == (3, 0)


def test_a_list_with_wrong_addresses_adds_nobody(app: Flask) -> None:
    account = make_account("Letters", "email")
    with pytest.raises(Invalid) as problem:
        add(account, "ann@example.com\nno address\n@x")
    assert problem.value.errors == {"addresses": "These are no e-mail addresses: no address, @x"}
    assert queries.count_recipients(account.id) == (0, 0)


def test_whoever_ended_letters_is_not_added_again_but_a_mended_mailbox_is(app: Flask) -> None:
    account = make_account("Letters", "email")
    add(account, "ann@example.com\nbo@example.com")
    ann, bo = queries.recipients(account.id)
    ann_id, bo_id = ann.id, bo.id
    with transaction():
        assert services.end_recipient(ann_id, because=services.UNSUBSCRIBED, at=clock.now()) is True
        assert services.end_recipient(ann_id, because="550 no such user", at=clock.now()) is False
        services.end_recipient(bo_id, because="550 no such user", at=clock.now())
    assert add(account, "ann@example.com\nbo@example.com") == services.Added(1, 0, 1)
    assert [one.address for one in queries.recipients(account.id)] == ["bo@example.com"]
    ended = read_again(AccountRecipient, ann_id)
    assert ended.ended_because == "unsubscribed"


def test_letters_carry_an_address_that_ends_only_theirs(app: Flask) -> None:
    account = make_account("Letters", "email", language="zh")
    add(account, "ann@example.com\nbo@example.com")
    (ann, _address, stop), *_rest = letters.everybody(account.id, "zh")
    assert stop.startswith("http://localhost/zh/u/")
    assert letters.read_token(stop.rsplit("/", 1)[1]) == ann
    assert letters.read_token(stop.rsplit("/", 1)[1][:-2] + "xx") is None


def test_credentials_that_end_before_the_last_delivery_are_told_once(app: Flask) -> None:
    manager, now = tom(), clock.now()
    account = make_account(expires_at=now + 30 * 24 * HOUR)
    make_account("Long", expires_at=now + 300 * 24 * HOUR)
    make_account("Never ends")
    assert jobs.warn_of_ending() == {}
    make_delivery(account, planned_at=now + 40 * 24 * HOUR)
    assert jobs.warn_of_ending() == {"warned": 1}
    assert jobs.warn_of_ending() == {}
    assert (manager.id, 1) in notices("account.ending")
    with transaction():
        queries.get_account(account.id).expires_at = now
    assert jobs.warn_of_ending() == {"warned": 1}  # another end is another incident


def test_every_account_is_asked_about_once_a_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    reach_loopback(app, monkeypatch)
    with running(TelegramServer()) as there:
        account = connect(there.url)
        assert jobs.check_accounts() == {}
        due = account.check_at
        assert due is not None
        assert timedelta(hours=20) < due - clock.now() < timedelta(hours=28)
        there.chat = {**there.chat, "title": "Renamed there"}
        with clock.stopped(due):
            assert jobs.check_accounts() == {"asked": 1}
            assert jobs.check_accounts() == {}
        assert read_again(Account, account.id).remote_name == "Renamed there"


def test_a_dead_token_pauses_after_three_answers_of_no(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    reach_loopback(app, monkeypatch)
    no = ("401", {}, {"ok": False, "error_code": 401, "description": "Unauthorized"})
    with running(TelegramServer()) as there:
        account = connect(there.url)
        planned = make_delivery(account)
        states = []
        for _ in range(3):
            there.script(no)
            due = read_again(Account, account.id).check_at
            assert due is not None
            with clock.stopped(due):
                assert jobs.check_accounts() == {"asked": 1, "failed": 1}
            states.append(read_again(Account, account.id).state)
    assert states == ["active", "active", "paused"]
    assert read_again(Account, account.id).problem == "Telegram does not know this token."
    assert read_again(type(planned), planned.id).state == "scheduled"


def test_a_network_that_is_down_pauses_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    reach_loopback(app, monkeypatch)
    with running(TelegramServer()) as there:
        account = connect(there.url)
    for _ in range(4):
        due = read_again(Account, account.id).check_at
        assert due is not None
        with clock.stopped(due):
            assert jobs.check_accounts() == {"asked": 1, "failed": 1}
    account = read_again(Account, account.id)
    assert (account.state, account.failed_checks) == ("active", 0)
    assert account.problem != ""


def test_one_worker_asks(app: Flask) -> None:
    account = make_account()
    at = clock.now()
    with transaction():
        assert services.claim_check(account.id, at=at) is True
    with transaction():
        assert services.claim_check(account.id, at=at) is False


def test_a_check_that_fails_says_nothing_of_a_paused_account(app: Flask) -> None:
    account = make_account()
    with transaction():
        services.pause_account(account.id, reason="Crisis", code=services.BY_HAND, at=clock.now())
        services.note_failed(account.id, Failed("No."), at=clock.now())
    assert read_again(Account, account.id).problem == "Crisis"


def test_removed_accounts_are_listed_nowhere(app: Flask) -> None:
    kept = make_account("Kept")
    make_account("Gone", state="removed")
    assert [one.id for one in queries.accounts()] == [kept.id]
    assert db.session.scalar(select(func.count()).select_from(Account)) == 2
