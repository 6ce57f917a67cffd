"""The Sustainable Development Goals of the United Nations: 17 goals, in our own words, and the numbers of 169 targets."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

MOST_TARGETS = 3  # of one campaign: who serves everything serves nothing


@dataclass(frozen=True)
class Goal:
    """One goal: what it wants in a few words, and the numbers of its targets (`4.1` … `4.c`)."""

    number: int
    name: Any  # a lazy sentence
    targets: tuple[str, ...]


def _goal(number: int, name: Any, outcomes: int, means: str) -> Goal:
    """A goal has numbered outcomes and, but for the last, lettered means."""
    ends = [*map(str, range(1, outcomes + 1)), *means]
    return Goal(number, name, tuple(f"{number}.{end}" for end in ends))


GOALS = (
    _goal(1, _("No poverty"), 5, "ab"),
    _goal(2, _("No hunger"), 5, "abc"),
    _goal(3, _("Health and well-being"), 9, "abcd"),
    _goal(4, _("Good schooling for all"), 7, "abc"),
    _goal(5, _("Women and men as equals"), 6, "abc"),
    _goal(6, _("Clean water and sanitation"), 6, "ab"),
    _goal(7, _("Clean energy one can afford"), 3, "ab"),
    _goal(8, _("Decent work and growth"), 10, "ab"),
    _goal(9, _("Industry, invention and networks"), 5, "abc"),
    _goal(10, _("Less inequality"), 7, "abc"),
    _goal(11, _("Cities and villages that last"), 7, "abc"),
    _goal(12, _("Making and using with care"), 8, "abc"),
    _goal(13, _("Acting on the climate"), 3, "ab"),
    _goal(14, _("Life in the sea"), 7, "abc"),
    _goal(15, _("Life on land"), 9, "abc"),
    _goal(16, _("Peace, justice and sound institutions"), 10, "ab"),
    _goal(17, _("Partners for the goals"), 19, ""),
)
TARGETS = {target: goal for goal in GOALS for target in goal.targets}
