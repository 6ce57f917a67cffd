"""Messages of a custom robot in a Feishu (飞书) or Lark group.

A text is sent as a post of pieces, where `<at user_id="all">` is nothing but letters. Errors come with the status 200:
only `code` 0 is success.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from campaigns.channels.adapter import Field, Later, Outcome, Seat, Step
from campaigns.channels.http import Reply
from campaigns.channels.messages import Limits, Message
from campaigns.channels.pieces import pieces
from campaigns.channels.robots import (
    KEYWORD,
    SIGNATURE,
    YES,
    Robot,
    base_field,
    longest_field,
    pausing_field,
)

LONGEST = 18_000  # bytes of a text, which with its wrapping has to stay within 20 kB
_OWN_RULES = {"19021": SIGNATURE, "19024": KEYWORD}


class Feishu(Robot):
    """One post, whose title is ours where the text begins with it."""

    key = "feishu"
    name = _("Feishu")
    icon = "group"
    begins = ("https://open.feishu.cn", "https://open.larksuite.com")
    path = "/open-apis/bot/v2/hook/"
    limited = {"11232": 60.0, "99991400": 60.0}  # noqa: RUF012
    most_bytes = 20_000
    fields = (
        Field(
            "url",
            _("Address of the robot"),
            _("It begins with https://open.feishu.cn/open-apis/bot/v2/hook/. Keep it as a password."),
            kind="secret",
        ),
        Field(
            "secret",
            _("Signing secret"),
            _("Only when the robot's security setting is a signature."),
            kind="secret",
            is_required=False,
        ),
        longest_field(LONGEST),
        pausing_field("19001 19022"),
        base_field(),
    )
    guide = (
        _("In the Feishu group, open its settings, choose Bots, and add a custom bot."),
        _("In its security settings, switch the signature on, and copy the secret."),
        _("Copy the address of the webhook, and finish."),
    )
    base_limits = Limits(text=LONGEST, counter="bytes")

    def body(self, step: Step, message: Message, seat: Seat) -> Mapping[str, Any]:
        """A paragraph a line; addresses can be pressed."""
        return {
            **_signed(seat),
            "msg_type": "post",
            "content": {"post": {_language(message): _post(message)}},
        }

    def probe(self, seat: Seat) -> Mapping[str, Any]:
        """A kind of message that there is not."""
        return {**_signed(seat), "msg_type": "parley.probe", "content": {}}

    def word(self, reply: Reply) -> tuple[str, str] | None:
        """`code` and `msg`; `StatusCode` where an older robot answers."""
        code = reply.json.get("code", reply.json.get("StatusCode"))
        if not isinstance(code, int):
            return None
        said = str(reply.json.get("msg", ""))
        return (YES if code == 0 else _OWN_RULES.get(str(code), str(code))), said

    def read(self, reply: Reply, seat: Seat) -> Outcome:
        """Where it says how long to wait, that long."""
        outcome = super().read(reply, seat)
        wait = reply.headers.get("x-ogw-ratelimit-reset", "")
        if isinstance(outcome, Later) and wait.isdecimal():
            return Later(outcome.reason, code=outcome.code, after=float(wait), whole_account=True)
        return outcome


def sign(secret: str, timestamp: str) -> str:
    """What proves that we have the secret: HMAC-SHA256 of nothing, with time and secret as its key, base64."""
    key = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def _signed(seat: Seat) -> dict[str, str]:
    secret = seat.secrets.get("secret", "").strip()
    if not secret:
        return {}
    timestamp = str(int(seat.now().timestamp()))
    return {"timestamp": timestamp, "sign": sign(secret, timestamp)}


def _language(message: Message) -> str:
    return "zh_cn" if message.language.startswith("zh") else "en_us"


def _post(message: Message) -> dict[str, Any]:
    title, text = "", message.text
    if message.title and text.startswith(message.title + "\n"):
        title, text = message.title, text[len(message.title) :].lstrip("\n")
    return {"title": title, "content": [_paragraph(line) for line in text.split("\n")]}


def _paragraph(line: str) -> list[dict[str, str]]:
    found = [
        {"tag": "a", "text": one.text, "href": one.text}
        if one.kind == "link"
        else {"tag": "text", "text": one.text}
        for one in pieces(line)
    ]
    return found or [{"tag": "text", "text": ""}]
