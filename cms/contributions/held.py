"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.contributions.models import Contribution
from cms.people.held import Held

HELD = [
    Held(
        "requests_to_contribute",
        lambda who: (
            select(
                Contribution.post_id,
                Contribution.purpose,
                Contribution.role,
                Contribution.email,
                Contribution.consented_at,
                Contribution.consented_to,
                Contribution.handed_in_at,
                Contribution.created_at,
            )
            .where(Contribution.person_id == who)
            .order_by(Contribution.id)
        ),
    ),
]
