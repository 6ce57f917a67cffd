"""Slack's Web API, as far as a bot needs it that says things in a channel: 200 whatever happens, `ok` in the answer."""

from typing import Any

from tests.networks import Answer, Network, Request

TOKEN = "xoxb-" + "1234567890-9876543210-Qm8ZrT5mWk2LdN7bYc9AXq3v"  # in two pieces: it is nobody's
CHANNEL, TEAM = "C0MAST567", "https://mast.slack.com/"
_KNOWN = {
    "chat.postMessage": {"channel", "text", "blocks", "metadata", "unfurl_links"},
    "chat.update": {"channel", "ts", "text", "blocks", "metadata"},
    "chat.delete": {"channel", "ts"},
    "conversations.history": {
        *("channel", "oldest", "latest", "inclusive", "limit", "cursor", "include_all_metadata"),
    },
    "auth.test": set[str](),
}


class SlackBotServer(Network):
    """One workspace, one channel that the bot is in."""

    def __init__(self, *, now: float) -> None:
        super().__init__()
        self.now = now  # seconds
        self.messages: dict[str, dict[str, Any]] = {}
        self.scopes = {"chat:write", "channels:history"}

    def answer(self, request: Request) -> Answer:
        """As the Web API does."""
        method = request.path.removeprefix("/api/")
        if method not in _KNOWN:
            return _no("unknown_method")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _no("invalid_auth")
        said = request.json if request.method == "POST" and request.body else dict(request.query)
        if set(said) - _KNOWN[method]:
            return _no("invalid_arguments")
        if method == "auth.test":
            return _yes(url=TEAM, team="Mast and sail", user="mast-bot", bot_id="B0SEA1234")
        if said.get("channel") != CHANNEL:
            return _no("channel_not_found")
        if method == "conversations.history":
            return self._history(said) if "channels:history" in self.scopes else _no("missing_scope")
        if "chat:write" not in self.scopes:
            return _no("missing_scope")
        if method == "chat.postMessage":
            return self._post(said)
        if said["ts"] not in self.messages:
            return _no("message_not_found")
        if method == "chat.delete":
            del self.messages[said["ts"]]
        else:
            self.messages[said["ts"]] |= {name: said[name] for name in ("text", "blocks")}
        return _yes(channel=CHANNEL, ts=said["ts"])

    def say(self, text: str, **more: Any) -> str:
        """Somebody says something in the channel."""
        with self.lock:
            ts = f"{self.now + len(self.messages) / 1_000_000:.6f}"
            self.messages[ts] = {"type": "message", "ts": ts, "text": text, **more}
            return ts

    def _post(self, said: dict[str, Any]) -> Answer:
        if not said.get("text") and not said.get("blocks"):
            return _no("no_text")
        if len(said["text"]) > 40_000:
            return _no("msg_too_long")
        with self.lock:
            ts = self.say(said["text"], blocks=said["blocks"], metadata=said["metadata"], bot_id="B0SEA1234")
            self.accept(ts, said)
        return _yes(channel=CHANNEL, ts=ts, message=self.messages[ts])

    def _history(self, said: dict[str, str]) -> Answer:
        limit, start = int(said.get("limit", "100")), int(said.get("cursor", "0"))
        is_within = "inclusive" in said
        oldest, latest = float(said.get("oldest", "0")), float(said.get("latest", "9" * 12))
        found = [
            one
            for one in sorted(self.messages.values(), key=lambda one: float(one["ts"]), reverse=True)
            if oldest < float(one["ts"]) < latest or (is_within and float(one["ts"]) in (oldest, latest))
        ]
        page = [dict(one) for one in found[start : start + limit]]
        if said.get("include_all_metadata") != "true":
            for one in page:
                one.pop("metadata", None)
        more = str(start + limit) if start + limit < len(found) else ""
        return _yes(messages=page, has_more=bool(more), response_metadata={"next_cursor": more})


def _yes(**what: Any) -> Answer:
    return Answer(200, {"ok": True, **what})


def _no(word: str) -> Answer:
    return Answer(200, {"ok": False, "error": word})
