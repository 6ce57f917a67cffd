"""How one delivery goes through the engine, outcome by outcome; one thread, a stopped clock, a real network."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from campaigns.channels.messages import Message
from campaigns.channels.models import Account
from campaigns.deliveries import services
from campaigns.deliveries.engine import claiming, sending, waits
from campaigns.deliveries.engine.claiming import claim_due
from campaigns.deliveries.engine.looking import look
from campaigns.deliveries.engine.preparing import read_on_hand
from campaigns.deliveries.engine.reaping import reap
from campaigns.deliveries.models import Delivery, DeliveryStep
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from tests.conftest import NOW
from tests.delivery.board import Board, BoardAdapter
from tests.delivery.making import look_at, make_account, make_deliveries, story
from tests.delivery.working import work_off
from tests.factories import make_person, make_post, nadia

pytestmark = pytest.mark.usefixtures("reaching")


def make(network: Board, channel: str = "board", **fields: object) -> int:
    """One delivery of a live post, due now, to an account of its own."""
    account = {name: fields.pop(name) for name in ("quiet_from", "quiet_until") if name in fields}
    account_id = make_account(channel, network.url, **account)
    fields.setdefault("due_at", NOW)
    return make_deliveries(make_post().id, [account_id], **fields)[0]  # type: ignore[arg-type]


def key_of(delivery_id: int, part: int = 1) -> str:
    return f"{look_at(delivery_id).key}:part:{part}"


def later(**amount: float) -> datetime:
    return NOW + timedelta(**amount)


def notices() -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in db.session.scalars(select(Notice).order_by(Notice.id))]


def test_what_is_due_goes_out_once_and_says_where_it_is(network: Board) -> None:
    one = make(network)
    work_off()
    sent = look_at(one)
    assert (sent.state, sent.sent_at, sent.lease_until, sent.attempts) == ("sent", NOW, None, 1)
    assert (sent.remote_id, sent.remote_url) == (key_of(one), f"{network.url}/parts/{key_of(one)}")
    assert [one.key for one in network.ledger] == [key_of(one)]
    assert story(one) == ["intended", "sent"]
    work_off()
    assert len(network.ledger) == 1


def test_what_is_not_due_stays(network: Board) -> None:
    one = make(network, due_at=later(seconds=1))
    work_off()
    assert (look_at(one).state, network.requests) == ("scheduled", [])
    with clock.stopped(later(seconds=1)):
        work_off()
    assert look_at(one).state == "sent"


def test_the_intent_is_on_disk_before_the_network_hears_anything(
    network: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str | None, str, bool, bool]] = []

    def watch(step: object, message: Message) -> None:
        db.session.rollback()
        row = db.session.execute(
            select(DeliveryStep.state, Delivery.payload_hash, Delivery.state, DeliveryStep.publishes).join(
                Delivery, Delivery.id == DeliveryStep.delivery_id
            )
        ).one()
        from cms.core.database import is_writing

        seen.append((row[0], row[1], row[2], row[3], is_writing()))

    monkeypatch.setattr(BoardAdapter, "fails", staticmethod(watch))
    one = make(network)
    work_off()
    assert seen == [("intended", look_at(one).payload_hash, "sending", True, False)]


def test_a_thread_goes_on_where_it_stopped_below_what_is_there(network: Board, saying: list[str]) -> None:
    one = make(network, parts=("one", "two", "three", "four", "five"), upload=True)
    network.script("ok", "ok", "ok", "ok", ("400", {}, {"error": "a bad word"}))
    work_off()
    refused = look_at(one)
    assert (refused.state, refused.code, refused.reason) == ("refused", "400", '{"error": "a bad word"}')
    assert [line.what["text"] for line in network.ledger] == ["one", "two", "three"]
    saying[:] = ["one", "two", "three", "a better word", "five"]
    who = nadia()
    with transaction():
        assert services.retry_deliveries([one], by=who, at=clock.now()) == [one]
    work_off()
    assert look_at(one).state == "sent"
    assert [line.what["text"] for line in network.ledger] == ["one", "two", "three", "a better word", "five"]
    assert [line.what["after"] for line in network.ledger][-2:] == [key_of(one, 3), key_of(one, 4)]
    assert network.uploads == 1


def test_the_first_try_writes_down_what_it_says(network: Board, saying: list[str]) -> None:
    one = make(network, payload=None, payload_hash=None)
    saying[:] = ["Paint helps."]
    work_off()
    sent = look_at(one)
    assert sent.payload is not None
    assert Message.from_json(sent.payload).text == "Paint helps."
    assert sent.payload_hash == Message.from_json(sent.payload).hash()
    assert [line.what["text"] for line in network.ledger] == ["Paint helps."]


def test_later_waits_longer_each_time_and_ends_as_refused(network: Board) -> None:
    one = make(network, latest_minutes=60 * 24 * 30)
    now, gaps = NOW, []
    for _ in range(waits.MOST_ATTEMPTS):
        with clock.stopped(now):
            account_id = look_at(one).account_id
            unreachable(account_id)
            work_off()
            due_at = look_at(one).due_at
            assert due_at is not None
            gaps.append((due_at - now).total_seconds())
            now = due_at
    assert look_at(one).state == "refused"
    assert look_at(one).code == "gave_up"
    assert network.ledger == []
    for gap, usual in zip(gaps[:-1], [30, 60, 120, 240, 480, 960, 1920, 3840, 7200], strict=True):
        assert usual * 0.8 <= gap <= usual * 1.2
    assert notices() == []  # nobody runs deliveries on this site


def unreachable(account_id: int) -> None:
    """From now on nobody answers at the account's address."""
    with transaction():
        db.session.execute(
            update(Account).where(Account.id == account_id).values(settings={"url": "http://127.0.0.1:9"})
        )


def test_a_quota_stops_the_whole_account_and_no_other(network: Board) -> None:
    ours, other = make_account("board", network.url), make_account("blind", network.url)
    post_id = make_post().id
    first, second, third = make_deliveries(post_id, [ours, ours, other], due_at=NOW)
    network.script(("429", {"Retry-After": "7"}))
    with transaction():
        db.session.get_one(Delivery, third).due_at = later(seconds=1)
    work_off()
    assert [look_at(one).state for one in (first, second)] == ["scheduled", "scheduled"]
    assert len(network.requests) == 1
    with clock.stopped(later(seconds=6)):
        work_off()
    assert [look_at(one).state for one in (first, second, third)] == ["scheduled", "scheduled", "sent"]
    with clock.stopped(later(seconds=7)):
        work_off()
    assert [look_at(one).state for one in (first, second)] == ["sent", "sent"]
    assert len(network.ledger) == 3


def test_a_missing_setting_pauses_the_account_and_keeps_its_posts(network: Board) -> None:
    nadia()
    account_id = make_account("board", "")
    ids = make_deliveries(make_post().id, [account_id, account_id], due_at=NOW)
    work_off()
    assert [(look_at(one).state, look_at(one).attempts) for one in ids] == [("scheduled", 0)] * 2
    account = db.session.get_one(Account, account_id)
    assert (account.state, account.problem_code) == ("paused", "setting_missing")
    assert account.problem == "A setting of this account is missing: Address"
    assert notices() == [("account.paused", f"account:{account_id}")]
    assert network.requests == []


def test_a_dead_token_pauses_the_account_and_keeps_its_posts(network: Board) -> None:
    who = nadia()
    account_id = make_account("board", network.url)
    one, two = make_deliveries(make_post().id, [account_id, account_id], due_at=NOW)
    network.script("401")
    work_off()
    for each in (one, two):
        kept = look_at(each)
        assert (kept.state, kept.attempts, kept.lease_until) == ("scheduled", 0, None)
    assert len(network.requests) == 1
    account = db.session.get_one(Account, account_id)
    assert (account.state, account.problem_code) == ("paused", "401")
    assert notices() == [("account.paused", f"account:{account_id}")]
    from campaigns.channels.services import resume_account

    with transaction():
        resume_account(account_id, by=who, at=clock.now())
    work_off()
    assert [look_at(each).state for each in (one, two)] == ["sent", "sent"]


def test_what_is_refused_is_told_once_to_who_planned_it(network: Board, saying: list[str]) -> None:
    who, _other = nadia(), make_person("Tom Okafor", "manager")
    one = make(network, created_by_id=who.id)
    network.script("400", "400")
    work_off()
    assert look_at(one).state == "refused"
    assert notices() == [("delivery.refused", f"delivery:{one}")]
    work_off()
    with clock.stopped(later(days=1)):
        work_off()
    notice = db.session.scalars(select(Notice)).one()
    assert (notice.person_id, notice.times) == (who.id, 1)


@pytest.mark.parametrize("behaviour", ["cut", "hang", "500_after"])
def test_a_lost_answer_is_looked_up_and_adopted_and_not_sent_again(
    network: Board, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoardAdapter, "seconds", 0.2)
    one = make(network)
    network.script(behaviour)
    work_off()
    unsure = look_at(one)
    assert (unsure.state, unsure.look_at) == ("unsure", NOW + waits.LOOKS[0])
    with clock.stopped(NOW + waits.LOOKS[0]):
        work_off()
    found = look_at(one)
    assert (found.state, found.remote_id, found.look_at) == ("sent", key_of(one), None)
    assert len(network.ledger) == 1
    assert story(one) == ["intended", "unsure", "sent", "found"]
    assert notices() == []


def test_a_part_that_is_found_is_followed_by_the_next(network: Board) -> None:
    one = make(network, parts=("one", "two", "three"))
    network.script("ok", "cut")
    work_off()
    assert look_at(one).state == "unsure"
    with clock.stopped(later(seconds=10)):
        work_off()
    assert look_at(one).state == "sent"
    assert [line.what["text"] for line in network.ledger] == ["one", "two", "three"]


def test_what_did_not_arrive_is_sent_again_but_not_before_it_had_time_to(network: Board) -> None:
    one = make(network)
    network.script("500")
    work_off()
    assert look_at(one).state == "unsure"
    with clock.stopped(later(seconds=10)):
        work_off()
    assert (look_at(one).state, look_at(one).look_at) == ("unsure", NOW + waits.BELIEVED_AFTER)
    assert network.ledger == []
    with clock.stopped(NOW + waits.BELIEVED_AFTER):
        work_off()
    assert (look_at(one).state, look_at(one).attempts) == ("sent", 2)
    assert len(network.ledger) == 1


def test_a_network_that_cannot_be_looked_at_asks_a_person_at_once(network: Board) -> None:
    who = nadia()
    one = make(network, "blind")
    network.script("cut")
    work_off()
    assert (look_at(one).state, look_at(one).look_at) == ("unsure", None)
    assert notices() == [("delivery.unsure", f"delivery:{one}")]
    with clock.stopped(later(days=2)):
        work_off()
    assert (look_at(one).state, len(network.ledger)) == ("unsure", 1)
    with transaction():
        services.settle(one, "arrived", url="https://example.com/there", by=who, at=clock.now())
    settled = look_at(one)
    assert (settled.state, settled.remote_url, settled.sent_at) == ("sent", "https://example.com/there", NOW)
    assert len(network.ledger) == 1


def test_looking_ends_and_then_a_person_is_asked(network: Board) -> None:
    nadia()
    one = make(network)
    network.script("cut")
    work_off()
    looked = 0
    while (at := look_at(one).look_at) is not None:
        network.script("502")
        looked += 1
        with clock.stopped(at):
            work_off()
    assert looked == len(waits.LOOKS)
    assert (look_at(one).state, notices()) == ("unsure", [("delivery.unsure", f"delivery:{one}")])
    assert len(network.ledger) == 1


def test_a_person_says_that_it_did_not_arrive_and_it_goes_out(network: Board) -> None:
    one = make(network, "blind")
    network.script("cut_before")
    work_off()
    assert (look_at(one).state, network.ledger) == ("unsure", [])
    who = nadia()
    with transaction():
        services.settle(one, "did_not_arrive", by=who, at=clock.now())
    work_off()
    assert (look_at(one).state, len(network.ledger)) == ("sent", 1)


def test_a_network_that_is_not_done_is_asked_and_not_sent_again(network: Board) -> None:
    one = make(network)
    network.script(("202", {}, {"after": 20}), ("202", {}, {"after": 20}))
    work_off()
    assert (look_at(one).state, look_at(one).due_at) == ("finishing", later(seconds=20))
    with clock.stopped(later(seconds=20)):
        work_off()
    assert (look_at(one).state, look_at(one).due_at) == ("finishing", later(seconds=40))
    with clock.stopped(later(seconds=40)):
        work_off()
    assert (look_at(one).state, look_at(one).attempts) == ("sent", 1)
    assert story(one) == ["intended", "finishing", "sent"]


def test_a_network_that_is_never_done_is_looked_up(network: Board) -> None:
    one = make(network)
    network.script(*[("202", {}, {"after": 20})] * 2)
    work_off()
    with clock.stopped(later(hours=25)):
        work_off()
        assert (look_at(one).state, look_at(one).code) == ("unsure", "never_finished")


def test_later_than_its_account_allows_is_missed(network: Board) -> None:
    nadia()
    account_id = make_account("board", network.url)
    ids = make_deliveries(make_post().id, [account_id] * 3, due_at=NOW, latest_minutes=60)
    with clock.stopped(later(minutes=60, seconds=1)):
        work_off()
    assert [look_at(one).state for one in ids] == ["missed"] * 3
    assert (look_at(ids[0]).code, network.requests) == ("late", [])
    assert notices() == [("delivery.missed", f"account:{account_id}")]  # one for all of them


def test_just_in_time_is_in_time(network: Board) -> None:
    one = make(network, latest_minutes=60)
    with clock.stopped(later(minutes=60)):
        work_off()
    assert look_at(one).state == "sent"


def test_a_thread_that_is_begun_is_never_missed(network: Board, saying: list[str]) -> None:
    one = make(network, parts=("one", "two"), latest_minutes=60)
    network.script("ok", ("429", {"Retry-After": "7200"}))
    work_off()
    with clock.stopped(later(hours=2)):
        work_off()
    assert (look_at(one).state, len(network.ledger)) == ("sent", 2)


def test_quiet_hours_are_waited_for_unless_somebody_said_otherwise(network: Board) -> None:
    quiet = {"quiet_from": "11:00", "quiet_until": "13:00"}
    one, two = make(network, **quiet), make(network, **quiet, ignores_quiet=True)
    work_off()
    assert (look_at(one).state, look_at(one).due_at) == ("scheduled", later(hours=1))
    assert look_at(two).state == "sent"
    with clock.stopped(later(hours=1)):
        work_off()
    assert look_at(one).state == "sent"


def test_a_post_that_was_taken_down_is_waited_for(network: Board) -> None:
    post = make_post(publish=False)
    one = make_deliveries(post.id, [make_account("board", network.url)], due_at=NOW)[0]
    work_off()
    assert (look_at(one).state, network.requests) == ("waiting", [])


def test_a_post_that_is_gone_cancels(network: Board) -> None:
    one = make(network)
    with transaction():
        db.session.get_one(Delivery, one).post_id = None
    work_off()
    assert (look_at(one).state, look_at(one).code) == ("cancelled", "post_removed")
    assert network.requests == []


def test_an_account_that_was_removed_refuses_in_a_sentence(network: Board) -> None:
    one = make(network)
    with transaction():
        db.session.get_one(Account, look_at(one).account_id).state = "removed"
    work_off()
    assert (look_at(one).state, look_at(one).code) == ("refused", "account_removed")
    assert look_at(one).reason == "This account was removed."


def test_one_row_that_nobody_can_read_does_not_stop_the_others(network: Board) -> None:
    post_id, account_id = make_post().id, make_account("board", network.url)
    bad, good = make_deliveries(post_id, [account_id, account_id], due_at=NOW)
    with transaction():
        db.session.get_one(Delivery, bad).payload = '{"parts": 7'
    work_off()
    assert (look_at(bad).state, look_at(bad).code) == ("refused", "unreadable")
    assert look_at(bad).payload == '{"parts": 7'  # kept
    assert look_at(good).state == "sent"


def test_an_adapter_that_raises_parks_the_row_and_no_other(
    network: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(step: object, message: Message) -> None:
        if message.text == "bad":
            raise ZeroDivisionError

    monkeypatch.setattr(BoardAdapter, "fails", staticmethod(fail))
    nadia()
    post_id, account_id = make_post().id, make_account("blind", network.url)
    bad = make_deliveries(post_id, [account_id], due_at=NOW, parts=("bad",))[0]
    good = make_deliveries(post_id, [account_id], due_at=NOW, first=2)[0]
    work_off()
    assert (look_at(bad).state, look_at(bad).code) == ("unsure", "adapter_failed")
    assert look_at(good).state == "sent"
    assert notices() == [("delivery.unsure", f"delivery:{bad}")]


def test_a_failing_upload_is_no_secret_and_nothing_is_sent(
    network: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(step: object, message: Message) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(BoardAdapter, "fails", staticmethod(fail))
    one = make(network, upload=True)
    work_off()
    assert (look_at(one).state, look_at(one).code, network.requests) == ("refused", "adapter_failed", [])


def test_credentials_that_cannot_be_read_pause_the_account(network: Board) -> None:
    one = make(network)
    account_id = look_at(one).account_id
    with transaction():
        db.session.get_one(Account, account_id).secrets = "not ours"
    work_off()
    assert look_at(one).state == "scheduled"
    assert db.session.get_one(Account, account_id).problem_code == "secrets"


def test_by_hand_is_prepared_and_told(network: Board, saying: list[str]) -> None:
    who = nadia()
    one = make(network, "hand", payload=None, payload_hash=None)
    work_off()
    ready = look_at(one)
    assert (ready.state, network.requests) == ("by_hand", [])
    assert ready.payload is not None
    assert Message.from_json(ready.payload).text == "composed anew"
    assert notices() == [("delivery.by_hand", f"delivery:{one}")]
    with transaction():
        services.confirm_by_hand(one, url="https://toutiao.example/1", by=who, at=clock.now())
    assert (look_at(one).state, look_at(one).remote_url) == ("sent", "https://toutiao.example/1")


# Workers that go away ----------------------------------------------------------------------------------------------


def test_a_claim_that_ended_before_the_call_goes_out_again(network: Board) -> None:
    one = make(network)
    assert len(claim_due("scheduled", 8)) == 1
    assert claim_due("scheduled", 8) == []
    with clock.stopped(NOW + waits.CLAIM):
        assert reap() == 1
        work_off()
    assert (look_at(one).state, len(network.ledger)) == ("sent", 1)


def test_a_late_word_changes_nothing(network: Board) -> None:
    one = make(network)
    (old,) = claim_due("scheduled", 8)
    with clock.stopped(NOW + waits.CLAIM):
        work_off()
        before = [look_at(one).lease, look_at(one).remote_id, *story(one)]
        known = read_on_hand([old])[0]
        assert sending.send(known) == "lost"
        assert look(known) == "lost"
    assert [look_at(one).lease, look_at(one).remote_id, *story(one)] == before
    assert len(network.ledger) == 1


def test_a_row_that_ends_three_workers_is_parked_and_told(network: Board) -> None:
    nadia()
    one = make(network)
    now = NOW
    for crashes in range(1, waits.MOST_CRASHES + 1):
        with clock.stopped(now):
            assert len(claim_due("scheduled", 8)) == 1
            assert look_at(one).crashes == crashes
        now += waits.CLAIM + timedelta(seconds=60)
        with clock.stopped(now):
            reap()
        now += timedelta(seconds=60)
    assert (look_at(one).state, look_at(one).code) == ("refused", "crashed")
    assert notices() == [("delivery.refused", f"delivery:{one}")]


def test_accounts_take_turns(network: Board) -> None:
    post_id = make_post().id
    busy, quiet = make_account("board", network.url), make_account("blind", network.url)
    make_deliveries(post_id, [busy] * 20, due_at=NOW)
    make_deliveries(post_id, [quiet], due_at=NOW)
    assert sorted(one.account_id for one in claiming.claim_due("scheduled", 8)) == [busy, quiet]
    assert [one.account_id for one in claiming.claim_due("scheduled", 8)] == [busy]
    assert claiming.claim_due("scheduled", 8, but_accounts=[busy]) == []
    assert claiming.claim_due("scheduled", 8, room_at=lambda channel: 0) == []


# Wishes ------------------------------------------------------------------------------------------------------------


def test_what_was_sent_is_edited_and_then_deleted(network: Board, saying: list[str]) -> None:
    who, one = nadia(), make(network)
    work_off()
    saying[:] = ["Paint helps more."]
    with transaction():
        services.edit_sent(one, by=who, at=clock.now())
    work_off()
    edited = look_at(one)
    assert (edited.state, edited.wish, edited.edited_at) == ("sent", "", NOW)
    assert network.texts[key_of(one)] == "Paint helps more."
    assert edited.payload is not None
    assert Message.from_json(edited.payload).text == "Paint helps more."
    with transaction():
        services.delete_sent(one, by=who, at=clock.now())
    work_off()
    assert (look_at(one).state, look_at(one).deleted_at, network.texts) == ("sent", NOW, {})
    assert story(one)[-4:] == ["edit_wished", "edited", "delete_wished", "deleted"]


def test_a_wish_that_the_network_refuses_is_told_once(network: Board, saying: list[str]) -> None:
    who = nadia()
    one = make(network, created_by_id=who.id)
    work_off()
    with transaction():
        services.delete_sent(one, by=who, at=clock.now())
    network.script(("405", {}, {"error": "too old"}))
    work_off()
    denied = look_at(one)
    assert (denied.state, denied.wish, denied.wish_at, denied.code) == ("sent", "", None, "405")
    assert denied.deleted_at is None
    assert notices() == [("delivery.wish", f"delivery:{one}")]


def test_a_wish_waits_for_a_network_that_is_away(network: Board, saying: list[str]) -> None:
    who, one = nadia(), make(network)
    work_off()
    with transaction():
        services.delete_sent(one, by=who, at=clock.now())
    network.script("cut", "502")
    work_off()
    wish_at = look_at(one).wish_at
    assert wish_at is not None
    assert wish_at > NOW
    with clock.stopped(wish_at):
        work_off()
        wish_at = look_at(one).wish_at
        assert wish_at is not None
    with clock.stopped(wish_at):
        work_off()
    assert look_at(one).deleted_at == wish_at
