"""Discord's API v10 for webhooks and bots: messages, pictures, limits, nonces."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from tests.networks import Answer, Network, Request
from tests.networks.forms import read_form

WEBHOOK = "/api/webhooks/1290000000000000001/vT3xQ9kLm2PzR8wYb6NcD4fG7hJ1sK5aE0uXoI_-tBqZ"
TOKEN = "MTI5MDAwMDAwMDAwMDAwMDAwMw.GxAbCd.kQ8mZr2TwLp4Yt7XsN1dGcVbHj"
GUILD, CHANNEL, BOT, STRANGER = (str(1290000000000000000 + one) for one in (10, 11, 3, 99))
_KNOWN = {
    "content",
    "allowed_mentions",
    "attachments",
    "thread_name",
    "username",
    "avatar_url",
    "embeds",
    "flags",
}
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_PARTS = re.compile(r"(?P<where>.+?)(?:/messages(?:/(?P<id>\d+))?)?")
MINUTES = 3  # that a nonce is remembered


class DiscordServer(Network):
    """One channel, reached by a webhook and by a bot."""

    def __init__(self, *, now: datetime) -> None:
        super().__init__()
        self.now = now
        self.messages: dict[str, dict[str, Any]] = {}
        self.is_forum = False
        self.is_gone = False  # the webhook
        self.can_read = True  # the bot
        self.overlooks: set[str] = set()  # fields that it does not mind, of other clients than ours
        self._nonces: dict[str, tuple[datetime, str]] = {}

    def answer(self, request: Request) -> Answer:
        """As the API does."""
        is_bots = request.path.startswith("/api/v10/")
        if is_bots and request.headers.get("authorization") != f"Bot {TOKEN}":
            return _no(401, 0, "401: Unauthorized")
        if request.path == "/api/v10/users/@me":
            return Answer(200, {"id": BOT, "username": "mast-bot", "bot": True})
        match = _PARTS.fullmatch(request.path)
        where, id = (match["where"], match["id"]) if match else ("", None)
        if where == WEBHOOK:
            return self._webhook(request, id)
        if where == f"/api/v10/channels/{CHANNEL}":
            return self._bot(request, id)
        if where.startswith("/api/webhooks/"):
            return _no(404, 10015, "Unknown Webhook")
        return _no(404, 10003, "Unknown Channel")

    def say(self, content: str, *, author: str = STRANGER) -> str:
        """Somebody says something in the channel."""
        with self.lock:
            milliseconds = int((self.now - _EPOCH).total_seconds() * 1000)
            id = str((milliseconds << 22) + len(self.messages))
            self.messages[id] = {
                "id": id,
                "channel_id": CHANNEL,
                "content": content,
                "author": {"id": author},
                "attachments": [],
            }
            return id

    def _webhook(self, request: Request, id: str | None) -> Answer:
        if self.is_gone:
            return _no(404, 10015, "Unknown Webhook")
        if id:
            return self._change(request, id)
        if request.method == "GET":
            told = {"id": WEBHOOK.split("/")[3], "name": "Mast", "channel_id": CHANNEL, "guild_id": GUILD}
            return Answer(200, told)
        made = self._post(request, author=WEBHOOK.split("/")[3], known=_KNOWN)
        return made if request.query.get("wait") == "true" or made.status != 200 else Answer(204, b"")

    def _bot(self, request: Request, id: str | None) -> Answer:
        if id:
            return self._change(request, id)
        if request.path.endswith("/messages"):
            if request.method == "GET":
                return self._history(request)
            return self._post(
                request, author=BOT, known=_KNOWN - {"thread_name"} | {"nonce", "enforce_nonce"}
            )
        return Answer(200, {"id": CHANNEL, "name": "coast", "guild_id": GUILD, "type": 0})

    def _post(self, request: Request, *, author: str, known: set[str]) -> Answer:
        said, files = _said(request)
        wrong = self._wrong(said, files, known)
        if wrong:
            return wrong
        nonce = str(said.get("nonce", ""))
        if len(nonce) > 25:
            return _no(400, 50035, "Invalid Form Body", nonce="Must be 25 or fewer in length.")
        with self.lock:
            at, known_id = self._nonces.get(nonce, (_EPOCH, ""))
            if said.get("enforce_nonce") and (self.now - at).total_seconds() < MINUTES * 60:
                return Answer(200, self.messages[known_id])
            id = self.say(said["content"], author=author)
            self._nonces[nonce] = (self.now, id)
            made = self.messages[id]
            if self.is_forum:
                made["channel_id"] = id
            elif "thread_id" in request.query:
                made["channel_id"] = request.query["thread_id"]
            described = {one["id"]: one.get("description", "") for one in said.get("attachments", [])}
            made["attachments"] = [
                {"id": f"{id}{number}", "filename": one[0], "description": described.get(number, "")}
                for number, one in enumerate(files.values())
            ]
            self.accept(id, said | {"files": files})
        return Answer(200, made)

    def _wrong(self, said: dict[str, Any], files: dict[str, Any], known: set[str]) -> Answer | None:
        if set(said) - known - self.overlooks:
            return _no(400, 50035, "Invalid Form Body", unknown="Unknown field.")
        if not said.get("content") and not files:
            return _no(400, 50006, "Cannot send an empty message")
        if len(said.get("content", "")) > 2000:
            return _no(400, 50035, "Invalid Form Body", content="Must be 2000 or fewer in length.")
        if len(files) > 10 or any(
            len(one.get("description", "")) > 1024 for one in said.get("attachments", [])
        ):
            return _no(400, 50035, "Invalid Form Body", attachments="Must be 10 or fewer in length.")
        if any(len(content) > 10 * 1024 * 1024 for _name, _kind, content in files.values()):
            return _no(413, 40005, "Request entity too large")
        if self.is_forum and not said.get("thread_name"):
            words = "Webhooks posted to forum channels must have a thread_name or thread_id"
            return _no(400, 220001, words)
        return None

    def _change(self, request: Request, id: str) -> Answer:
        made = self.messages.get(id)
        thread = request.query.get("thread_id")
        if made is None or made["channel_id"] not in (CHANNEL, thread):
            return _no(404, 10008, "Unknown Message")
        if request.method == "DELETE":
            del self.messages[id]
            return Answer(204, b"")
        if request.method == "PATCH":
            said, files = _said(request)
            wrong = self._wrong(said | {"thread_name": "-"}, files, _KNOWN)
            if wrong:
                return wrong
            kept = [one["id"] for one in said.get("attachments", [])]
            made["attachments"] = [one for one in made["attachments"] if one["id"] in kept]
            made |= {"content": said["content"], "calls": said.get("allowed_mentions") != {"parse": []}}
        return Answer(200, made)

    def _history(self, request: Request) -> Answer:
        if not self.can_read:
            return _no(403, 50001, "Missing Access")
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        found = sorted(
            (one for one in self.messages.values() if int(one["id"]) > after), key=lambda m: int(m["id"])
        )
        return Answer(200, json.dumps(found[:limit][::-1]).encode())


def _said(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return request.json, {}
    fields, files = read_form(request)
    return json.loads(fields["payload_json"]), files


def _no(status: int, code: int, words: str, **fields: str) -> Answer:
    told: dict[str, Any] = {"code": code, "message": words}
    if fields:
        told["errors"] = {name: {"_errors": [{"message": one}]} for name, one in fields.items()}
    return Answer(status, told)
