"""Taking a person out of juries and votes: what they gave stays counted, and nobody can tell any more who gave it."""

import secrets

from sqlalchemy import select, update

from cms.contests.judging.models import Certificate, JuryScore, JurySeat, Voter
from cms.contests.judging.services.voting import person_key
from cms.contests.models import ContestRole
from cms.core.database import db
from cms.core.pagecache import touch
from cms.people.events import PersonErased


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler. Certificates stay valid by their code; the name is on the print alone."""
    theirs = select(Certificate).where(Certificate.person_id == fact.person_id)
    for certificate in db.session.scalars(theirs).all():
        certificate.name = fact.left_as
        touch(f"certificate:{certificate.code}")
    forget_person(fact.person_id)


def forget_person(person_id: int) -> None:
    """Cut every tie. Notes of a juror go."""
    seats = select(JurySeat.id).where(JurySeat.person_id == person_id)
    db.session.execute(
        update(JuryScore)
        .where(JuryScore.seat_id.in_(seats))
        .values(note="")
        .execution_options(synchronize_session=False)
    )
    for contest_id in db.session.scalars(select(Voter.contest_id).distinct()).all():
        voter = db.session.scalar(
            select(Voter).where(
                Voter.contest_id == contest_id, Voter.person_key == person_key(contest_id, person_id)
            )
        )
        if voter is not None:
            voter.person_key, voter.address_key = secrets.token_hex(32), secrets.token_hex(32)
            voter.network_key = secrets.token_hex(32)
    for model in (JurySeat, Certificate):
        db.session.execute(
            update(model)
            .where(model.person_id == person_id)
            .values(person_id=None)
            .execution_options(synchronize_session=False)
        )
    for role in db.session.scalars(select(ContestRole).where(ContestRole.person_id == person_id)).all():
        db.session.delete(role)
    db.session.flush()
