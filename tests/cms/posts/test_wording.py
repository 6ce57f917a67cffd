import pytest

from cms.core.markup import render_markdown
from cms.posts import wording

PEOPLE = {"li-na": "li-na", "Nadia": "nadia", "林夏": "林夏"}


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Thanks @li-na!", "Thanks [@li-na](/@li-na)!"),
        ("感谢@li-na的帮助", "感谢[@li-na](/@li-na)的帮助"),
        ("谢谢 @林夏 ,和@Nadia", "谢谢 [@林夏](/@林夏) ,和[@Nadia](/@nadia)"),
        ("nobody@example.com and @stranger", "nobody@example.com and @stranger"),
        ("`@li-na` stays code", "`@li-na` stays code"),
        ("https://example.com/@li-na#top", "https://example.com/@li-na#top"),
        ("[@li-na](/@li-na) is a link already", "[@li-na](/@li-na) is a link already"),
        ("#5G is here", "[#5G](/tags/5g) is here"),
        ("今天 #乡村网络# 开通了", "今天 [#乡村网络](/tags/乡村网络) 开通了"),
        ("#标签,后面", "[#标签](/tags/标签),后面"),
        ("Room #12 and C# stay", "Room #12 and C# stay"),
        ("# not a heading", r"\# not a heading"),
        ("one\ntwo\n\nthree", "one  \ntwo\n\nthree"),
    ],
)
def test_what_is_typed_becomes_markdown_and_comes_back(text: str, markdown: str) -> None:
    assert wording.as_markdown(text, PEOPLE) == markdown


@pytest.mark.parametrize(
    "text",
    [
        "感谢@li-na的帮助\n#标签 与 #5G",
        "# not a heading\nsecond line\n\nthird",
        "See https://example.com/#a @li-na",
    ],
)
def test_a_note_is_written_on_as_it_was_typed(text: str) -> None:
    assert wording.typed(wording.as_markdown(text, PEOPLE)) == text


def test_a_line_that_begins_with_a_tag_is_no_heading() -> None:
    html = render_markdown(wording.as_markdown("#5G is here\n# and here", {})).html
    assert html == '<p><a href="/tags/5g" rel="noopener nofollow ugc">#5G</a> is here<br>\n# and here</p>'


def test_a_script_in_a_note_stays_harmless() -> None:
    text = "<script>alert(1)</script> @li-na [x](javascript:alert(1)) #<img src=x onerror=alert(1)>"
    html = render_markdown(wording.as_markdown(text, PEOPLE)).html
    assert "<script" not in html
    assert "onerror" not in html
    assert "javascript:" not in html


def test_tags_and_people_are_read_out_of_a_text() -> None:
    text = "#5G #乡村网络# `#code` https://a.example/#no @li-na的 @nadia @li-na"
    assert wording.tagged(text) == ["5G", "乡村网络"]
    assert wording.mentioned(text) == ["li-na的", "li-na", "nadia"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://example.com/a_(b).", "https://example.com/a_(b)"),
        ("(https://example.com/a)", "https://example.com/a"),
        ("看 https://example.com/新闻,很好", "https://example.com/"),
        ("看https://example.com/x。很好", "https://example.com/x"),
        ("ftp://example.com and nothing", None),
        ("https://example.com/" + "x" * 3000, None),
    ],
)
def test_the_first_address_of_a_text_is_its_link(text: str, address: str | None) -> None:
    assert wording.first_address(text) == address


@pytest.mark.parametrize(
    ("text", "own", "language"),
    [
        ("今天 5G 开通了", "en", "zh"),
        ("The mast at 青石 is up, and everybody in the valley has signal", "zh", "en"),
        ("Der Mast steht", "de", "de"),
        ("アンテナが立った", "en", "ja"),
        ("기지국이 섰다", "en", "ko"),
        ("Мачта стоит", "en", "ru"),
        ("今天", "zh-TW", "zh-TW"),
        ("2026 🎉 https://example.com/abc", "zh", "zh"),
    ],
)
def test_the_language_is_told_by_the_script(text: str, own: str, language: str) -> None:
    assert wording.guess_language(text, own=own) == language


def test_a_hostile_text_is_read_in_no_time() -> None:
    for text in (
        "@" * 50_000,
        "#" * 50_000,
        "[" * 50_000,
        "`" * 50_001,
        "a@" * 25_000,
        "(" * 20_000 + "https://a.b/" + ")" * 900,
    ):
        assert isinstance(wording.as_markdown(text, {}), str)
        wording.first_address(text)
