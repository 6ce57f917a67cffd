from pathlib import Path

from cms.core import words

ROOT = Path(__file__).parents[2]


def test_every_sentence_of_the_interface_is_written_in_chinese_too() -> None:
    assert words.missing(ROOT) == {}, "run `parley words --update` and write the empty ones"
