"""Goals as the API tells them, field by field."""

from collections.abc import Sequence

from campaigns.goals import models, schemas
from campaigns.goals.queries import Conversion, warning_of
from campaigns.plans.money import from_smallest

_SAME = "id name kind path fact fact_key is_each currency created_at ended_at".split()


def goal(one: models.Goal) -> schemas.Goal:
    """A goal."""
    has_value = one.value_units is not None and one.currency
    return schemas.Goal.model_validate(
        {
            **{name: getattr(one, name) for name in _SAME},
            "campaign": one.campaign_id,
            "link": one.link_id,
            "amount": str(from_smallest(one.value_units or 0, one.currency or "")) if has_value else None,
            "warning": warning_of(one) or None,
        }
    )


def conversions(rows: Sequence[Conversion]) -> schemas.ConversionList:
    """What was reached."""
    return schemas.ConversionList(
        items=[
            schemas.GoalConversion(
                goal=one.goal_id,
                day=one.day,
                channel=one.channel,
                post=one.post_id,
                count=one.count,
                people=one.people,
                value={
                    currency: str(from_smallest(units, currency)) for currency, units in one.value.items()
                },
            )
            for one in rows
        ]
    )
