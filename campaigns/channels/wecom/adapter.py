"""Messages of a group robot in WeCom (企业微信).

Pictures are messages of their own, before the text. A text is sent as text: it is the only kind that people see who
take part from WeChat. Errors come with the status 200: only `errcode` 0 is success.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _

from campaigns.channels.adapter import Field, Seat, Step
from campaigns.channels.http import Reply
from campaigns.channels.messages import Limits, Message
from campaigns.channels.robots import SEND, YES, Robot, base_field, longest_field, pausing_field

LONGEST = 2048  # bytes
_PICTURE = "picture:"


class WeCom(Robot):
    """Pictures, if any, and then one text."""

    key = "wecom"
    name = _("WeCom")
    icon = "group"
    begins = ("https://qyapi.weixin.qq.com",)
    path = "/cgi-bin/webhook/send?key="
    limited = {"45009": 60.0}  # noqa: RUF012
    busy = ("-1",)
    fields = (
        Field(
            "url",
            _("Address of the robot"),
            _("It begins with https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=. Keep it as a password."),
            kind="secret",
        ),
        longest_field(LONGEST),
        pausing_field("93000"),
        base_field(),
    )
    guide = (
        _("In the WeCom group, open its menu, choose Group robots, and add one."),
        _("Copy the address of the webhook that is shown."),
    )
    base_limits = Limits(text=LONGEST, counter="bytes", pictures=3, picture_bytes=2_000_000, alt=0)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Each picture is a message that people see."""
        shown = [
            Step(f"{_PICTURE}{number}", publishes=True) for number in range(1, len(message.pictures) + 1)
        ]
        return (*shown, SEND)

    def body(self, step: Step, message: Message, seat: Seat) -> Mapping[str, Any]:
        """The text, or a picture with its MD5, which WeCom asks for."""
        if step == SEND:
            return {"msgtype": "text", "text": {"content": message.text}}
        content = seat.read(message.pictures[int(step.key.removeprefix(_PICTURE)) - 1])
        image = {
            "base64": base64.b64encode(content).decode(),
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        }
        return {"msgtype": "image", "image": image}

    def probe(self, seat: Seat) -> Mapping[str, Any]:
        """A kind of message that there is not."""
        return {"msgtype": "parley.probe"}

    def word(self, reply: Reply) -> tuple[str, str] | None:
        """`errcode` and `errmsg`."""
        code = reply.json.get("errcode")
        if not isinstance(code, int):
            return None
        return (YES if code == 0 else str(code)), str(reply.json.get("errmsg", ""))
