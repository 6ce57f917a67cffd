"""Places in the queue as people say them: "every weekday, 09:30", on the clock of the account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from campaigns.channels.models import AccountSlot

DAY_SETS: dict[str, tuple[int, ...]] = {
    "weekdays": (0, 1, 2, 3, 4),
    "every": (0, 1, 2, 3, 4, 5, 6),
    "weekend": (5, 6),
    **{str(number): (number,) for number in range(7)},
}
DAY_NAMES = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
DAY_SET_NAMES = {
    "weekdays": _("Every weekday"),
    "every": _("Every day"),
    "weekend": _("At the weekend"),
    **{str(number): name for number, name in enumerate(DAY_NAMES)},
}


@dataclass(frozen=True)
class Said:
    """Some slots at one time, in words."""

    days: object  # a lazy sentence
    wall: str
    slot_ids: tuple[int, ...]


def read_wall(text: str) -> str:
    """`9:30` as `09:30`; empty when it is no time."""
    hours, colon, minutes = text.strip().replace("：", ":").partition(":")
    if not colon or not (hours.isdecimal() and minutes[:2].isdecimal() and len(minutes[:2]) == 2):
        return ""
    if len(hours) > 2 or int(hours) > 23 or int(minutes[:2]) > 59 or minutes[2:] not in ("", ":00"):
        return ""
    return f"{int(hours):02}:{int(minutes[:2]):02}"


def in_words(slots: Iterable[AccountSlot]) -> Sequence[Said]:
    """Slots by time, whole weeks and working weeks said in one breath."""
    by_wall: dict[str, dict[int, int]] = {}
    for one in slots:
        by_wall.setdefault(one.wall, {})[one.weekday] = one.id
    said: list[Said] = []
    for wall, days in sorted(by_wall.items()):
        left = dict(days)
        for key in ("every", "weekdays", "weekend"):
            wanted = DAY_SETS[key]
            if all(day in left for day in wanted):
                said.append(Said(DAY_SET_NAMES[key], wall, tuple(left.pop(day) for day in wanted)))
        said += [Said(DAY_NAMES[day], wall, (left[day],)) for day in sorted(left)]
    return said
