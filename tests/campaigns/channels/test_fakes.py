"""Our fakes, tried by a client that we did not write: Apprise's own plug-ins for these networks, whose requests are led to
the fake on loopback. What another client says must be taken, and a wrong key of it refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.channels.apprise.running import Run, run
from campaigns.channels.http import Http, Reply
from cms.core.outbound import OutboundClient
from tests.campaigns.channels.contract import LOOPBACK
from tests.campaigns.channels.test_manual import seat
from tests.networks import Network, dingtalk, running, wecom
from tests.networks.dingtalk import DingTalkServer
from tests.networks.discord import WEBHOOK, DiscordServer
from tests.networks.wecom import WeComServer

TEXT = "Salt eats copper slowly. 盐 https://example.com/l/abc12"
WEBHOOK_ID, WEBHOOK_TOKEN = WEBHOOK.split("/")[3:]


def unsigned_robot() -> DingTalkServer:
    """Apprise encodes its signature twice, so with one it is refused."""
    robot = DingTalkServer(now=0.0)
    robot.signs = False
    return robot


def lenient_discord() -> DiscordServer:
    """Apprise sends two fields more than we do."""
    server = DiscordServer(now=datetime(2026, 11, 21, tzinfo=UTC))
    server.overlooks = {"tts", "wait"}
    return server


NETWORKS: dict[str, tuple[str, str, Callable[[], Network]]] = {
    "dingtalk": ("https://oapi.dingtalk.com", f"dingtalk://{dingtalk.TOKEN}/", unsigned_robot),
    "wecom": ("https://qyapi.weixin.qq.com", f"wecombot://{wecom.KEY}", WeComServer),
    "discord": ("https://discord.com", f"discord://{WEBHOOK_ID}/{WEBHOOK_TOKEN}/?avatar=no", lenient_discord),
}


def said_by_apprise(url: str, begins: str, network: Network) -> Run:
    """Let Apprise say it, as if the fake were the network."""
    client = OutboundClient(allow=[LOOPBACK])

    def fetch(url: str, **options: Any) -> Any:
        assert url.startswith(begins)
        return client.fetch(network.url + url.removeprefix(begins), **options)

    led = replace(seat(), http=Http(fetch, seconds=10.0))
    return run(led, {"url": url, "text": TEXT}, seconds=60.0)


@pytest.mark.parametrize("name", NETWORKS)
def test_what_another_client_says_is_taken_once(name: str) -> None:
    begins, url, make = NETWORKS[name]
    with running(make()) as network:
        made = said_by_apprise(url, begins, network)
        assert made.told == {"is_told": True, "said": []}
        assert len(network.ledger) == 1
        assert TEXT in str(network.ledger[0].what)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_wrong_key_of_another_client_is_refused(name: str) -> None:
    begins, url, make = NETWORKS[name]
    right = {"dingtalk": dingtalk.TOKEN, "wecom": wecom.KEY, "discord": WEBHOOK_TOKEN}[name]
    with running(make()) as network:
        made = said_by_apprise(url.replace(right, right[:-4] + "0000"), begins, network)
        assert made.told is not None
        assert made.asked == 1
        assert network.ledger == []


def test_a_yes_of_apprise_is_not_a_yes_of_dingtalk() -> None:
    """Why networks that answer 200 to everything have adapters of their own: Apprise takes this refusal for success."""
    begins, url, _make = NETWORKS["dingtalk"]
    with running(DingTalkServer(now=datetime.now(UTC).timestamp())) as network:
        made = said_by_apprise(url.replace("://", f"://{dingtalk.SECRET}@"), begins, network)
        assert made.told == {"is_told": True, "said": []}
        assert isinstance(made.last, Reply)
        assert made.last.json["errcode"] == 310000
        assert network.ledger == []
