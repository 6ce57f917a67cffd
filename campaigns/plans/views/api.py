"""Campaigns in the API: list, make, read, change."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.plans import content, models, presenting, queries, rules, schemas, services
from cms.api.answering import Made, Stale, answer, changing, expected_version, made_once
from cms.api.cursors import cut, read_cursor
from cms.api.gate import resources
from cms.api.operations import operation
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.people.models import Person
from cms.people.queries import find_person

api = resources("plans_api", {"campaigns": _("Campaigns")})
CAMPAIGN = "/campaigns/<number:campaign_id>"
READ, WRITE = "campaigns:read", "campaigns:write"
WORDS = ("name", "summary", "story", "cause")
SAME = ("purpose", "kind", "sdg_targets", "starts_on", "ends_on", "zone", "currency", "is_public")
LINES = {
    "audiences": content.AudienceLine,
    "targets": content.TargetLine,
    "partners": content.PartnerLine,
    "pages": content.PageLine,
}


@api.get("/campaigns")
@allowed(rules.can_see_campaigns)
@operation(
    "campaigns", _("List campaigns"), scope=READ, query=schemas.CampaignsAsked, answer=schemas.CampaignList
)
def list_campaigns(asked: schemas.CampaignsAsked) -> Response:
    """The last to start first."""
    owner = find_person(asked.owner) if asked.owner else None
    found = queries.campaigns(
        states=[asked.state] if asked.state else (),
        kind=asked.kind,
        owner_id=(owner.id if owner else 0) if asked.owner else None,
        search=asked.search or "",
        before=_place(asked.cursor),
        limit=asked.limit + 1,
    )
    shown, following = cut("campaigns", found, asked.limit, lambda one: f"{one.starts_on}.{one.id}")
    return answer(
        schemas.CampaignList(
            items=[presenting.campaign_in_list(row) for row in queries.in_rows(shown)],
            next=following,
        )
    )


@api.post("/campaigns")
@allowed(rules.can_edit_campaigns)
@operation(
    "campaigns",
    _("Make a campaign"),
    scope=WRITE,
    body=schemas.NewCampaign,
    answer=schemas.Campaign,
    status=201,
    once=True,
    conflicts=True,
)
def create_campaign(body: schemas.NewCampaign) -> Response:
    """Planned, running or finished, as its days say."""
    ready = services.prepare(_plan(body, _EMPTY, named=set(type(body).model_fields)))

    def make(by: Person, at: datetime) -> Made:
        made = services.create_campaign(ready, slug=body.slug or "", by=by, at=at)
        campaign = queries.get_whole_campaign(made.id)
        return Made(_told(campaign), location=f"/api/v1/campaigns/{campaign.id}", version=campaign.version)

    return made_once(body.model_dump_json(), make)


@api.get(CAMPAIGN)
@allowed(rules.can_see_campaign, campaign=queries.get_whole_campaign)
@operation("campaigns", _("Read a campaign"), scope=READ, answer=schemas.Campaign)
def show_campaign(campaign_id: int, campaign: models.Campaign) -> Response:
    """All of it, with its money."""
    return answer(_told(campaign), version=campaign.version)


@api.patch(CAMPAIGN)
@allowed(rules.can_edit_campaign, campaign=queries.get_whole_campaign)
@operation(
    "campaigns",
    _("Change a campaign"),
    scope=WRITE,
    body=schemas.ChangedCampaign,
    answer=schemas.Campaign,
    if_match=True,
    conflicts=True,
)
def edit_campaign(campaign_id: int, campaign: models.Campaign, body: schemas.ChangedCampaign) -> Response:
    """Only what is named changes; then it is brought into the state that is named."""
    expected_version(campaign.version)
    named, version = set(body.model_fields_set), campaign.version
    said = named - {"state", "slug"}
    ready = services.prepare(_plan(body, queries.plan_of(campaign), named=said))
    with changing() as (by, at):
        if said or body.slug:
            _change(campaign_id, ready, slug=body.slug, version=version, by=by, at=at)
        if body.state is not None and body.state != campaign.state:
            services.move_campaign(campaign_id, body.state, by=by, at=at)
    return show_again(campaign_id)


def show_again(campaign_id: int) -> Response:
    """The campaign as it is now."""
    campaign = queries.get_whole_campaign(campaign_id)
    return answer(_told(campaign), version=campaign.version)


_EMPTY = content.Plan(name={}, kind="brand", starts_on=None, ends_on=None, zone="", currency="")


def _change(campaign_id: int, ready: content.ReadyPlan, *, version: int, **rest: Any) -> None:
    try:
        services.change_campaign(campaign_id, ready, expected_version=version, **rest)
    except services.CampaignChanged as problem:
        if "If-Match" in request.headers:
            raise Stale from problem
        raise


def _told(campaign: models.Campaign) -> schemas.Campaign:
    return presenting.campaign(queries.in_rows([campaign])[0])


def _plan(body: schemas.CampaignFields, plan: content.Plan, *, named: set[str]) -> content.Plan:
    """What is said now, with what is named in its place."""
    said: dict[str, Any] = {name: getattr(body, name).model_dump() for name in WORDS if name in named}
    said |= {name: getattr(body, name) for name in SAME if name in named}
    for name, line in LINES.items():
        if name in named:
            said[name] = [line(**one.model_dump()) for one in getattr(body, name)]
    if "money" in named:
        said["money"] = [
            content.MoneyLine(**{**one.model_dump(), "amount": Decimal(one.amount)}) for one in body.money
        ]
    if "cover" in named:
        said["cover_id"] = body.cover
    if "owner" in named:
        said["owner_id"] = _person_named(body.owner)
    return replace(plan, **said)


def _person_named(handle: str | None) -> int | None:
    if handle is None:
        return None
    owner = find_person(handle)
    if owner is None:
        raise Invalid(errors={"owner": gettext("Nobody has this handle.")})
    return owner.id


def _place(cursor: str | None) -> tuple[date, int] | None:
    key = read_cursor("campaigns", cursor)
    if key is None:
        return None
    day, _dot, number = key.partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError as error:
        raise Invalid(errors={"cursor": gettext("This is not a cursor of this list.")}) from error
