"""Discord's webhooks and bots: the contract of all networks, and what is particular to them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from campaigns.channels.adapter import (
    CannotTell,
    Data,
    Disconnected,
    Done,
    Later,
    Missing,
    Paused,
    Refused,
    Seat,
    Sent,
    Step,
    Unsure,
)
from campaigns.channels.discord.adapter import Discord
from campaigns.channels.discord.saying import plainly
from campaigns.channels.discord_bot.adapter import DiscordBot
from campaigns.channels.messages import Message, Part, Picture
from campaigns.channels.robots import SEND
from tests.campaigns.channels.contract import AT, Contract, drive, message, story
from tests.networks import Network
from tests.networks.discord import BOT, CHANNEL, GUILD, STRANGER, TOKEN, WEBHOOK, DiscordServer

PICTURE = Picture(1, "carried/a.png", "image/png", 800, 600, 4, "A mast")


def with_pictures(count: int) -> Message:
    return message(parts=(Part("Salt eats copper. https://example.com/l/abc12", (PICTURE,) * count),))


def remote_of(sent: object) -> dict[str, Any]:
    assert isinstance(sent, Sent)
    return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}


class Shared(Contract):
    """What holds for both."""

    def network(self) -> Network:
        return DiscordServer(now=AT)

    def publishing_calls_only(self, network: Network, *behaviours: Any) -> None:
        network.script("ok", *behaviours)  # the first call looks where messages can be seen

    def quota(self) -> Any:
        return ("429", {"Retry-After": "8"}, {"message": "You are being rate limited.", "retry_after": 7.0})

    def test_it_tells_where_readers_see_it(self, there: DiscordServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        assert sent.url == f"https://discord.com/channels/{GUILD}/{CHANNEL}/{sent.remote_id}"

    def test_nobody_is_called(self, there: DiscordServer, seat: Seat) -> None:
        drive(self.adapter, message("@everyone salt"), seat)
        assert there.ledger[0].what["allowed_mentions"] == {"parse": []}

    @pytest.mark.parametrize("count", [1, 10])
    def test_pictures_go_with_what_they_show(self, there: DiscordServer, seat: Seat, count: int) -> None:
        assert isinstance(drive(self.adapter, with_pictures(count), seat), Sent)
        made = next(iter(there.messages.values()))
        assert [one["description"] for one in made["attachments"]] == ["A mast"] * count

    def test_a_correction_keeps_the_pictures_and_calls_nobody(self, there: DiscordServer, seat: Seat) -> None:
        sent = drive(self.adapter, with_pictures(2), seat)
        remote = remote_of(sent)
        changed = replace(with_pictures(2), parts=(Part("Salt.", (PICTURE,) * 2),))
        assert self.adapter.edit(changed, seat, remote) == sent
        made = there.messages[remote["remote_id"]]
        assert (made["content"], len(made["attachments"]), made["calls"]) == ("Salt.", 2, False)

    def test_what_is_taken_away_is_gone_and_gone_is_done(self, there: DiscordServer, seat: Seat) -> None:
        remote = remote_of(drive(self.adapter, self.message(), seat))
        assert self.adapter.delete(seat, remote) == Done()
        assert there.messages == {}
        assert self.adapter.delete(seat, remote) == Done()
        assert isinstance(self.adapter.edit(self.message(), seat, remote), Refused)

    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: DiscordServer, seat: Seat
    ) -> None:
        assert isinstance(drive(self.adapter, message("𠮷" * 1000), seat), Sent)
        asked = len(there.requests)
        assert isinstance(drive(self.adapter, message("𠮷" * 1000 + "a"), seat), Refused)
        assert len(there.requests) == asked

    def test_refusals_are_told_in_discords_words(self, there: DiscordServer, seat: Seat) -> None:
        errors = {"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be shorter."}]}}
        said = {"code": 50035, "message": "Invalid Form Body", "errors": errors}
        self.publishing_calls_only(there, ("400", {}, said))
        assert drive(self.adapter, self.message(), seat) == Refused(
            "Invalid Form Body Must be shorter.", code="50035"
        )

    def test_a_picture_that_is_too_large_is_refused(self, there: DiscordServer) -> None:
        patient = self.seat_at(there.url, seconds=30.0)
        large = replace(patient, read=lambda picture: b"x" * (10 * 1024 * 1024 + 1))
        assert isinstance(drive(self.adapter, with_pictures(1), large), Refused)

    def test_what_it_composes_shows_as_it_was_written(self) -> None:
        told = story(title="*Salt* & [copper]", summary="# Not a heading", link="https://example.com/l/a_b_c")
        text = self.adapter.compose(told, self.adapter.base_limits, {}).parts[0].text
        assert "\\*Salt\\* & \\[copper]" in text
        assert "\\# Not a heading" in text
        assert "https://example.com/l/a_b_c" in text


class TestDiscord(Shared):
    adapter = Discord()
    settings = {"base": "{url}"}
    secrets = {"url": "{url}" + WEBHOOK}
    token_refused = ("404", {}, {"code": 10015, "message": "Unknown Webhook"})

    def test_it_waits_for_the_number_of_its_message(self, there: DiscordServer, seat: Seat) -> None:
        drive(self.adapter, self.message(), seat)
        assert there.requests[-1].query == {"wait": "true"}

    def test_a_webhook_that_is_gone_is_seen_before_anything_is_said(
        self, there: DiscordServer, seat: Seat
    ) -> None:
        there.is_gone = True
        assert isinstance(drive(self.adapter, self.message(), seat), Paused)
        assert len(there.requests) == 1

    def test_in_a_forum_each_message_opens_a_thread(self, there: DiscordServer, seat: Seat) -> None:
        there.is_forum = True
        assert isinstance(drive(self.adapter, self.message(), seat), Refused)
        forum = replace(seat, settings={**seat.settings, "is_forum": True})
        remote = remote_of(drive(self.adapter, self.message(), forum))
        assert there.ledger[-1].what["thread_name"] == "What salt does to a mast"
        assert remote["thread"] == remote["remote_id"]
        assert isinstance(self.adapter.edit(self.message(), forum, remote), Sent)
        assert self.adapter.delete(forum, remote) == Done()
        assert there.messages == {}

    def test_a_thread_is_told_and_remembered(self, there: DiscordServer, seat: Seat) -> None:
        remote = remote_of(
            drive(self.adapter, self.message(), replace(seat, settings={**seat.settings, "thread": "77"}))
        )
        assert there.requests[-1].query == {"wait": "true", "thread_id": "77"}
        assert self.adapter.delete(seat, remote) == Done()
        assert there.messages == {}

    def test_an_address_of_another_network_is_not_asked(self, there: DiscordServer, seat: Seat) -> None:
        other = replace(seat, settings={}, secrets={"url": "https://hooks.example.com/api/webhooks/1/x"})
        with pytest.raises(Disconnected):
            self.adapter.connect(other)
        assert isinstance(drive(self.adapter, self.message(), other), Paused)
        assert isinstance(self.adapter.delete(other, {"remote_id": "1"}), Paused)
        assert there.requests == []


class TestDiscordBot(Shared):
    adapter = DiscordBot()
    settings = {"base": "{url}/api/v10", "channel": CHANNEL}
    secrets = {"token": TOKEN}
    token_refused = ("401", {}, {"code": 0, "message": "401: Unauthorized"})

    def lost(self, there: DiscordServer, seat: Seat, behaviour: str = "cut") -> dict[str, Data]:
        made: dict[str, Data] = {}
        self.publishing_calls_only(there, behaviour)
        assert isinstance(drive(self.adapter, self.message(), seat, made), Unsure)
        return made

    def test_the_same_message_within_minutes_is_one(self, there: DiscordServer, seat: Seat) -> None:
        first, second = (drive(self.adapter, self.message(), seat) for _ in range(2))
        assert first == second
        assert len(there.ledger) == 1

    def test_after_minutes_discord_has_forgotten_so_we_look(self, there: DiscordServer, seat: Seat) -> None:
        made = self.lost(there, seat)
        there.now += timedelta(hours=3)
        for number in range(150):
            there.say(f"talk {number}")
        found = self.adapter.find(SEND, self.message(), seat, made)
        assert isinstance(found, Sent)
        assert found.remote_id == there.ledger[0].key

    def test_a_stranger_who_repeats_our_link_is_not_us(self, there: DiscordServer, seat: Seat) -> None:
        made = self.lost(there, seat, "cut_before")
        there.say("look: https://example.com/l/abc12", author=STRANGER)
        assert self.adapter.find(SEND, self.message(), seat, made) == Missing()

    def test_another_message_of_ours_is_not_this_one(self, there: DiscordServer, seat: Seat) -> None:
        made = self.lost(there, seat, "cut_before")
        there.say("https://example.com/l/other", author=BOT)
        assert self.adapter.find(SEND, self.message(), seat, made) == Missing()

    def test_without_the_right_to_read_nobody_can_tell(self, there: DiscordServer, seat: Seat) -> None:
        there.can_read = False
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert told.value.field == "channel"
        assert isinstance(self.adapter.find(Step("send"), self.message(), seat, {}), CannotTell)

    def test_a_channel_too_busy_to_read_is_not_guessed_about(self, there: DiscordServer, seat: Seat) -> None:
        for number in range(1001):
            there.say(f"talk {number}")
        assert self.adapter.find(SEND, self.message(), seat, {}) == CannotTell()

    def test_a_correction_that_got_lost_may_be_made_again(self, there: DiscordServer, seat: Seat) -> None:
        remote = remote_of(drive(self.adapter, self.message(), seat))
        there.script("cut")
        assert isinstance(self.adapter.edit(self.message(), seat, remote), Later)

    def test_reactions_are_counted(self, there: DiscordServer, seat: Seat) -> None:
        remote = remote_of(drive(self.adapter, self.message(), seat))
        there.messages[remote["remote_id"]]["reactions"] = [{"count": 3}, {"count": 2}]
        gone = {**remote, "remote_id": "1"}
        assert self.adapter.metrics(seat, [remote, gone]) == {remote["remote_id"]: {"reactions": 5}}


def test_signs_show_as_they_are_and_addresses_work() -> None:
    assert plainly("> a\n- b\n# c\n~d~ ||e|| `f` <@1> https://example.com/a_b") == (
        "\\> a\n\\- b\n\\# c\n\\~d\\~ \\|\\|e\\|\\| \\`f\\` \\<@1> https://example.com/a_b"
    )
