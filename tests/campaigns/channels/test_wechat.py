"""WeChat Official Accounts: the contract of all networks, for drafts and for publishing, and what is particular."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.channels.adapter import (
    CannotTell,
    Data,
    Disconnected,
    Done,
    Later,
    Paused,
    Pending,
    Refused,
    Seat,
    Sent,
    Unsure,
)
from campaigns.channels.messages import Message, Part, Picture
from campaigns.channels.wechat.adapter import DRAFT, PUBLISH, WeChat
from tests.campaigns.channels.contract import AT, Contract, drive, message
from tests.networks import Network
from tests.networks.wechat import APPID, SECRET, WeChatServer

COVER = Picture(1, "carried/a.png", "image/png", 800, 600, 4, "A mast")
INSIDE = Picture(2, "carried/b.jpg", "image/jpeg", 800, 600, 4, "A rope")
YESTERDAY = "2026-11-20"


def no(code: int, words: str = "words of WeChat") -> Any:
    return ("200", {}, {"errcode": code, "errmsg": words})


def remote_of(sent: object) -> dict[str, Any]:
    assert isinstance(sent, Sent)
    return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}


class Shared(Contract):
    adapter = WeChat()
    settings = {"base": "{url}", "appid": APPID}
    secrets = {"secret": SECRET}
    token_refused = no(40001, "invalid credential, access_token is invalid or not latest")
    quota_seconds = 4 * 3600  # until midnight in Beijing, where it is eight in the evening
    mode: str
    steps_before: int

    def seat_at(self, url: str, *, allow: bool = True, seconds: float = 1.0) -> Seat:
        return replace(super().seat_at(url, allow=allow, seconds=seconds), mode=self.mode)

    def message(self) -> Message:
        return message(cover=COVER)

    def quota(self) -> Any:
        return no(45009, "reach max api daily quota limit")

    def counted(self, sent: Sent) -> Data:
        return {"msg_data_id": "2247483650", "published_on": YESTERDAY, "remote_id": sent.remote_id}

    def publishing_calls_only(self, network: Network, *behaviours: Any) -> None:
        token = 0 if self.kept.get("access_token") else 1
        network.script(*["ok"] * (token + self.steps_before), *behaviours)


class TestDrafts(Shared):
    """What most accounts can do."""

    mode = "draft"
    steps_before = 1  # the cover

    def network(self) -> Network:
        return WeChatServer(now=AT)

    def test_a_draft_waits_for_a_person(self, there: WeChatServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert sent == Sent("draft_0", "https://mp.weixin.qq.com/", {"draft": "draft_0"}, is_draft=True)
        assert there.articles == {}
        assert not any("freepublish" in one.path for one in there.requests)

    def test_what_it_says_is_what_was_written(self, there: WeChatServer, seat: Seat) -> None:
        told = replace(self.message(), title="盐与桅杆", summary="铜会被腐蚀。", html="<p>“盐” & 铜 😀</p>")
        drive(self.adapter, told, seat)
        assert there.drafts["draft_0"] == {
            "article_type": "news",
            "title": "盐与桅杆",
            "author": "Mara Lindgren",
            "digest": "铜会被腐蚀。",
            "content": "<p>“盐” & 铜 😀</p>",
            "content_source_url": "https://example.com/l/abc12",
            "thumb_media_id": "material_0",
            "need_open_comment": 0,
            "only_fans_can_comment": 0,
        }

    def test_pictures_of_the_text_move_to_wechat_and_others_follow_it(
        self, there: WeChatServer, seat: Seat
    ) -> None:
        beside = Picture(3, "carried/c.png", "image/png", 800, 600, 4, 'A "sail"')
        told = replace(
            self.message(),
            html='<p>Look:</p><p><img src="https://example.com/media/b.jpg?a=1&amp;b=2" alt="A rope"></p>',
            inline=(("https://example.com/media/b.jpg?a=1&b=2", INSIDE),),
            parts=(Part("Look:", (COVER, beside)),),  # the cover is shown above the text by WeChat itself
        )
        drive(self.adapter, told, seat)
        new = "https://mmbiz.qpic.cn/mmbiz_png/4/0?from=appmsg&amp;wx=1"
        assert there.drafts["draft_0"]["content"] == (
            f'<p>Look:</p><p><img src="{new}" alt="A rope"></p><p><img src="{new}" alt="A &#34;sail&#34;"></p>'
        )

    def test_a_draft_that_was_lost_is_found_by_its_link(self, there: WeChatServer, seat: Seat) -> None:
        made: dict[str, Data] = {}
        self.publishing_calls_only(there, "cut")
        assert isinstance(drive(self.adapter, self.message(), seat, made), Unsure)
        found = self.adapter.find(DRAFT, self.message(), seat, made)
        assert found == Done({"media_id": "draft_0"})
        made["draft"] = found.data
        assert isinstance(drive(self.adapter, self.message(), seat, made), Sent)
        assert len(there.drafts) == 1

    def test_a_draft_of_the_same_title_with_another_link_is_another(
        self, there: WeChatServer, seat: Seat
    ) -> None:
        drive(self.adapter, replace(self.message(), link="https://example.com/l/other"), seat)
        assert self.adapter.find(DRAFT, self.message(), seat, {}) != Done({"media_id": "draft_0"})

    def test_a_box_with_more_drafts_than_we_read_is_not_guessed_about(
        self, there: WeChatServer, seat: Seat
    ) -> None:
        there.drafts = {f"draft_{one}": {"title": "Other"} for one in range(100)}
        assert self.adapter.find(DRAFT, self.message(), seat, {}) == CannotTell()

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"cover": None}, "cover"),
            ({"title": "盐" * 33}, "title"),
            ({"title": ""}, "title"),
            ({"summary": "盐" * 129}, "summary"),
            ({"html": "x" * 20_000}, "too_long"),
            ({"link": "https://example.com/" + "x" * 1005}, "link"),
        ],
    )
    def test_what_wechat_would_refuse_is_not_asked(
        self, there: WeChatServer, seat: Seat, fields: dict[str, Any], code: str
    ) -> None:
        outcome = drive(self.adapter, replace(self.message(), **fields), seat)
        assert isinstance(outcome, Refused)
        assert outcome.code == code
        assert there.requests == []

    def test_what_is_just_at_the_limits_is_taken(self, there: WeChatServer, seat: Seat) -> None:
        told = replace(
            self.message(), title="盐" * 32, summary="盐" * 128, html="盐" * 19_999, authors=("盐" * 16,)
        )
        assert isinstance(drive(self.adapter, told, seat), Sent)

    def test_authors_that_do_not_fit_give_way(self, there: WeChatServer, seat: Seat) -> None:
        with_author = replace(seat, settings={**seat.settings, "author": "海岸"})
        for authors, expected in (
            (("Ivo", "Mara"), "Ivo、Mara"),
            (("Mara Lindgren", "Ivo"), "Mara Lindgren"),
            (("Mara Lindgren-Sondergaard",), "海岸"),
            ((), "海岸"),
        ):
            drive(self.adapter, replace(self.message(), authors=authors), with_author)
            assert there.ledger[-1].what["author"] == expected

    def test_a_picture_over_a_megabyte_is_refused_in_wechats_words(self, there: WeChatServer) -> None:
        told = replace(self.message(), parts=(Part("Look", (INSIDE,)),))
        large = replace(self.seat_at(there.url, seconds=30.0), read=lambda picture: b"x" * 1024 * 1024)
        assert drive(self.adapter, told, large) == Refused("invalid image size", code="40009")

    def test_one_token_serves_until_shortly_before_its_end(self, there: WeChatServer, seat: Seat) -> None:
        for minutes in (0, 100, 116):
            there.now = AT + timedelta(minutes=minutes)
            late = replace(seat, now=lambda: there.now)
            assert isinstance(drive(self.adapter, self.message(), late), Sent)
        assert sum(one.path == "/cgi-bin/stable_token" for one in there.requests) == 2
        assert there.forced == []

    def test_a_token_that_ended_early_is_asked_for_once_more(self, there: WeChatServer, seat: Seat) -> None:
        drive(self.adapter, self.message(), seat)
        there.end_token()
        assert isinstance(drive(self.adapter, self.message(), seat), Sent)
        assert there.forced == []

    def test_a_token_that_wechat_gives_and_refuses_is_forced_once(
        self, there: WeChatServer, seat: Seat
    ) -> None:
        drive(self.adapter, self.message(), seat)
        there.end_token(everywhere=False)
        assert isinstance(drive(self.adapter, self.message(), seat), Sent)
        assert len(there.forced) == 1

    def test_another_workers_token_is_taken(self, there: WeChatServer, seat: Seat) -> None:
        drive(self.adapter, self.message(), seat)
        old = dict(self.kept)
        there.end_token()
        drive(self.adapter, self.message(), seat)
        asked = len([one for one in there.requests if one.path == "/cgi-bin/stable_token"])
        stale = iter([old, dict(self.kept), dict(self.kept)])
        behind = replace(seat, secrets_now=lambda: next(stale, self.kept))
        assert isinstance(drive(self.adapter, self.message(), behind), Sent)
        assert len([one for one in there.requests if one.path == "/cgi-bin/stable_token"]) == asked

    def test_an_address_that_is_not_on_the_list_pauses_the_account(
        self, there: WeChatServer, seat: Seat
    ) -> None:
        there.knows_us = False
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert "not in whitelist" in str(told.value.sentence)
        assert isinstance(drive(self.adapter, self.message(), seat), Paused)

    def test_a_wrong_secret_is_told_beside_its_field(self, there: WeChatServer, seat: Seat) -> None:
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(replace(seat, secrets={"secret": "other"}))
        assert (told.value.field, str(told.value.sentence)) == ("secret", "invalid appsecret")

    @pytest.mark.parametrize("may_publish", [True, False])
    def test_connecting_says_whether_the_account_could_publish(
        self, there: WeChatServer, seat: Seat, may_publish: bool
    ) -> None:
        there.may_publish = may_publish
        assert len(self.adapter.connect(seat).notes) == (0 if may_publish else 1)
        assert self.kept == {}

    @pytest.mark.parametrize(
        ("code", "kind"), [(-1, Later), (45011, Later), (48001, Paused), (50002, Paused), (45166, Refused)]
    )
    def test_every_number_is_an_outcome(self, there: WeChatServer, seat: Seat, code: int, kind: type) -> None:
        self.publishing_calls_only(there, no(code))
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, kind)
        assert (outcome.reason, outcome.code) == ("words of WeChat", str(code))  # type: ignore[union-attr]

    def test_a_draft_is_corrected_until_somebody_sent_it(self, there: WeChatServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        changed = replace(self.message(), title="Another title")
        assert self.adapter.edit(changed, seat, remote_of(sent)) == sent
        assert there.drafts["draft_0"]["title"] == "Another title"
        there.drafts.clear()
        outcome = self.adapter.edit(changed, seat, remote_of(sent))
        assert isinstance(outcome, Refused)
        assert outcome.code == "gone"

    def test_a_draft_is_taken_away_and_gone_is_done(self, there: WeChatServer, seat: Seat) -> None:
        remote = remote_of(drive(self.adapter, self.message(), seat))
        assert self.adapter.delete(seat, remote) == Done()
        assert there.drafts == {}
        assert self.adapter.delete(seat, remote) == Done()

    def test_the_access_token_does_not_show_either(self, there: WeChatServer, seat: Seat) -> None:
        drive(self.adapter, self.message(), seat)
        token = self.kept["access_token"]
        there.script("ok", ("502", {}, f"<html>Bad gateway: ?access_token={token}</html>".encode()))
        assert token not in repr(drive(self.adapter, self.message(), seat))


class TestPublishing(Shared):
    """What an account with the right to publish can do."""

    mode = "publish"
    steps_before = 2  # the cover, the draft

    def network(self) -> Network:
        return WeChatServer(now=AT, ledger_of="articles")

    def test_what_did_not_arrive_is_found_missing(self, there: Network, seat: Seat) -> None:
        """Not here: WeChat publishes in its own time, so an article that is not seen may be on its way."""
        made: dict[str, Data] = {}
        self.publishing_calls_only(there, "cut_before")
        assert isinstance(drive(self.adapter, self.message(), seat, made), Unsure)
        assert self.adapter.find(PUBLISH, self.message(), seat, made) == CannotTell()

    def test_it_is_published_and_its_draft_is_gone(self, there: WeChatServer, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        assert (sent.remote_id, sent.is_draft) == ("article_100000000", False)
        assert sent.url == "https://mp.weixin.qq.com/s/100000000"
        assert there.drafts == {}

    def test_until_it_is_published_we_ask_and_never_send_again(self, there: WeChatServer, seat: Seat) -> None:
        there.is_slow = True
        made: dict[str, Data] = {}
        assert isinstance(drive(self.adapter, self.message(), seat, made), Pending)
        there.finish()
        assert isinstance(self.adapter.send(PUBLISH, self.message(), seat, made), Sent)
        assert sum(one.path == "/cgi-bin/freepublish/submit" for one in there.requests) == 1

    def test_a_token_that_cannot_be_had_while_waiting_keeps_us_asking(
        self, there: WeChatServer, seat: Seat
    ) -> None:
        there.is_slow = True
        made: dict[str, Data] = {}
        drive(self.adapter, self.message(), seat, made)
        there.end_token()
        there.knows_us = False
        assert self.adapter.send(PUBLISH, self.message(), seat, made) == Pending(60.0, made["publish"])

    def test_a_lost_question_is_asked_again(self, there: WeChatServer, seat: Seat) -> None:
        asked = {"publish_id": "100000000", "msg_data_id": "1"}
        before = {"cover": {}, "draft": {"media_id": "draft_0"}, "publish": asked}
        self.kept |= {
            "access_token": "x" * 20,
            "access_ends": datetime.max.replace(tzinfo=AT.tzinfo).isoformat(),
        }
        there.script("cut_before")
        assert self.adapter.send(PUBLISH, self.message(), seat, before) == Pending(10.0, asked)

    @pytest.mark.parametrize("status", [2, 3, 4, 5, 6])
    def test_what_wechat_does_not_publish_is_refused(
        self, there: WeChatServer, seat: Seat, status: int
    ) -> None:
        there.status = status
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, Refused)
        assert outcome.code == f"status_{status}"

    @pytest.mark.parametrize("code", [48001, 53504, 53505])
    def test_what_only_a_person_may_send_stays_a_draft(
        self, there: WeChatServer, seat: Seat, code: int
    ) -> None:
        self.publishing_calls_only(there, no(code))
        sent = drive(self.adapter, self.message(), seat)
        assert isinstance(sent, Sent)
        assert sent.is_draft
        assert list(there.drafts) == [sent.remote_id]

    def test_a_draft_that_wechat_does_not_accept_is_refused(self, there: WeChatServer, seat: Seat) -> None:
        self.publishing_calls_only(there, no(53503, "draft did not pass the check"))
        assert isinstance(drive(self.adapter, self.message(), seat), Refused)

    def test_published_is_not_corrected_and_can_be_taken_away(self, there: WeChatServer, seat: Seat) -> None:
        remote = remote_of(drive(self.adapter, self.message(), seat))
        assert isinstance(self.adapter.edit(self.message(), seat, remote), Refused)
        assert self.adapter.delete(seat, remote) == Done()
        assert there.articles == {}
        assert self.adapter.delete(seat, remote) == Done()

    def test_who_read_an_article_is_told_the_day_after(self, there: WeChatServer, seat: Seat) -> None:
        sent = remote_of(drive(self.adapter, self.message(), seat))
        assert (sent["msg_data_id"], sent["published_on"]) == ("2247483650", "2026-11-21")
        assert self.adapter.metrics(seat, [sent]) == {}
        assert not any("datacube" in one.path for one in there.requests)
        lines = [{"stat_date": "2026-11-21", "read_user": 120}, {"stat_date": "2026-11-22", "read_user": 204}]
        there.read = {"2026-11-21": {"2247483650_1": lines, "2247483999_1": [{"read_user": 9}]}}
        there.now = AT + timedelta(days=2)
        later = replace(seat, now=lambda: there.now)
        assert self.adapter.metrics(later, [sent]) == {sent["remote_id"]: {"reads": 204}}
        there.read = {"2026-11-21": {"2247483650_1": []}}
        assert self.adapter.metrics(later, [sent]) == {}

    def test_an_account_that_may_not_see_figures_goes_on_publishing(
        self, there: WeChatServer, seat: Seat
    ) -> None:
        there.may_publish = False
        asked = {"msg_data_id": "1", "published_on": YESTERDAY, "remote_id": "article_1"}
        told = self.adapter.metrics(seat, [asked])
        assert isinstance(told, Later)
        assert told.code == "48001"
