"""From an account's row to the seat its adapter works from, and back when credentials are renewed.

Two processes never use a refresh token twice: `renewing` is a lease in the account's row, and new secrets are on disk
before anybody uses them.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from campaigns.channels import letters
from campaigns.channels.adapter import Seat, StillRenewing
from campaigns.channels.catalogue import adapter_for
from campaigns.channels.http import Http
from campaigns.channels.messages import Picture
from campaigns.channels.models import Account
from cms.core import clock, outbound
from cms.core.database import db, transaction
from cms.core.sealed import Sealed
from cms.core.secrets import decrypt, encrypt
from cms.core.storage import storage

RENEWING = timedelta(seconds=60)
SEALED = Sealed("credentials of accounts", Account.secrets)
PAUSE = 0.05  # seconds between two looks at a lease that somebody else holds


def seat_of(account: Account, *, recipients: Sequence[tuple[int, str, str]] | None = None) -> Seat:
    """The seat of a loaded account, with everybody who gets its letters unless others are named.

    Raises `UnreadableSecret`. No transaction may be open while it is used.
    """
    adapter = adapter_for(account.channel)
    if recipients is None:
        recipients = letters.everybody(account.id, account.language) if adapter.has_recipients else ()
    account_id = account.id
    client = outbound.client()
    return Seat(
        settings=dict(account.settings),
        secrets=read_secrets(account.secrets),
        http=Http(client.fetch, seconds=adapter.seconds, addresses=client.mail_addresses),
        limits=adapter.limits(account.settings, account.limits),
        now=clock.now,
        read=_read_picture,
        secrets_now=lambda: _secrets_now(account_id),
        keep=lambda secrets, ends_at: _keep(account_id, secrets, ends_at),
        renewing=lambda: _renewing(account_id),
        mode=account.mode,
        recipients=recipients,
    )


def write_secrets(secrets: Mapping[str, str]) -> str:
    """As they are stored."""
    return encrypt(json.dumps(dict(secrets), ensure_ascii=False)) if secrets else ""


def read_secrets(stored: str) -> dict[str, str]:
    """What `write_secrets` was given. Raises `UnreadableSecret`."""
    found: dict[str, str] = json.loads(decrypt(stored)) if stored else {}
    return found


def _read_picture(picture: Picture) -> bytes:
    with storage().open(picture.name) as file:
        return bytes(file.read())


def _secrets_now(account_id: int) -> dict[str, str]:
    stored = db.session.scalar(select(Account.secrets).where(Account.id == account_id))
    db.session.rollback()  # no read stays open while we talk to a network
    return read_secrets(stored or "")


def _keep(account_id: int, secrets: Mapping[str, str], ends_at: datetime | None) -> None:
    """Write renewed secrets down. An empty one never replaces one that is there."""
    known = _secrets_now(account_id)
    merged = known | {name: value for name, value in secrets.items() if value}
    with transaction():
        db.session.execute(
            update(Account)
            .where(Account.id == account_id, Account.state != "removed")
            .values(
                secrets=write_secrets(merged),
                secrets_version=Account.secrets_version + 1,
                secrets_at=clock.now(),
                expires_at=ends_at if ends_at is not None else Account.expires_at,
            )
            .execution_options(synchronize_session=False)
        )


@contextmanager
def _renewing(account_id: int, wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the lease of an account's credentials; wait for whoever holds it. Raises `StillRenewing`."""
    for _ in range(int(RENEWING.total_seconds() / PAUSE)):
        if _take_lease(account_id):
            break
        wait(PAUSE)
    else:
        raise StillRenewing
    try:
        yield
    finally:
        with transaction():
            db.session.execute(
                update(Account)
                .where(Account.id == account_id)
                .values(renewing_until=None)
                .execution_options(synchronize_session=False)
            )


def _take_lease(account_id: int) -> bool:
    now = clock.now()
    with transaction():
        taken = db.session.execute(
            update(Account)
            .where(
                Account.id == account_id,
                or_(Account.renewing_until.is_(None), Account.renewing_until < now),
            )
            .values(renewing_until=now + RENEWING)
            .execution_options(synchronize_session=False)
        )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]
