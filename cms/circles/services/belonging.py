"""Who gets in and out. Every act asks the table of `states`, and joining asks the policy again, whatever page led here."""

from datetime import datetime

from flask_babel import gettext
from sqlalchemy import update

from cms.circles import news, states
from cms.circles.events import CircleJoined
from cms.circles.models import Circle, CircleFeed, Membership
from cms.circles.rules import looks_after_circles
from cms.circles.services.loading import locked, moderators, recount, tie, touch_circle
from cms.circles.services.problems import (
    AppealedAlready,
    LastOwner,
    NotAMember,
    NotOpenForAll,
    ProtectedMember,
)
from cms.circles.states import NotPossible
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.seams import announce
from cms.core.text import strip_control
from cms.people import audit
from cms.people.models import Person


def ask_in(circle_id: int, *, words: str = "", by: Person, at: datetime) -> str | None:
    """Join, or ask to: which of the two is decided here, by the policy as it is now. Gives where it led."""
    circle = locked(circle_id)
    state = _state(circle_id, by.id)
    if circle.join_policy == "invitation" and state not in ("invited", "member", "banned"):
        raise NotOpenForAll
    if circle.visibility == "hidden" and state not in ("invited", "member", "banned"):
        raise NotOpenForAll
    act = "join" if circle.join_policy == "open" else "ask"
    now_is = _move(circle, by.id, act, words=_cut(words), by=None, at=at, own_act=True)
    if now_is == "requested" and state != "requested":
        news.tell_moderators("request", circle, moderators(circle_id), by=by, at=at)
    return now_is


def accept(circle_id: int, *, by: Person, at: datetime) -> None:
    """Take an invitation. It needs no more than the invitation: the page may be one that they cannot see yet."""
    _move(locked(circle_id), by.id, "accept", by=None, at=at, own_act=True)


def leave(circle_id: int, *, by: Person, at: datetime) -> None:
    """Leave, decline an invitation, or take back a request. Also of a closed circle; never as its last owner."""
    circle = locked(circle_id, must_be_open=False)
    found = tie(circle_id, by.id)
    if found is not None and found.role == "owner" and circle.is_open:
        raise LastOwner
    _move(circle, by.id, "leave", by=None, at=at)


def invite(circle_id: int, person_id: int, *, by: Person, at: datetime) -> str | None:
    """Offer membership; who asked before is a member by it."""
    circle = locked(circle_id)
    before = _state(circle_id, person_id)
    if before == "member":
        raise Invalid(errors={"handle": gettext("They are a member already.")})
    now_is = _move(circle, person_id, "invite", by=by, at=at)
    if before != now_is:
        news.tell_person("invited" if now_is == "invited" else "let_in", circle, person_id, by=by, at=at)
    return now_is


def approve(circle_id: int, person_id: int, *, by: Person, at: datetime) -> None:
    """Let in who asked."""
    circle = locked(circle_id)
    was_in = _state(circle_id, person_id) == "member"
    _move(circle, person_id, "approve", by=by, at=at)
    if not was_in:
        news.tell_person("let_in", circle, person_id, by=by, at=at)


def refuse(circle_id: int, person_id: int, *, by: Person, at: datetime) -> None:
    """Say no to who asked. They may ask again; nobody is told in public."""
    _move(locked(circle_id), person_id, "refuse", by=by, at=at)
    audit.record("circle.request_refused", f"circle:{circle_id}", by=by, at=at, detail={"person": person_id})


def remove(circle_id: int, person_id: int, *, by: Person, at: datetime) -> None:
    """Show a member out, or take an invitation back."""
    circle = locked(circle_id, must_be_open=False)
    _refuse_protected(circle_id, person_id, by)
    _move(circle, person_id, "remove", by=by, at=at)
    audit.record("circle.member_removed", f"circle:{circle_id}", by=by, at=at, detail={"person": person_id})


def ban(circle_id: int, person_id: int, *, why: str = "", by: Person, at: datetime) -> None:
    """Show somebody out who stays out: no request, link or invitation lets them in. Their account is not touched."""
    circle = locked(circle_id, must_be_open=False)
    _refuse_protected(circle_id, person_id, by)
    before = _state(circle_id, person_id)
    _move(circle, person_id, "ban", words=_cut(why), by=by, at=at)
    if before not in (None, "banned"):  # who had nothing to do with it may not know that there is one
        news.tell_person("banned", circle, person_id, by=by, at=at)
    audit.record("circle.banned", f"circle:{circle_id}", by=by, at=at, detail={"person": person_id})


def lift_ban(circle_id: int, person_id: int, *, by: Person, at: datetime) -> None:
    """They may ask again: the answer to an appeal that was right, or without one."""
    circle = locked(circle_id, must_be_open=False)
    _move(circle, person_id, "lift", by=by, at=at)
    audit.record("circle.ban_lifted", f"circle:{circle_id}", by=by, at=at, detail={"person": person_id})
    news.tell_person("ban_lifted", circle, person_id, by=by, at=at)


def appeal(circle_id: int, *, words: str, by: Person, at: datetime) -> None:
    """Ask, once, that a ban be looked at again; its moderators are told."""
    circle = locked(circle_id, must_be_open=False)
    found = tie(circle_id, by.id)
    if found is None or found.state != "banned":
        raise NotFound
    if found.appealed_at is not None:
        raise AppealedAlready
    kept = _cut(words)
    if not kept:
        raise Invalid(errors={"words": gettext("Please say why this should be looked at again.")})
    found.appeal, found.appealed_at = kept, at
    db.session.flush()
    news.tell_moderators("appeal", circle, moderators(circle_id), by=by, at=at)


def refuse_appeal(circle_id: int, person_id: int, *, why: str, by: Person, at: datetime) -> None:
    """Looked at again, and the ban stays, with a reason they read. To grant it is `lift_ban`."""
    circle = locked(circle_id, must_be_open=False)
    found = tie(circle_id, person_id)
    if found is None or found.state != "banned" or not found.is_appeal_open:
        raise NotPossible
    kept = _cut(why)
    if not kept:
        raise Invalid(errors={"words": gettext("Please give a reason; they will read it.")})
    found.appeal_answer = kept
    db.session.flush()
    audit.record("circle.appeal_refused", f"circle:{circle_id}", by=by, at=at, detail={"person": person_id})
    news.tell_person("appeal_refused", circle, person_id, by=by, at=at)


def change_role(circle_id: int, person_id: int, role: str, *, by: Person, at: datetime) -> None:
    """Make a member a moderator, or a moderator a member. The owner's role is handed over, not taken."""
    locked(circle_id)
    found = tie(circle_id, person_id)
    if found is None or found.state != "member":
        raise NotAMember
    if role not in ("member", "moderator") or found.role == "owner":
        raise ProtectedMember
    if found.role == role:
        return
    found.role = role
    db.session.flush()
    audit.record(
        "circle.role_changed", f"circle:{circle_id}", by=by, at=at, detail={"person": person_id, "role": role}
    )


def hand_over(circle_id: int, person_id: int, *, by: Person | None, at: datetime) -> None:
    """Give a circle another owner: a member. Who owned it stays as a moderator and is told no more as its owner."""
    circle = locked(circle_id)
    found = tie(circle_id, person_id)
    if found is None or found.state != "member":
        raise NotAMember
    db.session.execute(
        update(Membership)
        .where(
            Membership.circle_id == circle_id, Membership.role == "owner", Membership.person_id != person_id
        )
        .values(role="moderator")
    )
    found.role = "owner"
    circle.heir_id = circle.heir_asked_at = None
    circle.heirs_asked, circle.owner_seen_at = [], at
    db.session.flush()
    audit.record("circle.owner_changed", f"circle:{circle_id}", by=by, at=at, detail={"person": person_id})
    news.tell_person("owner", circle, person_id, by=by, at=at)
    touch_circle(circle_id)


def let_in(circle: Circle, person_id: int, *, at: datetime) -> None:
    """Somebody holds a link that lets in: the same ways as an invitation, so a ban holds."""
    act = "accept" if _state(circle.id, person_id) in ("invited", "member") else "join"
    _move(circle, person_id, act, by=None, at=at, own_act=True)


def _move(
    circle: Circle,
    person_id: int,
    act: str,
    *,
    words: str = "",
    by: Person | None,
    at: datetime,
    own_act: bool = False,
) -> str | None:
    found = tie(circle.id, person_id)
    before = found.state if found else None
    now_is = states.after(before, act)
    if now_is == before:
        return now_is
    if now_is is None:
        db.session.delete(found)
    else:
        if found is None:
            found = Membership(circle_id=circle.id, person_id=person_id)
            db.session.add(found)
        found.state, found.role, found.since, found.words = now_is, "member", at, words
        found.by_id = by.id if by else None
        found.appeal, found.appealed_at, found.appeal_answer = "", None, ""
    db.session.flush()
    if before == "member":
        _lose_feeds(circle.id, person_id, at)
    if now_is == "member":
        announce(CircleJoined(circle.id, person_id, by_own_act=own_act))
    if "member" in (before, now_is):
        recount(circle.id)
        touch_circle(circle.id)
    return now_is


def _lose_feeds(circle_id: int, person_id: int, at: datetime) -> None:
    """The feed would answer nothing anyway; one that comes back makes a new address."""
    mine = (CircleFeed.circle_id == circle_id, CircleFeed.person_id == person_id)
    db.session.execute(update(CircleFeed).where(*mine, CircleFeed.revoked_at.is_(None)).values(revoked_at=at))


def _refuse_protected(circle_id: int, person_id: int, by: Person) -> None:
    found, mine = tie(circle_id, person_id), tie(circle_id, by.id)
    is_owner = (mine is not None and mine.role == "owner") or looks_after_circles(by)
    if found is not None and (found.role == "owner" or (found.role == "moderator" and not is_owner)):
        raise ProtectedMember


def _state(circle_id: int, person_id: int) -> str | None:
    found = tie(circle_id, person_id)
    return found.state if found else None


def _cut(words: str) -> str:
    kept = " ".join(strip_control(words).split())
    if len(kept) > 500:
        raise Invalid(errors={"words": gettext("Please use at most 500 characters.")})
    return kept
