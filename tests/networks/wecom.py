"""WeCom's group robot: always 200, with `errcode` in the answer."""

import base64
import hashlib
from typing import Any

from tests.networks import Answer, Network, Request

KEY = "693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa"


class WeComServer(Network):
    """One robot: 20 messages a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.sent_this_minute = 0

    def answer(self, request: Request) -> Answer:
        """As the robot does."""
        if request.path != "/cgi-bin/webhook/send" or request.query != {"key": KEY}:
            return _say(93000, "invalid webhook url")
        said = request.json
        if not isinstance(said, dict) or said.get("msgtype") not in ("text", "image"):
            return _say(40008, "invalid message type")
        kind = said["msgtype"]
        if set(said) != {"msgtype", kind}:
            return _say(40058, "invalid Request Parameter")
        wrong = _wrong_text(said["text"]) if kind == "text" else _wrong_picture(said["image"])
        if wrong:
            return wrong
        with self.lock:
            self.sent_this_minute += 1
            if self.sent_this_minute > 20:
                return _say(45009, "api freq out of limit")
            self.accept("message", said)
        return _say(0, "ok")


def _wrong_text(text: dict[str, Any]) -> Answer | None:
    if set(text) - {"content", "mentioned_list", "mentioned_mobile_list"}:
        return _say(40058, "invalid Request Parameter")
    if not text.get("content"):
        return _say(44004, "text content is empty")
    if len(text["content"].encode()) > 2048:
        return _say(40058, "text.content exceed max length 2048. invalid Request Parameter")
    return None


def _wrong_picture(image: dict[str, Any]) -> Answer | None:
    content = base64.b64decode(image["base64"], validate=True)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != image["md5"]:
        return _say(301019, "image md5 not match")
    if not content.startswith((b"\x89PNG", b"\xff\xd8")):
        return _say(40009, "invalid image type")
    return _say(40009, "invalid image size") if len(content) > 2 * 1024 * 1024 else None


def _say(code: int, words: str) -> Answer:
    more = f", hint: [1764352800], more info at https://open.work.weixin.qq.com/devtool/query?e={code}"
    return Answer(200, {"errcode": code, "errmsg": words + (more if code else "")})
