"""Search: Chinese, Latin and mixed words, ranking, excerpts, what is kept of a question. On both databases."""

from datetime import timedelta

import pytest
from flask import Flask

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.text import search_runs
from cms.posts import services as posts
from cms.site.commands import reindex
from cms.site.edition import Edition
from cms.site.highlight import highlighted
from cms.site.models import SearchTally
from cms.site.queries import search as searching
from cms.site.services import index, tallies
from cms.topics import services as topics
from tests import factories as make
from tests.conftest import NOW


def found(words: str, locale: str = "en", page: int = 1) -> list[str]:
    """Titles of what is found, best first."""
    result = searching.search(Edition(locale), words, page=page, at=clock.now())
    return [card.title for card in result.results]


@pytest.mark.parametrize(
    "words",
    [
        "基站",
        "站",
        "5G",
        "5g基站",
        "5G 基站",
        "乡村",
        "乡村学校",
        "客服",
        "12306",
        "电话12306客服",
        "ＦＩＢＲＥ",
        "Café",
        "cafe",
        "fibr",
    ],
)
def test_words_are_found_in_the_middle_of_a_sentence(app: Flask, words: str) -> None:
    make.make_post(
        "目标", language="zh", body="我们在乡村学校旁边建了5G基站，电话12306客服。 The fibre runs to a café."
    )
    make.make_post("Other", body="Nothing of the kind.")
    assert found(words) == ["目标"]


@pytest.mark.parametrize("words", ["村学", "学乡", "站基", "基 站点", "30", "校乡村", "G5"])
def test_what_only_looks_similar_is_not_found(app: Flask, words: str) -> None:
    make.make_post("别的", language="zh", body="学校在乡下，村子很远。基，站，12306。 5G")
    assert found(words) == []


def test_a_longer_chinese_word_is_found_only_as_it_was_typed(app: Flask) -> None:
    make.make_post("整句", language="zh", body="通信展览会今天开幕。")
    make.make_post("散开", language="zh", body="信展开了，通信很好，览会。通信，信展，展览。")
    assert found("通信展览") == ["整句"]


def test_all_words_must_stand_there(app: Flask) -> None:
    make.make_post("Both", body="The tower and the river.")
    make.make_post("One", body="The tower alone.")
    assert found("river tower") == ["Both"]


def test_the_title_counts_most_then_tags_then_summary_then_body(app: Flask) -> None:
    for title, fields in (
        ("In body", {"body": "Much about fibre here."}),
        ("In summary", {"summary": "Of fibre."}),
        ("In tags", {"tags": ["fibre"]}),
        ("Fibre", {}),
    ):
        make.make_post(title, **fields)  # type: ignore[arg-type]
    assert found("fibre") == ["Fibre", "In tags", "In summary", "In body"]


def test_the_newer_of_two_equals_stands_first(app: Flask) -> None:
    make.make_post("Fibre one", published_at=NOW - timedelta(days=2000))
    make.make_post("Fibre two")
    make.make_post("Fibre six", published_at=NOW - timedelta(days=1000))
    assert found("fibre") == ["Fibre two", "Fibre six", "Fibre one"]


def test_a_story_is_found_once_in_the_readers_language(app: Flask) -> None:
    english = make.make_post("Station 5G")
    make.make_post("5G 站", language="zh", translation_of=english)
    assert (found("5g", "en"), found("5g", "zh")) == (["Station 5G"], ["5G 站"])


def test_the_words_of_a_recording_are_found(app: Flask) -> None:
    sound = make.make_media("audio")
    make.make_post(
        "Voices", kind="audio", media=[posts.Attachment(sound.id)], transcript="About **satellites**."
    )
    assert found("satellites") == ["Voices"]


# What is in the index --------------------------------------------------------------------------------------------


def test_only_what_is_live_is_found(app: Flask) -> None:
    post = make.make_post("Fibre draft", publish=False)
    make.make_post("Fibre due", due_at=NOW + timedelta(hours=1))
    make.make_post("Fibre trash", trashed=True)
    assert found("fibre") == []
    with transaction():
        posts.publish_post(post.id, by=None, at=NOW)
    assert found("fibre") == ["Fibre draft"]
    make.revise(post, title="Copper", body="None.")
    assert (found("fibre"), found("copper")) == ([], ["Copper"])
    make.revise(post, title="Glass", body="None.", publish=False)
    assert (found("glass"), found("copper")) == ([], ["Copper"])
    with transaction():
        posts.take_down_post(post.id, by=None, at=NOW)
    assert found("copper") == []


def test_a_merged_tag_is_found_by_its_new_name(app: Flask) -> None:
    old, new = make.make_tag("antenna"), make.make_tag("mast")
    make.make_post("Tagged", tags=[old])
    with transaction():
        topics.merge_tags(old.id, into_id=new.id, at=NOW)
    assert found("mast") == ["Tagged"]


def test_the_index_can_be_written_again(app: Flask) -> None:
    make.make_post("Fibre")
    with transaction():
        index.empty_index()
    assert found("fibre") == []
    answer = app.test_cli_runner().invoke(reindex)
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "1 posts can be found.")
    assert found("fibre") == ["Fibre"]


def test_a_post_longer_than_postgresql_counts_is_still_found_by_its_last_word(app: Flask) -> None:
    make.make_post("Long", language="zh", body="山水" * 20_000 + "结尾")
    assert (found("结尾"), found("山水山")) == (["Long"], ["Long"])


# Questions that mean harm, or nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        "AND",
        "NOT x",
        "a OR b",
        "title:x",
        "x*",
        "(",
        "x & !y",
        "\\",
        "x'; DROP TABLE posts",
        "😀",
        "،",
        "^x",
        "NEAR(a b)",
        "{a}:b",
        "a\x00b",
        "%",
        "a-b",
        "___",
    ],
)
def test_no_question_breaks_anything(app: Flask, words: str) -> None:
    make.make_post("Fibre")
    found(words)
    assert found("fibre") == ["Fibre"]


def test_a_long_question_is_cut(app: Flask) -> None:
    make.make_post("Fibre")
    assert found("fibre " * 500) == ["Fibre"]


# Pages and queries ----------------------------------------------------------------------------------------------


def test_results_come_in_pages_of_twenty(app: Flask) -> None:
    for number in range(23):
        make.make_post(f"Fibre {number:02}", published_at=NOW - timedelta(days=number))
    first = searching.search(Edition("en"), "fibre", page=1, at=NOW)
    assert (len(first.results), first.count, first.has_more) == (20, 23, True)
    assert found("fibre", page=2) == ["Fibre 20", "Fibre 21", "Fibre 22"]


def test_any_number_of_results_takes_the_same_number_of_queries(app: Flask, count_queries: list[str]) -> None:
    used = []
    for number in range(3):
        make.make_post(f"Fibre {number}", bylines=[make.make_person(f"P{number}")])
        db.session.rollback()
        count_queries.clear()
        found("fibre")
        used.append(len(count_queries))
    assert used[1] == used[2] == 5


# Excerpts -------------------------------------------------------------------------------------------------------


def test_the_excerpt_shows_where_the_words_stand() -> None:
    text = "Before. " * 40 + "The old Tower sleeps at night, and the towers dream." + " After." * 40
    shown = highlighted(text, search_runs("tower night"))
    assert "<mark>Tower</mark> sleeps at <mark>night</mark>, and the <mark>towers</mark> dream." in str(shown)
    assert str(shown).startswith("…Before. ")
    assert str(shown).endswith("After.…")


def test_the_excerpt_of_chinese_is_cut_between_characters() -> None:
    text = "前" * 300 + "乡村学校" + "后" * 300
    shown = str(highlighted(text, search_runs("乡村学校")))
    assert shown == "…" + "前" * 25 + "<mark>乡村学校</mark>" + "后" * 61 + "…"


def test_no_grapheme_is_cut_and_accents_do_not_matter() -> None:
    family = "👩‍👩‍👧‍👦"
    shown = str(highlighted(family * 100 + " café " + family * 200, search_runs("CAFE")))
    assert "<mark>café</mark>" in shown
    assert shown.replace("…", "").replace("<mark>café</mark>", "").replace(" ", "").replace(family, "") == ""


def test_nothing_in_a_text_or_a_question_becomes_markup() -> None:
    shown = highlighted("<script>alert(1)</script> & fibre <img src=x>", search_runs("script fibre"))
    assert str(shown) == (
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; <mark>fibre</mark> &lt;img src=x&gt;"
    )


def test_a_text_without_the_words_has_no_excerpt() -> None:
    assert highlighted("Nothing here", search_runs("fibre")) is None


# What is counted ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("  5G  Price ", "5g price"),
        ("乡村学校", "乡村学校"),
        ("ada@example.com", None),
        ("13800138000", None),
        ("+49 170 123 4567", None),
        ("https://example.com/me", None),
        ("x" * 61, None),
        ("   ", None),
        ("2026", "2026"),
    ],
)
def test_what_looks_personal_is_not_kept(words: str, kept: str | None) -> None:
    assert tallies.normal(words) == kept


def test_searches_are_counted_by_day_and_language(app: Flask) -> None:
    for locale, number in (("en", 2), ("en", 0), ("zh", 1)):
        with transaction():
            tallies.count_search("Fibre", locale=locale, found=number, at=NOW)
    rows = db.session.query(SearchTally).order_by(SearchTally.locale).all()
    assert [(row.query, row.locale, row.searches, row.found) for row in rows] == [
        ("fibre", "en", 2, 0),
        ("fibre", "zh", 1, 1),
    ]


def test_a_day_keeps_so_many_different_questions(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MOST_PER_DAY", 2)
    for words in ("one", "two", "three", "one"):
        with transaction():
            tallies.count_search(words, locale="en", found=0, at=NOW)
    assert {row.query: row.searches for row in db.session.query(SearchTally)} == {"one": 2, "two": 1}


def test_old_tallies_are_forgotten(app: Flask) -> None:
    with transaction():
        tallies.count_search("old", locale="en", found=0, at=NOW - timedelta(days=401))
        tallies.count_search("new", locale="en", found=0, at=NOW)
    with transaction():
        assert tallies.forget_old_searches(at=NOW) == 1
