"""Figures of networks in the API."""

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from pydantic import Field

from campaigns.deliveries import rules
from campaigns.engagement.platform.queries import Figure, latest_figures
from cms.api.answering import answer
from cms.api.gate import resources
from cms.api.operations import operation
from cms.api.schemas.base import LARGEST_ID, AskedInAddress, Time, Told
from cms.core.access import allowed
from cms.core.errors import Invalid

api = resources("figures_api", {"figures": _("Figures of networks")})


class FiguresAsked(AskedInAddress):
    """Of which deliveries: of one post, one campaign, one account, or one delivery."""

    post: int | None = Field(None, ge=1, le=LARGEST_ID, description=_("The number of a post."))
    campaign: int | None = Field(None, ge=1, le=LARGEST_ID, description=_("The number of a campaign."))
    account: int | None = Field(None, ge=1, le=LARGEST_ID, description=_("The number of an account."))
    delivery: int | None = Field(None, ge=1, le=LARGEST_ID, description=_("The number of a delivery."))


class PlatformFigure(Told):
    """The newest that is known of one figure of one delivery."""

    delivery: int = Field(description=_("The number of the delivery."))
    post: int | None = Field(description=_("The number of the post; null when that was removed for good."))
    campaign: int | None = Field(description=_("The number of the campaign it was planned for, or null."))
    account: int = Field(description=_("The number of the account."))
    channel: str = Field(description=_("The key of its network."))
    metric: str = Field(description=_("What is counted: likes, reposts, replies… docs/figures.md has all."))
    value: int | None = Field(description=_("The count; null when the network was asked and did not tell."))
    captured_at: Time = Field(description=_("When the network said so."))
    source: str = Field(
        description=_("Who said so: the network, or “kept” for the last value of what was deleted.")
    )
    definition_version: int = Field(description=_("Grows when the figure comes to mean something else."))
    is_final: bool = Field(description=_("Whether nobody asks any more."))


class PlatformFigureList(Told):
    """Figures, by delivery and by what is counted."""

    items: list[PlatformFigure] = Field(description=_("The figures."))


@api.get("/figures")
@allowed(rules.can_see_deliveries)
@operation(
    "figures",
    _("Read what networks say of deliveries"),
    scope="deliveries:read",
    query=FiguresAsked,
    answer=PlatformFigureList,
)
def list_figures(asked: FiguresAsked) -> Response:
    """The newest of each figure. What a network cannot tell at all is absent."""
    if len(asked.model_dump(exclude_none=True)) != 1:
        raise Invalid(gettext("Please name one of post, campaign, account and delivery."))
    found = latest_figures(
        post_ids=_only(asked.post),
        campaign_ids=_only(asked.campaign),
        account_ids=_only(asked.account),
        delivery_ids=_only(asked.delivery),
    )
    return answer(PlatformFigureList(items=[_told(one) for one in found]))


def _only(number: int | None) -> list[int] | None:
    return None if number is None else [number]


def _told(one: Figure) -> PlatformFigure:
    return PlatformFigure(
        delivery=one.delivery_id,
        post=one.post_id,
        campaign=one.campaign_id,
        account=one.account_id,
        channel=one.network,
        metric=one.metric,
        value=one.value,
        captured_at=one.captured_at,
        source=one.source,
        definition_version=one.version,
        is_final=one.is_final,
    )
