"""A server of ntfy with a Gotify beside it: what Apprise is tried with."""

from typing import Any

from tests.networks import Answer, Network, Request

TOPIC = "coast-8vQ2mZt"
TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
GOTIFY_TOKEN = "AKuvx.8aPz2mLqR"
_KNOWN = {"topic", "message", "title"}


class NtfyServer(Network):
    """Takes messages for one topic with a token, and for one application."""

    def answer(self, request: Request) -> Answer:
        """As ntfy does, and under `/message` as Gotify."""
        if request.path == "/message":
            return self._gotify(request)
        if request.method != "POST" or request.path != "/":
            return _no(404, 40401, "page not found")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _no(401, 40101, "unauthorized")
        said: dict[str, Any] = request.json
        if set(said) - _KNOWN or said.get("topic") != TOPIC:
            return _no(403, 40301, "forbidden")
        if not said.get("message") or len(said["message"].encode()) > 4096:
            return _no(413, 41301, "entity too large")
        self.accept("ntfy", said)
        return Answer(200, {"id": "sPs71M8A2T", "event": "message", "topic": TOPIC})

    def _gotify(self, request: Request) -> Answer:
        if request.headers.get("x-gotify-key") != GOTIFY_TOKEN:
            return Answer(401, {"error": "Unauthorized", "errorCode": 401, "errorDescription": "no token"})
        self.accept("gotify", request.json)
        return Answer(200, {"id": 25})


def _no(status: int, code: int, words: str) -> Answer:
    return Answer(status, {"code": code, "http": status, "error": words})
