"""Campaigns as the API takes and tells them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cms.api.schemas.base import Asked, Number, PageAsked, Slug, Time, Told, Word, _

Kind = Literal["brand", "product", "csr"]
State = Literal["planned", "running", "paused", "finished", "archived"]
Amount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3}$")]
Short = Annotated[str, StringConstraints(max_length=300)]
Count = Annotated[int, Field(ge=-(2**53), le=2**53)]


class CampaignWords(Asked):
    """The same words in the languages of the interface."""

    en: str = Field("", max_length=20_000, description=_("In English."))
    zh: str = Field("", max_length=20_000, description=_("In Chinese."))


NOTHING = CampaignWords(en="", zh="")


class Audience(Asked):
    """Whom the campaign is for."""

    kind: Literal["users", "purchasers", "decision_makers", "others"] = Field(description=_("Who they are."))
    description: Short = Field("", description=_("In a few words."))
    size: Count | None = Field(None, description=_("How many people; null when nobody knows."))
    source: Short = Field("", description=_("Who says how many. Needed with a size."))


class MoneyLine(Asked):
    """A line of the budget, or of what was spent."""

    side: Literal["budget", "cost"] = Field(description=_("Planned, or spent."))
    amount: Amount = Field(description=_("In the main unit, as text: 1200 or 12.50."))
    currency: Currency = Field(description=_("Its three letters in ISO 4217."))
    channel: Word | None = Field(None, description=_("The key of a network; null for work, rent, prizes."))
    description: Short = Field("", description=_("In a few words."))
    spent_on: date | None = Field(None, description=_("The day it belongs to."))


class CampaignGoal(Asked):
    """A number of something to be reached by a day."""

    measure: Literal["reach", "views", "engaged", "verified_clicks", "comments", "sign_ups", "other"] = Field(
        description=_("What is counted.")
    )
    number: Count = Field(description=_("How many."))
    label: Annotated[str, StringConstraints(max_length=120)] = Field("", description=_("What “other” is."))
    by_on: date | None = Field(None, description=_("By which day."))


class Partner(Asked):
    """A partner, or a medium that carries the campaign."""

    resource: Literal["own", "partner", "industry", "customer"] = Field(description=_("Whose it is."))
    name: Annotated[str, StringConstraints(min_length=1, max_length=160)] = Field(
        description=_("What they are called.")
    )
    url: Annotated[str, StringConstraints(max_length=500)] = Field("", description=_("Their address."))
    description: Short = Field("", description=_("In a few words."))
    is_public: bool = Field(False, description=_("Whether readers are told."))


class CampaignPage(Asked):
    """A page elsewhere that belongs to it."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(
        description=_("Its address.")
    )
    label: Annotated[str, StringConstraints(max_length=160)] = Field("", description=_("What it is called."))
    is_public: bool = Field(False, description=_("Whether readers are told."))


class CampaignFields(Asked):
    """What can be said of a campaign when it is made and later."""

    name: CampaignWords = Field(NOTHING, description=_("In one language at least."))
    summary: CampaignWords = Field(NOTHING, description=_("A sentence or two for lists."))
    story: CampaignWords = Field(NOTHING, description=_("What readers are told, in Markdown."))
    purpose: str = Field("", max_length=20_000, description=_("What it is for; only the desk reads it."))
    kind: Kind = Field("brand", description=_("What kind of campaign it is."))
    cause: CampaignWords = Field(NOTHING, description=_("The cause of a CSR campaign."))
    sdg_targets: list[Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}\.[0-9a-dA-D]{1,2}$")]] = Field(
        [], max_length=3, description=_("Numbers of targets of the United Nations, such as 4.4, for CSR.")
    )
    owner: Slug | None = Field(None, description=_("The handle of who answers for it, or null."))
    starts_on: date | None = Field(None, description=_("Its first day. Needed."))
    ends_on: date | None = Field(None, description=_("Its last day. Needed."))
    zone: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")] = (
        Field("UTC", description=_("The time zone its days are days in, such as Asia/Shanghai."))
    )
    currency: Currency = Field(
        "CNY", description=_("The currency of its lines of money, unless they name theirs.")
    )
    is_public: bool = Field(False, description=_("Whether readers have a page about it."))
    cover: Number | None = Field(None, description=_("The number of an uploaded picture, or null."))
    slug: Word | None = Field(
        None, description=_("The last part of its address; made from the name when left out.")
    )
    audiences: list[Audience] = Field([], max_length=60, description=_("Whom it is for."))
    money: list[MoneyLine] = Field([], max_length=60, description=_("Budget and costs, line by line."))
    targets: list[CampaignGoal] = Field([], max_length=60, description=_("What it wants to reach."))
    partners: list[Partner] = Field([], max_length=60, description=_("Partners and media that carry it."))
    pages: list[CampaignPage] = Field([], max_length=60, description=_("Pages elsewhere that belong to it."))


class NewCampaign(CampaignFields):
    """A campaign to make. Its days say in which state it begins."""


class ChangedCampaign(CampaignFields):
    """What is to change; fields left out stay as they are, and a list that is sent replaces the old one."""

    state: State | None = Field(
        None,
        description=_(
            "The state to bring it into: planned, running, paused, finished and archived follow each other."
        ),
    )


class CampaignsAsked(PageAsked):
    """Which campaigns."""

    state: State | None = Field(None, description=_("Only in this state; all but the archive when left out."))
    kind: Kind | None = Field(None, description=_("Only this kind."))
    owner: Slug | None = Field(None, description=_("Only those this handle answers for."))
    search: Word | None = Field(None, description=_("Words of the name."))


class AudienceTold(Told):
    """Whom the campaign is for."""

    kind: str = Field(description=_("Who they are."))
    description: str = Field(description=_("In a few words."))
    size: int | None = Field(description=_("How many people; null when nobody knows."))
    source: str = Field(description=_("Who says how many."))


class MoneyTold(Told):
    """A line of the budget, or of what was spent."""

    side: Literal["budget", "cost"] = Field(description=_("Planned, or spent."))
    amount: str = Field(description=_("In the main unit, as text."))
    currency: str = Field(description=_("Its three letters in ISO 4217."))
    channel: str | None = Field(description=_("The key of a network; null for work, rent, prizes."))
    description: str = Field(description=_("In a few words."))
    spent_on: date | None = Field(description=_("The day it belongs to."))


class GoalTold(Told):
    """A number of something to be reached by a day."""

    measure: str = Field(description=_("What is counted."))
    number: int = Field(description=_("How many."))
    label: str = Field(description=_("What “other” is."))
    by_on: date | None = Field(description=_("By which day."))


class PartnerTold(Told):
    """A partner, or a medium that carries the campaign."""

    resource: str = Field(description=_("Whose it is."))
    name: str = Field(description=_("What they are called."))
    url: str = Field(description=_("Their address."))
    description: str = Field(description=_("In a few words."))
    is_public: bool = Field(description=_("Whether readers are told."))


class CampaignPageTold(Told):
    """A page elsewhere that belongs to it."""

    url: str = Field(description=_("Its address."))
    label: str = Field(description=_("What it is called."))
    is_public: bool = Field(description=_("Whether readers are told."))


class CampaignInList(Told):
    """A campaign in short."""

    id: int = Field(description=_("Its number, for good."))
    slug: str = Field(description=_("The last part of its address."))
    url: str | None = Field(description=_("Where readers find it; null while they do not."))
    name: dict[str, str] = Field(description=_("By language."))
    summary: dict[str, str] = Field(description=_("By language."))
    kind: Kind = Field(description=_("What kind of campaign it is."))
    state: State = Field(description=_("Where it stands."))
    owner: str | None = Field(description=_("The handle of who answers for it, or null."))
    starts_on: date = Field(description=_("Its first day."))
    ends_on: date = Field(description=_("Its last day."))
    zone: str = Field(description=_("The time zone its days are days in."))
    is_public: bool = Field(description=_("Whether readers have a page about it."))
    posts: int = Field(description=_("How many posts and notes serve it."))
    budget: dict[str, str] = Field(description=_("What is planned, by currency; never added across them."))
    cost: dict[str, str] = Field(description=_("What was spent, by currency."))
    created_at: Time = Field(description=_("When it was made."))
    edited_at: Time = Field(description=_("When anything of it was last saved."))


class Campaign(CampaignInList):
    """A purpose with dates that posts, links and deliveries serve."""

    story: dict[str, str] = Field(description=_("What readers are told, in Markdown, by language."))
    purpose: str = Field(description=_("What it is for; only the desk reads it."))
    cause: dict[str, str] = Field(description=_("The cause of a CSR campaign, by language."))
    sdg_targets: list[str] = Field(description=_("Numbers of targets of the United Nations."))
    currency: str = Field(description=_("The currency of its lines of money, unless they name theirs."))
    cover: int | None = Field(description=_("The number of its picture, or null."))
    audiences: list[AudienceTold] = Field(description=_("Whom it is for."))
    money: list[MoneyTold] = Field(description=_("Budget and costs, line by line."))
    targets: list[GoalTold] = Field(description=_("What it wants to reach."))
    partners: list[PartnerTold] = Field(description=_("Partners and media that carry it."))
    pages: list[CampaignPageTold] = Field(description=_("Pages elsewhere that belong to it."))


class CampaignList(Told):
    """One page of campaigns, the last to start first."""

    items: list[CampaignInList] = Field(description=_("The campaigns."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))
