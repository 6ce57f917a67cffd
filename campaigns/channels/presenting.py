"""Accounts as the API tells them, field by field: a secret is only ever named."""

from collections.abc import Iterable
from datetime import datetime

from campaigns.channels import models, schemas
from campaigns.channels.trials import stored_secrets
from campaigns.channels.waiting import waiting_for

_SAME = (
    "id channel name state problem problem_code remote_id remote_name remote_url zone language mode quiet_from "
    "quiet_until latest_minutes prefix signature utm_source utm_medium settings expires_at checked_at created_at"
).split()


def in_api(accounts: Iterable[models.Account], *, at: datetime) -> list[schemas.Account]:
    """Accounts with their slots, and what waits for them in one question."""
    found = list(accounts)
    waiting = waiting_for([one.id for one in found])
    return [_told(one, waiting[one.id].number, at) for one in found]


def _told(account: models.Account, number: int, at: datetime) -> schemas.Account:
    is_limited = account.limited_until is not None and account.limited_until > at
    return schemas.Account.model_validate(
        {
            **{name: getattr(account, name) for name in _SAME},
            "secrets": sorted(stored_secrets(account)),
            "slots": [{"weekday": one.weekday, "time": one.wall} for one in account.slots],
            "waiting": number,
            "limited_until": account.limited_until if is_limited else None,
        }
    )
