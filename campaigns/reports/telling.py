"""A comparison as the API tells it: the same figures as the page."""

from collections.abc import Iterator, Mapping

from campaigns.reports import schemas, wording
from campaigns.reports.definitions import WORDS
from campaigns.reports.shapes import Cell, Comparison, Per, Row, Series
from cms.core.languages import localized


def told(compared: Comparison) -> schemas.ComparisonTold:
    """All of it, in the reader's language where there are words."""
    query = compared.query
    return schemas.ComparisonTold(
        as_of=compared.as_of,
        window=compared.window,
        align=query.align,
        mode=query.mode,
        measure=query.measure,
        columns=list(_columns(compared)),
        campaigns=[_campaign(row) for row in compared.rows],
        series=[_series(one, compared) for one in compared.chart.series],
        parts=list(_parts(compared)),
        verdicts=list(_verdicts(compared)),
        notes=[str(wording.NOTES[note]) for note in compared.notes],
        happened=[
            schemas.ComparedHappening(
                day=one.day.isoformat(), campaign=one.subject_id, words=localized(dict(one.words))
            )
            for one in compared.happened
        ],
    )


def _columns(compared: Comparison) -> Iterator[schemas.ComparedColumn]:
    for one in compared.columns:
        words = WORDS[one.key]
        yield schemas.ComparedColumn(
            key=one.key,
            name=str(words.name),
            definition=str(words.words),
            formula=str(words.formula),
            unit=one.unit,
            clock=one.clock,
            version=one.version,
        )


def _campaign(row: Row) -> schemas.ComparedCampaign:
    one = row.subject
    return schemas.ComparedCampaign(
        id=one.id,
        slug=one.slug,
        name=dict(one.name),
        zone=one.zone,
        since=one.since,
        until=one.until,
        age=one.age,
        posts=one.posts,
        channels_known=row.coverage.known,
        channels=row.coverage.of,
        figures=[figure for per, cells in row.cells.items() for figure in _figures(cells, per)],
        targets=[
            schemas.ComparedTarget(
                measure=target.measure,
                label=target.label,
                number=target.number,
                by_on=target.by_on,
                value=target.value,
                is_exact=target.is_exact,
                is_over=target.is_over,
            )
            for target in row.targets
        ],
    )


def _figures(cells: Mapping[str, Cell], per: Per) -> Iterator[schemas.ComparedFigure]:
    for key, cell in cells.items():
        yield schemas.ComparedFigure(
            key=key,
            per=per,
            value=cell.value,
            low=cell.low,
            high=cell.high,
            is_exact=cell.is_exact,
            currency=cell.currency,
            of=cell.of,
            why=wording.why(cell),
        )


def _series(series: Series, compared: Comparison) -> schemas.ComparedSeries:
    days = compared.chart.days
    return schemas.ComparedSeries(
        kind=series.kind,
        campaign=series.subject_id,
        of=series.of,
        points=[
            schemas.ComparedPoint(
                x=point.x,
                day=days[point.x] if days else None,
                value=point.value,
                low=point.low,
                high=point.high,
            )
            for point in series.points
        ],
    )


def _parts(compared: Comparison) -> Iterator[schemas.ComparedPart]:
    for part in compared.parts:
        for campaign, cells in part.cells.items():
            yield schemas.ComparedPart(
                key=part.key,
                name=wording.part_name(compared.query.split or "", part.key, part.name),
                campaign=campaign,
                figures=list(_figures(cells, "total")),
            )


def _verdicts(compared: Comparison) -> Iterator[schemas.ComparedVerdict]:
    names = {one.id: localized(dict(one.name)) for one in compared.subjects}
    for one in compared.verdicts:
        yield schemas.ComparedVerdict(
            kind=one.kind,
            first=one.first,
            second=one.second,
            ratio=one.ratio,
            low=one.low,
            high=one.high,
            p=one.p,
            hinges_on=one.hinges_on,
            words=wording.verdict_in_words(one, names),
        )
