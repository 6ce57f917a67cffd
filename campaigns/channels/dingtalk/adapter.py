"""Messages of a custom robot in a DingTalk (钉钉) group.

A text is sent as text, not as Markdown, so that no sign in it is taken for markup and nobody is called by it. Errors
come with the status 200: only `errcode` 0 is success.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask_babel import lazy_gettext as _

from campaigns.channels.adapter import Field, Seat, Step
from campaigns.channels.http import Reply
from campaigns.channels.messages import Limits, Message
from campaigns.channels.robots import (
    KEYWORD,
    SIGNATURE,
    YES,
    Robot,
    base_field,
    longest_field,
    pausing_field,
)

LONGEST = 19_000  # bytes of a text, which with its wrapping has to stay under about 20,000
SECURITY = "310000"  # the robot's own rules: a signature, a keyword, or from where
_BLOCKED_FOR = 600.0  # seconds, after more than 20 messages in a minute


class DingTalk(Robot):
    """One text."""

    key = "dingtalk"
    name = _("DingTalk")
    icon = "group"
    begins = ("https://oapi.dingtalk.com",)
    path = "/robot/send?access_token="
    limited = {"130101": _BLOCKED_FOR, "410100": _BLOCKED_FOR}  # noqa: RUF012
    busy = ("-1",)
    most_bytes = 19_985
    fields = (
        Field(
            "url",
            _("Address of the robot"),
            _("It begins with https://oapi.dingtalk.com/robot/send?access_token=. Keep it as a password."),
            kind="secret",
        ),
        Field(
            "secret",
            _("Signing secret"),
            _("Begins with SEC. Only when the robot's security setting is a signature."),
            kind="secret",
            is_required=False,
        ),
        longest_field(LONGEST),
        pausing_field("300001 300005 310000 400013 400101 400102 400106"),
        base_field(),
    )
    guide = (
        _("In the DingTalk group, open its settings, choose Robots, and add a custom robot."),
        _("As its security setting, choose the signature, and copy the secret."),
        _("Finish, and copy the address that is shown."),
    )
    base_limits = Limits(text=LONGEST, counter="bytes")

    def body(self, step: Step, message: Message, seat: Seat) -> Mapping[str, Any]:
        """The text as it is."""
        return {"msgtype": "text", "text": {"content": message.text}, "at": {"isAtAll": False}}

    def probe(self, seat: Seat) -> Mapping[str, Any]:
        """A kind of message that there is not."""
        return {"msgtype": "parley.probe"}

    def signed_address(self, seat: Seat) -> str:
        """With the time in milliseconds and a signature, where there is a secret."""
        secret = seat.secrets.get("secret", "").strip()
        if not secret:
            return self.address(seat)
        timestamp = str(int(seat.now().timestamp() * 1000))
        return f"{self.address(seat)}&{urlencode({'timestamp': timestamp, 'sign': sign(secret, timestamp)})}"

    def word(self, reply: Reply) -> tuple[str, str] | None:
        """`errcode` and `errmsg`."""
        code = reply.json.get("errcode")
        if not isinstance(code, int):
            return None
        said = str(reply.json.get("errmsg", ""))
        if code == 0:
            return YES, said
        return (_rule(said), said) if str(code) == SECURITY else (str(code), said)


def sign(secret: str, timestamp: str) -> str:
    """What proves that we have the secret: HMAC-SHA256 of time and secret, base64."""
    signed = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def _rule(said: str) -> str:
    """Which of its rules the robot means. A missing keyword is this text's matter; the others are the account's."""
    if "keyword" in said.lower():
        return KEYWORD
    return SIGNATURE if "sign" in said.lower() or "timestamp" in said.lower() else SECURITY
