"""Mastodon: the contract of all networks, and what is particular to it."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from mastodon import Mastodon as Client

from campaigns.channels.adapter import (
    CannotTell,
    Data,
    Disconnected,
    Done,
    Later,
    Missing,
    Pending,
    Refused,
    Seat,
    Sent,
    Unsure,
)
from campaigns.channels.counting import length
from campaigns.channels.mastodon.adapter import Mastodon
from campaigns.channels.mastodon.finding import PAGE
from campaigns.channels.messages import Message, Part, Picture
from tests.campaigns.channels.contract import AT, KEY, Contract, drive, message, story
from tests.networks import Network, running
from tests.networks.mastodon import TOKEN, MastodonServer

MAST = Picture(7, "carried/mast.jpg", "image/jpeg", 800, 600, 4, "A mast & its sail")
LINK = "https://example.com/l/abc12"


def thread(*texts: str, **more: Any) -> Message:
    return message(parts=tuple(Part(one) for one in texts), **more)


def remote(sent: Any) -> Data:
    return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}


class TestMastodon(Contract):
    adapter = Mastodon()
    settings = {"url": "{url}/"}
    secrets = {"token": TOKEN}
    token_refused = ("401", {}, {"error": "The access token was revoked"})

    def network(self) -> Network:
        return MastodonServer()

    def quota(self) -> Any:
        reset = (AT + timedelta(seconds=7)).isoformat().replace("+00:00", "Z")
        return ("429", {"X-RateLimit-Reset": reset}, {"error": "Too many requests"})

    # Connecting

    def test_the_server_tells_its_limits(self, there: MastodonServer, seat: Seat) -> None:
        there.most = 5000
        told = self.adapter.connect(seat)
        assert (told.name, told.remote_id) == ("@mast@social.test", "7")
        limits = self.adapter.limits({}, told.limits.to_json() if told.limits else None)
        assert (limits.text, limits.link_length, limits.pictures, limits.alt) == (5000, 23, 4, 1500)
        assert limits.picture_types == ("image/jpeg", "image/png")

    def test_a_server_that_tells_little_has_the_usual_limits(self, there: MastodonServer, seat: Seat) -> None:
        there.script("ok", ("200", {}, {"domain": "pleroma.test", "configuration": {"statuses": None}}))
        assert self.adapter.connect(seat).limits == replace(
            self.adapter.base_limits, picture_types=self.adapter.base_limits.picture_types
        )

    def test_a_token_that_may_not_post_is_told(self, there: MastodonServer, seat: Seat) -> None:
        there.scopes = ["profile", "write:media"]
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert told.value.field == "token"
        there.scopes = ["write:statuses"]
        assert len(self.adapter.connect(seat).notes) == 1
        there.scopes = None  # before 4.3
        assert self.adapter.connect(seat).notes == ()

    def test_what_is_no_mastodon_server_is_told_beside_its_field(
        self, there: MastodonServer, seat: Seat
    ) -> None:
        there.script(("404", {"Content-Type": "text/html"}, b"<html>Not found</html>"))
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert told.value.field == "url"

    # Posts

    def test_it_tells_where_readers_see_it(self, there: MastodonServer, seat: Seat) -> None:
        sent = drive(self.adapter, message(), seat)
        assert isinstance(sent, Sent)
        assert (sent.remote_id, sent.url) == ("109", f"{there.url}/@mast/109")
        assert there.requests[0].headers["idempotency-key"] == f"{KEY}-0"

    def test_the_same_delivery_within_the_hour_is_the_same_post(
        self, there: MastodonServer, seat: Seat
    ) -> None:
        first = drive(self.adapter, message(), seat)
        assert drive(self.adapter, message(), seat) == first
        assert len(there.statuses) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "盐" * 500,
            "👨‍👩‍👧‍👦" * 500,
            "盐" * 476 + " https://example.com/" + "x" * 400,
            "盐" * 494 + " @mara@a-very-long-name.example",
        ],
    )
    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: MastodonServer, seat: Seat, text: str
    ) -> None:
        assert length(text, self.adapter.base_limits) == 500
        assert isinstance(drive(self.adapter, thread(text), seat), Sent)
        assert isinstance(drive(self.adapter, thread("盐" + text), seat), Refused)
        assert len(there.requests) == 1
        seat = replace(seat, limits=replace(seat.limits, text=501))
        assert isinstance(drive(self.adapter, thread("盐" + text, key="other"), seat), Refused)
        assert len(there.requests) == 2

    def test_a_language_is_told_as_mastodon_knows_it(self, there: MastodonServer, seat: Seat) -> None:
        drive(self.adapter, message(language="zh-Hans"), seat)
        assert there.ledger[0].what["language"] == "zh"

    def test_pictures_have_their_words(self, there: MastodonServer, seat: Seat) -> None:
        told = message(parts=(Part("Salt", (MAST, replace(MAST, media_id=9, alt=""))),))
        assert isinstance(drive(self.adapter, told, seat), Sent)
        assert [one["description"] for one in there.media.values()] == ["A mast & its sail", None]
        assert there.ledger[0].what["media"] == ["109", "110"]

    def test_a_picture_that_is_worked_on_is_waited_for(self, there: MastodonServer, seat: Seat) -> None:
        there.processing = 2
        told = message(parts=(Part("Salt", (MAST,)),))
        upload = self.adapter.steps(told, {})[0]
        first = self.adapter.send(upload, told, seat, {})
        assert isinstance(first, Pending)
        assert self.adapter.send(upload, told, seat, {upload.key: first.data}) == first
        assert self.adapter.send(upload, told, seat, {upload.key: first.data}) == Done(first.data)
        assert isinstance(drive(self.adapter, told, seat, {upload.key: first.data}), Sent)
        assert len(there.media) == 1

    def test_a_picture_that_fails_is_refused_in_its_words(self, there: MastodonServer, seat: Seat) -> None:
        told = message(parts=(Part("Salt", (replace(MAST, mime="text/plain"),)),))
        assert drive(self.adapter, told, seat) == Refused(
            "Validation failed: File content type is invalid", code="422"
        )

    # Looking up

    def test_an_older_post_of_the_same_words_is_not_taken_for_ours(
        self, there: MastodonServer, seat: Seat
    ) -> None:
        drive(self.adapter, thread("Salt"), seat)
        step = self.adapter.steps(message(), {})[0]
        assert self.adapter.find(step, message(), seat, {}) == Missing()
        assert isinstance(self.adapter.find(step, thread("Salt"), seat, {}), CannotTell)

    def test_it_is_found_behind_many_others(self, there: MastodonServer, seat: Seat) -> None:
        there.minutes = 0
        sent = drive(self.adapter, message(), seat)
        for number in range(PAGE + 3):
            drive(self.adapter, replace(thread(f"Salt {number}"), key=str(number)), seat)
        found = self.adapter.find(self.adapter.steps(message(), {})[0], message(), seat, {})
        assert found == sent

    def test_a_longer_link_is_not_taken_for_ours(self, there: MastodonServer, seat: Seat) -> None:
        drive(self.adapter, thread(f"Salt {LINK}3"), seat)
        assert self.adapter.find(self.adapter.steps(message(), {})[0], message(), seat, {}) == Missing()

    def test_a_thread_goes_on_where_it_stopped(self, there: MastodonServer, seat: Seat) -> None:
        told = thread("One", f"Two & @mara@example.social\n\nhttps://example.org/{'x' * 40}", f"Three {LINK}")
        made: dict[str, Data] = {}
        there.script("ok", "cut")
        assert isinstance(drive(self.adapter, told, seat, made), Unsure)
        step = self.adapter.steps(told, {})[1]
        found = self.adapter.find(step, told, seat, made)
        assert isinstance(found, Done)
        made[step.key] = found.data
        sent = drive(self.adapter, told, seat, made)
        assert isinstance(sent, Sent)
        assert [one["in_reply_to_id"] for one in there.statuses.values()] == [None, "109", "110"]
        assert [one["visibility"] for one in there.statuses.values()] == ["public", "unlisted", "unlisted"]
        assert (sent.remote_id, len(sent.data["parts"])) == ("109", 3)

    def test_an_answer_of_our_own_that_says_something_else_is_not_the_next_part(
        self, there: MastodonServer, seat: Seat
    ) -> None:
        told, made = thread("One", "Two"), {}
        there.script("ok", "cut_before")
        drive(self.adapter, told, seat, made)
        there.statuses["500"] = {
            **there.statuses["109"],
            "id": "500",
            "text": "By hand",
            "in_reply_to_id": "109",
        }
        assert self.adapter.find(self.adapter.steps(told, {})[1], told, seat, made) == Missing()

    # Later

    def test_a_thread_is_edited_and_keeps_its_pictures(self, there: MastodonServer, seat: Seat) -> None:
        told = message(parts=(Part("One", (MAST,)), Part("Two")))
        sent = drive(self.adapter, told, seat)
        changed = message(parts=(Part("Uno", (replace(MAST, alt="A tall mast"),)), Part("Due")))
        edited = self.adapter.edit(changed, seat, remote(sent))
        assert isinstance(edited, Sent)
        assert there.texts() == ["Uno", "Due"]
        assert [one["media"] for one in there.statuses.values()] == [["109"], []]
        assert there.media["109"]["description"] == "A tall mast"
        assert isinstance(self.adapter.edit(thread("Uno"), seat, remote(edited)), Refused)

    def test_all_parts_are_deleted_and_gone_is_done(self, there: MastodonServer, seat: Seat) -> None:
        sent = drive(self.adapter, message(parts=(Part("One", (MAST,)), Part("Two"))), seat)
        for _ in range(2):
            assert self.adapter.delete(seat, remote(sent)) == Done()
        assert there.statuses == {}
        assert there.media == {}

    def test_too_many_deletions_wait_and_go_on(self, there: MastodonServer, seat: Seat) -> None:
        sent = drive(self.adapter, thread("One", "Two"), seat)
        there.script("ok", self.quota())
        outcome = self.adapter.delete(seat, remote(sent))
        assert isinstance(outcome, Later)
        assert outcome.until == AT + timedelta(seconds=7)
        assert self.adapter.delete(seat, remote(sent)) == Done()

    def test_figures_are_those_it_counts(self, there: MastodonServer, seat: Seat) -> None:
        id = remote(drive(self.adapter, message(), seat))["remote_id"]
        for is_older in (False, True):
            there.is_older = is_older
            told = self.adapter.metrics(seat, [{"remote_id": id}])
            assert told == {
                id: {"replies": 2, "reposts": 0, "likes": 5}
            }  # a server without quotes tells none
        assert self.adapter.metrics(seat, [{"remote_id": "999"}]) == {}

    def test_a_long_note_is_composed_as_a_thread(self) -> None:
        told = story(kind="note", text="Salt eats copper slowly. " * 40)
        assert len(self.adapter.compose(told, self.adapter.base_limits, {}).parts) == 3


def test_the_fake_is_understood_by_somebody_elses_client() -> None:
    with running(MastodonServer()) as server:
        client = Client(access_token=TOKEN, api_base_url=server.url)
        picture = client.media_post(io.BytesIO(b"\x89PNG"), mime_type="image/png", description="A mast")
        first = client.status_post("Salt", media_ids=[picture], idempotency_key="one", language="en")
        again = client.status_post("Salt", media_ids=[picture], idempotency_key="one", language="en")
        assert first.id == again.id
        assert client.status_post("Answer", in_reply_to_id=first.id).in_reply_to_id == first.id
        assert [one.id for one in client.account_statuses(7)] == ["111", "110"]
