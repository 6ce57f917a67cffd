"""Campaigns as the API tells them, field by field."""

from collections.abc import Mapping

from campaigns.plans import models, schemas
from campaigns.plans.money import from_smallest
from campaigns.plans.queries import CampaignRow
from cms.api.schemas.base import Told, as_words
from cms.core.pages import absolute
from cms.site.edition import Edition

_SAME = "id slug kind state starts_on ends_on zone is_public created_at edited_at".split()


def public_url(campaign: models.Campaign) -> str | None:
    """Where readers find it, in full; None while they do not."""
    if not campaign.is_public:
        return None
    return Edition("", absolute("")).to(f"/campaigns/{campaign.slug}")


def campaign_in_list(row: CampaignRow) -> schemas.CampaignInList:
    """A campaign in short."""
    return schemas.CampaignInList.model_validate(_about(row))


def campaign(row: CampaignRow) -> schemas.Campaign:
    """All of it. Needs the whole campaign."""
    one = row.campaign
    return schemas.Campaign.model_validate(
        {
            **_about(row),
            "story": as_words(one.story),
            "purpose": one.purpose,
            "cause": as_words(one.cause),
            "sdg_targets": one.sdg_targets,
            "currency": one.currency,
            "cover": one.cover_id,
            "audiences": [_picked(line, schemas.AudienceTold) for line in one.audiences],
            "money": [
                {
                    **_picked(line, schemas.MoneyTold),
                    "amount": str(from_smallest(line.amount, line.currency)),
                }
                for line in one.money
            ],
            "targets": [_picked(line, schemas.GoalTold) for line in one.targets],
            "partners": [_picked(line, schemas.PartnerTold) for line in one.partners],
            "pages": [_picked(line, schemas.CampaignPageTold) for line in one.pages],
        }
    )


def _about(row: CampaignRow) -> dict[str, object]:
    one = row.campaign
    return {
        **{name: getattr(one, name) for name in _SAME},
        "url": public_url(one),
        "name": as_words(one.name),
        "summary": as_words(one.summary),
        "owner": one.owner.handle if one.owner else None,
        "posts": row.posts,
        "budget": _amounts(row.budget),
        "cost": _amounts(row.cost),
    }


def _amounts(added: Mapping[str, int]) -> dict[str, str]:
    return {currency: str(from_smallest(units, currency)) for currency, units in added.items()}


def _picked(line: object, schema: type[Told]) -> dict[str, object]:
    return {name: getattr(line, name) for name in schema.model_fields}
