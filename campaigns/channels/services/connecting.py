"""Connecting an account, giving it new credentials, and writing down what its network said.

The live test is made before, with no transaction open (`trials`); what it gave comes in here.
"""

from datetime import datetime, timedelta
from random import uniform
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.channels.adapter import Identity
from campaigns.channels.catalogue import adapter_for
from campaigns.channels.events import AccountResumed
from campaigns.channels.fields import Filled
from campaigns.channels.models import Account
from campaigns.channels.queries import get_account
from campaigns.channels.seats import write_secrets
from campaigns.channels.services.problems import AlreadyConnected, AnotherAccount
from campaigns.channels.trials import Failed, Passed, stored_secrets
from cms.core.database import db
from cms.core.seams import announce
from cms.people import audit
from cms.people.models import Person

_MARK = "="  # begins a key that is made of an address
UNTESTED = "untested"  # saved though its test failed
DAY = timedelta(days=1)
SOONEST = timedelta(minutes=10)


def connect_account(
    channel: str,
    filled: Filled,
    tried: Passed | Failed,
    *,
    name: str = "",
    zone: str,
    language: str = "",
    mode: str = "publish",
    by: Person | None,
    at: datetime,
) -> int:
    """Keep an account; gives its number. One that failed its test is kept paused. Raises `AlreadyConnected`.

    An account that was removed and comes back is the row it was: what it carried still belongs to it.
    """
    adapter = adapter_for(channel)
    known = _find_known(channel, tried)
    if known is not None and known.state != "removed":
        raise AlreadyConnected(known.name, known.id)
    account = known or Account(
        channel=channel, utm_source=channel, utm_medium=adapter.medium, created_at=at, created_by=by
    )
    told = tried.identity.name if isinstance(tried, Passed) else ""
    account.name = (name or told or str(adapter.name))[:120]
    account.zone, account.language, account.mode = zone, language, mode
    account.removed_at, account.limited_until, account.settings = None, None, dict(filled.settings)
    db.session.add(account)
    if isinstance(tried, Passed):
        account.state, account.paused_at = "active", None
        _note_passed(account, tried, at=at)
    else:
        account.secrets, account.secrets_at = write_secrets(filled.secrets), at
        account.state, account.paused_at, account.problem_code = "paused", at, UNTESTED
        account.problem = tried.sentence
    _flush(account)
    detail = {"channel": channel, "tested": isinstance(tried, Passed)}
    audit.record("account.connected", f"account:{account.id}", by=by, at=at, detail=detail)
    return account.id


def reconnect_account(
    account_id: int, filled: Filled, tried: Passed | Failed, *, by: Person | None, at: datetime
) -> None:
    """Other settings or new secrets for an account. An empty secret never replaces one that is stored.

    It sends again when the test passed. Raises `AnotherAccount` and `AlreadyConnected`.
    """
    account = get_account(account_id)
    account.settings = dict(filled.settings)
    if isinstance(tried, Passed):
        _refuse_another(account, tried.identity)
        is_back = account.state == "paused"
        account.state, account.paused_at = "active", None
        _note_passed(account, tried, at=at)
        if is_back:
            announce(AccountResumed(account_id=account_id, by=by, at=at))
    else:
        account.secrets, account.secrets_at = write_secrets(merged(account, filled)), at
        account.secrets_version += 1
        account.problem, account.problem_code = tried.sentence, UNTESTED
        account.state, account.paused_at = "paused", at
    account.warned_for = None
    _flush(account)
    detail = {"secrets": sorted(filled.secrets), "tested": isinstance(tried, Passed)}
    audit.record("account.reconnected", f"account:{account_id}", by=by, at=at, detail=detail)


def merged(account: Account, filled: Filled) -> dict[str, str]:
    """The secrets that people gave, with those that were given now instead.

    What adapters made of them, such as a session, is left out: a test makes its own, so that it never uses up a token
    that a worker is about to renew.
    """
    asked = {one.name for one in adapter_for(account.channel).fields if one.is_secret}
    stored = {name: value for name, value in stored_secrets(account).items() if name in asked}
    return stored | {name: value for name, value in filled.secrets.items() if value}


def note_told(account_id: int, tried: Passed, *, at: datetime) -> None:
    """Write down what the network told of an account as it is stored; its secrets were kept by the test itself."""
    account = get_account(account_id)
    _refuse_another(account, tried.identity)
    _note_identity(account, tried.identity, at=at)
    if tried.expires_at is not None:
        account.expires_at = tried.expires_at
    _flush(account)


def next_check(expires_at: datetime | None, *, at: datetime) -> datetime:
    """When to ask next: in about a day, or when half of what is left of the credentials is over. Never all at once."""
    wait = DAY * uniform(0.85, 1.15)  # noqa: S311 - spreads the work, guards nothing
    if expires_at is not None and expires_at > at:
        wait = min(wait, max(SOONEST, (expires_at - at) / 2))
    return at + wait


def _note_passed(account: Account, tried: Passed, *, at: datetime) -> None:
    account.secrets = write_secrets(tried.secrets)
    account.secrets_at = at if tried.secrets else None
    account.secrets_version = (account.secrets_version or 0) + 1
    account.expires_at = tried.expires_at
    _note_identity(account, tried.identity, at=at)


def _note_identity(account: Account, identity: Identity, *, at: datetime) -> None:
    account.remote_name, account.remote_url = identity.name[:200], identity.url[:500]
    account.remote_id = identity.remote_id[:200] or account.remote_id
    key = remote_key(account.channel, identity)
    if key and not (key.endswith("@") and account.remote_key):  # its server may be known from before
        account.remote_key = key
        _refuse_second(account)
    if identity.limits is not None:
        account.limits, account.limits_at = identity.limits.to_json(), at
    account.problem, account.problem_code, account.failed_checks = "", "", 0
    account.checked_at, account.check_at = at, next_check(account.expires_at, at=at)


def remote_key(channel: str, identity: Identity) -> str | None:
    """Who an account is in the whole world: its number at its server, else a mark of the address that leads to it.

    None where posts are carried by hand, and for letters: one sender may write to several lists.
    """
    if adapter_for(channel).has_recipients:
        return None
    if not identity.remote_id:
        return f"{_MARK}{identity.mark}" if identity.mark else None
    host = identity.server or urlsplit(identity.url).hostname or ""
    return f"{identity.remote_id}@{host}"[:400]


def _find_known(channel: str, tried: Passed | Failed) -> Account | None:
    key = remote_key(channel, tried.identity) if isinstance(tried, Passed) else None
    if key is None:
        return None
    return _with_key(channel, key)


def _with_key(channel: str, key: str, *, but: int | None = None) -> Account | None:
    """Who has this key, or the same number from the time when its server was not known."""
    keys = {key, key.rpartition("@")[0] + "@"} if "@" in key else {key}
    query = select(Account).where(
        Account.channel == channel, Account.remote_key.in_(keys), Account.id != (but or 0)
    )
    with db.session.no_autoflush:
        return db.session.scalars(query.order_by(Account.id)).first()


def _refuse_second(account: Account) -> None:
    """The database refuses a second one too; here it has the name of the first."""
    known = _with_key(account.channel, account.remote_key or "", but=account.id)
    if known is not None:
        raise AlreadyConnected(known.name, known.id)


def _refuse_another(account: Account, identity: Identity) -> None:
    key = remote_key(account.channel, identity)
    if account.remote_key and key and not _is_same(account.remote_key, key):
        raise AnotherAccount(identity.name or identity.remote_id, account.remote_name or account.remote_id)


def _is_same(one: str, other: str) -> bool:
    """The same number, at servers that are the same where both are known: a group may get a public address later.

    A mark says only which address leads there, and credentials may come with another one.
    """
    if one.startswith(_MARK) or other.startswith(_MARK):
        return True
    (number, _at, host), (other_number, _at, other_host) = one.rpartition("@"), other.rpartition("@")
    return number == other_number and (not host or not other_host or host == other_host)


def _flush(account: Account) -> None:
    name, account_id = account.name, account.id or 0
    try:
        db.session.flush()
    except (
        IntegrityError
    ) as error:  # two people connected it at the same moment: the database lets one through
        raise AlreadyConnected(name, account_id) from error
