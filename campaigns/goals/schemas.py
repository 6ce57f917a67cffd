"""Goals as the API takes and tells them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cms.api.schemas.base import Asked, AskedInAddress, Number, Time, Told, _

Kind = Literal["page", "link", "fact"]
Fact = Literal[
    "share", "download", "outbound", "signup", "comment", "reaction", "vote", "entry", "answer", "join"
]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}(\.[0-9]{1,4})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class GoalFields(Asked):
    """What can be said of a goal when it is set and later."""

    path: Annotated[str, StringConstraints(max_length=400)] = Field(
        "", description=_("Of a page goal: the page of ours that is opened.")
    )
    link: Number | None = Field(
        None, description=_("Of a link goal: a link of the campaign to a page of ours.")
    )
    fact: Fact | None = Field(None, description=_("Of a fact goal: what people do."))
    fact_key: Annotated[str, StringConstraints(max_length=160)] = Field(
        "", description=_("Only this file, host, question or way; empty for any.")
    )
    is_each: bool = Field(False, description=_("Every time counts, not each person once in a window."))
    amount: Amount | None = Field(
        None, description=_("What one conversion is worth, in the main unit; null for nothing.")
    )
    currency: Currency | None = Field(
        None, description=_("Its three letters in ISO 4217. Needed with an amount.")
    )


class NewGoal(GoalFields):
    """A goal to set."""

    name: Name = Field(description=_("What the desk calls it."))
    kind: Kind = Field(
        description=_("A page is opened, a link is followed and verified, or something is done.")
    )


class ChangedGoal(GoalFields):
    """What is to change; fields left out stay."""

    name: Name | None = Field(None, description=_("What the desk calls it."))
    kind: Kind | None = Field(None, description=_("What has to happen."))


class Goal(Told):
    """Something that people do and a campaign wants."""

    id: Number = Field(description=_("The number of the goal."))
    campaign: Number = Field(description=_("The number of its campaign."))
    name: str = Field(description=_("What the desk calls it."))
    kind: Kind = Field(description=_("What has to happen."))
    path: str = Field(description=_("The page, or empty."))
    link: Number | None = Field(description=_("The link, or null."))
    fact: str = Field(description=_("What people do, or empty."))
    fact_key: str = Field(description=_("Only this one, or empty."))
    is_each: bool = Field(description=_("Whether every time counts."))
    amount: str | None = Field(description=_("What one conversion is worth, or null."))
    currency: str | None = Field(description=_("The currency of that, or null."))
    created_at: Time = Field(description=_("When it was set."))
    ended_at: Time | None = Field(description=_("Since when nothing is counted, or null."))
    warning: str | None = Field(
        description=_("Why nobody can reach it as things are: missing, hidden or uncounted page; else null.")
    )


class GoalList(Told):
    """The goals of a campaign: there are fifty at most, so all are told."""

    items: list[Goal] = Field(description=_("Those that count first."))


class ConversionsAsked(AskedInAddress):
    """Which days."""

    since: date = Field(description=_("The first day, in the campaign's zone."))
    until: date = Field(description=_("The day after the last."))


class GoalConversion(Told):
    """How often a goal was reached on one day by one channel. Exact."""

    goal: Number = Field(description=_("The number of the goal."))
    day: date = Field(description=_("In the campaign's zone."))
    channel: str = Field(
        description=_("How the visitor came: account:12, link, feed, mail, search, site, direct, inside.")
    )
    post: Number | None = Field(description=_("The post on which it happened, or null."))
    count: int = Field(description=_("How often, as the goal counts."))
    people: int = Field(description=_("Who had not done it before in their window, and can be told apart."))
    value: dict[str, str] = Field(description=_("In the main unit, by currency."))


class ConversionList(Told):
    """Conversions of a campaign."""

    items: list[GoalConversion] = Field(description=_("By goal, channel, post and day."))
