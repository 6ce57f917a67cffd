"""Sina Weibo: the contract of all networks, and what is particular to it."""

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
    Paused,
    Refused,
    Seat,
    Sent,
    Unsure,
)
from campaigns.channels.counting import weibo
from campaigns.channels.messages import Part, Picture
from campaigns.channels.robots import SEND
from campaigns.channels.weibo.adapter import Weibo
from tests.campaigns.channels.contract import AT, Contract, drive, message, story
from tests.networks import Network
from tests.networks.weibo import DOMAIN, TOKEN, UID, WeiboServer

PICTURE = Picture(1, "carried/a.png", "image/png", 800, 600, 4, "A mast")
LINK = "https://example.com/l/abc12"


def no(code: int, words: str = "words of Weibo", status: str = "400") -> Any:
    return (status, {}, {"error": words, "error_code": code, "request": "/2/statuses/share.json"})


class TestWeibo(Contract):
    adapter = Weibo()
    settings = {"base": "{url}", "domain": DOMAIN, "ip": "203.0.113.9"}
    secrets = {"token": TOKEN}
    token_refused = no(21327, "expired_token")
    quota_seconds = 3600  # Weibo does not tell: its quotas are by the hour, and it is twelve

    def network(self) -> Network:
        return WeiboServer(now=AT)

    def quota(self) -> Any:
        return no(10023, "User requests out of rate limit!", "403")

    def test_a_lost_answer_is_never_a_second_post(self, there: Network, seat: Seat) -> None:
        """It posts the same text three times, which Weibo by itself would refuse."""
        assert isinstance(there, WeiboServer)
        there.refuses_repeats = False
        super().test_a_lost_answer_is_never_a_second_post(there, seat)

    def test_what_did_not_arrive_is_found_missing(self, there: Network, seat: Seat) -> None:
        """Not here: Weibo shows some posts late, so one that is not seen may be on its way."""
        made: dict[str, Data] = {}
        there.script("cut_before")
        assert isinstance(drive(self.adapter, self.message(), seat, made), Unsure)
        assert self.adapter.find(SEND, self.message(), seat, made) == CannotTell()

    def test_it_tells_whose_token_it_is_and_when_it_ends(self, there: WeiboServer, seat: Seat) -> None:
        who = self.adapter.connect(seat)
        assert (who.remote_id, who.name, who.url) == (UID, "海岸与桅杆", f"https://weibo.com/u/{UID}")
        assert who.expires_at == AT + timedelta(seconds=86_400)

    @pytest.mark.parametrize(("name", "value"), [("ip", "my server"), ("domain", "example")])
    def test_settings_that_cannot_be_are_told_beside_their_field(
        self, there: WeiboServer, seat: Seat, name: str, value: str
    ) -> None:
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(replace(seat, settings={**seat.settings, name: value}))
        assert told.value.field == name
        assert there.requests == []

    def test_it_says_where_readers_see_it(self, there: WeiboServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert sent == Sent("5100000000000000", f"https://weibo.com/{UID}/5100000000000000")
        assert there.ledger[0].what["rip"] == "203.0.113.9"

    def test_one_picture_goes_with_it(self, there: WeiboServer, seat: Seat) -> None:
        told = message(parts=(Part(f"Salt {LINK}", (PICTURE,)),))
        assert isinstance(drive(self.adapter, told, seat), Sent)
        assert there.ledger[0].what["files"] == {"pic": ("picture.png", "image/png", b"\x89PNG")}

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (f"盐 #海岸# {LINK}", "topic"),
            ("Salt eats copper", "domain"),
            ("Salt https://example.org/l/abc12", "domain"),
            ("Salt https://notexample.com/l/abc12", "domain"),
            ("Salt https://example.com.evil.org/l/abc12", "domain"),
        ],
    )
    def test_what_weibo_would_refuse_is_not_asked(
        self, there: WeiboServer, seat: Seat, text: str, code: str
    ) -> None:
        outcome = drive(self.adapter, message(text), seat)
        assert isinstance(outcome, Refused)
        assert outcome.code == code
        assert there.requests == []

    def test_a_part_of_the_safe_domain_will_do_and_one_sign_is_no_topic(
        self, there: WeiboServer, seat: Seat
    ) -> None:
        assert isinstance(drive(self.adapter, message("Mast #1 https://go.example.com/l/abc12"), seat), Sent)

    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: WeiboServer, seat: Seat
    ) -> None:
        at_limit = "盐" * 124 + " " + LINK  # 28 signs count half, an address in full
        assert weibo(at_limit) == 138
        assert isinstance(drive(self.adapter, message(at_limit), seat), Sent)
        assert isinstance(drive(self.adapter, message("盐" + at_limit), seat), Refused)
        assert len(there.requests) == 1

    def test_what_it_composes_has_no_topics_and_its_link(self) -> None:
        told = story(title="盐与桅杆 #海岸#", summary="铜会被腐蚀。" * 60, tags=("海岸",), prefix="#新#")
        draft = self.adapter.compose(told, self.adapter.base_limits, self.settings)
        text = draft.parts[0].text
        assert "#" not in text
        assert "盐与桅杆 海岸" in text
        assert LINK in text
        assert "tags_removed" in draft.changes

    def test_a_story_without_topics_is_not_said_to_have_lost_any(self) -> None:
        draft = self.adapter.compose(story(tags=()), self.adapter.base_limits, self.settings)
        assert draft.changes == ()

    def test_a_repeat_of_our_own_is_adopted(self, there: WeiboServer, seat: Seat) -> None:
        first = drive(self.adapter, self.message(), seat)
        assert drive(self.adapter, self.message(), seat) == first
        assert len(there.ledger) == 1

    def test_a_repeat_of_something_older_is_refused_and_not_reworded(
        self, there: WeiboServer, seat: Seat
    ) -> None:
        there.now = AT - timedelta(days=2)
        drive(self.adapter, self.message(), seat)
        outcome = drive(self.adapter, self.message(), seat)
        assert outcome == Refused("repeat content!", code="20019")
        assert len(there.ledger) == 1

    def test_posted_and_shown_late_is_sent(self, there: WeiboServer, seat: Seat) -> None:
        there.shows_late = True
        assert drive(self.adapter, self.message(), seat) == Sent()
        assert len(there.ledger) == 1

    def test_addresses_that_weibo_rewrote_do_not_hide_a_post(self, there: WeiboServer, seat: Seat) -> None:
        made: dict[str, Data] = {}
        there.script("cut")
        drive(self.adapter, self.message(), seat, made)
        assert "t.cn" in there.posts[0]["text"]
        found = self.adapter.find(SEND, self.message(), seat, made)
        assert isinstance(found, Sent)
        assert found.remote_id == there.ledger[0].key

    def test_other_words_with_the_same_address_are_another_post(self, there: WeiboServer, seat: Seat) -> None:
        drive(self.adapter, message(f"Paint helps. {LINK}"), seat)
        assert self.adapter.find(SEND, self.message(), seat, {}) == CannotTell()

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            *((one, Paused) for one in (10005, 10014, 20031, 20033, 21314, 21317, 21319, 21327, 21332)),
            *((one, Later) for one in (10004, 10022, 10024, 20016, 10001, 10009)),
            *((one, Refused) for one in (10008, 10016, 10017, 20005, 20006, 20008, 20012, 20013)),
        ],
    )
    def test_every_number_is_an_outcome(self, there: WeiboServer, seat: Seat, code: int, kind: type) -> None:
        there.script(no(code))
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, kind)
        assert (outcome.reason, outcome.code) == ("words of Weibo", str(code))  # type: ignore[union-attr]

    def test_what_is_taken_away_is_gone_and_gone_is_done(self, there: WeiboServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        remote = {"remote_id": sent.remote_id}
        assert self.adapter.delete(seat, remote) == Done()
        assert there.posts == []
        assert self.adapter.delete(seat, remote) == Done()

    def test_an_application_that_may_not_take_away_says_so_and_goes_on_posting(
        self, there: WeiboServer, seat: Seat
    ) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        there.may_destroy = False
        outcome = self.adapter.delete(seat, {"remote_id": sent.remote_id})
        assert isinstance(outcome, Refused)
        assert outcome.code == "10014"

    def test_what_came_back_is_counted_a_hundred_at_a_time(self, there: WeiboServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        remotes = [{"remote_id": str(one)} for one in range(150)] + [
            {"remote_id": sent.remote_id},
            {"remote_id": ""},
        ]
        figures = self.adapter.metrics(seat, remotes)
        assert figures == {sent.remote_id: {"reposts": 2, "comments": 1, "likes": 5}}
        assert len(there.requests) == 3
