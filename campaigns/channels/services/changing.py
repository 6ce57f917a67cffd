"""What a team decides about an account: its name, when it may speak, and what goes around every text."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import gettext as _

from campaigns.channels.catalogue import adapter_for
from campaigns.channels.models import Account
from campaigns.channels.queries import get_account
from campaigns.channels.services.problems import ChangedMeanwhile
from campaigns.channels.slots import read_wall
from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.walltime import zone_named
from cms.people import audit
from cms.people.models import Person

LONGEST_WAIT = 7 * 24 * 60  # minutes
UTM = re.compile(r"(?:[^\W_A-Z](?:[\w.~-]*[^\W_])?)?")  # as links have it: empty, or without spaces
LENGTHS = {"name": 120, "prefix": 100, "signature": 200, "utm_source": 80, "utm_medium": 80}


@dataclass(frozen=True)
class Details:
    """All that can be changed without asking the network."""

    name: str
    zone: str
    mode: str = "publish"
    language: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    latest_minutes: int = 720
    prefix: str = ""
    signature: str = ""
    utm_source: str = ""
    utm_medium: str = "social"

    @classmethod
    def of(cls, account: Account) -> "Details":
        """As an account has them."""
        return cls(**{name: getattr(account, name) for name in cls.__dataclass_fields__})


def change_account(
    account_id: int, details: Details, *, expected_version: int | None = None, by: Person | None, at: datetime
) -> None:
    """Change what was decided. Raises `Invalid` by field, and `ChangedMeanwhile` saying what is saved now."""
    account = get_account(account_id)
    now = Details.of(account)
    if expected_version is not None and expected_version != account.version:
        raise ChangedMeanwhile(_differences(now, details))
    check_details(account.channel, details)
    changed = [name for name, value in asdict(details).items() if value != getattr(now, name)]
    if not changed:
        return
    for name in changed:
        setattr(account, name, getattr(details, name))
    db.session.flush()
    audit.record("account.changed", f"account:{account_id}", by=by, at=at, detail={"fields": sorted(changed)})


def check_details(channel: str, details: Details) -> None:
    """Whether these could be an account's. Raises `Invalid` naming every field that is wrong."""
    errors: dict[str, str] = {}
    if not details.name.strip():
        errors["name"] = _("Please fill this in.")
    for name, longest in LENGTHS.items():
        if len(getattr(details, name)) > longest:
            errors[name] = _("Please use at most %(max)d characters.", max=longest)
    try:
        zone_named(details.zone)
    except Invalid as problem:
        errors["zone"] = problem.errors["zone"]
    if details.language not in ("", *LOCALES):
        errors["language"] = _("Please choose one of those that are offered.")
    if details.mode != "publish" and not (details.mode == "draft" and adapter_for(channel).can_draft):
        errors["mode"] = _("This network does not offer that.")
    if not 1 <= details.latest_minutes <= LONGEST_WAIT:
        errors["latest_minutes"] = _("Please give a number from 1 to %(max)d.", max=LONGEST_WAIT)
    for name in ("utm_source", "utm_medium"):
        if not UTM.fullmatch(getattr(details, name)):
            errors[name] = _("Small letters, digits and, between them, the characters . _ ~ - make a value.")
    errors |= _wrong_quiet(details)
    if errors:
        raise Invalid(errors=errors)


def _wrong_quiet(details: Details) -> dict[str, str]:
    given = {"quiet_from": details.quiet_from, "quiet_until": details.quiet_until}
    wrong = {
        name: _("Please give a time such as 22:00.")
        for name, wall in given.items()
        if wall and not read_wall(wall)
    }
    if wrong:
        return wrong
    if bool(details.quiet_from) != bool(details.quiet_until):
        missing = "quiet_until" if details.quiet_from else "quiet_from"
        return {missing: _("Quiet hours have a beginning and an end.")}
    if details.quiet_from and details.quiet_from == details.quiet_until:
        return {
            "quiet_until": _(
                "Quiet hours that never end would keep everything back. Pause the account instead."
            )
        }
    return {}


def _differences(now: Details, typed: Details) -> dict[str, str]:
    return {
        name: _("Saved now: %(value)s", value=value or _("empty"))
        for name, value in asdict(now).items()
        if value != getattr(typed, name)
    }
