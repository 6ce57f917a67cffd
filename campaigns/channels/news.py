"""What staff are told about accounts. `wiring.py` writes the list out."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from campaigns.channels import rules
from campaigns.channels.models import Account
from cms.core.database import db
from cms.notices.kinds import NoticeKind
from cms.people.models import Person


def _address(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("channels.show_account", account_id=int(subject.removeprefix("account:")))


def _visible(person: Person, subjects: Collection[str]) -> set[str]:
    """Accounts that are still there, for those who run them."""
    if not rules.can_see_accounts(person):
        return set()
    numbers = [int(one.removeprefix("account:")) for one in subjects if one.startswith("account:")]
    kept = select(Account.id).where(Account.id.in_(numbers), Account.state != "removed")
    return {f"account:{one}" for one in db.session.scalars(kept)}


def _may_see(person: Person, subject: str) -> bool:
    return bool(_visible(person, [subject]))


def _kind(key: str, label: Any, sentence: Any) -> NoticeKind:
    return NoticeKind(
        key=f"account.{key}",
        label=label,
        sentence=sentence,
        address=_address,
        may_see=_may_see,
        visible=_visible,
        concerns=rules.can_see_accounts,
    )


NOTICES = [
    _kind(
        "paused",
        _("An account is paused"),
        lambda detail: gettext(
            "“%(name)s” is paused: nothing goes out there. What is planned is kept.", **_named(detail)
        ),
    ),
    _kind(
        "ending",
        _("An account has to be renewed"),
        lambda detail: gettext(
            "The credentials of “%(name)s” end soon. Please renew them.", **_named(detail)
        ),
    ),
]


def _named(detail: Mapping[str, Any]) -> dict[str, str]:
    return {"name": str(detail.get("name", ""))}
