"""What people do about deliveries from the desk's pages: every act, and its refusals with a sentence."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.deliveries.models import Delivery, Hold, Repeat
from cms.core import clock
from cms.core.database import db
from tests.campaigns.deliveries.made import make_account, make_delivery, make_hold, message
from tests.campaigns.deliveries.test_pages import text_of
from tests.factories import make_media, make_post, nadia, read_again, sign_in, tom

pytestmark = pytest.mark.usefixtures("app")
WALL = {"wall": "2026-11-25T09:30", "zone": "Europe/Berlin"}


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia's browser."""
    sign_in(client, nadia())
    return client


def now(one: Delivery) -> Delivery:
    """The row as it is now."""
    return read_again(Delivery, one.id)


def share(desk: FlaskClient, post_id: int, **fields: object) -> tuple[int, str]:
    data = {f"share-{name}": value for name, value in fields.items()}
    answer = desk.post(f"/desk/posts/{post_id}/deliveries", data=data)
    return answer.status_code, text_of(answer.text)


def test_a_post_is_shared_with_the_chosen_accounts_at_a_wall_time(desk: FlaskClient) -> None:
    post, one, two = make_post(), make_account("One"), make_account("Two")
    status, _words = share(desk, post.id, account_id=[one.id, two.id], when="wall", **WALL)
    rows = db.session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert status == 303
    assert [(row.account_id, row.state, row.wall, row.zone) for row in rows] == [
        (one.id, "scheduled", "2026-11-25T09:30", "Europe/Berlin"),
        (two.id, "scheduled", "2026-11-25T09:30", "Europe/Berlin"),
    ]


def test_a_draft_is_shared_with_its_publication_and_minutes_after(desk: FlaskClient) -> None:
    post, account = make_post(publish=False), make_account()
    assert share(desk, post.id, account_id=account.id, when="post", after_minutes="30")[0] == 303
    row = db.session.scalars(select(Delivery)).one()
    assert (row.state, row.after_minutes, row.due_at) == ("waiting", 30, None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"when": "now"}, "Please choose at least one account."),
        ({"when": "wall", "wall": "", "zone": "UTC"}, "Please give a date and a time."),
        ({"when": "wall", "wall": "2026-11-25T09:30", "zone": "Mars/Base"}, "Please choose a time zone from the list."),
        ({"when": "slot"}, "has no times in its queue"),
        ({"when": "post", "after_minutes": "999999"}, "Please give 0 to 43,200 minutes."),
    ],
)  # fmt: skip
def test_sharing_badly_gets_a_sentence_and_loses_nothing(
    desk: FlaskClient, fields: dict[str, str], sentence: str
) -> None:
    post, account = make_post(), make_account("Seat")
    chosen = {} if sentence.startswith("Please choose at least") else {"account_id": account.id}
    data = {f"share-{name}": value for name, value in {**chosen, **fields}.items()}
    answer = desk.post(f"/desk/posts/{post.id}/deliveries", data=data)
    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    if chosen:
        assert f'value="{account.id}" checked' in answer.text


def test_what_is_to_be_known_stops_once_what_would_be_out_in_a_second(desk: FlaskClient) -> None:
    post, account = make_post(), make_account("Channel", "telegram")
    make_delivery(post, account, "sent", due=-timedelta(days=2), payload=message("Spring notes").to_json())
    picture = make_media(alt="")
    other = make_post("Bare", cover_id=picture.id)
    bare = make_account("Hook", "mastodon")
    status, words = share(desk, other.id, account_id=bare.id, when="now")
    assert (status, "please look at this first" in words) == (422, True)
    assert db.session.scalars(select(Delivery).where(Delivery.post_id == other.id)).all() == []
    data = {"share-account_id": bare.id, "share-when": "now"}
    assert desk.post(f"/desk/posts/{other.id}/deliveries", data={**data, "known": "1"}).status_code == 303
    assert db.session.scalars(select(Delivery).where(Delivery.post_id == other.id)).one().state == "scheduled"


def test_checking_only_plans_nothing(desk: FlaskClient) -> None:
    post, account = make_post(), make_account()
    answer = desk.post(
        f"/desk/posts/{post.id}/deliveries",
        data={"share-account_id": account.id, "share-when": "now", "look": "1"},
    )
    assert answer.status_code == 200
    assert "It is not planned yet." in text_of(answer.text)
    assert db.session.scalars(select(Delivery)).all() == []


def test_what_stands_in_the_way_is_said_and_nothing_is_planned(desk: FlaskClient) -> None:
    post, account = make_post(due_at=clock.now() + timedelta(days=30)), make_account("Channel", "telegram")
    status, words = share(desk, post.id, account_id=account.id, when="wall", **WALL)
    assert status == 422
    assert "this has to be mended first" in words
    assert db.session.scalars(select(Delivery)).all() == []


def test_a_time_that_comes_twice_is_asked_about(desk: FlaskClient) -> None:
    post, account = make_post(), make_account()
    twice = {"when": "wall", "wall": "2027-10-31T02:30", "zone": "Europe/Berlin"}
    status, words = share(desk, post.id, account_id=account.id, **twice)
    assert (status, "the first one, 00:30 UTC" in words) == (422, True)
    assert share(desk, post.id, account_id=account.id, which="1", **twice)[0] == 303
    row = db.session.scalars(select(Delivery)).one()
    assert row.due_at
    assert row.due_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_two_editors_who_share_the_same_post_meet_with_a_sentence(desk: FlaskClient) -> None:
    post, account = make_post(), make_account("Seat")
    share(desk, post.id, account_id=account.id, when="wall", **WALL)
    status, words = share(desk, post.id, account_id=account.id, when="wall", **WALL)
    assert status == 409
    assert "Seat has this post planned already" in words
    assert len(db.session.scalars(select(Delivery)).all()) == 1


def test_one_is_moved_cancelled_and_moved_no_more(desk: FlaskClient) -> None:
    one = make_delivery(make_post(), make_account())
    assert desk.post(f"/desk/deliveries/{one.id}/time", data=WALL).status_code == 303
    assert (now(one).wall, now(one).zone) == (WALL["wall"], WALL["zone"])
    assert desk.post(f"/desk/deliveries/{one.id}/cancellation").status_code == 303
    assert now(one).state == "cancelled"
    refused = desk.post(f"/desk/deliveries/{one.id}/time", data=WALL)
    assert refused.status_code == 409
    assert "its time cannot be changed any more" in text_of(refused.text)


def test_an_act_on_a_page_that_is_out_of_date_is_refused(desk: FlaskClient) -> None:
    one = make_delivery(make_post(), make_account())
    version = str(one.version)
    desk.post(f"/desk/deliveries/{one.id}/time", data={**WALL, "version": version})
    desk.post(f"/desk/deliveries/{one.id}/cancellation", data={"version": version})
    assert now(one).state == "scheduled"
    assert "Someone else changed this delivery" in text_of(desk.get(f"/desk/deliveries/{one.id}").text)


def test_the_calendar_is_answered_in_json(desk: FlaskClient) -> None:
    one, sent = (
        make_delivery(make_post(), make_account()),
        make_delivery(make_post("B"), make_account("B"), "sent"),
    )
    json = {"Accept": "application/json"}
    good = desk.post(f"/desk/deliveries/{one.id}/time", data=WALL, headers=json)
    bad = desk.post(f"/desk/deliveries/{sent.id}/time", data=WALL, headers=json)
    assert (good.status_code, good.json) == (200, {"message": "It was moved."})
    assert bad.status_code == 409
    assert "cannot be changed any more" in bad.json["detail"]


def test_only_the_refused_ones_of_a_post_are_sent_again(desk: FlaskClient) -> None:
    post = make_post()
    bad = make_delivery(post, make_account("A"), "refused", reason="too long")
    unsure = make_delivery(post, make_account("B"), "unsure")
    sent = make_delivery(post, make_account("C"), "sent")
    assert desk.post(f"/desk/posts/{post.id}/deliveries/retries").status_code == 303
    assert [now(one).state for one in (bad, unsure, sent)] == ["scheduled", "unsure", "sent"]


def test_bulk_acts_do_what_can_be_done_and_say_what_cannot(desk: FlaskClient) -> None:
    one, two = (
        make_delivery(make_post(), make_account()),
        make_delivery(make_post("B"), make_account("B"), "sent"),
    )
    ids = {"delivery_id": [one.id, two.id], "list": "show=next"}
    moved = desk.post("/desk/deliveries/times", data={**ids, **WALL})
    assert moved.headers["Location"] == "/desk/deliveries?show=next"
    assert now(one).wall == WALL["wall"]
    words = text_of(desk.get("/desk/deliveries").text)
    assert "1 was moved." in words
    assert "its time cannot be changed any more" in words
    desk.post("/desk/deliveries/cancellations", data=ids)
    assert (now(one).state, now(two).state) == ("cancelled", "sent")


def test_bulk_retry_sends_the_refused_ones_and_nothing_else(desk: FlaskClient) -> None:
    bad = make_delivery(make_post(), make_account(), "refused")
    held = make_delivery(make_post("B"), make_account("B"), "held")
    desk.post("/desk/deliveries/retries", data={"delivery_id": [bad.id, held.id]})
    assert (now(bad).state, now(held).state) == ("scheduled", "held")
    words = text_of(desk.get("/desk/deliveries").text)
    assert "1 goes out again." in words
    assert "Only those that were refused are sent again" in words


def test_somebody_who_looked_says_how_it_ended(desk: FlaskClient) -> None:
    there, not_there = (
        make_delivery(make_post(name), make_account(name), "unsure", attempts=1) for name in ("A", "B")
    )
    empty = desk.post(f"/desk/deliveries/{there.id}/verdict")
    assert (empty.status_code, "Please say what you found." in text_of(empty.text)) == (422, True)
    data = {"verdict": "arrived", "url": "https://example.com/p/1"}
    assert desk.post(f"/desk/deliveries/{there.id}/verdict", data=data).status_code == 303
    assert (now(there).state, now(there).remote_url) == ("sent", "https://example.com/p/1")
    desk.post(f"/desk/deliveries/{not_there.id}/verdict", data={"verdict": "did_not_arrive"})
    assert now(not_there).state == "scheduled"


def test_what_was_missed_is_dropped_unless_somebody_says_when(desk: FlaskClient) -> None:
    dropped, sent = (
        make_delivery(make_post(name), make_account(name), "missed", due=-timedelta(days=1))
        for name in ("A", "B")
    )
    desk.post(f"/desk/deliveries/{dropped.id}/decision", data={"verdict": "drop"})
    desk.post(f"/desk/deliveries/{sent.id}/decision", data={"verdict": "send", "when": "wall", **WALL})
    assert (now(dropped).state, now(sent).state, now(sent).wall) == ("cancelled", "scheduled", WALL["wall"])


def test_what_was_posted_by_hand_gets_its_address(desk: FlaskClient) -> None:
    one = make_delivery(make_post(), make_account(), "by_hand")
    for url in ("", "javascript:alert(1)"):
        assert desk.post(f"/desk/deliveries/{one.id}/address", data={"url": url}).status_code == 422
    desk.post(f"/desk/deliveries/{one.id}/address", data={"url": "https://zhihu.example/p/1"})
    assert (now(one).state, now(one).remote_url) == ("sent", "https://zhihu.example/p/1")


def test_what_was_sent_is_changed_deleted_or_marked_as_gone(desk: FlaskClient) -> None:
    edited, deleted, gone = (
        make_delivery(make_post(name), make_account(name), "sent", remote={"remote_id": name})
        for name in "ABC"
    )
    desk.post(f"/desk/deliveries/{edited.id}/edition")
    desk.post(f"/desk/deliveries/{deleted.id}/removal")
    desk.post(f"/desk/deliveries/{gone.id}/tombstone")
    assert [now(one).wish for one in (edited, deleted, gone)] == ["edit", "delete", ""]
    assert now(gone).deleted_at is not None
    assert "It is being deleted there." in text_of(desk.get(f"/desk/deliveries/{deleted.id}").text)


def test_a_pause_is_put_with_a_reason_and_lifted_by_who_put_it_or_a_manager(client: FlaskClient) -> None:
    sign_in(client, nadia())
    without = client.post("/desk/deliveries/holds", data={"scope": "everything", "reason": " "})
    assert (without.status_code, "Please say why" in text_of(without.text)) == (422, True)
    assert (
        client.post("/desk/deliveries/holds", data={"scope": "campaign:x", "reason": "Fire"}).status_code
        == 422
    )
    assert (
        client.post("/desk/deliveries/holds", data={"scope": "account:99", "reason": "Fire"}).status_code
        == 422
    )
    client.post("/desk/deliveries/holds", data={"scope": "everything", "reason": "A fire at the works"})
    mine = db.session.scalars(select(Hold)).one()
    mine_id, theirs = mine.id, make_hold("account", account_id=make_account().id)
    assert client.post(f"/desk/deliveries/holds/{theirs.id}/lifting").status_code == 403
    assert client.post(f"/desk/deliveries/holds/{mine_id}/lifting").status_code == 303
    assert read_again(Hold, mine_id).lifted_at is not None


def test_resuming_asks_post_by_post_and_drops_what_nobody_touched(client: FlaskClient) -> None:
    sign_in(client, tom())
    hold = make_hold()
    one, two = (make_delivery(make_post(name), make_account(name), "held", title=name) for name in "AB")
    lifted = client.post(f"/desk/deliveries/holds/{hold.id}/lifting")
    assert lifted.headers["Location"] == f"/desk/deliveries/holds/{hold.id}"
    assert [now(each).state for each in (one, two)] == ["held", "held"]
    data = {
        f"d{one.id}-verdict": "drop",
        f"d{two.id}-verdict": "send", f"d{two.id}-when": "wall", f"d{two.id}-wall": WALL["wall"],
        f"d{two.id}-zone": WALL["zone"],
    }  # fmt: skip
    assert client.post(f"/desk/deliveries/holds/{hold.id}/decisions", data=data).status_code == 303
    assert [now(each).state for each in (one, two)] == ["cancelled", "scheduled"]
    assert "All is decided" in text_of(client.get(f"/desk/deliveries/holds/{hold.id}").text)


def test_a_time_that_does_not_exist_leaves_the_held_one_where_it_was(client: FlaskClient) -> None:
    sign_in(client, tom())
    hold, one = make_hold(), make_delivery(make_post(), make_account(), "held", title="A")
    client.post(f"/desk/deliveries/holds/{hold.id}/lifting")
    data = {
        f"d{one.id}-verdict": "send", f"d{one.id}-when": "wall",
        f"d{one.id}-wall": "2027-03-28T02:30", f"d{one.id}-zone": "Europe/Berlin",
    }  # fmt: skip
    answer = client.post(f"/desk/deliveries/holds/{hold.id}/decisions", data=data)
    assert answer.status_code == 422
    assert "does not exist in Europe/Berlin" in text_of(answer.text)
    assert 'value="2027-03-28T02:30"' in answer.text
    assert now(one).state == "held"


def test_a_repeat_is_made_and_ended(desk: FlaskClient) -> None:
    post, account = make_post(), make_account()
    data = {
        "account_id": account.id,
        "every": "FREQ=WEEKLY",
        "wall": "2026-11-25T09:30",
        "zone": "Asia/Shanghai",
    }
    made = desk.post(
        f"/desk/posts/{post.id}/repeats", data={f"repeat-{name}": one for name, one in data.items()}
    )
    assert made.status_code == 303
    row = db.session.scalars(select(Repeat)).one()
    row_id = row.id
    assert "every week" in text_of(desk.get(f"/desk/posts/{post.id}/deliveries").text)
    assert desk.post(f"/desk/deliveries/repeats/{row_id}/ending").status_code == 303
    assert read_again(Repeat, row_id).ended_at is not None


def test_a_repeat_without_a_time_or_with_a_wrong_end_gets_a_sentence(desk: FlaskClient) -> None:
    post, account = make_post(), make_account()
    data = {
        "repeat-account_id": account.id,
        "repeat-every": "FREQ=DAILY",
        "repeat-zone": "UTC",
        "repeat-wall": "",
    }
    assert desk.post(f"/desk/posts/{post.id}/repeats", data=data).status_code == 422
    bad = desk.post(f"/desk/posts/{post.id}/repeats", data={**data, "repeat-until": "soon"})
    assert (bad.status_code, "Please give a date." in text_of(bad.text)) == (422, True)
    assert db.session.scalars(select(Repeat)).all() == []
