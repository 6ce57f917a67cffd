"""Embargoes: until its time nobody publishes the post, whoever they are, unless the embargo is lifted first.

It is not a schedule: it lapses by itself and publishes nothing. It belongs to the post, so newer texts and
corrections do not end it.
"""

from datetime import datetime

from flask_babel import gettext as _

from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.seams import Finding
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.services.loading import load
from cms.posts.services.moments import instant_to_come, spoken
from cms.posts.services.problems import Embargoed, LiveUnderEmbargo, NotEmbargoed
from cms.posts.services.telling import tell_lifted


def set_embargo(
    post_id: int,
    *,
    wall: str,
    zone: str,
    reason: str,
    by: Person | None,
    at: datetime,
    which: int | None = None,
) -> datetime:
    """Keep a post from readers until clocks in `zone` show `wall`. Setting it again replaces it, and is audited too.

    Refused on a live post, and when something is planned for before that.
    """
    until = instant_to_come(wall, zone, which=which, at=at)
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(errors={"reason": _("Please say why, for those who meet the embargo.")})
    post = load(post_id)
    if post.is_live:
        raise LiveUnderEmbargo
    _refuse_earlier_plans(post, until)
    post.embargo_until, post.embargo_wall, post.embargo_zone = until, wall[:16], zone
    post.embargo_reason, post.embargo_by_id = reason[:300], by.id if by else None
    post.edited_at = at
    detail = {"until": until.isoformat(), "zone": zone}
    audit.record("post.embargoed", f"post:{post.id}", by=by, at=at, detail=detail)
    db.session.flush()
    return until


def lift_embargo(post_id: int, *, by: Person | None, at: datetime) -> None:
    """End an embargo before its time. An act of its own, never a side effect of publishing."""
    post = load(post_id)
    if not is_standing(post, at):
        raise NotEmbargoed
    post.embargo_until = post.embargo_wall = post.embargo_zone = None
    post.embargo_reason = post.embargo_by_id = None
    post.edited_at = at
    audit.record("post.embargo_lifted", f"post:{post.id}", by=by, at=at)
    tell_lifted(post, by=by, at=at)
    db.session.flush()


def is_standing(post: Post, at: datetime) -> bool:
    """Whether nobody may publish the post at this moment."""
    return post.embargo_until is not None and post.embargo_until > at


def refuse_embargoed(post: Post, at: datetime) -> None:
    """Raise `Embargoed`, saying until when and why, while an embargo stands."""
    if is_standing(post, at):
        raise Embargoed(_standing(post))


def find_embargo(*, post: Post, at: datetime, **asked: object) -> list[Finding]:
    """For the page that shows what will go out: the embargo that stands in the way."""
    if not is_standing(post, at):
        return []
    return [Finding("post.embargo", _standing(post), is_blocking=True)]


def refuse_before_embargo(post: Post, due_at: datetime) -> None:
    """Refuse a plan for a moment at which an embargo still stands."""
    if is_standing(post, due_at):
        raise Invalid(errors={"wall": _standing(post)})


def _standing(post: Post) -> str:
    sentence = _(
        "An embargo stands until %(when)s: %(reason)s. Nobody publishes this earlier unless the embargo is lifted.",
        when=spoken(post.embargo_wall, post.embargo_zone),
        reason=(post.embargo_reason or "").rstrip(".。"),
    )
    return str(sentence)


def _refuse_earlier_plans(post: Post, until: datetime) -> None:
    if post.due_at is not None and post.due_problem is None and post.due_at < until:
        when = spoken(post.due_wall, post.due_zone)
        sentence = _(
            "It is planned to go out on %(when)s, before that. Move or call that off first.", when=when
        )
        raise Invalid(errors={"wall": sentence})
