"""What readers did, in the API: the figures that stand beside a post, a campaign and a link."""

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from pydantic import Field

from campaigns.engagement import opens, queries, rules
from campaigns.engagement.store import CAMPAIGN, LINK, POST, SITE, Totals
from cms.api.answering import answer
from cms.api.gate import resources
from cms.api.operations import operation
from cms.api.schemas.base import LARGEST_ID, AskedInAddress, Time, Told
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.core.pages import config

api = resources("engagement_api", {"engagement": _("What readers did")})
_SCOPES = {"post": POST, "campaign": CAMPAIGN, "link": LINK}


class EngagementAsked(AskedInAddress):
    """Of one post, one campaign or one link; of the whole site when none is named."""

    post: int | None = Field(None, ge=1, le=LARGEST_ID, description=_("The number of a post."))
    campaign: int | None = Field(None, ge=1, le=LARGEST_ID, description=_("The number of a campaign."))
    link: int | None = Field(None, ge=1, le=LARGEST_ID, description=_("The number of a link."))


class EngagementTold(Told):
    """Counts since the beginning; 0 is what was not seen. /what-we-count says what each means."""

    as_of: Time | None = Field(description=_("When the collector last looked; null: nothing is counted."))
    window: str = Field(description=_("In which people are told apart: a day or a month."))
    views: int = Field(description=_("Pages opened."))
    engaged: int = Field(description=_("Of them, in sight for ten seconds or more."))
    seconds: int = Field(description=_("How long pages were in sight, all views added up."))
    people: int = Field(description=_("Different people; who comes in two windows counts twice."))
    people_engaged: int = Field(description=_("Different people with an engaged view."))
    is_exact: bool = Field(description=_("Whether people were counted, or estimated."))
    clicks: int = Field(description=_("Short links followed by people."))
    verified_clicks: int = Field(description=_("Of them, those after which a page of ours was shown."))
    previews: int = Field(description=_("How often a network looked at the page or the link."))
    machines: int = Field(description=_("Robots, scanners and browsers that fetch in advance."))
    staff: int = Field(description=_("Views of ourselves."))
    unknown: int = Field(description=_("What says nothing of itself, or nothing we know."))
    letters_opened: int | None = Field(
        description=_("Letters opened by readers; null for links and the site, as letters are about posts.")
    )
    letters_fetched: int | None = Field(
        description=_("Letters whose picture a mail service fetched by itself; null likewise.")
    )


@api.get("/engagement")
@allowed(rules.can_see_figures)
@operation(
    "engagement",
    _("Read what readers did"),
    scope="reports:read",
    query=EngagementAsked,
    answer=EngagementTold,
)
def read_engagement(asked: EngagementAsked) -> Response:
    """The counts of one post, campaign or link, or of the site. A number that nobody knows has counts of nought, as what
    was seen stays when a post is removed."""
    named = asked.model_dump(exclude_none=True)
    if len(named) > 1:
        raise Invalid(gettext("Please name only one of post, campaign and link."))
    scope, subject = next(((_SCOPES[name], number) for name, number in named.items()), (SITE, 0))
    figures = queries.figures_of(scope, subject)
    totals = figures.totals or Totals()
    letters = queries.opens_of(scope, subject) if scope in (POST, CAMPAIGN) else None
    return answer(
        EngagementTold(
            as_of=figures.as_of,
            window=config().visitor_window,
            views=totals.views,
            engaged=totals.engaged,
            seconds=totals.seconds,
            people=totals.people,
            people_engaged=totals.people_engaged,
            is_exact=totals.is_exact,
            clicks=totals.clicks,
            verified_clicks=totals.verified,
            previews=totals.previews,
            machines=totals.machines,
            staff=totals.staff,
            unknown=totals.unknown,
            letters_opened=None if letters is None else letters[opens.READER],
            letters_fetched=None if letters is None else letters[opens.SERVICE],
        )
    )
