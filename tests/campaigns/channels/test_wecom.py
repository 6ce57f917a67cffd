"""WeCom's robots: the contract of all networks, and what is particular to them."""

from dataclasses import replace

import pytest

from campaigns.channels.adapter import Data, Later, Paused, Refused, Seat, Sent, Unsure
from campaigns.channels.messages import Message, Part, Picture
from campaigns.channels.wecom.adapter import WeCom
from tests.campaigns.channels.contract import Contract, drive, message
from tests.networks import Network
from tests.networks.wecom import KEY, WeComServer

PICTURE = Picture(1, "carried/a.png", "image/png", 800, 600, 4, "A mast")


def no(code: int, words: str) -> tuple[str, dict[str, str], dict[str, object]]:
    return ("200", {}, {"errcode": code, "errmsg": words})


def with_pictures(count: int, text: str = "Salt eats copper. https://example.com/l/abc12") -> Message:
    return message(parts=(Part(text, (PICTURE,) * count),))


class TestWeCom(Contract):
    adapter = WeCom()
    settings = {"base": "{url}"}
    secrets = {"url": "{url}/cgi-bin/webhook/send?key=" + KEY}
    token_refused = no(93000, "invalid webhook url, hint: [1764352800]")
    quota_seconds = 60  # WeCom does not tell: its robots take 20 a minute

    def network(self) -> Network:
        return WeComServer()

    def quota(self) -> object:
        return no(45009, "api freq out of limit")

    def test_connecting_says_nothing_in_the_group(self, there: WeComServer, seat: Seat) -> None:
        self.adapter.connect(seat)
        assert len(there.requests) == 1
        assert there.ledger == []

    def test_pictures_come_before_the_text(self, there: WeComServer, seat: Seat) -> None:
        assert drive(self.adapter, with_pictures(2), seat) == Sent()
        assert [one.what["msgtype"] for one in there.ledger] == ["image", "image", "text"]

    def test_lost_after_a_picture_only_the_rest_is_open(self, there: WeComServer, seat: Seat) -> None:
        made: dict[str, Data] = {}
        there.script("ok", "cut")
        assert isinstance(drive(self.adapter, with_pictures(2), seat, made), Unsure)
        assert list(made) == ["picture:1"]

    def test_a_text_that_is_too_long_holds_its_pictures_back(self, there: WeComServer, seat: Seat) -> None:
        assert isinstance(drive(self.adapter, with_pictures(1, "盐" * 683), seat), Refused)
        assert there.requests == []

    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: WeComServer, seat: Seat
    ) -> None:
        assert drive(self.adapter, message("盐" * 682 + "ab"), seat) == Sent()
        assert isinstance(drive(self.adapter, message("盐" * 682 + "abc"), seat), Refused)
        assert len(there.requests) == 1

    @pytest.mark.parametrize(
        ("code", "kind"), [(-1, Later), (45009, Later), (93000, Paused), (40008, Refused), (44004, Refused)]
    )
    def test_every_number_is_an_outcome(self, there: WeComServer, seat: Seat, code: int, kind: type) -> None:
        there.script(no(code, "words of WeCom"))
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, kind)
        assert outcome.reason == "words of WeCom"  # type: ignore[union-attr]

    def test_the_numbers_that_pause_can_be_set(self, there: WeComServer, seat: Seat) -> None:
        there.script(no(40008, "changed its meaning"))
        other = replace(seat, settings={**seat.settings, "pausing": "40008, 93000"})
        assert isinstance(drive(self.adapter, self.message(), other), Paused)
