"""Feishu's robots: the contract of all networks, and what is particular to them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.channels.adapter import Disconnected, Later, Paused, Refused, Seat, Sent
from campaigns.channels.feishu.adapter import Feishu
from tests.campaigns.channels.contract import AT, Contract, drive, message
from tests.networks import Network
from tests.networks.feishu import PATH, SECRET, FeishuServer, shown


def no(code: int, words: str) -> tuple[str, dict[str, str], dict[str, object]]:
    return ("200", {}, {"code": code, "msg": words, "data": {}})


class TestFeishu(Contract):
    adapter = Feishu()
    settings = {"base": "{url}"}
    secrets = {"url": "{url}" + PATH, "secret": SECRET}
    token_refused = no(19001, "param invalid: incoming webhook access token invalid")
    quota_seconds = 60  # where Feishu does not tell: its robots take 100 a minute

    def network(self) -> Network:
        return FeishuServer(now=AT.timestamp())

    def quota(self) -> object:
        return no(11232, "frequency limited psm[lark.oapi.app_platform_runtime]")

    def test_a_wait_that_it_tells_is_kept(self, there: FeishuServer, seat: Seat) -> None:
        body = {"code": 99991400, "msg": "request trigger frequency limit"}
        for status in ("429", "400"):
            there.script((status, {"x-ogw-ratelimit-reset": "7"}, body))
            outcome = drive(self.adapter, self.message(), seat)
            assert isinstance(outcome, Later)
            assert (outcome.after, outcome.whole_account) == (7, True)

    def test_connecting_says_nothing_in_the_group(self, there: FeishuServer, seat: Seat) -> None:
        self.adapter.connect(seat)
        assert len(there.requests) == 1
        assert there.ledger == []

    def test_a_robot_without_signature_needs_no_secret(self, there: FeishuServer, seat: Seat) -> None:
        there.signs = False
        plain = replace(seat, secrets={"url": seat.secrets["url"]})
        assert drive(self.adapter, self.message(), plain) == Sent()
        assert set(there.requests[0].json) == {"msg_type", "content"}

    def test_a_wrong_secret_or_clock_is_told_beside_its_field(self, there: FeishuServer, seat: Seat) -> None:
        wrong = replace(seat, secrets={**seat.secrets, "secret": "other"})
        late = replace(seat, now=lambda: AT + timedelta(minutes=61))
        for one in (wrong, late):
            with pytest.raises(Disconnected) as told:
                self.adapter.connect(one)
            assert told.value.field == "secret"
            assert isinstance(drive(self.adapter, self.message(), one), Paused)

    def test_an_address_that_is_not_on_the_list_pauses_the_account(
        self, there: FeishuServer, seat: Seat
    ) -> None:
        there.knows_us = False
        assert isinstance(drive(self.adapter, self.message(), seat), Paused)

    def test_a_missing_keyword_refuses_this_text_and_connecting_says_so(
        self, there: FeishuServer, seat: Seat
    ) -> None:
        there.keyword = "海岸"
        assert len(self.adapter.connect(seat).notes) == 2
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, Refused)
        assert outcome.code == "keyword"

    def test_people_read_what_was_written_and_nobody_is_called(self, there: FeishuServer, seat: Seat) -> None:
        text = 'Salt\n\n<at user_id="all">everyone</at> **no** https://example.com/l/abc12'
        drive(self.adapter, message(text, title="Salt", language="zh-Hans"), seat)
        post = there.ledger[0].what["content"]["post"]["zh_cn"]
        assert post == {
            "title": "Salt",
            "content": [
                [
                    {"tag": "text", "text": '<at user_id="all">everyone</at> **no** '},
                    {
                        "tag": "a",
                        "text": "https://example.com/l/abc12",
                        "href": "https://example.com/l/abc12",
                    },
                ]
            ],
        }
        assert there.called == []

    def test_a_text_without_its_title_keeps_its_lines(self, there: FeishuServer, seat: Seat) -> None:
        drive(self.adapter, message("One\n\nTwo"), seat)
        assert shown(there.ledger[0].what) == "One\n\nTwo"

    def test_an_older_robot_agrees_in_its_own_way(self, there: FeishuServer, seat: Seat) -> None:
        there.script(("200", {}, {"StatusCode": 0, "StatusMessage": "success", "Extra": None}))
        assert drive(self.adapter, self.message(), seat) == Sent()

    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: FeishuServer, seat: Seat
    ) -> None:
        assert drive(self.adapter, message("盐" * 6000), seat) == Sent()
        assert isinstance(drive(self.adapter, message("盐" * 6000 + "a"), seat), Refused)
        assert len(there.requests) == 1

    def test_a_request_over_20_kilobytes_is_not_asked(self, there: FeishuServer, seat: Seat) -> None:
        assert isinstance(drive(self.adapter, message("a\n" * 1000), seat), Refused)
        assert there.requests == []
