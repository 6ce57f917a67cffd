"""WordPress: the contract of all networks, and what is particular to it."""

from dataclasses import replace
from typing import Any

import pytest

from campaigns.channels.adapter import Data, Disconnected, Done, Missing, Paused, Refused, Seat, Sent
from campaigns.channels.messages import Message, Part, Picture
from campaigns.channels.wordpress.adapter import POST, WordPress
from tests.campaigns.channels.contract import KEY, Contract, drive, message, story
from tests.networks import Network
from tests.networks.wordpress import PASSWORD, USER, WordPressSite

MAST = Picture(7, "carried/mast.jpg", "image/jpeg", 800, 600, 4, "A mast & its sail")
COVER = Picture(9, "carried/cover.png", "image/png", 800, 600, 4, "The sea")


def illustrated(**more: Any) -> Message:
    return message(
        cover=COVER,
        inline=(("https://example.com/media/mast.jpg?a=1&b=2", MAST),),
        html='<p>Salt.</p><img src="https://example.com/media/mast.jpg?a=1&amp;b=2" alt="A mast">',
        **more,
    )


def remote(sent: Any) -> Data:
    return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}


class TestWordPress(Contract):
    adapter = WordPress()
    settings = {"url": "{url}/", "user": USER}
    secrets = {"password": PASSWORD}
    token_refused = ("401", {}, {"code": "rest_cannot_create", "message": "Sorry, you are not allowed."})

    def network(self) -> Network:
        return WordPressSite()

    def message(self) -> Message:
        return message(tags=())  # one step

    def test_the_story_is_whole(self, there: WordPressSite, seat: Seat) -> None:
        sent = drive(self.adapter, message(), seat)
        (post,) = there.visible()
        assert isinstance(sent, Sent)
        assert (sent.url, sent.is_draft) == (f"{there.url}/salt-a5311b57/", False)
        assert (post["title"], post["excerpt"]) == ("What salt does to a mast", "Salt eats copper slowly.")
        assert post["content"] == (
            "<p>Salt eats copper slowly.</p>"
            '<p><a href="https://example.com/l/abc12">First published at example.com</a></p>'
            f"<!-- delivery {KEY} -->"
        )
        assert [there.terms["tags"][one] for one in post["tags"]] == ["Sea", "metal"]

    def test_pictures_are_uploaded_with_their_words_and_shown_from_there(
        self, there: WordPressSite, seat: Seat
    ) -> None:
        made: dict[str, Data] = {}
        assert isinstance(drive(self.adapter, illustrated(), seat, made), Sent)
        assert list(made) == ["upload:1", "upload:2", "terms", "post"]
        assert [one["alt_text"] for one in there.media.values()] == ["The sea", "A mast & its sail"]
        (post,) = there.visible()
        assert f'<img src="{there.url}/uploads/picture-7.jpg"' in post["content"]
        assert there.media[post["featured_media"]]["name"] == "picture-9.png"

    def test_pictures_beside_the_text_stand_under_it(self, there: WordPressSite, seat: Seat) -> None:
        drive(self.adapter, message(parts=(Part("Salt", (MAST, COVER)),), cover=COVER), seat)
        (post,) = there.visible()
        assert post["content"].count("<figure>") == 1
        assert 'alt="A mast &amp; its sail"' in post["content"]

    def test_uploads_that_are_made_are_not_made_again(self, there: WordPressSite, seat: Seat) -> None:
        made: dict[str, Data] = {}
        there.script("ok", "503")
        drive(self.adapter, illustrated(tags=()), seat, made)
        assert list(made) == ["upload:1"]
        assert isinstance(drive(self.adapter, illustrated(tags=()), seat, made), Sent)
        assert len(there.media) == 2

    def test_a_picture_the_site_does_not_take_is_refused_in_its_words(
        self, there: WordPressSite, seat: Seat
    ) -> None:
        told = message(cover=replace(COVER, mime="application/x-php"))
        outcome = drive(self.adapter, told, seat)
        assert outcome == Refused(
            "Sorry, you are not allowed to upload this file type.", code="rest_upload_sideload_error"
        )

    def test_another_post_of_the_same_slug_is_not_taken_for_ours(
        self, there: WordPressSite, seat: Seat
    ) -> None:
        there.posts[1] = {
            "id": 1,
            "slug": "salt-a5311b57",
            "status": "publish",
            "content": "by somebody else",
        }
        assert self.adapter.find(POST, self.message(), seat, {}) == Missing()

    def test_a_second_post_is_taken_away_at_once(self, there: WordPressSite, seat: Seat) -> None:
        first = drive(self.adapter, self.message(), seat)
        again = drive(self.adapter, self.message(), seat)
        assert again == first
        assert len(there.visible()) == 1

    def test_a_draft_waits_there_for_a_person(self, there: WordPressSite, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), replace(seat, mode="draft"))
        assert isinstance(sent, Sent)
        assert sent.is_draft
        assert there.visible() == []

    def test_categories_that_exist_are_used_and_others_are_left_out(
        self, there: WordPressSite, seat: Seat
    ) -> None:
        there.terms["categories"] = {5: "Metal at sea", 6: "Metal"}
        seat = replace(seat, settings={**seat.settings, "categories": "metal，No such"})
        assert isinstance(drive(self.adapter, self.message(), seat), Sent)
        assert there.visible()[0]["categories"] == [6]

    def test_it_is_edited_with_a_new_picture(self, there: WordPressSite, seat: Seat) -> None:
        first = drive(self.adapter, message(cover=COVER, tags=()), seat)
        changed = replace(illustrated(tags=()), title="Copper")
        edited = self.adapter.edit(changed, seat, remote(first))
        assert isinstance(edited, Sent)
        assert sorted(edited.data["uploads"]) == ["7", "9"]
        assert len(there.media) == 2
        assert [one["title"] for one in there.visible()] == ["Copper"]
        assert there.posts[int(edited.remote_id)]["slug"] == "salt-a5311b57"

    def test_what_is_gone_there_cannot_be_edited(self, there: WordPressSite, seat: Seat) -> None:
        outcome = self.adapter.edit(self.message(), seat, {"remote_id": "999"})
        assert outcome == Refused("Invalid post ID.", code="rest_post_invalid_id")

    def test_it_is_deleted_and_gone_is_done(self, there: WordPressSite, seat: Seat) -> None:
        sent = drive(self.adapter, self.message(), seat)
        for _ in range(2):
            assert self.adapter.delete(seat, remote(sent)) == Done()
        assert there.visible() == []
        assert self.adapter.delete(seat, {"remote_id": "999"}) == Done()
        assert self.adapter.find(POST, self.message(), seat, {}) == Missing()

    def test_comments_are_counted_and_what_is_not_told_is_absent(
        self, there: WordPressSite, seat: Seat
    ) -> None:
        there.comments = {7: 12}
        there.script("ok", "404")
        assert self.adapter.metrics(seat, [{"remote_id": "7"}, {"remote_id": "8"}]) == {"7": {"comments": 12}}

    def test_a_user_who_may_not_publish_is_told_and_may_still_draft(
        self, there: WordPressSite, seat: Seat
    ) -> None:
        there.able = {"edit_posts": True}
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert told.value.field == "user"
        assert self.adapter.connect(replace(seat, mode="draft")).notes != ()

    def test_a_right_that_was_taken_away_pauses(self, there: WordPressSite, seat: Seat) -> None:
        there.able["publish_posts"] = False
        assert isinstance(drive(self.adapter, self.message(), seat), Paused)

    def test_a_site_that_moved_is_told_with_its_address(self, there: WordPressSite, seat: Seat) -> None:
        there.script(("301", {"Location": "https://www.example.com/?rest_route=/wp/v2/users/me"}))
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(seat)
        assert "https://www.example.com/" in str(told.value.sentence)
        assert told.value.field == "url"

    def test_the_draft_is_the_whole_story(self) -> None:
        told = story(text="x" * 100_000)
        assert self.adapter.compose(told, self.adapter.base_limits, {}).html == told.html

    def test_a_note_is_called_by_how_it_begins(self, there: WordPressSite, seat: Seat) -> None:
        drive(self.adapter, message("Rain on the mast. " * 9, title="", tags=()), seat)
        assert [one["title"] for one in there.visible()] == ["Rain on the mast. " * 3 + "Rain on the mast."]
