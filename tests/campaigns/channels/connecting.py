"""Accounts for tests of this room, connected to networks on loopback."""

from dataclasses import replace
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from campaigns.channels import services
from campaigns.channels.catalogue import adapter_for
from campaigns.channels.fields import Filled, read_fields
from campaigns.channels.models import Account
from campaigns.channels.trials import Failed, Passed, try_filled
from campaigns.deliveries.models import Delivery
from cms.core import clock
from cms.core.database import transaction
from tests.factories import make_post, read_again, save
from tests.networks.telegram import TOKEN

LOOPBACK = (ip_network("127.0.0.0/8"),)


def reach_loopback(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the guarded client go to this machine."""
    monkeypatch.setitem(app.config, "PARLEY", replace(app.config["PARLEY"], outbound_allow=LOOPBACK))


def telegram(url: str, **typed: str) -> dict[str, str]:
    """What somebody types to connect the bot of `TelegramServer`."""
    return {"token": TOKEN, "chat": "@mast", "base": url, **typed}


def tried(url: str, **typed: str) -> tuple[Filled, Passed | Failed]:
    """The same, read and tested."""
    adapter = adapter_for("telegram")
    filled = read_fields(adapter, telegram(url, **typed))
    return filled, try_filled(adapter, filled)


def connect(url: str, name: str = "Our channel", **typed: str) -> Account:
    """Connect it."""
    filled, passed = tried(url, **typed)
    with transaction():
        number = services.connect_account(
            "telegram", filled, passed, name=name, zone="Asia/Shanghai", by=None, at=clock.now()
        )
    return read_again(Account, number)


def make_account(name: str = "Our channel", channel: str = "telegram", **fields: Any) -> Account:
    """A row of its own, which no network knows."""
    return save(Account(name=name, channel=channel, created_at=clock.now(), **{"zone": "UTC", **fields}))


def make_delivery(account: Account, state: str = "scheduled", **fields: Any) -> Delivery:
    """One that waits, an hour from now."""
    at = fields.pop("planned_at", clock.now())
    return save(
        Delivery(
            key=str(uuid4()),
            post_id=make_post().id,
            account_id=account.id,
            state=state,
            due_at=at,
            planned_at=at,
            latest_minutes=60,
            created_at=clock.now(),
            **fields,
        )
    )
