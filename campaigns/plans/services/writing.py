"""Making a campaign, and changing what is said of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from campaigns.plans.content import Plan, ReadyPlan
from campaigns.plans.models import (
    Campaign,
    CampaignAudience,
    CampaignMoney,
    CampaignPage,
    CampaignPartner,
    CampaignTarget,
)
from campaigns.plans.money import to_smallest
from campaigns.plans.queries import posts_of
from campaigns.plans.services.loading import load
from campaigns.plans.services.moving import state_by_dates
from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.pagecache import touch
from cms.core.text import make_slug
from cms.media import services as media
from cms.media.models import Media
from cms.media.queries import ids_in_html
from cms.people import audit
from cms.people.models import Person


class SlugTaken(Conflict):
    """Another campaign lives at this address."""

    message = lazy_gettext("Another campaign has this address. Please choose another one.")

    def __init__(self) -> None:
        super().__init__(errors={"slug": str(self.message)})


class CampaignChanged(Conflict):
    """Somebody saved it since the caller read it."""

    message = lazy_gettext("Somebody changed this campaign while you were writing.")


def create_campaign(ready: ReadyPlan, *, slug: str = "", by: Person | None, at: datetime) -> Campaign:
    """A campaign, in the state that its dates say. Without a slug it is made from the name."""
    plan = ready.plan
    _refuse_unknown(plan)
    campaign = Campaign(
        slug=_slug_given(slug) if slug else _free_slug(plan),
        state=state_by_dates(plan.starts_on, plan.ends_on, zone=plan.zone, at=at),
        created_at=at,
        created_by_id=by.id if by else None,
        edited_at=at,
    )
    _write(campaign, ready)
    _add_alone(campaign)
    _note_files(campaign)
    audit.record("campaign.created", f"campaign:{campaign.id}", by=by, at=at)
    touch("campaigns")
    return campaign


def change_campaign(
    campaign_id: int,
    ready: ReadyPlan,
    *,
    slug: str | None = None,
    expected_version: int | None = None,
    by: Person | None,
    at: datetime,
) -> Campaign:
    """Say all of it anew. Raises `CampaignChanged` when it is not what the caller read any more."""
    campaign = load(campaign_id, whole=True)
    if expected_version is not None and campaign.version != expected_version:
        raise CampaignChanged
    _refuse_unknown(ready.plan)
    if slug and slug != campaign.slug:
        _move_address(campaign, _slug_given(slug))
    if campaign.is_public != ready.plan.is_public:  # its posts say, or say no more, what they are part of
        touch(*(f"post:{one}" for one in posts_of(campaign_id)))
    _write(campaign, ready)
    campaign.edited_at = at
    flag_modified(campaign, "edited_at")  # a change of its lines alone is a new version too
    _flush_alone()
    _note_files(campaign)
    audit.record("campaign.changed", f"campaign:{campaign_id}", by=by, at=at)
    touch("campaigns", f"campaign:{campaign_id}")
    return campaign


def _write(campaign: Campaign, ready: ReadyPlan) -> None:
    plan = ready.plan
    for name in (
        "purpose",
        "kind",
        "owner_id",
        "cover_id",
        "starts_on",
        "ends_on",
        "zone",
        "currency",
        "is_public",
    ):
        setattr(campaign, name, getattr(plan, name))
    for name in ("name", "summary", "story", "cause"):
        setattr(campaign, name, dict(getattr(plan, name)))
    campaign.story_html = ready.story_html
    campaign.sdg_targets = list(plan.sdg_targets)
    campaign.audiences = _rows(CampaignAudience, plan.audiences)
    campaign.money = [
        CampaignMoney(**{**vars(one), "amount": to_smallest(one.amount, one.currency)}, position=place)
        for place, one in enumerate(plan.money)
    ]
    campaign.targets = _rows(CampaignTarget, plan.targets)
    campaign.partners = _rows(CampaignPartner, plan.partners)
    campaign.pages = _rows(CampaignPage, plan.pages)


def _note_files(campaign: Campaign) -> None:
    """The library keeps what it shows."""
    shown = {one for html in campaign.story_html.values() for one in ids_in_html(html)}
    media.attach(shown, holder=f"campaign:{campaign.id}")
    if campaign.cover_id is not None:
        media.keep_used(campaign.cover_id)


def _rows(model: Any, lines: Sequence[Any]) -> list[Any]:
    return [model(**vars(line), position=place) for place, line in enumerate(lines)]


def _refuse_unknown(plan: Plan) -> None:
    """An owner who is there, and a picture that is one."""
    errors = {}
    if plan.owner_id is not None:
        owner = db.session.get(Person, plan.owner_id)
        if owner is None or not owner.is_staff or owner.disabled_at is not None:
            errors["owner"] = _("Please choose somebody who works at the desk.")
    if plan.cover_id is not None:
        cover = db.session.get(Media, plan.cover_id)
        if cover is None or cover.kind != "image":
            errors["cover"] = _("There is no picture with this number in the library.")
    if errors:
        raise Invalid(errors=errors)


def _slug_given(slug: str) -> str:
    wanted = make_slug(slug)
    if not wanted:
        raise Invalid(errors={"slug": _("Please use letters or digits.")})
    return wanted


def _free_slug(plan: Plan) -> str:
    """Made from the name; with a number behind it when another campaign was called the same."""
    wanted = make_slug(plan.name.get("en") or next(iter(plan.name.values())), longest=72) or "campaign"
    taken = set(
        db.session.scalars(select(Campaign.slug).where(Campaign.slug.startswith(wanted, autoescape=True)))
    )
    return (
        wanted
        if wanted not in taken
        else next(one for number in range(2, len(taken) + 3) if (one := f"{wanted}-{number}") not in taken)
    )


def _move_address(campaign: Campaign, wanted: str) -> None:
    if campaign.is_public:
        sentence = _(
            "Readers know it under this address. It can change only while the campaign is not public."
        )
        raise Invalid(errors={"slug": sentence})
    campaign.slug = wanted


def _add_alone(campaign: Campaign) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(campaign)
    except IntegrityError as error:
        raise SlugTaken from error


def _flush_alone() -> None:
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise SlugTaken from error
