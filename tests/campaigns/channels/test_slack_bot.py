"""Slack's bots: the contract of all networks, and what is particular to them."""

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
    Unsure,
)
from campaigns.channels.messages import Part
from campaigns.channels.robots import SEND
from campaigns.channels.slack_bot.adapter import SlackBot
from tests.campaigns.channels.contract import AT, Contract, drive, message
from tests.networks import Network
from tests.networks.slack import shown
from tests.networks.slack_bot import CHANNEL, TOKEN, SlackBotServer


def no(word: str) -> Any:
    return ("200", {}, {"ok": False, "error": word})


class TestSlackBot(Contract):
    adapter = SlackBot()
    settings = {"base": "{url}/api", "channel": CHANNEL}
    secrets = {"token": TOKEN}
    token_refused = no("token_revoked")

    def network(self) -> Network:
        return SlackBotServer(now=AT.timestamp())

    def publishing_calls_only(self, network: Network, *behaviours: Any) -> None:
        network.script("ok", *behaviours)  # the first call looks where messages can be seen

    def quota(self) -> Any:
        return ("429", {"Retry-After": "7"}, {"ok": False, "error": "ratelimited"})

    def remote(self, seat: Seat) -> dict[str, Any]:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}

    def lost(self, there: SlackBotServer, seat: Seat, behaviour: str) -> dict[str, Data]:
        made: dict[str, Data] = {}
        self.publishing_calls_only(there, behaviour)
        assert isinstance(drive(self.adapter, self.message(), seat, made), Unsure)
        return made

    def test_it_tells_where_readers_see_it(self, there: SlackBotServer, seat: Seat) -> None:
        remote = self.remote(seat)
        number = remote["remote_id"].replace(".", "")
        assert remote["url"] == f"https://mast.slack.com/archives/{CHANNEL}/p{number}"

    def test_people_read_what_was_written(self, there: SlackBotServer, seat: Seat) -> None:
        text = "<!channel> *Salt* & copper https://example.com/l/abc12"
        drive(self.adapter, message(text), seat)
        assert shown(there.ledger[0].what) == text
        assert there.ledger[0].what["text"].startswith("&lt;!channel&gt; *Salt* &amp;")

    def test_a_bot_that_may_not_read_is_told_when_connecting(self, there: SlackBotServer, seat: Seat) -> None:
        there.scopes.remove("channels:history")
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert (told.value.field, "missing_scope" in str(told.value.sentence)) == ("channel", True)
        assert self.adapter.find(SEND, self.message(), seat, {}) == CannotTell("missing_scope")

    def test_it_is_found_by_its_key_behind_much_talk(self, there: SlackBotServer, seat: Seat) -> None:
        made = self.lost(there, seat, "cut")
        for number in range(450):
            there.say(f"talk {number}")
        found = self.adapter.find(SEND, self.message(), seat, made)
        assert isinstance(found, Sent)
        assert found.remote_id == there.ledger[0].key

    def test_the_same_words_of_somebody_else_are_not_ours(self, there: SlackBotServer, seat: Seat) -> None:
        made = self.lost(there, seat, "cut_before")
        there.say(self.message().text)
        there.say(
            self.message().text,
            metadata={"event_type": "other", "event_payload": {"key": self.message().key}},
        )
        assert self.adapter.find(SEND, self.message(), seat, made) == Missing()

    def test_what_was_said_before_it_was_planned_is_not_read(self, there: SlackBotServer, seat: Seat) -> None:
        self.lost(there, seat, "cut")
        late = replace(self.message(), planned_at=AT + timedelta(days=1))
        assert self.adapter.find(SEND, late, seat, {}) == Missing()

    def test_a_channel_too_busy_to_read_is_not_guessed_about(self, there: SlackBotServer, seat: Seat) -> None:
        for number in range(1001):
            there.say(f"talk {number}")
        assert self.adapter.find(SEND, self.message(), seat, {}) == CannotTell()

    @pytest.mark.parametrize(
        ("word", "kind"),
        [
            *((one, Paused) for one in ("invalid_auth", "missing_scope", "not_in_channel", "is_archived")),
            *((one, Unsure) for one in ("fatal_error", "internal_error", "service_unavailable")),
            *((one, Refused) for one in ("msg_too_long", "invalid_blocks", "no_text")),
            ("ratelimited", Later),
        ],
    )
    def test_every_word_is_an_outcome(self, there: SlackBotServer, seat: Seat, word: str, kind: type) -> None:
        self.publishing_calls_only(there, no(word))
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, kind)
        assert (outcome.reason, outcome.code) == (word, word)  # type: ignore[union-attr]

    def test_it_is_corrected_and_stays_ours(self, there: SlackBotServer, seat: Seat) -> None:
        remote = self.remote(seat)
        changed = replace(self.message(), parts=(Part("Salt."),))
        outcome = self.adapter.edit(changed, seat, remote)
        assert outcome == Sent(remote["remote_id"], remote["url"], {"channel": CHANNEL})
        assert shown(there.messages[remote["remote_id"]]) == "Salt."
        assert isinstance(self.adapter.find(SEND, self.message(), seat, {}), Sent)

    def test_what_is_taken_away_is_gone_and_gone_is_done(self, there: SlackBotServer, seat: Seat) -> None:
        remote = self.remote(seat)
        assert self.adapter.delete(seat, remote) == Done()
        assert there.messages == {}
        assert self.adapter.delete(seat, remote) == Done()
        assert isinstance(self.adapter.edit(self.message(), seat, remote), Refused)

    def test_reactions_and_replies_are_counted(self, there: SlackBotServer, seat: Seat) -> None:
        remote = self.remote(seat)
        there.messages[remote["remote_id"]] |= {"reactions": [{"count": 3}, {"count": 1}], "reply_count": 2}
        gone = {**remote, "remote_id": "1.000000"}
        figures = self.adapter.metrics(seat, [remote, gone])
        assert figures == {remote["remote_id"]: {"reactions": 4, "replies": 2}}

    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: SlackBotServer, seat: Seat
    ) -> None:
        assert isinstance(drive(self.adapter, message("盐" * 3000), seat), Sent)
        asked = len(there.requests)
        assert isinstance(drive(self.adapter, message("盐" * 3001), seat), Refused)
        assert len(there.requests) == asked
