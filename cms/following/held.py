"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.following.models import Follow
from cms.people.held import Held

HELD = [
    Held(
        "follows",
        lambda who: (
            select(Follow.kind, Follow.target_id, Follow.since)
            .where(Follow.person_id == who)
            .order_by(Follow.kind, Follow.target_id)
        ),
    ),
]
