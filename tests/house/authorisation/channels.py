"""Who may use the pages about accounts."""

from campaigns.channels import letters
from campaigns.channels.models import Account, AccountRecipient
from cms.core import clock
from tests.factories import save
from tests.house.authorisation import Row, everyone, only

RUNS = ("editor", "manager", "admin")
HOLDS_KEYS = ("manager", "admin")
COOKIELESS = {"channels.stop_letters": "mail programs press it; the token of the letter says who allowed it"}


def _account(channel: str = "webhook") -> Account:
    return save(
        Account(
            channel=channel,
            name="Ours",
            zone="UTC",
            settings={"url": "http://10.0.0.1/"},
            created_at=clock.now(),
        )
    )


def _recipient() -> AccountRecipient:
    return save(
        AccountRecipient(account_id=_account("email").id, address="ann@example.com", added_at=clock.now())
    )


def runs(rest: str = "", channel: str = "webhook") -> Row:
    return only(*RUNS, at=lambda: f"/desk/channels/{_account(channel).id}{rest}")


def holds(rest: str) -> Row:
    return only(*HOLDS_KEYS, at=lambda: f"/desk/channels/{_account().id}{rest}")


def _removal() -> str:
    one = _recipient()
    return f"/desk/channels/{one.account_id}/recipients/{one.id}/removal"


def _letter() -> str:
    return "/u/" + letters.stop_address(_recipient().id).rsplit("/", 1)[1]


ROWS = {
    "channels.list_accounts GET": only(*RUNS, at="/desk/channels"),
    "channels.show_networks GET": only(*HOLDS_KEYS, at="/desk/channels/new"),
    "channels.ask_connection GET": only(*HOLDS_KEYS, at="/desk/channels/new/webhook"),
    "channels.connect_account POST": only(*HOLDS_KEYS, at="/desk/channels/new/webhook"),
    "channels.show_account GET": runs(),
    "channels.change_account POST": runs(),
    "channels.test_account POST": runs("/test"),
    "channels.pause_account POST": runs("/pause"),
    "channels.resume_account POST": runs("/pause/removal"),
    "channels.add_slots POST": runs("/slots"),
    "channels.remove_slots POST": runs("/slots/removal"),
    "channels.edit_connection GET": holds("/connection"),
    "channels.reconnect_account POST": holds("/connection"),
    "channels.ask_removal GET": holds("/removal"),
    "channels.remove_account POST": holds("/removal"),
    "channels.list_recipients GET": runs("/recipients", "email"),
    "channels.add_recipients POST": runs("/recipients", "email"),
    "channels.remove_recipient POST": only(*RUNS, at=_removal),
    "channels.ask_to_stop GET": everyone(_letter),
    "channels.stop_letters POST": everyone(_letter),
}
