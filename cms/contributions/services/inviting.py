"""Asking somebody from outside, and everything editors do about it afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import update

from cms.contributions import mails
from cms.contributions.models import CAPACITIES, CREDITS, Contribution, ContributionLink
from cms.contributions.services.loading import latest_text, load, note, person_of
from cms.contributions.services.problems import AlreadyOver, NoAddress, NothingToHandIn
from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.secrets import fingerprint, new_token
from cms.people import services as people
from cms.people.models import Person
from cms.people.queries import get_person
from cms.posts.models import Post

LASTS_FOR = timedelta(days=30)  # after the deadline, or after the invitation when there is none
LONGEST = timedelta(days=730)
MOST_WORDS = 50_000


@dataclass(frozen=True)
class Terms:
    """What is asked for. `wall` and `zone` are the deadline as it was typed; empty when there is none."""

    role: str
    locale: str
    email: str | None = None
    brief: str = ""
    brief_html: str = ""
    word_target: int | None = None
    wall: str = ""
    zone: str = "UTC"
    which: int | None = None
    rights: str = ""
    expires_at: datetime | None = None


def invite(
    post_id: int,
    terms: Terms,
    *,
    purpose: str,
    person_id: int | None = None,
    name: str = "",
    by: Person,
    at: datetime,
) -> tuple[Contribution, str]:
    """Ask somebody known (`person_id`) or new (`name`); gives the row and its link's token, which is never seen again.

    With an address the link is mailed as well.
    """
    if db.session.get(Post, post_id, with_for_update={"of": Post}) is None:
        raise Invalid(errors={"": _("There is no such post.")})
    person = _who(person_id, name, at=at)
    contribution = Contribution(
        post_id=post_id,
        person_id=person.id,
        purpose=purpose,
        created_at=at,
        invited_by_id=by.id,
        asked_at=None if purpose == "write" else at,
    )
    _set_terms(contribution, terms, at=at)
    db.session.add(contribution)
    db.session.flush()
    note(contribution, "invited", by=by, at=at, purpose=purpose, role=terms.role)
    token = new_link(contribution, at=at)
    if contribution.email:
        mails.send_invitation(contribution, token, person=person, by=by)
    return contribution, token


def change_terms(contribution_id: int, terms: Terms, *, by: Person, at: datetime) -> None:
    """Another brief, target, deadline, or rights; other rights must be agreed to again."""
    contribution = load(contribution_id)
    _refuse_over(contribution)
    _set_terms(contribution, terms, at=at)
    note(contribution, "changed", by=by, at=at)


def move_deadline(
    contribution_id: int, *, wall: str, zone: str, which: int | None, by: Person, at: datetime
) -> None:
    """Give more time, or less."""
    contribution = load(contribution_id)
    _refuse_over(contribution)
    if not wall:
        raise Invalid(errors={"wall": _("Please give a date and a time.")})
    _set_deadline(contribution, wall, zone, which, at=at)
    contribution.expires_at = max(contribution.expires_at, _usual_end(contribution, at))
    note(contribution, "moved", by=by, at=at, due=contribution.due_wall, zone=contribution.due_zone)


def renew_link(contribution_id: int, *, by: Person, at: datetime, mail: bool = False) -> str:
    """A new link; every older one dies. It lasts at least thirty more days. Mailed as well when wanted."""
    contribution = load(contribution_id)
    if mail and not contribution.email:
        raise NoAddress
    _kill_links(contribution.id, at=at)
    contribution.revoked_at = None
    contribution.expires_at = max(contribution.expires_at, _usual_end(contribution, at))
    token = new_link(contribution, at=at)
    note(contribution, "renewed", by=by, at=at)
    if mail:
        mails.send_invitation(contribution, token, person=person_of(contribution), by=by)
    return token


def revoke(contribution_id: int, *, by: Person, at: datetime) -> None:
    """End it: its links stop at once. What was written stays."""
    contribution = load(contribution_id)
    _refuse_over(contribution)
    contribution.revoked_at = at
    _kill_links(contribution.id, at=at)
    note(contribution, "revoked", by=by, at=at)


def hand_back(contribution_id: int, *, words: str, by: Person, at: datetime) -> None:
    """Give the text back to whoever wrote it, saying what should change."""
    contribution = load(contribution_id)
    _refuse_over(contribution)
    if contribution.handed_in_at is None:
        raise NothingToHandIn(_("It is with them already."))
    if not words:
        raise Invalid(errors={"words": _("Please say what should change.")})
    contribution.handed_in_at, contribution.handed_back_at = None, at
    contribution.asked_at = None
    note(contribution, "handed_back", by=by, at=at, words=words, text=latest_text(contribution.post_id))
    _tell(contribution, "handed_back", by=by, at=at, words=words)


def ask_approval(contribution_id: int, *, by: Person, at: datetime) -> None:
    """Ask a writer to approve byline and text as they are to go out."""
    contribution = load(contribution_id)
    _refuse_over(contribution)
    contribution.asked_at, contribution.change_told_at = at, None
    contribution.handed_in_at = contribution.handed_in_at or at
    contribution.handed_back_at = None
    note(contribution, "asked", by=by, at=at, text=latest_text(contribution.post_id))
    _tell(contribution, "asked", by=by, at=at)


def answer(contribution_id: int, *, words: str, by: Person, at: datetime) -> None:
    """Say something to them; they read it on their page and by mail."""
    contribution = load(contribution_id)
    _refuse_over(contribution)
    if not words:
        raise Invalid(errors={"words": _("Please write something first.")})
    note(contribution, "said", by=by, at=at, words=words, is_audited=False)
    _tell(contribution, "said", by=by, at=at, words=words)


def remind(contribution_id: int, *, by: Person | None, at: datetime) -> None:
    """Mail a reminder with a link that works. By hand (`by`) also after they asked for no more."""
    contribution = load(contribution_id)
    _refuse_over(contribution)
    if not contribution.email:
        raise NoAddress
    contribution.reminded_at = at
    note(contribution, "reminded", by=by, at=at, is_audited=by is not None)
    mails.send_reminder(contribution, new_link(contribution, at=at), person=person_of(contribution), at=at)


def _tell(contribution: Contribution, about: str, *, by: Person, at: datetime, words: str = "") -> None:
    """By mail, when there is an address, with a link of its own: the older ones keep working."""
    if contribution.email:
        person, token = person_of(contribution), new_link(contribution, at=at)
        mails.send_news(contribution, token, about=about, person=person, by=by, words=words)


def _who(person_id: int | None, name: str, *, at: datetime) -> Person:
    if person_id:
        person = get_person(person_id)
        if person.role == "member" or person.disabled_at is not None:
            raise Invalid(errors={"who": _("This person cannot be asked. Please choose somebody else.")})
        return person
    if not name:
        raise Invalid(errors={"name": _("Please choose somebody, or give the name of somebody new.")})
    return people.add_guest(name=name, at=at)


def _set_terms(contribution: Contribution, terms: Terms, *, at: datetime) -> None:
    allowed = CREDITS if contribution.purpose == "write" else CAPACITIES
    if terms.role not in allowed:
        raise Invalid(errors={"role": _("Please choose a role from the list.")})
    if terms.word_target is not None and not 1 <= terms.word_target <= MOST_WORDS:
        raise Invalid(errors={"word_target": _("Please give a number from 1 to 50,000.")})
    if contribution.purpose == "write" and not terms.rights:
        raise Invalid(errors={"rights": _("Please say what the writer agrees to.")})
    contribution.role, contribution.locale, contribution.email = terms.role, terms.locale, terms.email
    contribution.brief, contribution.brief_html = terms.brief, terms.brief_html
    contribution.word_target = terms.word_target
    contribution.rights = terms.rights if contribution.purpose == "write" else ""
    _set_deadline(contribution, terms.wall, terms.zone, terms.which, at=at)
    _set_end(contribution, terms.expires_at, at=at)


def _set_deadline(
    contribution: Contribution, wall: str, zone: str, which: int | None, *, at: datetime
) -> None:
    if not wall:
        contribution.due_at = contribution.due_wall = contribution.due_zone = None
        return
    due_at = walltime.instant(wall, zone, which=which)
    if due_at != contribution.due_at:
        if due_at <= at:
            raise Invalid(errors={"wall": _("This deadline is in the past. Please choose a later one.")})
        contribution.late_told_at = None
    contribution.due_at, contribution.due_wall, contribution.due_zone = due_at, wall[:16], zone


def _set_end(contribution: Contribution, expires_at: datetime | None, *, at: datetime) -> None:
    wanted = expires_at or _usual_end(contribution, at)
    if wanted <= at or (contribution.due_at is not None and wanted < contribution.due_at):
        raise Invalid(errors={"expires": _("The link must work at least until the deadline.")})
    if wanted > at + LONGEST:
        raise Invalid(errors={"expires": _("A link works for two years at most.")})
    contribution.expires_at = wanted


def _usual_end(contribution: Contribution, at: datetime) -> datetime:
    return max(contribution.due_at or at, at) + LASTS_FOR


def new_link(contribution: Contribution, *, at: datetime) -> str:
    """One more link to it; gives its token. The older ones keep working."""
    token = new_token()
    link = ContributionLink(contribution_id=contribution.id, token_hash=fingerprint(token), created_at=at)
    db.session.add(link)
    db.session.flush()
    return token


def _kill_links(contribution_id: int, *, at: datetime) -> None:
    of_it = ContributionLink.contribution_id == contribution_id
    db.session.execute(
        update(ContributionLink).where(of_it, ContributionLink.revoked_at.is_(None)).values(revoked_at=at)
    )


def _refuse_over(contribution: Contribution) -> None:
    if contribution.revoked_at is not None:
        raise AlreadyOver
