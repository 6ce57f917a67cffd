"""The editor counts as the server does: `static/js/desk/editor/measure.js` against `cms/core/text.py`."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from cms.core.markup import render_markdown
from cms.core.text import count_words, reading_minutes

EDITOR = Path(__file__).parents[3] / "static" / "js" / "desk" / "editor" / "measure.js"
PLAIN = [
    "",
    "One, two; three-and-four don't count 5G twice.",
    "基站在夜里休眠，5G 网络不会。",
    "Zürich’s café – naïve ½ x² Ⅷ under_score",
    "ひらがなとカタカナ 한국어 mixed",
    "word " * 115,
    "字" * 600,
    "𠀀𠀁 rare",
]
MARKDOWN = [
    "## Head\n\nSome **bold** and *slanted* words with [a link](https://example.com/a/b).",
    "- one\n- two\n\n1. first\n2. second\n\n> quoted words\n\n---\n\n~~old~~ ==new==",
    "```python\nnot = counted\n```\n\nCounted. `code here`",
    "Text[^1] here.\n\n[^1]: A note of five words.\n",
    "![Not counted](/media/a/b.jpg)\n\n/// note | Mind this\nThree more words.\n///",
    "| Year | Masts |\n| --- | --- |\n| 2026 | 12 |",
    "基站在**夜里**休眠。\n\n- 第一\n- 第二",
]


@pytest.fixture(scope="module")
def measured() -> list[dict[str, int]]:
    """What the script says about every sample, in one go."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node here")
    script = (
        f"import {{ measure, words }} from {json.dumps(EDITOR.as_uri())}\n"
        f"const plain = {json.dumps(PLAIN)}.map(measure)\n"
        f"const markdown = {json.dumps(MARKDOWN)}.map((text) => measure(words(text)))\n"
        "console.log(JSON.stringify([...plain, ...markdown]))"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    said: list[dict[str, int]] = json.loads(done.stdout)
    return said


def test_words_and_minutes_are_those_of_the_server(measured: list[dict[str, int]]) -> None:
    said = [(one["count"], one["minutes"]) for one in measured[: len(PLAIN)]]
    assert said == [(count_words(text), reading_minutes(text)) for text in PLAIN]


def test_signs_of_markdown_are_no_words(measured: list[dict[str, int]]) -> None:
    said = [one["count"] for one in measured[len(PLAIN) :]]
    assert said == [count_words(render_markdown(text).plain) for text in MARKDOWN]
