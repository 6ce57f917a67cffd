"""Splitting a text into a thread."""

import time
from contextlib import suppress

import pytest
import regex
from hypothesis import given, reject, settings
from hypothesis import strategies as given_one

from campaigns.channels.counting import excess, links_in
from campaigns.channels.messages import Limits
from campaigns.channels.threads import CannotSplit, ThreadTooLong, split
from tests.campaigns.channels.texts import any_text, texts

BLUESKY = Limits(text=300, also=(("bytes", 3000),), parts=10_000)
MASTODON = Limits(text=90, counter="mastodon", link_length=23, parts=10_000)
BYTES = Limits(text=200, counter="bytes", parts=10_000)
SMALL = Limits(text=60, parts=10_000)
networks = given_one.sampled_from([BLUESKY, MASTODON, BYTES, SMALL])


def closed(text: str) -> str:
    return "".join(text.split())


@settings(deadline=None)
@given(any_text, networks, given_one.booleans())
def test_parts_fit_and_nothing_is_lost(text: str, limits: Limits, numbered: bool) -> None:
    try:
        parts = split(text, limits, numbered=numbered)
    except CannotSplit:
        assert max(map(len, regex.findall(r"\S+", text))) > 20
        return
    assert all(excess(one, limits) == 0 for one in parts)
    if numbered and len(parts) > 1:
        assert [one.rpartition(" ")[2] for one in parts] == [
            f"{number}/{len(parts)}" for number in range(1, len(parts) + 1)
        ]
        parts = tuple(one.rpartition(" ")[0] for one in parts)
    assert closed("".join(parts)) == closed(text)


@settings(deadline=None)
@given(texts, networks)
def test_no_link_mention_or_grapheme_is_parted(text: str, limits: Limits) -> None:
    try:
        parts = split(text, limits)
    except CannotSplit:
        reject()
    whole = [text[start:end] for start, end in links_in(text)]
    assert [one[start:end] for one in parts for start, end in links_in(one)] == whole
    for pattern in (r"@mara@example\.social", r"(?<!@)@mara\.bsky\.social", r"#海"):
        assert sum(len(regex.findall(pattern, one)) for one in parts) == len(regex.findall(pattern, text))
    kept = [each for one in parts for each in regex.findall(r"\X", one) if not each.isspace()]
    assert kept == [each for each in regex.findall(r"\X", text) if not each.isspace()]


def test_it_is_cut_at_sentences_in_both_languages() -> None:
    english = (
        "Salt eats copper slowly, says Mr. Lind. Paint helps! Does it? Yes, e.g. red lead. Zinc is better."
    )
    assert split(english, SMALL) == (
        "Salt eats copper slowly, says Mr. Lind. Paint helps!",
        "Does it? Yes, e.g. red lead. Zinc is better.",
    )
    chinese = (
        "盐会慢慢地腐蚀铜，船长这样说。“油漆有用吗？”有人问。“当然有用！”"
        "她回答，“红丹更好。”桅杆上的铜件每年都要上漆，这样才能用得长久。"
    )
    assert split(chinese, Limits(text=40, parts=9)) == (
        "盐会慢慢地腐蚀铜，船长这样说。“油漆有用吗？”有人问。“当然有用！”",
        "她回答，“红丹更好。”桅杆上的铜件每年都要上漆，这样才能用得长久。",
    )


def test_paragraphs_are_kept_together_where_they_fill_a_post() -> None:
    text = (
        "Salt eats copper slowly, and paint helps a lot.\n\nZinc is better. Red lead is best of all of them."
    )
    assert split(text, SMALL) == (
        "Salt eats copper slowly, and paint helps a lot.",
        "Zinc is better. Red lead is best of all of them.",
    )


def test_punctuation_does_not_begin_a_part() -> None:
    for size in range(8, 40):
        parts = split("盐会慢慢地腐蚀铜，油漆有用，红丹更好，锌最好，" * 4, Limits(text=size, parts=99))
        assert not any(one.startswith("，") for one in parts)


def test_numbers_count_and_ten_parts_need_longer_ones() -> None:
    parts = split("盐" * 500, SMALL, numbered=True)
    assert parts[0] == "盐" * 56 + " 1/9"
    parts = split("盐" * 540, SMALL, numbered=True)
    assert (len(parts), parts[0], parts[9]) == (10, "盐" * 54 + " 1/10", "盐" * 54 + " 10/10")


def test_what_fits_has_no_number_and_nothing_has_no_parts() -> None:
    assert split(" Salt. ", SMALL, numbered=True) == ("Salt.",)
    assert split(" \n ", SMALL) == ()


def test_too_many_parts_are_said_and_shown() -> None:
    with pytest.raises(ThreadTooLong) as told:
        split("盐" * 601, Limits(text=300, parts=2))
    assert [len(one) for one in told.value.parts] == [300, 300, 1]
    assert "needs 3 posts" in told.value.message


def test_an_address_longer_than_a_post_is_said() -> None:
    with pytest.raises(CannotSplit):
        split("See https://example.com/" + "x" * 300, SMALL)


def test_a_book_is_split_in_good_time() -> None:
    before = time.process_time()
    parts = split("盐会慢慢腐蚀铜。Paint helps a little. " * 4000, BLUESKY)
    assert len(parts) > 300
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    "text",
    [
        "." * 50_000,
        "…" * 50_000,
        "@" * 50_000,
        "a.b@" * 12_000,
        "https://x/" + ")" * 50_000,
        "https://x/" + "(" * 25_000 + ")" * 25_000,
        "\n" * 50_000 + "x",
        "a" + "\u0301" * 50_000,
        "\"'”" * 20_000,
        "Mr" * 25_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_text_costs_much_more_than_its_length(text: str) -> None:
    before = time.process_time()
    with suppress(CannotSplit):
        split(text, BLUESKY)
    assert time.process_time() - before < 3
