"""Slack's incoming webhooks: they answer with one word of plain text."""

import re
from typing import Any

from tests.networks import Answer, Network, Request

PATH = "/services/T0SEA1234/B0MAST567/Xq3vPq8ZrT5mWk2LdN7bYc9A"
_KNOWN = {"text", "blocks", "unfurl_links", "unfurl_media", "mrkdwn"}
_PIECES = {"text": {"type", "text", "style"}, "link": {"type", "url", "text", "style"}}
_SPECIAL = re.compile(r"<[!@#][^>]*>")


class SlackServer(Network):
    """One webhook of one channel."""

    def __init__(self) -> None:
        super().__init__()
        self.is_archived = False
        self.called: list[str] = []  # who a message woke: <!channel>, <@U1>

    def answer(self, request: Request) -> Answer:
        """`ok`, or what is wrong."""
        if request.path != PATH:
            return _say(404, "no_service")
        if self.is_archived:
            return _say(410, "channel_is_archived")
        if request.method != "POST" or not isinstance(request.json, dict):
            return _say(400, "invalid_payload")
        said = request.json
        if set(said) - _KNOWN:
            return _say(400, "invalid_payload")
        if not said.get("text") and not said.get("blocks"):
            return _say(400, "no_text")
        if len(said.get("blocks", [])) > 50 or any(_is_wrong(one) for one in said.get("blocks", [])):
            return _say(400, "invalid_blocks")
        with self.lock:
            self.called += _SPECIAL.findall(said.get("text", ""))
            self.accept("message", said)
        return _say(200, "ok")


def shown(said: dict[str, Any]) -> str:
    """What people read of a message of rich text."""
    pieces = [each for block in said["blocks"] for one in block["elements"] for each in one["elements"]]
    return "".join(one.get("text") or one["url"] for one in pieces)


def _is_wrong(block: dict[str, Any]) -> bool:
    if block.get("type") != "rich_text":
        return True
    return any(
        section.get("type") != "rich_text_section"
        or not section["elements"]
        or any(_is_wrong_piece(one) for one in section["elements"])
        for section in block["elements"]
    )


def _is_wrong_piece(piece: dict[str, Any]) -> bool:
    known = _PIECES.get(piece.get("type", ""))
    return known is None or bool(set(piece) - known) or not piece.get("text", piece.get("url"))


def _say(status: int, word: str) -> Answer:
    return Answer(status, word.encode(), {"Content-Type": "text/html"})
