"""Reading what people keep: saved views, shares, notes on days, mails. Each person sees theirs and the team's."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from campaigns.reports.models import Annotation, ReportMail, ReportShare, SavedView
from campaigns.reports.shapes import Happening, Subject
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.secrets import fingerprint
from cms.people.models import Person

Kept = TypeVar("Kept", SavedView, ReportShare, Annotation, ReportMail)
MOST = 200  # of each, on their page


def saved_views(person: Person) -> Sequence[SavedView]:
    """Theirs, and what others share with the team; by name."""
    query = (
        select(SavedView)
        .where(or_(SavedView.owner_id == person.id, SavedView.is_shared))
        .options(joinedload(SavedView.owner))
    )
    return db.session.scalars(query.order_by(SavedView.name, SavedView.id).limit(MOST)).all()


def get_view(view_id: int) -> SavedView:
    """Raises `NotFound`."""
    return _get(SavedView, view_id)


def shares() -> Sequence[ReportShare]:
    """All of the team, the newest first."""
    query = select(ReportShare).options(joinedload(ReportShare.made_by))
    return db.session.scalars(query.order_by(ReportShare.id.desc()).limit(MOST)).all()


def get_share(share_id: int) -> ReportShare:
    """Raises `NotFound`."""
    return _get(ReportShare, share_id)


def share_of(token: str, *, at: datetime) -> ReportShare:
    """What a link opens. Raises `NotFound` when it is over, was revoked, or never was: they look alike."""
    query = select(ReportShare).where(
        ReportShare.token_hash == fingerprint(token),
        ReportShare.revoked_at.is_(None),
        ReportShare.expires_at > at,
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def annotations(
    person: Person | None, *, campaigns: Collection[int], since: date, until: date
) -> Sequence[Annotation]:
    """Notes on these days about these campaigns or all of them; private ones of this person alone. By day."""
    query = select(Annotation).where(
        Annotation.day.between(since, until),
        or_(Annotation.campaign_id.is_(None), Annotation.campaign_id.in_(campaigns)),
        or_(Annotation.is_private.is_(False), Annotation.owner_id == (person.id if person else 0)),
    )
    return db.session.scalars(query.order_by(Annotation.day, Annotation.id).limit(MOST)).all()


def happened(subjects: Sequence[Subject], person: Person | None) -> list[Happening]:
    """What was noted on the days of campaigns that are looked at, by day: for the team, and by this person alone."""
    spans = {one.id: (one.since, one.until) for one in subjects if one.days}
    if not spans:
        return []
    since, until = min(one for one, _ in spans.values()), max(one for _, one in spans.values())
    noted = annotations(person, campaigns=list(spans), since=since, until=until)
    found = []
    for note in noted:
        first, last = spans.get(note.campaign_id or 0, (since, until))
        if first <= note.day <= last:
            words = {"en": note.words_en, "zh": note.words_zh}
            told = {name: said for name, said in words.items() if said}
            found.append(Happening(note.day, note.campaign_id, told))
    return found


def all_annotations(person: Person) -> Sequence[Annotation]:
    """Every note this person may read, the newest day first."""
    query = (
        select(Annotation)
        .where(or_(Annotation.is_private.is_(False), Annotation.owner_id == person.id))
        .options(joinedload(Annotation.owner), joinedload(Annotation.campaign))
    )
    return db.session.scalars(query.order_by(Annotation.day.desc(), Annotation.id.desc()).limit(MOST)).all()


def get_annotation(annotation_id: int) -> Annotation:
    """Raises `NotFound`."""
    return _get(Annotation, annotation_id)


def mails_of(person: Person) -> Sequence[ReportMail]:
    """What comes to them."""
    query = select(ReportMail).where(ReportMail.person_id == person.id).options(joinedload(ReportMail.view))
    return db.session.scalars(query.order_by(ReportMail.id)).all()


def get_mail(mail_id: int) -> ReportMail:
    """Raises `NotFound`."""
    return _get(ReportMail, mail_id)


def _get(model: type[Kept], number: int) -> Kept:
    found = db.session.get(model, number)
    if found is None:
        raise NotFound
    return found
