"""Answers that are kept: each asked for once, those of long ago forgotten, and never more than there is room for."""

from collections.abc import Sequence

from campaigns.engagement.store.keeping import Kept


def test_what_is_kept_is_not_asked_for_again_and_what_is_old_makes_room() -> None:
    kept, asked = Kept(most=6), []

    def find(missing: Sequence[str]) -> dict[str, list[str]]:
        asked.append("".join(missing))
        return {one: [one] * (0 if one == "n" else 2) for one in missing}

    def get(names: str) -> dict[str, list[str]]:
        return kept.get_each({name: ("asked", name) for name in names}, find)

    assert get("abn") == {"a": ["a", "a"], "b": ["b", "b"], "n": []}
    assert get("abn") == {"a": ["a", "a"], "b": ["b", "b"], "n": []}
    assert get("ac") == {"a": ["a", "a"], "c": ["c", "c"]}  # seven parts: b is the oldest
    assert get("nab") == {"n": [], "a": ["a", "a"], "b": ["b", "b"]}
    assert get("abcdef") == {one: [one, one] for one in "abcdef"}  # more than there is room for
    assert get("f") == {"f": ["f", "f"]}
    assert asked == ["abn", "c", "b", "cdef"]
