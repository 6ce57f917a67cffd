"""What people are told about circles, and the telling. `wiring.py` writes the list of kinds out.

A notice holds numbers only: the name of a circle is read when it is shown, by who may know of it then.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cms.circles.models import Circle
from cms.circles.queries.gate import known_ids
from cms.circles.rules import looks_after_circles
from cms.core.database import db
from cms.notices.kinds import NoticeKind
from cms.notices.services import notify
from cms.people.models import Person
from cms.people.rules import is_signed_in


def tell_person(what: str, circle: Circle, person_id: int, *, by: Person | None, at: datetime) -> None:
    """One person, about their own standing."""
    _tell(what, circle, [person_id], by=by, at=at)


def tell_moderators(what: str, circle: Circle, people: Iterable[int], *, by: Person, at: datetime) -> None:
    """Who looks after the circle now; who did once is told no more."""
    _tell(what, circle, people, by=by, at=at)


def tell_stewards(circle: Circle, people: Iterable[int], *, at: datetime) -> None:
    """Community managers."""
    _tell("ownerless", circle, people, by=None, at=at)


def _tell(what: str, circle: Circle, people: Iterable[int], *, by: Person | None, at: datetime) -> None:
    notify(
        f"circle.{what}", to=people, subject=f"circle:{circle.id}", by=by, at=at, detail={"circle": circle.id}
    )


def _visible(person: Person, subjects: Collection[str]) -> set[str]:
    numbers = [int(one.removeprefix("circle:")) for one in subjects if one.startswith("circle:")]
    return {f"circle:{one}" for one in known_ids(person, numbers)}


def _may_see(person: Person, subject: str) -> bool:
    return bool(_visible(person, [subject]))


def _name(detail: Mapping[str, Any]) -> str:
    """The name as it is now. The notice itself was shown to pass the gate before its sentence is made."""
    return db.session.scalar(select(Circle.name).where(Circle.id == detail.get("circle"))) or ""


def _slug(detail: Mapping[str, Any]) -> str:
    return db.session.scalar(select(Circle.slug).where(Circle.id == detail.get("circle"))) or "-"


def _kind(
    key: str,
    label: Any,
    sentence: Callable[[str], str],
    endpoint: str,
    concerns: Callable[[Person], bool] = is_signed_in,
) -> NoticeKind:
    return NoticeKind(
        key=f"circle.{key}",
        label=label,
        sentence=lambda detail: sentence(_name(detail)),
        address=lambda subject, detail: url_for(endpoint, slug=_slug(detail)),
        may_see=_may_see,
        visible=_visible,
        concerns=concerns,
    )


def _about_ban(key: str, label: Any, sentence: Callable[[str], str], endpoint: str) -> NoticeKind:
    """Of a ban somebody is told also when the circle does not exist for them any more: then without its name."""

    def said(detail: Mapping[str, Any]) -> str:
        query = select(Circle.name).where(Circle.id == detail.get("circle"), Circle.visibility != "hidden")
        name = db.session.scalar(query)
        return sentence(gettext("“%(name)s”", name=name) if name else gettext("that is hidden"))

    return NoticeKind(
        key=f"circle.{key}",
        label=label,
        sentence=said,
        address=lambda subject, detail: url_for(endpoint),
        may_see=lambda person, subject: True,
        visible=lambda person, subjects: set(subjects),
        concerns=is_signed_in,
    )


NOTICES = [
    _about_ban(
        "banned",
        _("You are shut out of a circle"),
        lambda name: gettext("You were shut out of the circle %(name)s.", name=name),
        "circles.list_bans",
    ),
    _about_ban(
        "ban_lifted",
        _("You are not shut out of a circle any more"),
        lambda name: gettext("You are not shut out of the circle %(name)s any more.", name=name),
        "circles.list_mine",
    ),
    _about_ban(
        "appeal_refused",
        _("You stay shut out of a circle"),
        lambda name: gettext("It was looked at again: you stay shut out of the circle %(name)s.", name=name),
        "circles.list_bans",
    ),
    _kind(
        "appeal",
        _("Somebody who was shut out of a circle you look after appeals"),
        lambda name: gettext("Somebody who was shut out of the circle “%(name)s” appeals.", name=name),
        "circles.list_members",
    ),
    _kind(
        "invited",
        _("Somebody invites you to a circle"),
        lambda name: gettext("You are invited to the circle “%(name)s”.", name=name),
        "circles.show_membership",
    ),
    _kind(
        "let_in",
        _("You are let into a circle"),
        lambda name: gettext("You are a member of the circle “%(name)s” now.", name=name),
        "circles.show_inside",
    ),
    _kind(
        "request",
        _("Somebody asks to join a circle you look after"),
        lambda name: gettext("Somebody asks to join the circle “%(name)s”.", name=name),
        "circles.list_members",
    ),
    _kind(
        "reported",
        _("A topic is reported in a circle you look after"),
        lambda name: gettext("A topic of the circle “%(name)s” was reported.", name=name),
        "circles.show_queue",
    ),
    _kind(
        "owner",
        _("A circle becomes yours"),
        lambda name: gettext("The circle “%(name)s” is yours now.", name=name),
        "circles.show_settings",
    ),
    _kind(
        "heir",
        _("You are asked to take a circle over"),
        lambda name: gettext("The owner of “%(name)s” is away. Will you take the circle over?", name=name),
        "circles.show_membership",
    ),
    _kind(
        "ownerless",
        _("A circle has nobody who looks after it"),
        lambda name: gettext("Nobody is left to own the circle “%(name)s”. Please name somebody.", name=name),
        "circles.list_members",
        looks_after_circles,
    ),
]
