"""Bluesky: the contract of all networks, and what is particular to it."""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import hypothesis
import pytest
from hypothesis import given

from campaigns.channels.adapter import (
    Data,
    Disconnected,
    Done,
    Later,
    Missing,
    Paused,
    Refused,
    Seat,
    Sent,
    StillRenewing,
    Unsure,
)
from campaigns.channels.bluesky.adapter import Bluesky
from campaigns.channels.bluesky.records import facets, key_of
from campaigns.channels.messages import Message, Part, Picture
from tests.campaigns.channels.contract import AT, KEY, Contract, drive, message, story
from tests.campaigns.channels.texts import any_text
from tests.networks import Network
from tests.networks.bluesky import DID, HANDLE, OTHER, PASSWORD, BlueskyServer

MAST = Picture(7, "carried/mast.jpg", "image/jpeg", 800, 600, 4, "A mast & its sail")
COVER = Picture(9, "carried/cover.png", "image/png", 1200, 630, 4, "The sea")


def thread(*texts: str, **more: Any) -> Message:
    return message(parts=tuple(Part(one) for one in texts), **more)


def remote(sent: Any) -> Data:
    return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}


class TestBluesky(Contract):
    adapter = Bluesky()
    settings = {"handle": f"@{HANDLE}", "base": "{url}", "app_view": "{url}"}
    secrets = {"password": PASSWORD}
    token_refused = (
        "401",
        {},
        {"error": "AuthenticationRequired", "message": "Invalid identifier or password"},
    )

    def network(self) -> Network:
        return BlueskyServer()

    def seat_at(self, url: str, *, allow: bool = True, seconds: float = 1.0) -> Seat:
        seat = super().seat_at(url, allow=allow, seconds=seconds)
        self.kept |= {"access": "access-0", "refresh": "refresh-0"}  # we have been there before
        return seat

    def quota(self) -> Any:
        said = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
        return ("429", {"RateLimit-Reset": str(int(AT.timestamp()) + 7)}, said)

    # Tokens

    def test_without_a_session_it_logs_in_and_keeps_it(self, there: BlueskyServer, seat: Seat) -> None:
        self.kept.clear()
        assert isinstance(drive(self.adapter, message(), seat), Sent)
        assert self.kept == {"access": "access-1", "refresh": "refresh-1"}
        assert isinstance(drive(self.adapter, thread("Again"), seat), Sent)
        assert there.sessions == 1

    def test_a_token_that_ended_is_renewed_once_and_kept_before_it_is_used(
        self, there: BlueskyServer, seat: Seat
    ) -> None:
        there.ended = {"access-0"}
        assert isinstance(drive(self.adapter, message(), seat), Sent)
        assert [one.path.rpartition(".")[2] for one in there.requests] == [
            "putRecord",
            "refreshSession",
            "putRecord",
        ]
        assert self.kept["access"] == "access-1"
        assert len(there.ledger) == 1

    def test_when_both_tokens_ended_the_password_opens(self, there: BlueskyServer, seat: Seat) -> None:
        there.ended = {"access-0", "refresh-0"}
        assert isinstance(drive(self.adapter, message(), seat), Sent)
        assert there.requests[-2].path == "/xrpc/com.atproto.server.createSession"

    def test_what_another_process_renewed_is_used(self, there: BlueskyServer, seat: Seat) -> None:
        there.ended = {"access-0"}
        there.access = "access-9"

        @contextmanager
        def after_another() -> Any:
            self.kept["access"] = "access-9"
            yield

        assert isinstance(drive(self.adapter, message(), replace(seat, renewing=after_another)), Sent)
        assert there.sessions == 0

    def test_a_renewal_that_does_not_end_is_later(self, there: BlueskyServer, seat: Seat) -> None:
        there.ended = {"access-0"}

        def busy() -> Any:
            raise StillRenewing

        assert isinstance(drive(self.adapter, message(), replace(seat, renewing=busy)), Later)

    def test_a_renewal_whose_answer_is_lost_is_later_and_not_unsure(
        self, there: BlueskyServer, seat: Seat
    ) -> None:
        there.ended = {"access-0"}
        there.script("ok", "cut")
        assert isinstance(drive(self.adapter, message(), seat), Later)
        assert there.ledger == []

    def test_an_account_that_was_taken_down_pauses(self, there: BlueskyServer, seat: Seat) -> None:
        there.is_taken_down = True
        assert drive(self.adapter, message(), seat) == Paused(
            "Account has been taken down", code="AccountTakedown"
        )

    def test_a_wrong_password_is_told_beside_its_field(self, there: BlueskyServer, seat: Seat) -> None:
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(replace(seat, secrets={"password": "no"}))
        assert told.value.field == "password"

    # Posts

    def test_it_tells_where_readers_see_it(self, there: BlueskyServer, seat: Seat) -> None:
        sent = drive(self.adapter, message(), seat)
        key = key_of(message(), 0)
        assert isinstance(sent, Sent)
        assert sent.remote_id == f"at://{DID}/app.bsky.feed.post/{key}"
        assert sent.url == f"https://bsky.app/profile/{HANDLE}/post/{key}"

    def test_the_same_delivery_again_is_the_same_record(self, there: BlueskyServer, seat: Seat) -> None:
        first = drive(self.adapter, message(), seat)
        assert drive(self.adapter, message(), seat) == first
        assert len(there.records) == 1

    def test_what_stands_under_our_key_is_taken_for_ours_and_not_overwritten(
        self, there: BlueskyServer, seat: Seat
    ) -> None:
        drive(self.adapter, thread("As it was edited there"), seat)
        assert isinstance(drive(self.adapter, thread("Salt"), seat), Sent)
        assert there.texts() == ["As it was edited there"]

    def test_keys_are_of_their_second_and_their_delivery(self) -> None:
        mine, other = message(), replace(message(), key=KEY[::-1])
        keys = [key_of(mine, 0), key_of(mine, 1), key_of(other, 0)]
        assert len(set(keys)) == 3
        later = replace(mine, planned_at=AT.replace(year=2027))
        assert max(keys) < key_of(later, 0)
        assert all(one[:6] == keys[0][:6] for one in keys)

    def test_ranges_count_bytes(self, there: BlueskyServer, seat: Seat) -> None:
        text = f"👨‍👩‍👧‍👦盐 @{OTHER[0]} @nobody.test https://example.com/l/abc12。 #海 #2026 #salt_1"
        drive(self.adapter, thread(text), seat)
        record = there.ledger[0].what
        told = [
            (
                text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(),
                {name: value for name, value in one["features"][0].items() if name != "$type"},
            )
            for one in record["facets"]
        ]
        assert told == [
            (f"@{OTHER[0]}", {"did": OTHER[1]}),
            ("https://example.com/l/abc12", {"uri": "https://example.com/l/abc12"}),
            ("#海", {"tag": "海"}),
            ("#salt_1", {"tag": "salt_1"}),
        ]

    @hypothesis.settings(deadline=None)  # `settings` are the account's here
    @given(any_text)
    def test_ranges_never_overlap_nor_part_a_character(self, text: str) -> None:
        text, at = text + " https://example.com/#tag #x", 0
        for one in facets(text, {"mara.bsky.social": DID}):
            start, end = one["index"]["byteStart"], one["index"]["byteEnd"]
            assert at <= start < end
            assert text.encode()[start:end].decode()
            at = end

    def test_a_card_of_the_link_with_the_cover(self, there: BlueskyServer, seat: Seat) -> None:
        drive(self.adapter, message(cover=COVER), seat)
        card = there.ledger[0].what["embed"]["external"]
        assert card.pop("thumb")["mimeType"] == "image/png"
        assert card == {
            "uri": "https://example.com/l/abc12",
            "title": "What salt does to a mast",
            "description": "Salt eats copper slowly.",
        }

    def test_pictures_have_their_words_and_proportions(self, there: BlueskyServer, seat: Seat) -> None:
        drive(self.adapter, message(parts=(Part("Salt", (MAST, COVER)),), cover=COVER), seat)
        embed = there.ledger[0].what["embed"]
        assert [(one["alt"], one["aspectRatio"]) for one in embed["images"]] == [
            ("A mast & its sail", {"width": 800, "height": 600}),
            ("The sea", {"width": 1200, "height": 630}),
        ]

    def test_a_picture_too_large_is_refused_in_its_words(self, there: BlueskyServer, seat: Seat) -> None:
        seat = replace(seat, read=lambda _picture: b"x" * 1_000_001)
        outcome = drive(self.adapter, message(parts=(Part("Salt", (MAST,)),)), seat)
        assert isinstance(outcome, Refused)
        assert "blob too big" in outcome.reason

    @pytest.mark.parametrize("text", ["盐" * 300, "👨‍👩‍👧‍👦" * 120])
    def test_a_text_at_its_limits_is_sent_and_one_more_is_not_asked(
        self, there: BlueskyServer, seat: Seat, text: str
    ) -> None:
        assert isinstance(drive(self.adapter, thread(text), seat), Sent)
        outcome = drive(self.adapter, thread("First", text + text[0]), seat)
        assert isinstance(outcome, Refused)
        assert len(there.requests) == 1

    # Threads

    def test_parts_answer_one_another(self, there: BlueskyServer, seat: Seat) -> None:
        sent = drive(self.adapter, thread("One", "Two https://example.com/l/abc12", "Three"), seat)
        assert isinstance(sent, Sent)
        one, two, three = sent.data["parts"]
        assert sent.remote_id == one["uri"]
        records = [entry.what for entry in there.ledger]
        assert [entry.get("reply") for entry in records] == [
            None,
            {"root": one, "parent": one},
            {"root": one, "parent": two},
        ]
        assert [("embed" in entry) for entry in records] == [False, True, False]
        assert [entry["createdAt"][-5:] for entry in records] == [".000Z", ".001Z", ".002Z"]
        assert three["uri"].endswith(key_of(message(), 2))

    def test_a_thread_goes_on_where_it_stopped(self, there: BlueskyServer, seat: Seat) -> None:
        told, made = thread("One", "Two", "Three"), {}
        there.script("ok", "cut")
        assert isinstance(drive(self.adapter, told, seat, made), Unsure)
        step = self.adapter.steps(told, {})[1]
        found = self.adapter.find(step, told, seat, made)
        assert isinstance(found, Done)
        made[step.key] = found.data
        assert isinstance(drive(self.adapter, told, seat, made), Sent)
        assert there.texts() == ["One", "Two", "Three"]

    # Later

    def test_a_thread_is_edited_and_deleted(self, there: BlueskyServer, seat: Seat) -> None:
        told = message(parts=(Part("One", (MAST,)), Part("Two")))
        sent = drive(self.adapter, told, seat)
        changed = message(
            parts=(Part("Uno", (replace(MAST, alt="A tall mast"),)), Part("Due https://example.org"))
        )
        edited = self.adapter.edit(changed, seat, remote(sent))
        assert isinstance(edited, Sent)
        assert there.texts() == ["Uno", "Due https://example.org"]
        first, second = (one["value"] for one in there.records.values())
        assert first["embed"]["images"][0]["alt"] == "A tall mast"
        assert second["reply"]["root"]["uri"] == edited.remote_id
        assert len(second["facets"]) == 1
        for _ in range(2):
            assert self.adapter.delete(seat, remote(edited)) == Done()
        assert there.records == {}
        assert self.adapter.find(self.adapter.steps(told, {})[-1], told, seat, {}) == Missing()

    def test_an_edit_does_not_change_the_number_of_posts(self, there: BlueskyServer, seat: Seat) -> None:
        sent = drive(self.adapter, thread("One", "Two"), seat)
        assert isinstance(self.adapter.edit(thread("One"), seat, remote(sent)), Refused)
        assert there.texts() == ["One", "Two"]

    def test_figures_are_those_the_app_counts(self, there: BlueskyServer, seat: Seat) -> None:
        there.counts = {"at://a": {"likeCount": 3, "repostCount": 0}}
        asked: list[Mapping[str, Any]] = [{"remote_id": "at://a"}]
        assert self.adapter.metrics(seat, asked) == {"at://a": {"likes": 3, "reposts": 0}}
        assert self.adapter.metrics(seat, [{"remote_id": "at://b"}]) == {}

    def test_a_long_note_is_composed_as_a_thread(self) -> None:
        told = story(kind="note", text="Salt eats copper slowly. " * 40)
        draft = self.adapter.compose(told, self.adapter.base_limits, {})
        assert len(draft.parts) == 4
        assert draft.parts[3].text.endswith("https://example.com/l/abc12\n\n#sea #metal")
