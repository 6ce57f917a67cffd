"""A comparison as `queries` gives it, made by hand: two campaigns, one with a name that a spreadsheet would work out."""

from dataclasses import replace
from datetime import UTC, date, datetime

from campaigns.reports.definitions import COLUMNS, PER_COLUMNS
from campaigns.reports.shapes import (
    PERS,
    Cell,
    Chart,
    Comparison,
    ComparisonQuery,
    Coverage,
    Happening,
    Part,
    Point,
    PostShare,
    Row,
    Series,
    Subject,
    TargetMet,
    Verdict,
)

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MISSING = Cell(None, why="not_asked")


def subject(number: int, name: str, zh: str) -> Subject:
    """A campaign that ran in October."""
    return Subject(
        id=number,
        slug=f"campaign-{number}",
        name={"en": name, "zh": zh},
        kind="csr",
        state="finished",
        zone="Asia/Shanghai",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
        age=52,
        since=date(2026, 10, 1),
        until=date(2026, 10, 3),
        colour=number,
        posts=4,
    )


def row(one: Subject, views: int, cost: int) -> Row:
    """Figures in all, and a few for each of something; the rest is missing. One of its two targets has passed its day."""
    total = {column.key: MISSING for column in COLUMNS}
    total |= {
        "views": Cell(views),
        "reach": Cell(views - 100, views - 150, views - 50, is_exact=False),
        "seconds": Cell(41.25, of=views),
        "cost": Cell(cost, currency="CNY"),
    }
    per = {kind: dict.fromkeys(PER_COLUMNS[kind], MISSING) for kind in PERS if kind != "total"}
    per["post"]["views"] = Cell(views / 4, views / 8, views / 2, of=4)
    targets = [
        TargetMet("views", "", 2000, date(2026, 10, 31), views, is_over=True),
        TargetMet("reach", "", 50, None, views - 100, is_exact=False),
    ]
    return Row(one, {"total": total, **per}, Coverage(1, 2), targets)


def comparison(name: str = "=SUM(A1:A9)", **changes: object) -> Comparison:
    """1,204 views against 88, on three days, the second of which nobody counted."""
    first, second = subject(1, name, "每所学校一条线"), subject(2, "Night bus", "夜班车的灯")
    days = (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3))
    lines = [
        Series("actual", 1, [Point(0, 400), Point(1, None), Point(2, 804)]),
        Series("actual", 2, [Point(0, 40), Point(1, 20), Point(2, 28)]),
    ]
    made = Comparison(
        query=ComparisonQuery((1, 2), split="channel", measure="views", mode="daily"),
        at=AT,
        as_of=AT,
        window="month",
        columns=COLUMNS,
        rows=[row(first, 1204, 7_766_050), row(second, 88, 139_400_00)],
        chart=Chart("views", "calendar", "daily", lines, days),
        parts=[Part("search", "", {1: {"views": Cell(1000)}, 2: {"views": Cell(11)}})],
        verdicts=[Verdict("views", 1, 2, "leads", ratio=13.0, low=2.5, high=31.0, p=0.01)],
        biggest=[PostShare(1, 7, "The long road", 903, 0.75)],
        notes=("zones_differ",),
        happened=[Happening(date(2026, 10, 2), None, {"en": "The fair opened", "zh": "展会开幕"})],
    )
    return replace(made, **changes)  # type: ignore[arg-type]
