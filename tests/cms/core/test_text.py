import pytest

from cms.core.text import (
    count_words,
    excerpt,
    hours_and_minutes,
    make_slug,
    reading_minutes,
    search_terms,
    strip_control,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one two three", 3),
        ("it's a well-known fact", 4),
        ("春天来了", 4),
        ("5G 基站开通 in Shanghai", 7),
        ("東京タワー", 5),
        ("，。！", 0),
    ],
)
def test_words_are_counted_by_character_in_chinese_and_by_word_in_latin(text: str, words: int) -> None:
    assert count_words(text) == words


def test_reading_time_is_right_for_both_scripts() -> None:
    assert reading_minutes("word " * 1150) == 5
    assert reading_minutes("字" * 2000) == 5
    assert reading_minutes("字" * 800 + "word " * 460) == 4
    assert reading_minutes("") == 1


def test_an_excerpt_ends_at_a_word_and_never_inside_a_character() -> None:
    assert excerpt("short enough", 20) == "short enough"
    assert excerpt("a sentence that is too long", 12) == "a sentence…"
    assert excerpt("春天的第一场雨下在海边的小城", 12) == "春天的第一场…"
    assert excerpt("x 👩\u200d🚀👩\u200d🚀", 3) == "x 👩\u200d🚀…"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Spring Notes!", "spring-notes"),
        ("春天 的 基站", "春天-的-基站"),
        ("Café Zürich", "café-zürich"),
        ("!!!", ""),
        ("Feed", "feed-1"),
        ("rss", "rss-1"),
    ],
)
def test_slugs_keep_unicode_letters_and_avoid_reserved_words(title: str, slug: str) -> None:
    assert make_slug(title) == slug


def test_search_terms_part_chinese_into_characters_and_pairs() -> None:
    assert search_terms("5G基站") == ["5g", "基", "站", "基站"]
    assert search_terms("Ｃafé au lait") == ["cafe", "au", "lait"]
    assert search_terms("well-known, it's Nadia's snake_case O\u2019Brien") == [
        "well", "known", "it", "nadia", "snake", "case", "o", "brien"
    ]  # fmt: skip
    assert search_terms("通信展") == ["通", "信", "展", "通信", "信展"]
    assert search_terms("电话12306客服") == ["电", "话", "电话", "12306", "客", "服", "客服"]


def test_characters_that_xml_forbids_are_stripped() -> None:
    assert strip_control("a\x00b\x0bc\ud800d\r\ne") == "abcd\ne"


def test_lengths_read_as_a_player_shows_them() -> None:
    assert [hours_and_minutes(s) for s in (7, 247, 3750)] == ["0:07", "4:07", "1:02:30"]
