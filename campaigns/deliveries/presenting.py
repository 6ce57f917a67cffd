"""Deliveries as the API tells them, field by field."""

from campaigns.deliveries import models, schemas
from campaigns.links.queries import short_url

_SAME = (
    "id title state code reason occurrence planned_at wall zone sent_at remote_id is_draft deleted_at attempts version"
).split()


def delivery(one: models.Delivery) -> schemas.Delivery:
    """A delivery. Needs its account, campaign and link."""
    return schemas.Delivery.model_validate(
        {
            **{name: getattr(one, name) for name in _SAME},
            "post": one.post_id,
            "account": one.account_id,
            "channel": one.account.channel,
            "campaign": one.campaign.slug if one.campaign else None,
            "url": one.remote_url,
            "link": short_url(one.link) if one.link else None,
        }
    )
