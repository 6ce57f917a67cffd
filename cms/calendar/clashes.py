"""What stands in each other's way on the calendar, in sentences that say what to do. Pure: looks only at entries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from flask_babel import gettext as _

from cms.calendar import days
from cms.calendar.sources import Entry

LAUNCHES = frozenset({"publication", "update", "release"})  # what readers notice
TOO_CLOSE = timedelta(minutes=30)
MOST_A_DAY = 6


@dataclass(frozen=True)
class Clash:
    """Entries that want another look, and why."""

    code: str
    sentence: str
    entries: tuple[Entry, ...]


def clashes(entries: Sequence[Entry], *, zone: str) -> list[Clash]:
    """Everything about these entries that wants another look, earliest first. Days are days in `zone`."""
    planned = [one for one in entries if one.state == "planned"]
    launches = sorted((one for one in planned if one.kind in LAUNCHES), key=lambda one: one.at)
    found = [
        *_too_close(launches),
        *_too_many(launches, zone),
        *_contradictions(planned),
    ]
    return sorted(found, key=lambda clash: clash.entries[0].at)


def _too_close(launches: Iterable[Entry]) -> Iterable[Clash]:
    by_section: dict[int, list[Entry]] = defaultdict(list)
    for one in launches:
        if one.section_id is not None and one.kind != "update":
            by_section[one.section_id].append(one)
    for row in by_section.values():
        for first, second in pairwise(row):
            apart = second.at - first.at
            if apart < TOO_CLOSE and first.subject != second.subject:
                sentence = _(
                    "Two posts of %(section)s go out %(minutes)d minutes apart, so one hides the other. Move one of them.",
                    section=first.section,
                    minutes=apart.total_seconds() // 60,
                )
                yield Clash("too_close", sentence, (first, second))


def _too_many(launches: Iterable[Entry], zone: str) -> Iterable[Clash]:
    by_day: dict[object, list[Entry]] = defaultdict(list)
    for one in launches:
        by_day[days.day_of(one.at, zone)].append(one)
    for row in by_day.values():
        if len(row) > MOST_A_DAY:
            sentence = _(
                "%(count)d things go out on one day; readers follow about %(most)d. Move some to a quieter day.",
                count=len(row),
                most=MOST_A_DAY,
            )
            yield Clash("too_many", sentence, tuple(row))


def _contradictions(planned: Iterable[Entry]) -> Iterable[Clash]:
    by_subject: dict[str, dict[str, Entry]] = defaultdict(dict)
    for one in planned:
        by_subject[one.subject].setdefault(one.kind, one)
    for about in by_subject.values():
        launch = next((about[kind] for kind in ("publication", "update") if kind in about), None)
        if launch is None:
            continue
        embargo, review, removal = about.get("embargo"), about.get("review"), about.get("removal")
        if embargo and launch.at < (embargo.ends_at or embargo.at):
            yield Clash(
                "embargo",
                _(
                    "It is planned while its embargo stands, and would not go out. Move it, or lift the embargo."
                ),
                (launch, embargo),
            )
        if review and review.at >= launch.at:
            yield Clash(
                "late_review",
                _("Its review is due only after it goes out. Make the review due earlier, or publish later."),
                (launch, review),
            )
        if removal and removal.at <= launch.at:
            yield Clash(
                "removal",
                _("It would be taken down before it goes out. Move one of the two."),
                (launch, removal),
            )
