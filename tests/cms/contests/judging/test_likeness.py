from cms.contests.judging.blinding import COVER, Author, Hint, blind, hints
from cms.contests.judging.similarity import LENGTH, Index, shingle

STORY = (
    "My grandmother kept her first telephone in the drawer beside the bread because nobody called her on Sundays "
    "and on Mondays she put it back under the window where the reception was best and waited for my uncle."
)
中 = "世博会开幕那天，我用手机给在老家的奶奶打了一个视频电话，让她第一次看见了黄浦江两岸的灯火和人群。"
OTHER = (
    "Nothing of this has anything to do with the other text, whatever anybody may say about stories and nets."
)


def test_copy_is_found_whole_with_its_passage() -> None:
    found = Index({"a": STORY, "b": OTHER}).compare_with("post:1", f"An introduction. {STORY} And an end.")
    assert [(one.entry, one.contained) for one in found] == [("a", 1.0)]
    assert found[0].passages[0].startswith("my grandmother kept her first telephone")
    assert found[0].longest == len(shingle(STORY).units)


def test_case_width_and_punctuation_hide_nothing() -> None:
    assert Index({"a": STORY}).compare_with("x", STORY.upper().replace(" ", ", "))[0].contained == 1.0


def test_chinese_is_compared_by_its_characters() -> None:
    found = Index(
        {"a": 中, "b": "今天天气很好，我们去公园里散步，看见许多孩子在放风筝，大家都很开心。"}
    ).compare_with("x", f"【转载】{中}")
    assert [(one.entry, one.contained) for one in found] == [("a", 1.0)]
    assert "我用手机给在老家的奶奶打了一个视频电话" in found[0].passages[0]


def test_copied_passage_in_a_long_text_is_found_by_its_length() -> None:
    padding = " ".join(f"word{n} other{n * 7}" for n in range(400))
    found = Index({"a": f"{padding} {STORY}"}).compare_with("x", STORY)
    assert found[0].contained < 0.1
    assert found[0].longest == len(shingle(STORY).units)


def test_texts_without_anything_in_common_are_not_shown() -> None:
    assert Index({"a": STORY, "b": 中}).compare_with("x", OTHER) == []


def test_each_pair_of_entries_is_shown_once_from_the_shorter() -> None:
    found = list(Index({"long": f"{STORY} {OTHER}", "short": STORY, "else": OTHER}).among_themselves())
    assert [(one.entry, one.other) for one in found] == [("else", "long"), ("short", "long")]
    assert all(one.contained == 1.0 and one.resemblance < 0.7 for one in found)


def test_texts_too_short_to_compare_break_nothing() -> None:
    assert list(Index({"a": "", "b": "one two", "c": "one two"}).among_themselves()) == []
    assert shingle("one two").shingles == ()
    assert len(shingle("一二三四五").shingles) == 6 - LENGTH


RAE = Author("Rae Sato", "rae_s", "rae@example.com", ("https://rae.example/blog", "Parley Telecom"))
李 = Author("李小明", "xiaoming")


def test_everything_that_names_the_author_is_covered() -> None:
    text = (
        "I am Rae Sato (rae  sato, @rae_s, RAE@example.com) of Parley Telecom, see https://rae.example/blog."
    )
    assert blind(text, [RAE]) == f"I am {COVER} ({COVER}, {COVER}, {COVER}) of {COVER}, see {COVER}."


def test_part_of_another_word_is_no_name() -> None:
    assert blind("Israel is not Rae", [RAE]) == f"Israel is not {COVER}"


def test_chinese_name_is_covered_inside_a_sentence() -> None:
    assert blind("大家好，我是李小明，今年七岁。", [李]) == f"大家好，我是{COVER}，今年七岁。"
    assert blind("小李说明天来。", [李]) == "小李说明天来。"


def test_no_author_covers_nothing() -> None:
    assert blind("Rae", []) == "Rae"
    assert blind("a.b", [Author("")]) == "a.b"


def test_what_looks_like_a_signature_is_pointed_out() -> None:
    found = hints(
        "A story.\n\nby A. Nonymous\n作者：某人\n我的博客 and +86 138 0013 8000, other@example.org", [RAE]
    )
    assert found == [
        Hint("signature", "by A. Nonymous"),
        Hint("signature", "作者：某人"),
        Hint("reachable", "+86 138 0013 8000"),
        Hint("reachable", "other@example.org"),
        Hint("own", "我的博客"),
    ]


def test_name_in_the_text_is_pointed_out() -> None:
    assert hints("We met Rae there. We met Rae again.", [RAE]) == [Hint("named", "Rae")]
