"""Accounts in the API, by a token with every scope."""

from campaigns.channels.models import Account
from cms.core import clock
from tests.factories import save
from tests.house.authorisation import only

RUNS = ("editor", "manager", "admin")


def one() -> str:
    account = save(Account(channel="webhook", name="Ours", zone="UTC", created_at=clock.now()))
    return f"/api/v1/accounts/{account.id}"


ROWS = {
    "channels_api.list_accounts GET": only(*RUNS, at="/api/v1/accounts"),
    "channels_api.create_account POST": only("manager", "admin", at="/api/v1/accounts"),
    "channels_api.show_account GET": only(*RUNS, at=one),
    "channels_api.edit_account PATCH": only(*RUNS, at=one),
}
