"""Making a campaign, and changing what is said of it."""

from collections.abc import Iterator
from typing import Any

from babel.numbers import get_currency_name
from flask import flash, redirect, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from campaigns.plans import content, models, queries, rules, services
from campaigns.plans.comparing import Difference, differences
from campaigns.plans.forms import LISTS, CampaignForm, from_plan, without_row
from campaigns.plans.goals import GOALS
from campaigns.plans.money import CURRENCIES
from campaigns.plans.services import CampaignChanged
from campaigns.plans.views import bp
from campaigns.plans.views.asked import Answer, me, networks, zone_names
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.people import queries as people

FIRST_CURRENCY = "CNY"


@bp.get("/desk/campaigns/new")
@allowed(rules.can_edit_campaigns)
def new_campaign() -> str:
    """An empty form, with what one most likely means."""
    by = me()
    usual = {"owner": by.id, "zone": people.zone_of(by), "currency": FIRST_CURRENCY}
    return _form(CampaignForm(formdata=None, data=usual), None)


@bp.post("/desk/campaigns")
@allowed(rules.can_edit_campaigns)
def create_campaign() -> Answer:
    """Make it; its days say whether it runs."""
    return _save(None)


@bp.get("/desk/campaigns/<int:campaign_id>/plan")
@allowed(rules.can_edit_campaign, campaign=queries.get_whole_campaign)
def edit_campaign(campaign_id: int, campaign: models.Campaign) -> str:
    """All that is said of it."""
    shown = from_plan(queries.plan_of(campaign), slug=campaign.slug, version=campaign.version)
    return _form(CampaignForm(formdata=None, data=shown), campaign)


@bp.post("/desk/campaigns/<int:campaign_id>/plan")
@allowed(rules.can_edit_campaign, campaign=queries.get_whole_campaign)
def save_campaign(campaign_id: int, campaign: models.Campaign) -> Answer:
    """Say it anew. When somebody else did so meanwhile, both are shown and nothing is lost."""
    return _save(campaign)


def _save(campaign: models.Campaign | None) -> Answer:
    if (arranged := _arranged()) is not None:
        return _form(arranged, campaign)
    form, by = CampaignForm(), me()
    is_well_formed = form.validate()
    plan, is_readable = form.plan()
    try:
        ready = services.prepare(plan)
        if not (is_well_formed and is_readable):
            return _form(form, campaign), 422
        with transaction():
            if campaign is None:
                made = services.create_campaign(ready, slug=form.slug.data or "", by=by, at=clock.now())
                campaign_id = made.id
            else:
                campaign_id = campaign.id
                services.change_campaign(
                    campaign_id,
                    ready,
                    slug=form.slug.data or None,
                    expected_version=_version(form),
                    by=by,
                    at=clock.now(),
                )
    except CampaignChanged:
        assert campaign is not None
        return _both(form, plan, campaign.id), 409
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _form(form, campaign), 422
    flash(_("Saved."), "good")
    return redirect(url_for(".show_campaign", campaign_id=campaign_id), 303)


def _arranged() -> CampaignForm | None:
    """The form with a row more or a row less, when that is what the button asked for."""
    more, drop = request.form.get("more"), request.form.get("drop", "")
    if more in LISTS:
        form = CampaignForm()
        form.add_row(str(more))
        return form
    if drop.rpartition("-")[0] in LISTS:
        return CampaignForm(formdata=without_row(request.form, drop))
    return None


def _both(form: CampaignForm, plan: content.Plan, campaign_id: int) -> str:
    """What was typed stays in the form; what stands now is shown beside it, and saving again is a choice."""
    campaign = queries.get_whole_campaign(campaign_id)
    form.version.data = str(campaign.version)
    return _form(form, campaign, found=list(differences(plan, queries.plan_of(campaign))))


def _form(
    form: CampaignForm, campaign: models.Campaign | None, *, found: list[Difference] | None = None
) -> str:
    form.add_empty_rows()
    form.offer(staff=queries.possible_owners(), networks=networks())
    return page(
        "campaigns/plans/edit.html",
        form=form,
        campaign=campaign,
        found=found,
        goals=GOALS,
        zones=zone_names(),
        currencies=list(_currencies()),
    )


def _currencies() -> Iterator[tuple[str, str]]:
    locale: Any = get_locale()
    for code in CURRENCIES:
        yield code, get_currency_name(code, locale=locale)


def _version(form: CampaignForm) -> int | None:
    value = form.version.data or ""
    return int(value) if value.isdecimal() and len(value) < 10 else None
