"""Links that let somebody in, and private addresses of feeds. Both are shown once; only their hash is kept."""

from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import func, select, update

from cms.circles.models import Circle, CircleFeed, CircleLink
from cms.circles.services.belonging import let_in
from cms.circles.services.loading import locked, tie
from cms.circles.services.problems import DeadCircleLink, NotAMember
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.secrets import fingerprint, new_token
from cms.people import audit
from cms.people.models import Person

LASTS_FOR = timedelta(days=14)
USES = (1, 10, 100)
MOST_FEEDS = 10


def make_link(circle_id: int, *, most_uses: int, by: Person, at: datetime) -> str:
    """A link for so many people, good for two weeks; given in clear this once."""
    locked(circle_id)
    if most_uses not in USES:
        raise Invalid(errors={"most_uses": gettext("Please choose one of the possibilities.")})
    token = new_token()
    row = CircleLink(
        circle_id=circle_id,
        token_hash=fingerprint(token),
        created_at=at,
        created_by_id=by.id,
        expires_at=at + LASTS_FOR,
        most_uses=most_uses,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("circle.link_made", f"circle:{circle_id}", by=by, at=at, detail={"number": most_uses})
    return token


def revoke_link(circle_id: int, link_id: int, *, by: Person, at: datetime) -> None:
    """It lets nobody in any more."""
    row = db.session.get(CircleLink, link_id)
    if row is None or row.circle_id != circle_id:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = at
        audit.record("circle.link_revoked", f"circle:{circle_id}", by=by, at=at)


def join_by_link(token: str, *, by: Person, at: datetime) -> Circle:
    """Become a member by a link. The last use is taken by one person, however many try at once."""
    row = db.session.scalar(select(CircleLink).where(CircleLink.token_hash == fingerprint(token)))
    if row is None:
        raise DeadCircleLink
    circle = locked(row.circle_id)
    db.session.refresh(row)
    found = tie(circle.id, by.id)
    if found is not None and found.state == "member":
        return circle
    if not row.works(at):
        raise DeadCircleLink
    let_in(circle, by.id, at=at)
    taken = db.session.execute(
        update(CircleLink)
        .where(CircleLink.id == row.id, CircleLink.uses < CircleLink.most_uses)
        .values(uses=CircleLink.uses + 1)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise DeadCircleLink
    return circle


def make_feed(circle_id: int, *, device: str, by: Person, at: datetime) -> str:
    """A private feed address for one of a member's devices, given in clear this once."""
    found = tie(circle_id, by.id)
    if found is None or found.state != "member":
        raise NotAMember
    device = " ".join(device.split())
    if not 1 <= len(device) <= 60:
        raise Invalid(
            errors={"device": gettext("Please name the device or program in at most 60 characters.")}
        )
    kept = select(func.count()).where(
        CircleFeed.circle_id == circle_id, CircleFeed.person_id == by.id, CircleFeed.revoked_at.is_(None)
    )
    if db.session.scalars(kept).one() >= MOST_FEEDS:
        raise Invalid(errors={"device": gettext("There are ten addresses already. Please end one first.")})
    token = new_token()
    db.session.add(
        CircleFeed(
            circle_id=circle_id, person_id=by.id, device=device, token_hash=fingerprint(token), created_at=at
        )
    )
    db.session.flush()
    return token


def revoke_feed(feed_id: int, *, by: Person, at: datetime) -> None:
    """End one of one's own addresses, at once; the others go on."""
    row = db.session.get(CircleFeed, feed_id)
    if row is None or row.person_id != by.id:
        raise NotFound
    row.revoked_at = row.revoked_at or at
