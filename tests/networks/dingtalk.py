"""DingTalk's custom robot: always 200, with `errcode` in the answer."""

import base64
import hashlib
import hmac
from typing import Any

from tests.networks import Answer, Network, Request

TOKEN = "5f1c9be0d7a34e0b8f0c9c3ad1b6e2f47788aabbccddeeff00112233445566ab"
SECRET = "SEC6f0e1d2c3b4a59687766554433221100ffeeddccbbaa99887766554433221100"
HOUR = 3600 * 1000  # milliseconds that a signature holds
_MOST = 20_000
_SEE = "https://open.dingtalk.com/document/robots/customize-robot-security-settings"


class DingTalkServer(Network):
    """One robot. Its rules are those its owner set: a signature, a keyword, addresses."""

    def __init__(self, *, now: float) -> None:
        super().__init__()
        self.now = now  # seconds
        self.signs = True
        self.keyword = ""
        self.knows_us = True  # our address is on its list
        self.sent_this_minute = 0

    def answer(self, request: Request) -> Answer:
        """As the robot does: token, rules, message."""
        if request.path != "/robot/send" or request.query.get("access_token") != TOKEN:
            return _say(300005, "token is not exist")
        said = request.json
        if not isinstance(said, dict):
            return _say(40035, "缺少参数 json")
        broken = self._broken_rule(request, said)
        if broken:
            return _say(310000, f"{broken}, more: [{_SEE}]")
        if said.get("msgtype") != "text":
            return _say(400105, "不支持的消息类型")
        if set(said) - {"msgtype", "text", "at"} or set(said["text"]) != {"content"}:
            return _say(40035, "不合法的参数")
        if not said["text"]["content"] or len(request.body) > _MOST:
            return _say(400402, "消息内容为空或过长")
        with self.lock:
            self.sent_this_minute += 1
            if self.sent_this_minute > 20:
                return _say(130101, "send too fast, exceed 20 times per minute")
            self.accept("message", said)
        return _say(0, "ok")

    def _broken_rule(self, request: Request, said: dict[str, Any]) -> str:
        if not self.knows_us:
            return "ip 203.0.113.9 not in whitelist"
        if self.signs:
            timestamp = request.query.get("timestamp", "0")
            if abs(self.now * 1000 - int(timestamp)) > HOUR:
                return "invalid timestamp"
            if request.query.get("sign") != _signature(timestamp):
                return "sign not match"
        if self.keyword and self.keyword not in said.get("text", {}).get("content", ""):
            return "keywords not in content"
        return ""


def _signature(timestamp: str) -> str:
    made = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), digestmod=hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def _say(code: int, words: str) -> Answer:
    return Answer(200, {"errcode": code, "errmsg": words})
