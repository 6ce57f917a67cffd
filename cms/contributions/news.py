"""What editors are told about people from outside. `wiring.py` writes the list out."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cms.contributions import rules
from cms.core.database import db
from cms.notices.kinds import NoticeKind
from cms.people.models import Person
from cms.posts.models import Post


def _address(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("contributions.manage_contribution", contribution_id=detail["contribution"])


def _visible(person: Person, subjects: Collection[str]) -> set[str]:
    """Subjects that are posts outside the trash, for those who look after every post."""
    if not rules.can_see_contributions(person):
        return set()
    numbers = [int(one.removeprefix("post:")) for one in subjects if one.startswith("post:")]
    kept = select(Post.id).where(Post.id.in_(numbers), Post.trashed_at.is_(None))
    return {f"post:{one}" for one in db.session.scalars(kept)}


def _may_see(person: Person, subject: str) -> bool:
    return bool(_visible(person, [subject]))


def _kind(key: str, label: Any, sentence: Any) -> NoticeKind:
    return NoticeKind(
        key=f"contribution.{key}",
        label=label,
        sentence=sentence,
        address=_address,
        may_see=_may_see,
        visible=_visible,
        concerns=rules.can_see_contributions,
    )


NOTICES = [
    _kind(
        "handed_in",
        _("Somebody from outside hands in a text"),
        lambda detail: gettext("%(name)s handed in “%(title)s”.", **_named(detail)),
    ),
    _kind(
        "commented",
        _("Somebody from outside writes a message"),
        lambda detail: gettext("%(name)s wrote to you about “%(title)s”.", **_named(detail)),
    ),
    _kind(
        "approved",
        _("Somebody from outside approves a text"),
        lambda detail: gettext("%(name)s approved “%(title)s”.", **_named(detail)),
    ),
    _kind(
        "refused",
        _("Somebody from outside refuses a text"),
        lambda detail: gettext("%(name)s refused “%(title)s”.", **_named(detail)),
    ),
    _kind(
        "late",
        _("Nothing came by the deadline"),
        lambda detail: gettext(
            "Nothing came from %(name)s for “%(title)s” by the deadline.", **_named(detail)
        ),
    ),
]


def _named(detail: Mapping[str, Any]) -> dict[str, str]:
    return {"name": str(detail.get("name", "")), "title": str(detail.get("title", ""))}
