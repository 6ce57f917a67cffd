"""Accounts as the desk shows them: how each stands, in a word, and the one thing to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_timedelta
from flask_babel import gettext as _

from campaigns.channels.adapter import Adapter
from campaigns.channels.catalogue import find_adapter
from campaigns.channels.models import Account
from campaigns.channels.services import BY_HAND, is_ending
from campaigns.channels.waiting import Waiting, waiting_for


@dataclass(frozen=True)
class Row:
    """One account and what there is to say about it."""

    account: Account
    adapter: Adapter | None  # None when this version has no such network
    waiting: Waiting
    word: str
    kind: str  # of the state's mark: good, warn, bad, quiet
    sentence: str  # what is wrong and what follows; empty when nothing is
    remedy: str  # resume, reconnect, test or nothing
    ends: str  # when the credentials end, in words; empty when that is not known

    @property
    def network(self) -> Any:
        """What the network is called."""
        return self.adapter.name if self.adapter else self.account.channel

    @property
    def is_trouble(self) -> bool:
        """Whether somebody should look: not for what a person paused."""
        return self.kind != "good" and self.account.problem_code != BY_HAND and bool(self.sentence)


def described(accounts: Iterable[Account], at: datetime) -> Sequence[Row]:
    """Rows of accounts, in their order, with one question to deliveries."""
    found = list(accounts)
    waiting = waiting_for([one.id for one in found])
    return [_row(one, waiting[one.id], at) for one in found]


def _row(account: Account, waiting: Waiting, at: datetime) -> Row:
    word, kind, sentence, remedy = _standing(account, waiting, at)
    return Row(
        account=account,
        adapter=find_adapter(account.channel),
        waiting=waiting,
        word=word,
        kind=kind,
        sentence=sentence,
        remedy=remedy,
        ends=_ends(account, at),
    )


def _standing(account: Account, waiting: Waiting, at: datetime) -> tuple[str, str, str, str]:
    if account.state == "paused":
        return _paused(account)
    if account.expires_at is not None and account.expires_at <= at:
        return _("Has ended"), "bad", _("Its credentials have ended. Please give new ones."), "reconnect"
    if is_ending(account.expires_at, waiting.last_at, at=at):
        return _("Ends soon"), "warn", _ending(account, waiting), "reconnect"
    if account.problem:
        return _("Did not answer"), "warn", account.problem, "test"
    if account.limited_until is not None and account.limited_until > at:
        return _("Asked to wait"), "warn", _("The network asked us to wait. It goes on by itself."), ""
    return _("Works"), "good", "", ""


def _paused(account: Account) -> tuple[str, str, str, str]:
    if account.problem_code == BY_HAND:
        said = account.problem or _("Somebody paused it.")
        return _("Paused"), "warn", said, "resume"
    if account.problem_code == "untested":
        return _("Not tested"), "bad", account.problem, "reconnect"
    return _("Paused"), "bad", account.problem, "reconnect"


def _ending(account: Account, waiting: Waiting) -> str:
    if account.expires_at and waiting.last_at and account.expires_at <= waiting.last_at:
        said = _("Its credentials end before the last delivery that is planned. Please renew them now.")
    else:
        said = _("Its credentials end within a week. Please renew them.")
    return str(said)


def _ends(account: Account, at: datetime) -> str:
    if account.expires_at is None:
        return ""
    return str(format_timedelta(account.expires_at - at, add_direction=True))
