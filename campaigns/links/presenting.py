"""Links as the API tells them, field by field."""

from collections.abc import Sequence

from campaigns.links import models, schemas
from campaigns.links.counted import Clicks, clicks_of
from campaigns.links.queries import short_url

_SAME = "id code target label utm is_locked expires_at replacement ended_at created_at".split()


def links(some: Sequence[models.Link]) -> list[schemas.Link]:
    """Several, with their campaigns. Where nobody knows of clicks there is null: what is missing is not nought."""
    known = clicks_of([one.id for one in some])
    return [_told(one, known.get(one.id)) for one in some]


def link(one: models.Link) -> schemas.Link:
    """A link. Needs its campaign."""
    return links([one])[0]


def _told(one: models.Link, clicks: Clicks | None) -> schemas.Link:
    return schemas.Link.model_validate(
        {
            **{name: getattr(one, name) for name in _SAME},
            "url": short_url(one),
            "campaign": one.campaign.slug if one.campaign else None,
            "account": one.account_id,
            "post": one.post_id,
            "clicks": clicks[0] if clicks else None,
            "verified_clicks": clicks[1] if clicks else None,
        }
    )
