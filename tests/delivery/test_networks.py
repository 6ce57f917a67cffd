"""From a post that is live to what readers of a network see: planned, composed, sent by the engine, by each network's
own adapter. What the adapters do in trouble is tested with them; here, that the parts fit together."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from campaigns.channels.messages import Message
from campaigns.channels.models import Account
from campaigns.channels.seats import write_secrets
from campaigns.deliveries import services
from campaigns.deliveries.timing import Now
from campaigns.links.models import Link
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.storage import storage
from cms.posts.models import Post
from tests.conftest import NOW
from tests.delivery.making import look_at
from tests.delivery.working import work_off
from tests.factories import make_media, make_post, nadia, save
from tests.networks import (
    Network,
    dingtalk,
    discord,
    feishu,
    ntfy,
    running,
    slack,
    slack_bot,
    wechat,
    wecom,
    weibo,
)

pytestmark = pytest.mark.usefixtures("reaching")
TITLE = "What salt does to a mast"
BASE = {"base": "{url}"}
WEIBO = {**BASE, "domain": "localhost", "ip": "203.0.113.9"}
WECHAT = {**BASE, "appid": wechat.APPID}
NTFY = f"ntfy://{{host}}/{ntfy.TOPIC}?token={ntfy.TOKEN}"
NETWORKS: Mapping[str, tuple[Any, Mapping[str, Any], Mapping[str, str]]] = {
    "slack": (slack.SlackServer, BASE, {"url": "{url}" + slack.PATH}),
    "dingtalk": (
        lambda: dingtalk.DingTalkServer(now=NOW.timestamp()),
        BASE,
        {"url": "{url}/robot/send?access_token=" + dingtalk.TOKEN, "secret": dingtalk.SECRET},
    ),
    "feishu": (
        lambda: feishu.FeishuServer(now=NOW.timestamp()),
        BASE,
        {"url": "{url}" + feishu.PATH, "secret": feishu.SECRET},
    ),
    "wecom": (wecom.WeComServer, BASE, {"url": "{url}/cgi-bin/webhook/send?key=" + wecom.KEY}),
    "discord": (lambda: discord.DiscordServer(now=NOW), BASE, {"url": "{url}" + discord.WEBHOOK}),
    "discord_bot": (
        lambda: discord.DiscordServer(now=NOW),
        {"base": "{url}/api/v10", "channel": discord.CHANNEL},
        {"token": discord.TOKEN},
    ),
    "slack_bot": (
        lambda: slack_bot.SlackBotServer(now=NOW.timestamp()),
        {"base": "{url}/api", "channel": slack_bot.CHANNEL},
        {"token": slack_bot.TOKEN},
    ),
    "weibo": (lambda: weibo.WeiboServer(now=NOW), WEIBO, {"token": weibo.TOKEN}),
    "apprise": (ntfy.NtfyServer, {}, {"url": NTFY}),
}


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """A live story with a cover."""
    path = tmp_path / "mast.png"
    Image.effect_noise((640, 480), 40).convert("RGB").save(path)
    size = path.stat().st_size
    storage().put("up/mast.png", path.read_bytes())
    cover = make_media(file="up/mast.png", mime="image/png", byte_size=size, width=640, height=480)
    return make_post(TITLE, body="Salt *eats* copper.", cover_id=cover.id, cover_alt="A mast")


def deliver(post: Post, network: Network, channel: str, settings: Any, secrets: Any, **fields: Any) -> int:
    """Plan it for now, and let the engine work; gives the delivery's number."""
    places = {"{url}": network.url, "{host}": network.url.removeprefix("http://")}

    def placed(value: Any) -> Any:
        for name, place in places.items():
            value = value.replace(name, place) if isinstance(value, str) else value
        return value

    account = save(
        Account(
            channel=channel,
            name=f"Our {channel}",
            zone="UTC",
            settings={name: placed(one) for name, one in settings.items()},
            secrets=write_secrets({name: placed(one) for name, one in secrets.items()}),
            created_at=clock.now(),
            **fields,
        )
    )
    post_id, account_id = post.id, account.id
    with transaction():
        made = services.plan_deliveries(
            post_id, [services.Choice(account_id, Now())], by=None, at=clock.now()
        )
    work_off()
    return made[0]


@pytest.mark.parametrize("channel", NETWORKS)
def test_a_story_goes_out_once_with_its_own_link(post: Post, channel: str) -> None:
    make, settings, secrets = NETWORKS[channel]
    messages = 2 if channel == "wecom" else 1  # its picture is a message of its own
    with running(make()) as network:
        network.domain = "localhost"
        sent = look_at(deliver(post, network, channel, settings, secrets))
        assert (sent.state, sent.reason) == ("sent", "")
        link = db.session.get_one(Link, sent.link_id)
        assert f"/l/{link.code}" in str(network.ledger[-1].what)
        work_off()
        assert len(network.ledger) == messages


def test_a_draft_waits_at_wechat_for_a_person(post: Post) -> None:
    with running(wechat.WeChatServer(now=NOW)) as network:
        sent = look_at(deliver(post, network, "wechat", WECHAT, {"secret": wechat.SECRET}, mode="draft"))
        assert (sent.state, sent.is_draft, sent.reason) == ("sent", True, "")
        draft = network.drafts[sent.remote_id]
        link = db.session.get_one(Link, sent.link_id)
        assert (draft["title"], draft["content"]) == (TITLE, "<p>Salt <em>eats</em> copper.</p>")
        assert draft["content_source_url"].endswith(f"/l/{link.code}")


def test_wechat_is_asked_until_it_has_published(post: Post) -> None:
    with running(wechat.WeChatServer(now=NOW, ledger_of="articles")) as network:
        network.is_slow = True
        one = deliver(post, network, "wechat", WECHAT, {"secret": wechat.SECRET})
        assert (look_at(one).state, network.ledger) == ("finishing", [])
        network.finish()
        with clock.stopped(NOW + timedelta(seconds=30)):
            work_off()
        sent = look_at(one)
        assert (sent.state, sent.is_draft) == ("sent", False)
        assert sent.remote_url == network.articles[sent.remote_id]["url"]
        assert len(network.ledger) == 1


def test_what_is_posted_by_hand_is_made_ready_and_waits(post: Post) -> None:
    with running(slack.SlackServer()) as network:
        one = deliver(post, network, "manual", {"site": "zhihu"}, {})
        ready = look_at(one)
        assert (ready.state, network.requests) == ("by_hand", [])
        link = db.session.get_one(Link, ready.link_id)
        made = Message.from_json(ready.payload)
        assert made.text == f"Salt eats copper.\n\nhttp://localhost/l/{link.code}"
        assert (made.title, len(made.pictures)) == (TITLE, 1)
        editor = nadia()
        with transaction():
            services.confirm_by_hand(one, url="https://zhuanlan.zhihu.com/p/1", by=editor, at=NOW)
        assert (look_at(one).state, look_at(one).remote_url) == ("sent", "https://zhuanlan.zhihu.com/p/1")
