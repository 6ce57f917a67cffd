"""Deliveries as lists and boxes show them: the state in words, when, and the one thing to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_datetime, format_timedelta
from flask_babel import gettext as _

from campaigns.channels.adapter import Adapter
from campaigns.channels.catalogue import find_adapter
from campaigns.deliveries import wording
from campaigns.deliveries.models import Delivery
from cms.core.walltime import zone_named

SOON = timedelta(seconds=90)
OVERDUE = timedelta(minutes=5)  # after which something due and not out is said to be late


@dataclass(frozen=True)
class Moment:
    """A time: the instant, the same exactly in its zone, and how far away it is."""

    at: datetime
    exactly: str
    briefly: str  # without year and zone
    distance: str


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    one: Delivery
    word: Any
    kind: str  # how the state is drawn
    to_do: Any | None
    when: Moment | None
    network: str
    is_overdue: bool
    is_moving: bool  # it will stand elsewhere in a moment, without anybody doing anything


def described(deliveries: Iterable[Delivery], at: datetime) -> list[Row]:
    """Each with what is said about it. Needs accounts loaded."""
    return [row(one, at) for one in deliveries]


def row(one: Delivery, at: datetime) -> Row:
    """One delivery with what is said about it."""
    word, kind = wording.STATES[one.state]
    if one.state == "sent" and one.deleted_at is not None:
        word, kind = _("Sent, gone there"), "quiet"
    elif one.state == "sent" and one.is_draft:
        word, kind = _("A draft waits there"), "warn"
    when = one.sent_at or one.due_at or one.planned_at
    is_overdue = one.state == "scheduled" and one.due_at is not None and at - one.due_at > OVERDUE
    return Row(
        one=one,
        word=word,
        kind="bad" if is_overdue else kind,
        to_do=wording.TO_DO.get(one.state),
        when=moment(when, zone_of(one), at) if when else None,
        network=network_name(one.account.channel),
        is_overdue=is_overdue,
        is_moving=_is_moving(one, at),
    )


def moment(when: datetime, zone: str, at: datetime) -> Moment:
    """A time in words, in a zone."""
    local = when.astimezone(zone_named(zone))
    exactly = format_datetime(local, _("EEE d MMM y, HH:mm"), rebase=False)
    briefly = format_datetime(local, _("EEE d MMM, HH:mm"), rebase=False)
    away = when - at
    short = abs(away) < timedelta(days=2)
    distance = format_timedelta(
        away, granularity="minute" if short else "day", add_direction=True, threshold=1.2 if short else 9
    )
    return Moment(when, f"{exactly} ({zone})", briefly, str(distance))


def _is_moving(one: Delivery, at: datetime) -> bool:
    if one.state in ("sending", "finishing") or one.wish:
        return True
    if one.state == "scheduled":
        return one.due_at is not None and -OVERDUE < one.due_at - at < SOON
    return one.state == "unsure" and one.look_at is not None and one.look_at - at < SOON


def zone_of(one: Delivery) -> str:
    """The zone its time was given in, else that of its account."""
    return one.zone or one.account.zone


def network_name(key: str) -> str:
    """What a network is called; one that is not in the catalogue any more, by its key."""
    adapter = find_adapter(key)
    return str(adapter.name) if adapter else key


def adapter_of(one: Delivery) -> Adapter | None:
    """The network of a delivery, as long as there is one."""
    return find_adapter(one.account.channel)
