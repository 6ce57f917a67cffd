"""A seal is the same wherever it is worked out, and another one for any other text."""

import hashlib

from cms.contests import seals

SAID = {
    "entry_id": 7,
    "version": 2,
    "language": "zh",
    "title": "世博与移动通信",
    "body": "第一行\n第二行",
    "statement": "",
    "rules": 1,
}


def test_the_canonical_form_is_written_down() -> None:
    expected = (
        '{"body":"第一行\\n第二行","entry":7,"form":"parley-entry-1","language":"zh","rules":1,'
        '"statement":"","title":"世博与移动通信","version":2}'
    )
    assert seals.canonical(**SAID).decode() == expected  # type: ignore[arg-type]
    assert seals.seal(**SAID) == hashlib.sha256(expected.encode()).hexdigest()  # type: ignore[arg-type]


def test_line_ends_of_a_browser_do_not_matter() -> None:
    assert seals.seal(**{**SAID, "body": "第一行\r\n第二行"}) == seals.seal(**SAID)  # type: ignore[arg-type]


def test_one_letter_more_is_another_seal() -> None:
    assert seals.seal(**{**SAID, "statement": "x"}) != seals.seal(**SAID)  # type: ignore[arg-type]


def test_the_seal_of_all_does_not_depend_on_the_order_they_are_read_in() -> None:
    assert seals.seal_of_all([(2, "b"), (10, "c"), (1, "a")]) == seals.seal_of_all(
        [(1, "a"), (2, "b"), (10, "c")]
    )
    assert seals.seal_of_all([]) == hashlib.sha256(b"").hexdigest()
