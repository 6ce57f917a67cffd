"""DingTalk's robots: the contract of all networks, and what is particular to them."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk

from campaigns.channels.adapter import Disconnected, Later, Paused, Refused, Seat, Sent
from campaigns.channels.dingtalk.adapter import DingTalk, sign
from tests.campaigns.channels.contract import AT, Contract, drive, message
from tests.networks import Network
from tests.networks.dingtalk import SECRET, TOKEN, DingTalkServer


def no(code: int, words: str) -> tuple[str, dict[str, str], dict[str, object]]:
    return ("200", {}, {"errcode": code, "errmsg": words})


class TestDingTalk(Contract):
    adapter = DingTalk()
    settings = {"base": "{url}"}
    secrets = {"url": "{url}/robot/send?access_token=" + TOKEN, "secret": SECRET}
    token_refused = no(300005, "token is not exist")
    quota_seconds = 600  # DingTalk does not tell, and locks a robot for ten minutes

    def network(self) -> Network:
        return DingTalkServer(now=AT.timestamp())

    def quota(self) -> object:
        return no(130101, "send too fast, exceed 20 times per minute")

    def test_the_signature_is_what_another_client_makes(self) -> None:
        timestamp, signature = NotifyDingTalk(token=TOKEN, secret=SECRET).get_signature()
        assert sign(SECRET, timestamp) == unquote_plus(signature)

    def test_connecting_says_nothing_in_the_group(self, there: DingTalkServer, seat: Seat) -> None:
        self.adapter.connect(seat)
        assert len(there.requests) == 1
        assert there.ledger == []

    def test_a_robot_without_signature_needs_no_secret(self, there: DingTalkServer, seat: Seat) -> None:
        there.signs = False
        plain = replace(seat, secrets={"url": seat.secrets["url"]})
        assert drive(self.adapter, self.message(), plain) == Sent()
        assert there.requests[0].query == {"access_token": TOKEN}

    def test_a_wrong_secret_is_told_beside_its_field(self, there: DingTalkServer, seat: Seat) -> None:
        wrong = replace(seat, secrets={**seat.secrets, "secret": "SEC0"})
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(wrong)
        assert told.value.field == "secret"
        assert isinstance(drive(self.adapter, self.message(), wrong), Paused)

    def test_a_clock_that_is_off_by_more_than_an_hour_pauses_the_account(
        self, there: DingTalkServer, seat: Seat
    ) -> None:
        late = replace(seat, now=lambda: AT + timedelta(minutes=61))
        outcome = drive(self.adapter, self.message(), late)
        assert isinstance(outcome, Paused)
        assert "invalid timestamp" in outcome.reason

    def test_an_address_that_is_not_on_the_list_pauses_the_account(
        self, there: DingTalkServer, seat: Seat
    ) -> None:
        there.knows_us = False
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert told.value.field == "url"
        assert isinstance(drive(self.adapter, self.message(), seat), Paused)

    def test_a_missing_keyword_refuses_this_text_and_connecting_says_so(
        self, there: DingTalkServer, seat: Seat
    ) -> None:
        there.keyword = "海岸"
        assert len(self.adapter.connect(seat).notes) == 2
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, Refused)
        assert outcome.code == "keyword"
        assert drive(self.adapter, message("海岸: salt https://example.com/l/abc12"), seat) == Sent()

    @pytest.mark.parametrize(
        ("code", "kind"),
        [(-1, Later), (410100, Later), (400102, Paused), (400105, Refused), (430101, Refused)],
    )
    def test_every_number_is_an_outcome(
        self, there: DingTalkServer, seat: Seat, code: int, kind: type
    ) -> None:
        there.script(no(code, "words of DingTalk"))
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, kind)
        assert outcome.reason == "words of DingTalk"  # type: ignore[union-attr]

    def test_the_21st_message_of_a_minute_waits_for_ten(self, there: DingTalkServer, seat: Seat) -> None:
        there.sent_this_minute = 20
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, Later)
        assert (outcome.after, outcome.whole_account) == (600, True)

    def test_it_says_the_text_as_it_is(self, there: DingTalkServer, seat: Seat) -> None:
        drive(self.adapter, message("# *Salt* @所有人"), seat)
        assert there.ledger[0].what == {
            "msgtype": "text",
            "text": {"content": "# *Salt* @所有人"},
            "at": {"isAtAll": False},
        }

    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: DingTalkServer, seat: Seat
    ) -> None:
        assert drive(self.adapter, message("盐" * 6333), seat) == Sent()
        assert isinstance(drive(self.adapter, message("盐" * 6334), seat), Refused)
        assert len(there.requests) == 1

    def test_a_request_that_grows_too_large_on_its_way_is_not_asked(
        self, there: DingTalkServer, seat: Seat
    ) -> None:
        assert isinstance(drive(self.adapter, message("\n" * 18_000), seat), Refused)
        assert there.requests == []

    def test_the_length_can_be_set(self) -> None:
        assert self.adapter.limits({"longest": "500"}, None).text == 500
        assert self.adapter.limits({"longest": "many"}, None).text == 19_000
