"""A line says the same when it is read, and nothing else gets in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.engagement.lines import Line, read_line, write_line

LINE = Line(
    1_795_262_400_000, "view", "Ps", 7, "post:12", "abcDEF-_1234", 2**62, 0, 3, 40, "e.example/a", "a|b", "zh"
)


def test_a_line_begins_with_its_version_and_says_the_same_when_read() -> None:
    said = write_line(LINE)
    assert said.startswith(b"2\t1795262400000\tview\tPs\t7\tpost:12\t")
    assert read_line(said) == LINE


def test_a_line_of_the_version_before_is_read() -> None:
    said = write_line(LINE)
    assert read_line(b"1" + said[1:].removesuffix(b"\t\n") + b"\n") == LINE


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_that_is_said_breaks_out_of_its_field(referrer: str, utm: str) -> None:
    said = write_line(Line(1, "view", "P", 0, "page:/", referrer=referrer, utm=utm))
    assert (said.count(b"\n"), said.count(b"\t")) == (1, 18)
    read = read_line(said)
    assert read is not None
    assert write_line(read) == said


def test_a_line_is_shorter_than_one_write() -> None:
    with pytest.raises(ValueError, match="4 KiB"):
        write_line(Line(1, "view", "P", 0, "page:/" + "a" * 4096))


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\n",
        b"3" + write_line(LINE)[1:],
        b"1" + write_line(LINE)[1:],
        write_line(LINE).replace(b"view", b"stab"),
        write_line(LINE).replace(b"1795262400000", b"-5"),
        write_line(LINE).replace(b"1795262400000", b"9" * 19),
        write_line(LINE).replace(b"post:12", b"\xff"),
        write_line(LINE)[:-30] + b"\n",
    ],
)
def test_what_is_no_line_of_ours_is_none(said: bytes) -> None:
    assert read_line(said) is None
