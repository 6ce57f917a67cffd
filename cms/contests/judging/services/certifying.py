"""Certificates for authors: issued when results are final, revoked with a reason, issued anew under another code."""

import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from cms.contests.judging.models import Certificate
from cms.contests.judging.services.problems import NotYet
from cms.contests.judging.services.seating import LABEL
from cms.contests.models import Contest, ContestPlace, Entry, EntryAuthor
from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pagecache import touch
from cms.people import audit
from cms.people.models import Person


def issue_certificates(contest_id: int, *, by: Person | None, at: datetime) -> int:
    """One for each author of each entry that took part and has none that holds. Gives how many are new."""
    contest = db.session.get(Contest, contest_id, populate_existing=True)
    if contest is None:
        raise NotFound
    if contest.results_state != "final":
        raise NotYet(_("Certificates are issued once the results are final."))
    holding = {
        (row.entry_id, row.person_id)
        for row in db.session.execute(
            select(Certificate.entry_id, Certificate.person_id).where(
                Certificate.contest_id == contest_id, Certificate.revoked_at.is_(None)
            )
        )
    }
    places = {
        one.entry_id: one
        for one in db.session.scalars(
            select(ContestPlace)
            .where(ContestPlace.contest_id == contest_id)
            .options(joinedload(ContestPlace.prize))
        )
    }
    new = [
        _certificate(contest_id, entry, author.person, places.get(entry.id), by=by, at=at)
        for entry in _took_part(contest_id)
        for author in entry.authors
        if author.accepted_at is not None
        and (entry.id, author.person_id) not in holding
        and not (entry.id in places and places[entry.id].disqualified_for)
    ]
    db.session.add_all(new)
    db.session.flush()
    if new:
        detail = {"count": len(new)}
        audit.record("contest.certificates_issued", f"contest:{contest_id}", by=by, at=at, detail=detail)
    return len(new)


def revoke_certificate(certificate_id: int, reason: str, *, by: Person | None, at: datetime) -> Certificate:
    """It holds no more; its page says so, and why. Raises `Conflict` when it was revoked before."""
    found = db.session.get(Certificate, certificate_id, populate_existing=True, with_for_update=True)
    if found is None:
        raise NotFound
    if found.revoked_at is not None:
        raise Conflict(_("This certificate was revoked before."))
    if not reason.strip():
        raise Invalid(
            errors={"reason": _("Please give the reason: whoever checks the certificate reads it.")}
        )
    found.revoked_at, found.revoked_for = at, reason.strip()[:500]
    detail = {"certificate": found.code, "reason": reason.strip()[:200]}
    audit.record("contest.certificate_revoked", f"contest:{found.contest_id}", by=by, at=at, detail=detail)
    touch(f"certificate:{found.code}")
    return found


def reissue_certificate(
    certificate_id: int, name: str, reason: str, *, by: Person | None, at: datetime
) -> Certificate:
    """Another one with the name put right; the old code leads to the new one."""
    if not name.strip():
        raise Invalid(errors={"name": _("Please give the name that is to stand on it.")})
    old = revoke_certificate(certificate_id, reason, by=by, at=at)
    new = Certificate(
        code=_code(),
        contest_id=old.contest_id,
        entry_id=old.entry_id,
        person_id=old.person_id,
        name=name.strip()[:120],
        title=old.title,
        language=old.language,
        place=old.place,
        prize=old.prize,
        issued_at=at,
        issued_by_id=by.id if by else None,
    )
    db.session.add(new)
    old.replaced_by = new.code
    db.session.flush()
    detail = {"certificate": new.code}
    audit.record("contest.certificate_reissued", f"contest:{old.contest_id}", by=by, at=at, detail=detail)
    return new


def _took_part(contest_id: int) -> list[Entry]:
    rows = db.session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest_id, Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None))
        .options(joinedload(Entry.snapshot), selectinload(Entry.authors).joinedload(EntryAuthor.person))
        .order_by(Entry.id)
    )
    return [one for one in rows if one.is_accepted]


def _certificate(
    contest_id: int,
    entry: Entry,
    person: Person,
    place: ContestPlace | None,
    *,
    by: Person | None,
    at: datetime,
) -> Certificate:
    has_prize = place is not None and place.prize is not None
    return Certificate(
        code=_code(),
        contest_id=contest_id,
        entry_id=entry.id,
        person_id=person.id,
        name=person.name,
        title=entry.snapshot.title if entry.snapshot else entry.title,
        language=person.locale,
        place=place.place if place is not None and has_prize else None,
        prize=place.prize.name if place is not None and place.prize is not None else {},
        issued_at=at,
        issued_by_id=by.id if by else None,
    )


def _code() -> str:
    """Sixteen characters that are told apart on paper: 80 bits, so that nobody finds one by trying."""
    drawn = "".join(secrets.choice(LABEL) for _each in range(16))
    return "-".join(drawn[start : start + 4] for start in range(0, 16, 4))
