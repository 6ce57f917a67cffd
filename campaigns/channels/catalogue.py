"""Every network there is, in the order people are offered them. Adding one is a folder, and a line here."""

from collections.abc import Mapping
from typing import Any

from campaigns.channels.adapter import Adapter
from campaigns.channels.apprise.adapter import Apprise
from campaigns.channels.bluesky.adapter import Bluesky
from campaigns.channels.dingtalk.adapter import DingTalk
from campaigns.channels.discord.adapter import Discord
from campaigns.channels.discord_bot.adapter import DiscordBot
from campaigns.channels.email.adapter import Email
from campaigns.channels.feishu.adapter import Feishu
from campaigns.channels.ghost.adapter import Ghost
from campaigns.channels.manual.adapter import Manual
from campaigns.channels.mastodon.adapter import Mastodon
from campaigns.channels.slack.adapter import Slack
from campaigns.channels.slack_bot.adapter import SlackBot
from campaigns.channels.telegram.adapter import Telegram
from campaigns.channels.webhook.adapter import Webhook
from campaigns.channels.wechat.adapter import WeChat
from campaigns.channels.wecom.adapter import WeCom
from campaigns.channels.weibo.adapter import Weibo
from campaigns.channels.wordpress.adapter import WordPress

ADAPTERS: tuple[Adapter, ...] = (
    Webhook(),
    Email(),
    WordPress(),
    Bluesky(),
    Ghost(),
    Mastodon(),
    Telegram(),
    Discord(),
    DiscordBot(),
    Slack(),
    SlackBot(),
    DingTalk(),
    Feishu(),
    WeCom(),
    Weibo(),
    WeChat(),
    Manual(),
    Apprise(),
)
_BY_KEY = {one.key: one for one in ADAPTERS}


def networks() -> Mapping[str, Any]:
    """What every network is called, by key, in the order people are offered them."""
    return {one.key: one.name for one in ADAPTERS}


def adapter_for(key: str) -> Adapter:
    """The network of this key. Raises `KeyError`: keys come from our own rows."""
    return _BY_KEY[key]


def find_adapter(key: str) -> Adapter | None:
    """The network of this key, if there is one."""
    return _BY_KEY.get(key)
