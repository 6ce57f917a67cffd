"""What differs between two texts: right for Latin scripts and for Chinese, and done in time."""

import random
import time

import pytest

from cms.core.differences import Difference, difference, words_changed


def drawn(old: str, new: str) -> list[str]:
    """A difference as one line for each paragraph: [-gone-] and {+new+}."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return [
        "".join(marks[one.kind].format(one.text) for one in row.inline) for row in difference(old, new).rows
    ]


def read_back(said: Difference, leave_out: str) -> str:
    return "\n".join("".join(one.text for one in row.inline if one.kind != leave_out) for row in said.rows)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", []),
        ("Same.", "Same.", ["Same."]),
        ("", "New.", ["{+New.+}"]),
        ("Gone.", "", ["[-Gone.-]"]),
        ("The brown fox.", "The red fox.", ["The [-brown-]{+red+} fox."]),
        ("It's here.", "It isn't here.", ["[-It's-]{+It isn't+} here."]),
        (
            "我们在山上建了三座基站，信号很好。",
            "我们在山上建了五座基站，信号很好。",
            ["我们在山上建了[-三-]{+五+}座基站，信号很好。"],
        ),
        ("用5G网络", "用6G网络", ["用[-5G-]{+6G+}网络"]),
        (
            "One stays.\n\nTwo goes away.\n\nThree stays as well.",
            "One stays.\n\nThree stays as well.\n\nFour is here.",
            ["One stays.", "[-Two goes away.-]", "Three stays as well.", "{+Four is here.+}"],
        ),
        (
            "A paragraph about masts on hills.\nAnother about rain.",
            "Wholly other words come first.\nA paragraph about masts on high hills.\nAnother about rain.",
            [
                "{+Wholly other words come first.+}",
                "A paragraph about masts on {+high +}hills.",
                "Another about rain.",
            ],
        ),
        (
            "\U00020000\U00020001 rare",
            "\U00020000\U00020002 rare",
            ["\U00020000[-\U00020001-]{+\U00020002+} rare"],
        ),
        ("<script>alert(1)</script>", "<script>alert(2)</script>", ["<script>alert([-1-]{+2+})</script>"]),
    ],
)
def test_a_difference_reads_as_people_speak(old: str, new: str, shown: list[str]) -> None:
    assert drawn(old, new) == shown


def test_scraps_between_two_changes_are_not_picked_out() -> None:
    assert drawn("我很喜欢吃苹果。", "他不爱喝牛奶。") == ["[-我很喜欢吃苹果-]{+他不爱喝牛奶+}。"]


def test_words_are_counted_in_both_scripts() -> None:
    said = difference("Two old words 和三个汉字", "Three new old words 和三个新汉字呢")
    assert (said.added, said.removed) == (4, 1)
    assert words_changed("a b b 山", "b a c 山 水") == (2, 1)


def test_long_unchanged_runs_are_folded_beside_a_change() -> None:
    lines = [f"Paragraph number {number}." for number in range(12)]
    changed = [*lines[:6], "Paragraph altogether number 6.", *lines[7:]]
    said = difference("\n\n".join(lines), "\n\n".join(changed))
    assert [(len(one.rows), one.is_folded) for one in said.blocks] == [
        (5, True),
        (1, False),
        (1, False),
        (1, False),
        (4, True),
    ]
    assert said.changes == 1


@pytest.mark.parametrize("seed", range(20))
def test_both_texts_can_be_read_back(seed: int) -> None:
    chance = random.Random(seed)
    signs = "ab 山水，\U00020005"
    old, new = ("".join(chance.choices(signs, k=chance.randrange(60))) for _ in range(2))
    said = difference(old, new)
    assert read_back(said, "new").strip() == old.strip()
    assert read_back(said, "gone").strip() == new.strip()


def long_text(paragraphs: int, length: int) -> str:
    chance = random.Random(7)
    return "\n".join(
        "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(length)) for _ in range(paragraphs)
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (long_text(1, 100_000), long_text(1, 99_000)[::-1]),
        (long_text(500, 200), long_text(500, 200)[::-1]),
        ("a\nb\n" * 25_000, "b\na\nc\n" * 16_000),
        ("ab " * 33_000, "ba " * 33_000),
    ],
)
def test_a_hundred_thousand_characters_never_hang(old: str, new: str) -> None:
    began = time.perf_counter()
    said = difference(old, new, seconds=0.2)
    assert time.perf_counter() - began < 6  # a slow machine; without the deadline, minutes
    assert said.changes > 0
