"""What networks of short texts say of a story: as much as fits, and always the whole link."""

from dataclasses import replace

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as given_one

from campaigns.channels.composing import article_draft, short_draft, thread_draft
from campaigns.channels.counting import excess, length, links_in
from campaigns.channels.messages import Limits
from tests.campaigns.channels.contract import story
from tests.campaigns.channels.texts import any_text

LINK = "https://example.com/l/abc12"
NETWORKS = {
    "bluesky": Limits(text=300, also=(("bytes", 3000),)),
    "mastodon": Limits(text=500, counter="mastodon", link_length=23),
    "weibo": Limits(text=138, counter="weibo"),
    "telegram": Limits(text=1024, counter="characters"),
    "wecom": Limits(text=2048, counter="bytes"),
    "tiny": Limits(text=60, counter="characters"),
}


@settings(deadline=None)
@given(any_text, any_text, given_one.sampled_from(sorted(NETWORKS)), given_one.booleans())
@example("盐" * 400, "", "weibo", True)
def test_it_fits_and_the_link_is_whole(title: str, summary: str, network: str, hashtags: bool) -> None:
    limits = NETWORKS[network]
    told = story(title=title, summary=summary, link=LINK, tags=("sea", "salt water"))
    text = short_draft(told, limits, hashtags=hashtags).parts[0].text
    assert excess(text, limits) == 0
    assert LINK in [text[start:end] for start, end in links_in(text)]


@settings(deadline=None)
@given(any_text, given_one.sampled_from(sorted(NETWORKS)))
def test_what_is_left_is_the_beginning_in_whole_graphemes(summary: str, network: str) -> None:
    told = story(title="", summary=summary, link="", tags=())
    draft = short_draft(told, NETWORKS[network])
    text = draft.parts[0].text
    if "shortened" not in draft.changes:
        assert "".join(text.split()) == "".join(summary.split())
        return
    kept = regex.findall(r"\X", regex.sub(r" ?…$", "", text))
    whole = regex.findall(r"\X", summary.strip())
    assert kept == whole[: len(kept)] or "".join(kept) == "".join(whole)[: len("".join(kept))]
    # Nothing is left only where the first thing cannot be parted: an address, a hashtag, a grapheme that is too large.
    begins_with_long = len(summary.split()[0]) > 20
    assert len(text) > 0 or begins_with_long or excess(whole[0] + "…", NETWORKS[network])


def test_all_of_it_where_it_fits() -> None:
    told = story(prefix="New:", signature="– Mast", tags=("sea", "salt water", "2026", "Sea"))
    draft = short_draft(told, NETWORKS["bluesky"], hashtags=True)
    assert draft.parts[0].text == (
        "New:\n\nWhat salt does to a mast\n\nSalt eats copper slowly.\n\n"
        "https://example.com/l/abc12\n\n#sea #SaltWater\n\n– Mast"
    )
    assert draft.changes == ()


def test_networks_without_hashtags_get_none() -> None:
    assert "#" not in short_draft(story(), NETWORKS["bluesky"]).parts[0].text


@pytest.mark.parametrize(
    ("summary", "kept"),
    [
        ("Salt eats copper. " * 9, "Salt eats copper. Salt eats copper. Salt eats copper."),
        ("Salt eats copper and tin and " * 9, "Salt eats copper and tin and Salt eats copper and tin and…"),
        ("盐会慢慢腐蚀铜。" * 9, "盐会慢慢腐蚀铜。" * 7),
        ("没有标点的一段很长的话" * 9, "没有标点的一段很长的话" * 5 + "没有标点…"),
        ("x" * 99, "x" * 59 + "…"),
        ("Read https://example.org/" + "y" * 60, "Read…"),
    ],
)
def test_it_is_cut_at_a_sentence_else_a_word_else_a_grapheme(summary: str, kept: str) -> None:
    draft = short_draft(story(title="", summary=summary, link="", tags=()), NETWORKS["tiny"])
    assert (draft.parts[0].text, draft.changes) == (kept, ("shortened",))


def test_an_ellipsis_does_not_become_part_of_an_address() -> None:
    summary = "Read https://example.org/salt-and-copper and " + "y" * 60
    text = short_draft(story(title="", summary=summary, link="", tags=()), NETWORKS["tiny"]).parts[0].text
    assert text == "Read https://example.org/salt-and-copper and…"
    tight = replace(NETWORKS["tiny"], text=43)
    text = short_draft(story(title="", summary=summary, link="", tags=()), tight).parts[0].text
    assert text == "Read https://example.org/salt-and-copper …"


def test_tags_and_signature_go_before_the_title_does() -> None:
    told = story(signature="– Mast and sail", prefix="New:", title="What salt does to a mast of wood")
    draft = short_draft(told, replace(NETWORKS["tiny"], text=62), hashtags=True)
    assert draft.parts[0].text == "What salt does to a mast of wood\n\nhttps://example.com/l/abc12"
    assert draft.changes == ("tags_removed", "signature_removed", "shortened")


def test_a_link_counts_as_the_network_counts_it() -> None:
    limits = replace(NETWORKS["mastodon"], text=60)
    told = story(title="盐" * 35, summary="", tags=(), link="https://example.com/" + "x" * 400)
    draft = short_draft(told, limits)
    assert draft.changes == ()
    assert length(draft.parts[0].text, limits) == 60


def test_a_link_the_text_has_already_is_not_said_twice() -> None:
    told = story(kind="note", text=f"Paint {LINK} helps", link=LINK, tags=())
    assert short_draft(told, NETWORKS["bluesky"]).parts[0].text == f"Paint {LINK} helps"


def test_a_long_note_becomes_a_thread_where_there_are_threads() -> None:
    told = story(kind="note", text="Salt eats copper slowly. " * 20, media=((7, "A mast"),), tags=())
    limits = replace(NETWORKS["bluesky"], parts=5, pictures=4)
    draft = thread_draft(told, limits)
    assert len(draft.parts) == 2
    assert draft.parts[0].media == ((7, "A mast"),)
    assert draft.parts[1].media == ()
    assert draft.parts[1].text.endswith("\n\nhttps://example.com/l/abc12")
    assert draft.changes == ("split",)
    assert thread_draft(told, NETWORKS["bluesky"]) == short_draft(told, NETWORKS["bluesky"])


def test_a_title_longer_than_the_network_takes_is_shortened() -> None:
    draft = article_draft(story(title="盐" * 300), Limits(title=255, carries_html=True))
    assert draft.title == "盐" * 254 + "…"
