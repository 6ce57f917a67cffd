"""Feishu's custom robot: always 200, with `code` in the answer."""

import base64
import hashlib
import hmac
from typing import Any

from tests.networks import Answer, Network, Request

PATH = "/open-apis/bot/v2/hook/9b2f6c1e-4d3a-4e57-8a90-1c2d3e4f5a6b"
SECRET = "Vq8mZt2XwLp4Rk7YsN1dGc"
HOUR = 3600
_MOST = 20 * 1024
_TAGS = {"text": {"tag", "text", "un_escape"}, "a": {"tag", "text", "href"}}


class FeishuServer(Network):
    """One robot with the rules of its owner."""

    def __init__(self, *, now: float) -> None:
        super().__init__()
        self.now = now  # seconds
        self.signs = True
        self.keyword = ""
        self.knows_us = True
        self.called: list[str] = []  # whom a message woke

    def answer(self, request: Request) -> Answer:
        """As the robot does: address, rules, message."""
        if request.path != PATH:
            return _say(19001, "param invalid: incoming webhook access token invalid")
        said = request.json
        if not isinstance(said, dict) or len(request.body) > _MOST:
            return _say(9499, "Bad Request")
        broken = self._broken_rule(said)
        if broken:
            return broken
        if set(said) - {"timestamp", "sign", "msg_type", "content"}:
            return _say(9499, "Bad Request")
        if said.get("msg_type") != "post":
            return _say(9499, f"Bad Request: msg_type {said.get('msg_type')} is not supported")
        posts = said["content"].get("post", {})
        if not posts or set(posts) - {"zh_cn", "en_us", "ja_jp"}:
            return _say(9499, "Bad Request")
        if any(_is_wrong(one) for post in posts.values() for line in post["content"] for one in line):
            return _say(9499, "Bad Request")
        with self.lock:
            self.called += [
                one["user_id"]
                for post in posts.values()
                for line in post["content"]
                for one in line
                if one["tag"] == "at"
            ]
            self.accept("message", said)
        return Answer(200, {"code": 0, "data": {}, "msg": "success"})

    def _broken_rule(self, said: dict[str, Any]) -> Answer | None:
        if not self.knows_us:
            return _say(19022, "Ip Not Allowed")
        if self.signs:
            timestamp = str(said.get("timestamp", "0"))
            if abs(self.now - int(timestamp)) > HOUR or said.get("sign") != _signature(timestamp):
                return _say(19021, "sign match fail or timestamp is not within one hour from current time")
        if self.keyword and self.keyword not in shown(said):
            return _say(19024, "Key Words Not Found")
        return None


def shown(said: dict[str, Any]) -> str:
    """What people read of a post."""
    found = []
    for post in said.get("content", {}).get("post", {}).values():
        lines = ["".join(one.get("text", "") for one in line) for line in post["content"]]
        found.append("\n".join([post["title"], *lines] if post["title"] else lines))
    return "\n".join(found)


def _is_wrong(piece: dict[str, Any]) -> bool:
    known = _TAGS.get(piece.get("tag", ""))
    return known is None or bool(set(piece) - known)


def _signature(timestamp: str) -> str:
    key = f"{timestamp}\n{SECRET}".encode()
    return base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()


def _say(code: int, words: str) -> Answer:
    return Answer(200, {"code": code, "data": {}, "msg": words})
