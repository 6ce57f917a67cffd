"""What staff are told about deliveries. `wiring.py` writes the list out."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.deliveries import rules
from cms.notices.kinds import NoticeKind
from cms.people.models import Person

Detail = Mapping[str, Any]


def _refused(detail: Detail) -> str:
    return str(gettext("“%(title)s” could not be sent to %(account)s", **_named(detail)))


def _unsure(detail: Detail) -> str:
    return str(
        gettext(
            "Nobody knows whether “%(title)s” arrived at %(account)s. Please look there", **_named(detail)
        )
    )


def _missed(detail: Detail) -> str:
    return str(gettext("What was due at %(account)s was missed. Please decide on it", **_named(detail)))


def _by_hand(detail: Detail) -> str:
    return str(gettext("“%(title)s” is ready to be posted by hand to %(account)s", **_named(detail)))


def _wish(detail: Detail) -> str:
    return str(gettext("“%(title)s” could not be changed or deleted at %(account)s", **_named(detail)))


def _stuck(detail: Detail) -> str:
    return str(gettext("Some deliveries do not move. Please run “parley doctor”"))


def _guarded(detail: Detail) -> str:
    return str(gettext("Nothing is sent: this database seems to be a copy. Please look at the pause"))


def _address(subject: str, detail: Detail) -> str:
    """To the delivery it is about; where several of an account were missed, to those."""
    of, _colon, number = subject.partition(":")
    if of == "delivery":
        return url_for("deliveries.show_delivery", delivery_id=int(number))
    if of == "hold":
        return url_for("deliveries.list_holds")
    if of != "account":
        return url_for("deliveries.list_deliveries")
    if "delivery" in detail:
        return url_for("deliveries.show_delivery", delivery_id=detail["delivery"])
    return url_for("deliveries.list_deliveries", show="asking", state="missed", account=number)


def _may_see(person: Person, subject: str) -> bool:
    return rules.can_see_deliveries(person)


def _visible(person: Person, subjects: Collection[str]) -> Collection[str]:
    return subjects if rules.can_see_deliveries(person) else []


def _kind(key: str, label: Any, sentence: Callable[[Detail], str]) -> NoticeKind:
    return NoticeKind(
        key=f"delivery.{key}",
        label=label,
        sentence=sentence,
        address=_address,
        may_see=_may_see,
        visible=_visible,
        concerns=rules.can_see_deliveries,
    )


NOTICES = [
    _kind("refused", _("A delivery was refused"), _refused),
    _kind("unsure", _("A delivery may or may not have arrived"), _unsure),
    _kind("missed", _("Deliveries were missed"), _missed),
    _kind("by_hand", _("Something is ready to be posted by hand"), _by_hand),
    _kind("wish", _("Something sent could not be changed"), _wish),
    _kind("guarded", _("Sending stopped because the database seems to be a copy"), _guarded),
    _kind("stuck", _("Deliveries do not move"), _stuck),
]


def _named(detail: Detail) -> dict[str, str]:
    return {"title": str(detail.get("title", "")), "account": str(detail.get("account", ""))}
