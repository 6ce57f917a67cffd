"""Weibo's rules of what may be posted, and of what it makes of a text."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.channels import answers
from campaigns.channels.adapter import Disconnected, Refused
from campaigns.channels.counting import links_in
from campaigns.channels.messages import Limits, Message, Story

_TOPIC = re.compile(r"#([^#]*)#")


def refused_by_rule(message: Message, settings: Mapping[str, Any], limits: Limits) -> Refused | None:
    """What Weibo would refuse, seen before it is asked."""
    over = answers.too_long(message.text, limits)
    if over:
        return over
    topic = _TOPIC.search(message.text)
    if topic:
        said = gettext("Weibo refuses topics in shared posts: please take %(topic)s out.", topic=topic[0])
        return Refused(said, code="topic")
    domain = _domain(settings)
    if not domain or not settings.get("ip"):
        said = gettext("This account lacks its domain, or the address of this server. Please fill it in.")
        return Refused(said, code="settings")
    links = [message.text[start:end] for start, end in links_in(message.text)]
    if not any(_is_on(link, domain) for link in links):
        return Refused(
            gettext("Weibo wants an address on %(domain)s in every shared post.", domain=domain),
            code="domain",
        )
    return None


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raises `Disconnected` where they cannot be right."""
    try:
        ipaddress.ip_address(str(settings.get("ip") or "").strip())
    except ValueError as error:
        raise Disconnected(_("This is no address of a server: it looks like 203.0.113.9."), "ip") from error
    if "." not in _domain(settings):
        raise Disconnected(_("This is no domain: it looks like example.com."), "domain")


def without_topics(story: Story) -> Story:
    """Without tags, and without the signs that make a topic of words; the words stay."""

    def plain(text: str) -> str:
        return _TOPIC.sub(r"\1", text)

    return replace(
        story,
        tags=(),
        title=plain(story.title),
        summary=plain(story.summary),
        text=plain(story.text),
        prefix=plain(story.prefix),
        signature=plain(story.signature),
    )


def shape(text: str) -> tuple[str, int]:
    """A text without what Weibo rewrites: its words, and how many addresses it has."""
    spans = links_in(text)
    for start, end in reversed(spans):
        text = text[:start] + " " + text[end:]
    return "".join(text.split()), len(spans)


def made_at(post: Mapping[str, Any]) -> datetime | None:
    """`Sat Nov 28 12:00:05 +0800 2026`; None where Weibo tells nothing like it."""
    parts = str(post.get("created_at", "")).split()
    if len(parts) != 6:
        return None
    _day, month, day, time, zone, year = parts
    try:
        return parsedate_to_datetime(f"{day} {month} {year} {time} {zone}")
    except ValueError:
        return None


def _domain(settings: Mapping[str, Any]) -> str:
    return (
        str(settings.get("domain") or "")
        .strip()
        .lower()
        .removeprefix("https://")
        .removeprefix("http://")
        .strip("/")
    )


def _is_on(link: str, domain: str) -> bool:
    host = (urlsplit(link).hostname or "").lower()
    return host == domain or host.endswith("." + domain)
