"""A comparison as the API asks for it and tells it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from campaigns.reports.shapes import FEWEST, MOST, Align, Cut, Mode, Per, Split
from cms.api.schemas.base import AskedInAddress, Number, Time, Told, _

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class ComparisonAsked(AskedInAddress):
    """Which campaigns, on which days, and how they are laid side by side."""

    campaign: list[Number] = Field(
        min_length=FEWEST,
        max_length=MOST,
        description=_("The number of a campaign; two to six of them, each as a parameter of its own."),
    )
    since: Day | None = Field(
        None,
        alias="from",
        description=_("The first day; the earliest first day of the campaigns unless told."),
    )
    until: Day | None = Field(
        None, alias="to", description=_("The last day, which is counted; today unless told.")
    )
    align: Align = Field("calendar", description=_("By date, or by days since the launch of each."))
    mode: Mode = Field("cumulative", description=_("Added up from the first day on, or day by day."))
    cut: Cut = Field(
        "youngest", description=_("By launch: as long as the youngest is old, or as far as each goes.")
    )
    split: Split | None = Field(None, description=_("Also tell the figures of parts."))
    measure: Literal["views", "engaged", "verified"] = Field(
        "engaged", description=_("What the series and the verdicts are about.")
    )


class ComparedFigure(Told):
    """A figure of a campaign. Missing is null, never 0."""

    key: str = Field(description=_("Of which column."))
    per: Per = Field(description=_("In all, or for each post, 1,000 people reached, 100 of money."))
    value: float | None = Field(
        description=_("Null when it is missing or only bounds are known. Money is in smallest units.")
    )
    low: float | None = Field(description=_("What it is at least, 95 times of 100."))
    high: float | None = Field(description=_("What it is at most, 95 times of 100."))
    is_exact: bool = Field(description=_("Whether it was counted, or estimated."))
    currency: str | None = Field(description=_("Of money: ISO 4217."))
    of: int | None = Field(description=_("Of how many posts or people it is a mean or a share."))
    why: str = Field(description=_("Why it is missing; empty when it is not."))


class ComparedColumn(Told):
    """What a figure means."""

    key: str = Field(description=_("Its key."))
    name: str = Field(description=_("What it is called."))
    definition: str = Field(description=_("What it counts."))
    formula: str = Field(description=_("How it is worked out."))
    unit: str = Field(description=_("What it is counted in."))
    clock: str = Field(description=_("Whether it is of the days, of a whole life, or of the plan."))
    version: int = Field(description=_("Of its definition: grows when it comes to mean something else."))


class ComparedTarget(Told):
    """A target of a campaign, over its whole life."""

    measure: str = Field(description=_("Which figure."))
    label: str = Field(description=_("What it is called, when it is none of ours."))
    number: int = Field(description=_("What is wanted."))
    by_on: date | None = Field(description=_("By which day."))
    value: int | None = Field(description=_("So far; null when nobody counts it."))
    is_exact: bool = Field(description=_("Whether it was counted, or estimated."))
    is_over: bool = Field(description=_("Whether its day has passed."))


class ComparedCampaign(Told):
    """A campaign and its figures."""

    id: int = Field(description=_("Its number, for good."))
    slug: str = Field(description=_("Its address."))
    name: dict[str, str] = Field(description=_("What it is called, by language."))
    zone: str = Field(description=_("Its days are days there."))
    since: date = Field(description=_("The first day looked at."))
    until: date = Field(description=_("The last day looked at; before the first when there is none."))
    age: int = Field(description=_("Days since its first day, that one counted."))
    posts: int = Field(description=_("How many of its posts were ever published."))
    channels_known: int = Field(description=_("Of how many accounts the network tells figures."))
    channels: int = Field(description=_("How many accounts carried it."))
    figures: list[ComparedFigure] = Field(description=_("Its figures."))
    targets: list[ComparedTarget] = Field(description=_("Its targets."))


class ComparedPoint(Told):
    """A day of a series."""

    x: int = Field(description=_("The day: since launch, or in the period; the first is 0."))
    day: date | None = Field(description=_("Its date, when aligned by calendar."))
    value: float | None = Field(description=_("Null when nothing is known of it."))
    low: float | None = Field(description=_("What it is at least, 95 times of 100."))
    high: float | None = Field(description=_("What it is at most, 95 times of 100."))


class ComparedSeries(Told):
    """The measure by day."""

    kind: Literal["actual", "projection", "ghost"] = Field(
        description=_("Counted, where it may come to, or the median of campaigns before it.")
    )
    campaign: int | None = Field(description=_("Of which campaign; null for the median."))
    of: int | None = Field(description=_("From how many past campaigns it was learned."))
    points: list[ComparedPoint] = Field(description=_("Day by day."))


class ComparedPart(Told):
    """A part of a campaign, such as a channel."""

    key: str = Field(description=_("Its key; ? is not known, … is all others."))
    name: str = Field(description=_("What it is called."))
    campaign: int = Field(description=_("Of which campaign."))
    figures: list[ComparedFigure] = Field(description=_("Its figures."))


class ComparedVerdict(Told):
    """What can be said of two campaigns. Descriptive, never causal."""

    kind: Literal["leads", "level", "early", "few"] = Field(
        description=_("The first leads; cannot be told apart; too early; too few posts.")
    )
    first: int = Field(description=_("A campaign."))
    second: int = Field(description=_("The other one."))
    ratio: float | None = Field(description=_("How many times the first is the second, per post."))
    low: float | None = Field(description=_("What it is at least, 95 times of 100."))
    high: float | None = Field(description=_("What it is at most, 95 times of 100."))
    p: float | None = Field(description=_("How often chance does it, corrected for all pairs (Holm)."))
    hinges_on: int | None = Field(description=_("The post without which it would be another verdict."))
    words: str = Field(description=_("The same in a sentence."))


class ComparedHappening(Told):
    """What the team noted on a day."""

    day: str = Field(description=_("The day, in the zone of its campaign."))
    campaign: int | None = Field(description=_("Of which campaign; null: of all."))
    words: str = Field(description=_("What happened."))


class ComparisonTold(Told):
    """Campaigns side by side."""

    as_of: Time | None = Field(description=_("The one moment all figures are of; null: nothing is counted."))
    window: str = Field(description=_("In which people are told apart: a day or a month."))
    align: Align = Field(description=_("By date, or by days since the launch of each."))
    mode: Mode = Field(description=_("Added up from the first day on, or day by day."))
    measure: str = Field(description=_("What the series and the verdicts are about."))
    columns: list[ComparedColumn] = Field(description=_("What the figures mean."))
    campaigns: list[ComparedCampaign] = Field(description=_("In the order asked."))
    series: list[ComparedSeries] = Field(description=_("The measure by day."))
    parts: list[ComparedPart] = Field(description=_("The figures of parts, when asked for."))
    verdicts: list[ComparedVerdict] = Field(description=_("One for each two campaigns."))
    notes: list[str] = Field(description=_("What one has to know to read it."))
    happened: list[ComparedHappening] = Field(description=_("What the team noted on these days."))
