"""The live test: asking a network who we are, with credentials that may not be stored yet. No transaction is open."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from campaigns.channels.adapter import Adapter, Disconnected, Identity, Seat, StillRenewing
from campaigns.channels.fields import Filled
from campaigns.channels.http import Http, Lost
from campaigns.channels.messages import Picture
from campaigns.channels.models import Account
from campaigns.channels.robots import hidden
from campaigns.channels.seats import read_secrets, seat_of
from cms.core import clock, outbound
from cms.core.database import db
from cms.core.secrets import UnreadableSecret


@dataclass(frozen=True)
class Passed:
    """The network let us in. `secrets` are what was typed, with what the network gave instead meanwhile."""

    identity: Identity
    secrets: Mapping[str, str]
    expires_at: datetime | None


@dataclass(frozen=True)
class Failed:
    """It did not; `field` is what it is about, or empty. `is_passing`: the network was not reached at all."""

    sentence: str
    field: str = ""
    is_passing: bool = False


def try_filled(adapter: Adapter, filled: Filled, *, mode: str = "publish") -> Passed | Failed:
    """Test what was typed. Renewed credentials are kept in what this gives, not in any row."""
    db.session.rollback()  # nothing stays open while we talk to a network
    kept = _Kept(dict(filled.secrets))
    client = outbound.client()
    seat = Seat(
        settings=dict(filled.settings),
        secrets=dict(filled.secrets),
        http=Http(client.fetch, seconds=adapter.seconds, addresses=client.mail_addresses),
        limits=adapter.limits(filled.settings, None),
        now=clock.now,
        read=_no_picture,
        secrets_now=lambda: dict(kept.secrets),
        keep=kept.keep,
        renewing=nullcontext,
        mode=mode,
    )
    found = _ask(adapter, seat)
    if isinstance(found, Failed):
        return found
    return Passed(found, kept.secrets, found.expires_at or kept.ends_at)


def try_account(account: Account, adapter: Adapter) -> Passed | Failed:
    """Test a loaded account as it is stored; what the network renews is stored at once."""
    try:
        seat = seat_of(account)
    except UnreadableSecret:
        return Failed(_unreadable())
    db.session.rollback()  # nothing stays open while we talk to a network
    found = _ask(adapter, seat)
    if isinstance(found, Failed):
        return found
    return Passed(found, seat.secrets_now(), found.expires_at)


def stored_secrets(account: Account) -> dict[str, str]:
    """The secrets of a loaded account; none when no key opens them."""
    try:
        return read_secrets(account.secrets)
    except UnreadableSecret:
        return {}


@dataclass
class _Kept:
    """Where a seat without a row keeps what the network renews."""

    secrets: dict[str, str]
    ends_at: datetime | None = None

    def keep(self, secrets: Mapping[str, str], ends_at: datetime | None) -> None:
        """As a seat's `keep`: an empty secret replaces nothing."""
        self.secrets |= {name: value for name, value in secrets.items() if value}
        self.ends_at = ends_at or self.ends_at


def _ask(adapter: Adapter, seat: Seat) -> Identity | Failed:
    for field in adapter.fields:
        given = seat.secrets if field.is_secret else seat.settings
        if field.is_required and not given.get(field.name):
            return Failed(str(gettext("Please give the credentials of this account again.")), field.name)
    try:
        return adapter.connect(seat)
    except Disconnected as problem:
        sentence = hidden(str(problem.sentence), seat.secrets.values())
        return Failed(sentence, problem.field, is_passing=isinstance(problem.__cause__, Lost))
    except StillRenewing:
        return Failed(
            gettext("Its credentials are being renewed. Please try again in a minute."), is_passing=True
        )
    except UnreadableSecret:
        return Failed(_unreadable())


def _unreadable() -> str:
    return str(
        gettext("The stored credentials cannot be read with the keys of this server. Please give them again.")
    )


def _no_picture(picture: Picture) -> bytes:
    raise LookupError(picture.name)  # connecting sends no pictures
