"""What is learned from campaigns that are over: how they grew, day by day since their launch.

Learned once a day in each process, for each measure: what is over does not change much. Where too few of a kind are over,
all kinds teach together, and the report says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import select

from campaigns.engagement.installing import store
from campaigns.engagement.store import CAMPAIGN, Store
from campaigns.plans.models import Campaign
from campaigns.reports.counted import DAY
from campaigns.reports.figures.curves import cumulative, days_between, laid_out
from campaigns.reports.figures.maturity import FULL_DAYS, LEAST_PAST, Curve, grown
from campaigns.reports.subjects import OVER
from cms.core.database import db

MOST = 48  # the last to start
Learned = list[tuple[str, Curve]]  # kinds of campaigns, and how they grew
_learned: WeakKeyDictionary[Store, dict[tuple[str, date], Learned]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Past:
    """How campaigns grew that are over. `is_of_kind`: all of the kind asked for; else there were too few of those."""

    curves: tuple[Curve, ...]
    is_of_kind: bool


def past_of(kind: str, measure: str, *, on: date) -> Past:
    """Those that are over and older than `FULL_DAYS`, as long as that each; those that nobody ever read teach nothing.

    A campaign that is compared and over teaches too: what is foretold is only ever one that is not.
    """
    known = _learned.setdefault(store(), {})
    if (measure, on) not in known:
        for old in [one for one in known if one[1] != on]:
            del known[old]
        known[measure, on] = _learn(measure, on)
    others = known[measure, on]
    alike = grown([curve for its_kind, curve in others if its_kind == kind])
    if len(alike) >= LEAST_PAST:
        return Past(alike, is_of_kind=True)
    return Past(grown([curve for _kind, curve in others]), is_of_kind=False)


def _learn(measure: str, on: date) -> Learned:
    whole = timedelta(days=FULL_DAYS)
    over = db.session.execute(
        select(Campaign.id, Campaign.kind, Campaign.starts_on)
        .where(Campaign.state.in_(OVER), Campaign.starts_on <= on - whole)
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
        .limit(MOST)
    ).all()
    if not over:
        return []
    counts: dict[int, dict[date, int]] = {row.id: {} for row in over}
    since, until = over[-1].starts_on, over[0].starts_on + whole
    for cell in store().daily(CAMPAIGN, list(counts), since=since, until=until, by=None):
        counts[cell.subject][cell.day] = cell.counts[measure]
    learned = []
    for row in over:
        first, last = row.starts_on, row.starts_on + whole - DAY
        values = laid_out(counts[row.id], days_between(first, last), known=(first, last))
        learned.append((row.kind, tuple(float(value or 0) for value in cumulative(values))))
    return learned
