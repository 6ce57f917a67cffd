"""What this room holds about somebody; see `cms.people.held`.

Of votes it is said that they were given, and when: for which entry stays secret, as a copy may be shown to others.
"""

from typing import Any

from sqlalchemy import Select, select, tuple_

from cms.contests.judging.models import Certificate, JuryScore, JurySeat, Vote, Voter
from cms.contests.judging.services.voting import person_key
from cms.contests.models import Contest
from cms.core.database import db
from cms.people.held import Held


def _votes(person_id: int) -> Select[*tuple[Any, ...]]:
    contests = db.session.scalars(select(Voter.contest_id).distinct()).all()
    keys = [(one, person_key(one, person_id)) for one in contests]
    return (
        select(Contest.slug.label("contest"), Vote.at, Voter.state)
        .join(Voter, Voter.id == Vote.voter_id)
        .join(Contest, Contest.id == Voter.contest_id)
        .where(tuple_(Voter.contest_id, Voter.person_key).in_(keys))
        .order_by(Vote.id)
    )


HELD = [
    Held("votes", _votes),
    Held(
        "jury_scores",
        lambda who: (
            select(
                Contest.slug.label("contest"),
                JuryScore.entry_id,
                JuryScore.marks,
                JuryScore.comment,
                JuryScore.note,
                JuryScore.saved_at,
            )
            .join(JurySeat, JurySeat.id == JuryScore.seat_id)
            .join(Contest, Contest.id == JurySeat.contest_id)
            .where(JurySeat.person_id == who)
            .order_by(JuryScore.id)
        ),
    ),
    Held(
        "certificates",
        lambda who: (
            select(
                Certificate.code,
                Certificate.name,
                Certificate.title,
                Certificate.place,
                Certificate.issued_at,
            )
            .where(Certificate.person_id == who)
            .order_by(Certificate.id)
        ),
    ),
]
