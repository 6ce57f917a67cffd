"""A network made for these tests, and adapters for it: one that can look, one that cannot, one whose network leaves out
what it has, one whose tokens rotate. A message may be a thread, with an upload before it.

The ledger decides what "sent" means: a part is accepted under "KEY:part:N".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from campaigns.channels import answers, catalogue
from campaigns.channels.adapter import (
    Adapter,
    Before,
    CannotTell,
    Data,
    Done,
    Field,
    Found,
    Identity,
    Later,
    Missing,
    Outcome,
    Paused,
    Pending,
    Refused,
    Seat,
    Sent,
    Step,
    Unsure,
)
from campaigns.channels.composing import short_draft
from campaigns.channels.http import Lost
from campaigns.channels.messages import Draft, Limits, Message, Story
from tests.networks import Answer, Network, Request


class Board(Network):
    """Takes parts at `/parts`, says which it has, changes and deletes them; uploads at `/uploads`; tokens at `/token`."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.uploads = 0
        self.token, self.refresh, self.renewals, self.dead_refreshes = "token-0", "refresh-0", 0, 0
        self.on_accept: Callable[[str], None] = lambda key: None
        self.on_request: Callable[[Request], None] = lambda request: None
        self.leaves_out = False  # what it has
        self.asks_token = False

    def answer(self, request: Request) -> Answer:
        self.on_request(request)
        if request.path == "/token":
            return self._renew(request)
        if self.asks_token and request.headers.get("authorization") != self.token:
            return Answer(401, {"error": "token"})
        if request.path == "/uploads":
            with self.lock:
                self.uploads += 1
                return Answer(200, {"id": f"u{self.uploads}"})
        if request.method == "GET":
            key = request.query["key"]
            return Answer(200, self._found(key)) if key in self.texts else Answer(404)
        if request.method == "DELETE":
            with self.lock:
                self.texts.pop(request.path.removeprefix("/parts/"), None)
            return Answer(204, b"")
        return self._take(request.path, request.json)

    def _take(self, path: str, said: dict[str, Any]) -> Answer:
        if path != "/parts":
            with self.lock:
                self.texts[path.removeprefix("/parts/")] = said["text"]
            return Answer(200, self._found(path.removeprefix("/parts/")))
        key = said["key"]
        with self.lock:
            if self.leaves_out and key in self.texts:
                return Answer(200, self._found(key))
            if said["after"] and said["after"] not in self.texts:
                return Answer(422, {"error": "there is nothing to answer"})
            self.texts[key] = said["text"]
            self.accept(key, said)
        self.on_accept(key)
        return Answer(200, self._found(key))

    def _found(self, key: str) -> dict[str, str]:
        return {"id": key, "url": f"{self.url}/parts/{key}"}

    def _renew(self, request: Request) -> Answer:
        with self.lock:
            if request.json["refresh"] != self.refresh:
                self.dead_refreshes += 1
                return Answer(400, {"error": "this refresh token was used"})
            self.renewals += 1
            self.token, self.refresh = f"token-{self.renewals}", f"refresh-{self.renewals}"
            return Answer(200, {"token": self.token, "refresh": self.refresh})


class BoardAdapter(Adapter):
    """Posts parts, each answering the one before."""

    key = "board"
    name = "Board"
    fields = (Field("url", "Address", kind="url"),)
    base_limits = Limits(text=500, parts=9)
    can_edit = can_delete = can_find = True
    seconds = 2.0
    fails: ClassVar[Callable[[Step, Message], None]] = staticmethod(lambda step, message: None)

    def connect(self, seat: Seat) -> Identity:
        return Identity(name="Board")

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        return short_draft(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        uploads = [Step("upload:1")] if message.extra.get("upload") else []
        return [*uploads, *(Step(f"part:{n}", publishes=True) for n in range(1, len(message.parts) + 1))]

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        type(self).fails(step, message)
        if not step.publishes:
            return self._ask(seat, "POST", "/uploads", {}, publishes=False)
        number = int(step.key.removeprefix("part:"))
        after = str(before[f"part:{number - 1}"]["remote_id"]) if number > 1 else ""
        said = {"key": f"{message.key}:{step.key}", "text": message.parts[number - 1].text, "after": after}
        return self._ask(seat, "POST", "/parts", said, publishes=True)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        try:
            reply = seat.http.ask(
                "GET", f"{seat.settings['url']}/parts", query={"key": f"{message.key}:{step.key}"}
            )
        except Lost as problem:
            return CannotTell(problem.reason)
        if reply.status == 404:
            return Missing()
        return Sent(reply.json["id"], reply.json["url"]) if reply.is_ok else CannotTell(reply.text)

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        return self._ask(
            seat, "PUT", f"/parts/{remote['remote_id']}", {"text": message.text}, publishes=False
        )

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        outcome = self._ask(seat, "DELETE", f"/parts/{remote['remote_id']}", None, publishes=False)
        return Done() if isinstance(outcome, Sent) else outcome

    def _ask(self, seat: Seat, method: str, path: str, body: object, *, publishes: bool) -> Outcome:
        try:
            reply = seat.http.ask(
                method, f"{seat.settings['url']}{path}", body=body, headers=self._signed(seat)
            )
        except Lost as problem:
            return answers.lost(problem, publishes=publishes)
        if reply.status in (401, 403):
            return Paused("The token is dead.", code="401")
        if reply.status == 202:
            return Pending(reply.json["after"], {"asked": True})
        if not reply.is_ok:
            return answers.failed(reply, publishes=publishes, now=seat.now())
        if path == "/uploads":
            return Done(reply.json)
        return Sent(reply.json.get("id", ""), reply.json.get("url", ""))

    def _signed(self, seat: Seat) -> dict[str, str]:
        return {}


class BlindAdapter(BoardAdapter):
    """Cannot look: a lost answer is for a person."""

    key = "blind"
    can_find = False

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        return CannotTell("no way")


class KeyedAdapter(BoardAdapter):
    """Its network leaves out what it has, so a lost answer is asked for again by sending the same."""

    key = "keyed"

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        outcome = super().send(step, message, seat, before)
        return Later(outcome.reason, outcome.code) if isinstance(outcome, Unsure) else outcome

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        return Missing()


class RotatingAdapter(BoardAdapter):
    """Its token ends, and its refresh token works once."""

    key = "rotating"

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        used = seat.secrets_now()["token"]
        outcome = super().send(step, message, seat, before)
        if not isinstance(outcome, Paused):
            return outcome
        with seat.renewing():
            now = seat.secrets_now()
            if now["token"] == used:
                reply = seat.http.ask(
                    "POST", f"{seat.settings['url']}/token", body={"refresh": now["refresh"]}
                )
                if not reply.is_ok:
                    return Refused("renewing failed", code="renewing")
                seat.keep({"token": reply.json["token"], "refresh": reply.json["refresh"]}, None)
        return super().send(step, message, seat, before)

    def _signed(self, seat: Seat) -> dict[str, str]:
        return {"Authorization": seat.secrets_now()["token"]}


class HandAdapter(BoardAdapter):
    """A person posts."""

    key = "hand"
    is_by_hand = True


class PoisonAdapter(BoardAdapter):
    """Ends the process that touches it."""

    key = "poison"

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        import os

        os._exit(1)


ADAPTERS = (
    BoardAdapter(),
    BlindAdapter(),
    KeyedAdapter(),
    RotatingAdapter(),
    HandAdapter(),
    PoisonAdapter(),
)


def install() -> None:
    """Let this process know these networks."""
    catalogue._BY_KEY.update({one.key: one for one in ADAPTERS})
