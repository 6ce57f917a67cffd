"""Ghost: the contract of all networks, and what is particular to it."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

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
    Unsure,
)
from campaigns.channels.ghost.adapter import POST, Ghost
from campaigns.channels.messages import Message, Picture
from tests.campaigns.channels.contract import KEY as DELIVERY
from tests.campaigns.channels.contract import Contract, drive, message
from tests.networks import Network
from tests.networks.ghost import ID, KEY, GhostSite

MAST = Picture(7, "carried/mast.jpg", "image/jpeg", 800, 600, 4, "A mast & its sail")
COVER = Picture(9, "carried/cover.png", "image/png", 800, 600, 4, "The sea")
SLUG = f"salt-{hashlib.sha256(DELIVERY.encode()).hexdigest()[:8]}"


def illustrated(**more: Any) -> Message:
    address = "https://example.com/media/mast.jpg"
    return message(
        cover=COVER, inline=((address, MAST),), html=f'<p>Salt.</p><img src="{address}" alt="A mast">', **more
    )


def remote(sent: Any) -> Data:
    return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}


class TestGhost(Contract):
    adapter = Ghost()
    settings = {"url": "{url}/"}
    secrets = {"key": KEY}
    token_refused = (
        "401",
        {},
        {"errors": [{"message": "Unknown Admin API Key", "code": "UNKNOWN_ADMIN_API_KEY"}]},
    )

    def network(self) -> Network:
        return GhostSite()

    def test_a_wrong_token_is_told_when_connecting(self, there: GhostSite, seat: Seat) -> None:
        for key, field in ((f"{'0' * 24}:{'1f' * 32}", "key"), ("nonsense", "key"), (f"{ID}:xyz", "key")):
            with pytest.raises(Disconnected) as told:
                self.adapter.connect(replace(seat, secrets={"key": key}))
            assert told.value.field == field

    def test_the_story_is_whole(self, there: GhostSite, seat: Seat) -> None:
        sent = drive(self.adapter, message(), seat)
        assert isinstance(sent, Sent)
        assert (sent.url, sent.is_draft) == (f"{there.url}/{SLUG}/", False)
        (post,) = there.visible()
        assert post["html"] == (
            "<!--kg-card-begin: html--><p>Salt eats copper slowly.</p>"
            '<p><a href="https://example.com/l/abc12">First published at example.com</a></p>'
            "<!--kg-card-end: html-->"
        )
        assert post["codeinjection_foot"] == f"<!-- delivery {DELIVERY} -->"
        assert post["canonical_url"] == "https://example.com/posts/salt"
        assert post["tags"] == [{"name": "sea"}, {"name": "metal"}]

    def test_pictures_are_uploaded_and_shown_from_there(self, there: GhostSite, seat: Seat) -> None:
        made: dict[str, Data] = {}
        drive(self.adapter, illustrated(), seat, made)
        assert list(made) == ["upload:1", "upload:2", "post"]
        (post,) = there.visible()
        assert f'<img src="{there.url}/content/images/picture-7.jpg"' in post["html"]
        assert post["feature_image"] == f"{there.url}/content/images/picture-9.png"
        assert post["feature_image_alt"] == "The sea"

    def test_a_picture_it_does_not_take_is_refused_in_its_words(self, there: GhostSite, seat: Seat) -> None:
        outcome = drive(self.adapter, message(cover=replace(COVER, mime="text/plain")), seat)
        assert outcome == Refused("Please select a valid image.", code="UnsupportedMediaTypeError")

    def test_a_second_post_is_taken_away_at_once(self, there: GhostSite, seat: Seat) -> None:
        first = drive(self.adapter, message(), seat)
        assert drive(self.adapter, message(), seat) == first
        assert len(there.posts) == 1

    def test_another_post_of_the_same_slug_is_not_taken_for_ours(self, there: GhostSite, seat: Seat) -> None:
        there.posts["1"] = {"id": "1", "slug": SLUG, "status": "published", "html": "by somebody else"}
        assert self.adapter.find(POST, message(), seat, {}) == Missing()

    def test_a_story_without_a_link_is_found_by_its_mark(self, there: GhostSite, seat: Seat) -> None:
        told = message("Salt", link="")
        there.script("cut")
        assert isinstance(drive(self.adapter, told, seat), Unsure)
        assert isinstance(self.adapter.find(POST, told, seat, {}), Sent)

    def test_a_long_alternative_text_is_shortened_to_what_it_takes(
        self, there: GhostSite, seat: Seat
    ) -> None:
        assert isinstance(drive(self.adapter, message(cover=replace(COVER, alt="盐" * 400)), seat), Sent)
        assert len(there.visible()[0]["feature_image_alt"]) == 191

    def test_a_draft_waits_there_for_a_person(self, there: GhostSite, seat: Seat) -> None:
        sent = drive(self.adapter, message(), replace(seat, mode="draft"))
        assert isinstance(sent, Sent)
        assert sent.is_draft
        assert there.visible() == []

    def test_it_is_edited_with_a_new_picture(self, there: GhostSite, seat: Seat) -> None:
        first = drive(self.adapter, message(cover=COVER), seat)
        edited = self.adapter.edit(replace(illustrated(), title="Copper"), seat, remote(first))
        assert isinstance(edited, Sent)
        assert there.images == ["picture-9.png", "picture-7.jpg"]
        assert [one["title"] for one in there.visible()] == ["Copper"]
        assert sorted(edited.data["uploads"]) == ["7", "9"]

    def test_an_edit_that_meets_another_is_made_on_what_is_there_now(
        self, there: GhostSite, seat: Seat
    ) -> None:
        first = drive(self.adapter, message(), seat)
        there.is_being_edited = 1
        assert isinstance(self.adapter.edit(message(title="Copper"), seat, remote(first)), Sent)
        there.is_being_edited = 2
        assert isinstance(self.adapter.edit(message(title="Tin"), seat, remote(first)), Later)
        assert [one["title"] for one in there.visible()] == ["Copper"]

    def test_it_is_deleted_and_gone_is_done(self, there: GhostSite, seat: Seat) -> None:
        sent = drive(self.adapter, message(), seat)
        for _ in range(2):
            assert self.adapter.delete(seat, remote(sent)) == Done()
        assert there.posts == {}
        assert isinstance(self.adapter.edit(message(), seat, remote(sent)), Refused)

    def test_letters_are_counted_where_it_sent_some(self, there: GhostSite, seat: Seat) -> None:
        one, two = (
            remote(drive(self.adapter, replace(message(), key=key), seat)) for key in (DELIVERY, "other")
        )
        there.letters = {one["remote_id"]: {"email_count": 12, "opened_count": 0, "delivered_count": None}}
        assert self.adapter.metrics(seat, [one, two]) == {one["remote_id"]: {"sent": 12, "opened": 0}}

    def test_a_damaged_key_pauses(self, there: GhostSite, seat: Seat) -> None:
        assert isinstance(drive(self.adapter, message(), replace(seat, secrets={"key": "x:y"})), Paused)
        assert there.requests == []

    def test_a_long_title_is_shortened_to_what_it_takes(self) -> None:
        from tests.campaigns.channels.contract import story

        draft = self.adapter.compose(
            story(title="盐" * 300, summary="盐" * 400), self.adapter.base_limits, {}
        )
        assert (len(draft.title), len(draft.summary)) == (255, 300)

    def test_a_note_is_called_by_how_it_begins(self, there: GhostSite, seat: Seat) -> None:
        drive(self.adapter, message("Rain on the mast. " * 9, title="", tags=()), seat)
        assert [one["title"] for one in there.visible()] == ["Rain on the mast. " * 3 + "Rain on the mast."]
