"""What somebody from outside changes about themselves, the pictures they send, and the account they may have."""

from datetime import datetime

from flask_babel import gettext as _

from cms.contributions.models import Contribution
from cms.contributions.services.loading import load_open, note, person_of
from cms.contributions.services.problems import ConsentMissing, NotWithYou, TooManyPictures
from cms.core.database import db
from cms.core.errors import Invalid
from cms.media import services as media
from cms.people import services as people
from cms.people.models import GUEST, Person
from cms.people.rules import can_offer_role

MOST_PICTURES = 20  # through one invitation


def change_profile(
    contribution_id: int, *, name: str, headline: dict[str, str], bio: dict[str, str], at: datetime
) -> None:
    """What readers see of them. The approval of the byline is void by that, as its words are others."""
    contribution = load_open(contribution_id, at=at)
    person = _guest(contribution)
    people.update_profile(
        person.id,
        name=name,
        headline=headline,
        bio=bio,
        locale=person.locale,
        timezone=person.timezone,
        at=at,
    )
    note(contribution, "profile_changed", by=person, at=at)


def set_portrait(contribution_id: int, received: media.Received, *, at: datetime) -> None:
    """A picture of them, received before."""
    contribution = load_open(contribution_id, at=at)
    person = _guest(contribution)
    alt = _("Portrait of %(name)s", name=person.name)
    kept = media.keep_media(received, by=person, at=at, alt=alt)
    media.set_portrait(person.id, media_id=kept.id, by=person, at=at)
    note(contribution, "profile_changed", by=person, at=at)


def take_picture(contribution_id: int, received: media.Received, *, alt: str, at: datetime) -> int:
    """Keep a picture for the text; gives its number."""
    contribution = load_open(contribution_id, at=at)
    refuse_pictures(contribution)
    kept = media.keep_media(received, by=person_of(contribution), at=at, alt=alt)
    contribution.pictures += 1
    return kept.id


def refuse_pictures(contribution: Contribution) -> None:
    """Raise when they may not send pictures, or not one more."""
    if not contribution.has_consented:
        raise ConsentMissing
    if not contribution.is_writer or contribution.handed_in_at is not None:
        raise NotWithYou
    if contribution.pictures >= MOST_PICTURES:
        raise TooManyPictures


def offer_account(contribution_id: int, *, email: str, at: datetime) -> None:
    """Mail an invitation that makes the profile an account; address and credits stay."""
    contribution = load_open(contribution_id, at=at)
    person = _guest(contribution)
    inviter = db.session.get(Person, contribution.invited_by_id) if contribution.invited_by_id else None
    role = "expert" if can_offer_role(inviter, "expert") else "member"
    people.invite(
        email=email,
        name=person.name,
        role=role,
        locale=contribution.locale,
        guest_id=person.id,
        by=inviter or person,
        at=at,
    )
    note(contribution, "account_offered", by=person, at=at)


def _guest(contribution: Contribution) -> Person:
    person = person_of(contribution)
    if person.role != GUEST:
        raise Invalid(errors={"": _("You have an account: change your profile there.")})
    return person
