"""The audit log speaks in words: every act that is recorded anywhere, and every kind of subject and detail."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from cms.people.acts import ACTS, SUBJECTS

ROOT = Path(__file__).parents[2]
_ACT = re.compile(r"\w+\.\w+")  # one whose end is put together while it runs is told by its room's tests


def test_every_act_has_words() -> None:
    acts = {act for act, _ in _recorded()}
    assert len(acts) > 60
    assert sorted(acts - set(ACTS)) == []


def test_every_subject_has_words() -> None:
    kinds = {subject for _, subject in _recorded() if subject}
    assert len(kinds) > 10
    assert sorted(kinds - set(SUBJECTS)) == []


def _recorded() -> Iterator[tuple[str, str]]:
    """Acts as they are written in calls of `record`, with the kind of their subject, empty where it is no literal."""
    for house in ("cms", "campaigns"):
        for file in (ROOT / house).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and _name(node.func) == "record" and len(node.args) > 1:
                    for act in filter(_ACT.fullmatch, _texts(node.args[0])):
                        yield act, next(_texts(node.args[1]), "").partition(":")[0]


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(node: ast.expr) -> Iterator[str]:
    """The strings an argument may be: a literal, the beginning of a formatted one, either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr) and node.values:
        yield from _texts(node.values[0])
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
