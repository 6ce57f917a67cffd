"""Reading reports: what the store, the plans and the networks know, put through the arithmetic of `figures`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations

from campaigns.plans.services.moving import today
from campaigns.reports.definitions import COLUMNS
from campaigns.reports.figures.maturity import LEAST_PAST, share_in
from campaigns.reports.figures.verdicts import verdicts
from campaigns.reports.gathering import Known, gather
from campaigns.reports.keeping import happened
from campaigns.reports.lines import chart_of
from campaigns.reports.parts import parts_of
from campaigns.reports.past import Past, past_of
from campaigns.reports.rows import row_of
from campaigns.reports.shapes import Comparison, ComparisonQuery, PostShare, Row
from campaigns.reports.subjects import LONGEST, OVER
from cms.core.pages import config


def compare_campaigns(query: ComparisonQuery, *, at: datetime) -> Comparison:
    """The answer to a question. The number of queries and of calls to the store does not grow with what is counted.

    Raises `NotFound` for a campaign that is not there.
    """
    known = gather(query, at=at)
    past = _past(known)
    rows = [row_of(known, one) for one in known.subjects]
    counts = {
        one.id: [(post.id, post.counts[query.measure]) for post in known.posts[one.id]]
        for one in known.subjects
    }
    return Comparison(
        query=query,
        at=at,
        as_of=known.as_of,
        window=config().visitor_window,
        columns=COLUMNS,
        rows=rows,
        chart=chart_of(known, past),
        parts=parts_of(known),
        verdicts=verdicts(query.measure, counts, _shares(known, past)),
        biggest=list(_biggest(known)),
        notes=list(_notes(known, rows, past)),
        happened=happened(known.subjects, None),
    )


def _past(known: Known) -> dict[str, Past]:
    on = min(today(one.zone, known.at) for one in known.subjects)
    return {
        kind: past_of(kind, known.query.measure, on=on)
        for kind in sorted({one.kind for one in known.subjects})
    }


def _shares(known: Known, past: Mapping[str, Past]) -> dict[int, tuple[int, float | None]]:
    """Which day of each campaign is the last one looked at, and what part is usually in by then: everything when it is
    over and nothing of it is cut off."""
    shares = {}
    for one in known.subjects:
        day = max(0, (one.until - one.starts_on).days + 1)
        band = share_in(past[one.kind].curves, day)
        is_whole = one.state in OVER and one.until >= one.ends_on
        shares[one.id] = (day, 1.0 if is_whole else band.middle if band else None)
    return shares


def _biggest(known: Known) -> Iterator[PostShare]:
    """The post that brought most of each campaign, where it brought a third or more and was not the only one."""
    for one in known.subjects:
        posts = known.posts[one.id]
        whole = sum(post.counts[known.query.measure] for post in posts)
        if whole and len(posts) > 1:
            top = max(posts, key=lambda post: post.counts[known.query.measure])
            value = top.counts[known.query.measure]
            if value * 3 >= whole:
                yield PostShare(one.id, top.id, top.title, value, value / whole)


def _share_accounts(known: Known) -> bool:
    """Whether followers of an account are told of two campaigns for the same days."""
    grew = {
        one.id: {account for account, gained in known.said[one.id].gained.items() if gained is not None}
        for one in known.subjects
    }
    spans = [(one.own_days, grew[one.id]) for one in known.subjects if one.own_days]
    return any(
        mine & theirs and first <= until and since <= last
        for ((first, last), mine), ((since, until), theirs) in combinations(spans, 2)
    )


def _notes(known: Known, rows: list[Row], past: Mapping[str, Past]) -> Iterator[str]:
    """What a reader of the report has to know of it."""
    query = known.query
    if query.align == "launch" and (query.since or query.until):
        yield "dates_unused"
    if any(not one.days for one in known.subjects):
        yield "not_begun"
    if any(one.days == 1 for one in known.subjects):
        yield "one_day"
    if any(one.days and (known.began is None or one.since < known.began) for one in known.subjects):
        yield "before_counting"
    if any(one.days == LONGEST for one in known.subjects):
        yield "longest"
    if len({cell.currency for row in rows if (cell := row.cells["total"]["cost"]).currency}) > 1:
        yield "currencies_differ"
    if _share_accounts(known):
        yield "accounts_shared"
    if len({one.zone for one in known.subjects}) > 1:
        yield "zones_differ"
    if query.align == "launch":
        if any(len(one.curves) < LEAST_PAST for one in past.values()):
            yield "nothing_learned"
        elif any(not one.is_of_kind for one in past.values()):
            yield "other_kinds"
    if query.split == "audience":
        yield "audience_unknown"
