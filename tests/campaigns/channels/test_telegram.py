"""Telegram: the contract of all networks, and what is particular to it."""

from dataclasses import replace

import pytest

from campaigns.channels.adapter import Disconnected, Done, Paused, Refused, Seat, Sent, Unsure
from campaigns.channels.messages import Message, Part, Picture
from campaigns.channels.telegram.adapter import Telegram
from tests.campaigns.channels.contract import Contract, drive, message, story
from tests.networks import Network
from tests.networks.telegram import TOKEN, TelegramServer

PICTURE = Picture(1, "carried/a.jpg", "image/jpeg", 800, 600, 4, "A mast")


def with_pictures(count: int, text: str = "Salt eats copper. https://example.com/l/abc12") -> Message:
    return message(parts=(Part(text, (PICTURE,) * count),))


class TestTelegram(Contract):
    adapter = Telegram()
    settings = {"base": "{url}", "chat": "@mast"}
    secrets = {"token": TOKEN}
    token_refused = ("401", {}, {"ok": False, "error_code": 401, "description": "Unauthorized"})

    def network(self) -> Network:
        return TelegramServer()

    def quota(self) -> object:
        told = {
            "ok": False,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
        return ("429", {}, told)

    def test_it_tells_where_readers_see_it(self, there: TelegramServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        assert (sent.remote_id, sent.url) == ("7", "https://t.me/mast/7")

    def test_a_channel_without_a_name_is_told_by_its_number(self, there: TelegramServer, seat: Seat) -> None:
        del there.chat["username"]
        seat = replace(seat, settings={**seat.settings, "chat": str(there.chat["id"])})
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        assert sent.url == "https://t.me/c/1234567890/7"

    def test_the_title_is_bold_counted_as_telegram_counts(self, there: TelegramServer, seat: Seat) -> None:
        told = message("👨‍👩‍👧‍👦盐 Salt *and* <b>copper", title="Salt *and* <b>copper")
        drive(self.adapter, told, seat)
        what = there.ledger[0].what
        assert what["text"] == told.text
        assert what["entities"] == [{"type": "bold", "offset": 13, "length": 20}]

    @pytest.mark.parametrize("count", [1, 2, 10])
    def test_pictures_carry_the_text(self, there: TelegramServer, seat: Seat, count: int) -> None:
        sent = drive(self.adapter, with_pictures(count), seat)
        assert isinstance(sent, Sent)
        assert len(there.ledger) == 1
        assert len(there.ledger[0].what["files"]) == count
        assert len(sent.data["ids"]) == count

    def test_a_text_too_long_for_pictures_goes_after_them(self, there: TelegramServer, seat: Seat) -> None:
        told = with_pictures(2, "盐" * 1025)
        assert isinstance(drive(self.adapter, told, seat), Sent)
        assert [("text" in one.what) for one in there.ledger] == [False, True]

    def test_lost_after_the_pictures_only_the_text_is_open(self, there: TelegramServer, seat: Seat) -> None:
        told, made = with_pictures(2, "盐" * 1025), {}
        there.script("ok", "cut_before")
        assert isinstance(drive(self.adapter, told, seat, made), Unsure)
        assert list(made) == ["pictures"]

    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: TelegramServer, seat: Seat
    ) -> None:
        assert isinstance(drive(self.adapter, message("𠮷" * 2048), seat), Sent)
        assert isinstance(drive(self.adapter, message("𠮷" * 2048 + "a"), seat), Refused)
        assert len(there.requests) == 1

    def test_with_pictures_it_composes_what_fits_under_them(self) -> None:
        long = story(summary="Salt eats copper slowly. " * 100, media=((1, "A mast"),))
        draft = self.adapter.compose(long, self.adapter.base_limits, self.settings)
        assert len(draft.parts[0].text) <= 1024

    def test_a_group_that_moved_is_followed_and_remembered(self, there: TelegramServer, seat: Seat) -> None:
        there.moved_to = -1009999999999
        assert isinstance(drive(self.adapter, self.message(), seat), Sent)
        assert len(there.requests) == 2
        assert self.kept == {"moved": "@mast -1009999999999"}
        assert isinstance(drive(self.adapter, self.message(), seat), Sent)
        assert len(there.requests) == 3

    def test_another_chat_is_not_taken_for_the_one_that_moved(
        self, there: TelegramServer, seat: Seat
    ) -> None:
        self.kept["moved"] = "-5 -1009999999999"
        drive(self.adapter, self.message(), seat)
        assert there.ledger[0].what["chat_id"] == "@mast"

    @pytest.mark.parametrize(
        "said",
        [
            ("403", {}, {"ok": False, "description": "Forbidden: bot was kicked from the channel chat"}),
            ("400", {}, {"ok": False, "description": "Bad Request: chat not found"}),
            (
                "400",
                {},
                {
                    "ok": False,
                    "description": "Bad Request: not enough rights to send text messages to the chat",
                },
            ),
        ],
    )
    def test_a_bot_that_may_not_pauses_the_account(
        self, there: TelegramServer, seat: Seat, said: object
    ) -> None:
        there.script(said)
        assert isinstance(drive(self.adapter, self.message(), seat), Paused)

    def test_a_bot_without_the_right_is_told_when_connecting(self, there: TelegramServer, seat: Seat) -> None:
        there.member = {"status": "administrator"}
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert told.value.field == "chat"

    def test_a_wrong_chat_is_told_beside_its_field(self, there: TelegramServer, seat: Seat) -> None:
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(replace(seat, settings={**seat.settings, "chat": "@other"}))
        assert told.value.field == "chat"
        assert "chat not found" in str(told.value.sentence)

    def test_the_text_is_edited_and_the_same_again_is_no_error(
        self, there: TelegramServer, seat: Seat
    ) -> None:
        for one, name in ((self.message(), "text"), (with_pictures(2), "caption")):
            sent = drive(self.adapter, one, seat)
            assert isinstance(sent, Sent)
            remote = {**sent.data, "remote_id": sent.remote_id, "url": sent.url}
            changed = replace(one, parts=(Part("Salt. https://example.com/l/abc12", one.pictures),))
            for _ in range(2):
                assert self.adapter.edit(changed, seat, remote) == sent
            assert there.messages[int(sent.remote_id)][name] == changed.text

    def test_all_messages_are_deleted_and_gone_is_done(self, there: TelegramServer, seat: Seat) -> None:
        sent = drive(self.adapter, with_pictures(3), seat)
        assert isinstance(sent, Sent)
        remote = {**sent.data, "remote_id": sent.remote_id}
        assert self.adapter.delete(seat, remote) == Done()
        assert there.messages == {}
        assert self.adapter.delete(seat, remote) == Done()

    def test_what_is_too_old_to_delete_is_told(self, there: TelegramServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        there.is_old = True
        outcome = self.adapter.delete(seat, {**sent.data, "remote_id": sent.remote_id})
        assert isinstance(outcome, Refused)
        assert "can't be deleted" in outcome.reason

    def test_a_page_that_repeats_the_address_does_not_show_the_token(
        self, there: TelegramServer, seat: Seat
    ) -> None:
        page = f"<html>Not found: /bot{TOKEN}/sendMessage</html>".encode()
        there.script(("404", {"Content-Type": "text/html"}, page))
        assert TOKEN not in repr(drive(self.adapter, self.message(), seat))
