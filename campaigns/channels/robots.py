"""What networks share that are reached at one secret address: group robots and incoming webhooks.

The address is the credential. It is a secret field as a whole, and none of it may come back in what we tell people or
write down: pages of firewalls like to repeat the address they were asked for.
"""

import json
import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.channels import answers
from campaigns.channels.adapter import (
    Adapter,
    Before,
    Disconnected,
    Field,
    Identity,
    Later,
    Outcome,
    Paused,
    Refused,
    Seat,
    Sent,
    Step,
    mark_of_address,
)
from campaigns.channels.composing import short_draft
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Story

SEND = Step("send", publishes=True)
YES = ""  # the code of an answer that agrees
SIGNATURE = "signature"  # the code of "you are not who you say"
KEYWORD = "keyword"  # the code of "the text lacks my keyword"
_JSON = {"Content-Type": "application/json; charset=utf-8"}
SHORTEST_SECRET = 6  # of a piece of an address; shorter ones are words such as "send"


def base_field(default: str = "") -> Field:
    """Where the network's addresses begin: of a server of one's own, and for tests."""
    return Field(
        "base",
        _("Where its addresses begin"),
        _("Only for an installation of your own. Leave it as it is for the public service."),
        kind="url",
        is_required=False,
        default=default,
        is_advanced=True,
    )


def pausing_field(default: str) -> Field:
    """Answers that mean "this account cannot send", where the network does not list them reliably."""
    return Field(
        "pausing",
        _("Answers that pause the account"),
        _("Numbers, separated by spaces. With one of these answers nothing is sent until somebody looks."),
        is_required=False,
        default=default,
        is_advanced=True,
    )


def longest_field(default: int) -> Field:
    """The length of a text, where the network does not promise it."""
    return Field(
        "longest",
        _("Longest text"),
        _("In the units this network counts. Change it when the network does."),
        kind="number",
        is_required=False,
        default=str(default),
        is_advanced=True,
    )


def told(adapter: Adapter, settings: Mapping[str, Any], name: str) -> str:
    """A setting as text; what was left empty, or is newer than the account, has its default."""
    default = next(one.default for one in adapter.fields if one.name == name)
    value = settings.get(name)
    return default if value is None or value == "" else str(value).strip()


def number_told(adapter: Adapter, settings: Mapping[str, Any], name: str) -> int:
    """A setting as a positive number; its default when it is none."""
    value = told(adapter, settings, name)
    if value.isdecimal() and int(value) > 0:
        return int(value)
    return int(next(one.default for one in adapter.fields if one.name == name))


def ask(seat: Seat, method: str, url: str, **how: Any) -> Reply:
    """As `seat.http.ask`, with our secrets taken out of what comes back. Raises `Lost`."""
    reply = seat.http.ask(method, url, **how)
    body = hidden(reply.body.decode("utf-8", "surrogateescape"), seat.secrets.values())
    return Reply(reply.status, reply.headers, body.encode("utf-8", "surrogateescape"))


def hidden(text: str, secrets: Any) -> str:
    """A text without secrets, nor the telling pieces of secret addresses."""
    for secret in secrets:
        parts = urlsplit(secret)
        pieces = re.split(r"[/?&=,@:]+", f"{parts.path}?{parts.query}") if parts.netloc else []
        pieces += [one for one in (parts.username, parts.password) if one]
        telling = [one for one in (secret, *pieces) if len(one) >= SHORTEST_SECRET]
        for one in sorted(telling, key=len, reverse=True):
            text = text.replace(one, "…")
    return text


class Robot(Adapter):
    """A robot in a group: it says one text, cannot be asked anything, and forgets what it said."""

    begins: ClassVar[tuple[str, ...]]  # how its addresses begin
    path: ClassVar[str]  # the same, after the host
    limited: ClassVar[Mapping[str, float]] = {}  # words for "too many", and how many seconds to wait then
    busy: ClassVar[tuple[str, ...]] = ()  # words for "not now", with which surely nothing was said
    most_bytes: ClassVar[int | None] = None  # of a whole request
    base_limits = Limits()

    @abstractmethod
    def body(self, step: Step, message: Message, seat: Seat) -> Mapping[str, Any]:
        """What is sent, as JSON."""

    @abstractmethod
    def probe(self, seat: Seat) -> Mapping[str, Any]:
        """A message of nothing, which nobody can see: the robot refuses it, and before that a wrong address."""

    @abstractmethod
    def word(self, reply: Reply) -> tuple[str, str] | None:
        """The network's own word in an answer, as code (`YES` when it agreed) and sentence; None: it said none."""

    def limits(self, settings: Mapping[str, Any], told: Mapping[str, Any] | None) -> Limits:
        """The network's, with the length that was set."""
        plain = self.base_limits.to_json() | {"text": number_told(self, settings, "longest")}
        return Limits.from_json(plain)

    def connect(self, seat: Seat) -> Identity:
        """Robots tell nothing of themselves: a message of nothing has to be refused for being nothing."""
        try:
            reply = ask(
                seat, "POST", self.signed_address(seat), content=_json(self.probe(seat)), headers=_JSON
            )
        except Lost as problem:
            raise Disconnected(problem.reason, "url") from problem
        outcome = self.read(reply, seat)
        if self.word(reply) and isinstance(outcome, Sent | Refused):
            return replace(self.identity(outcome), mark=mark_of_address(self.address(seat)))
        field = "secret" if getattr(outcome, "code", "") == SIGNATURE else "url"
        raise Disconnected(getattr(outcome, "reason", "") or str(reply.status), field)

    def identity(self, outcome: Refused | Sent) -> Identity:
        """All that is known: it is one of these."""
        notes = [_("Nothing was said in the group: only the first delivery shows there.")]
        if isinstance(outcome, Refused) and outcome.code == KEYWORD:
            notes.append(
                _("This robot wants a keyword in every text. Give it to this account as its prefix.")
            )
        return Identity(name=str(self.name), notes=tuple(notes))

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """Title, summary and link."""
        return short_draft(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """One."""
        return (SEND,)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Say it, once."""
        content = _json(self.body(step, message, seat))
        refusal = answers.too_long(message.text, seat.limits) or self._too_large(content)
        if refusal:
            return refusal
        try:
            reply = ask(seat, "POST", self.signed_address(seat), content=content, headers=_JSON)
        except Disconnected as wrong:
            return Paused(str(wrong.sentence), code="address")
        except Lost as problem:
            return answers.lost(problem, publishes=True)
        return self.read(reply, seat)

    def read(self, reply: Reply, seat: Seat) -> Outcome:
        """What an answer means."""
        word = self.word(reply)
        if word is None or reply.status == 429:
            return self.unclear(reply, seat)
        code, said = word
        if code == YES:
            return Sent()
        if code in self.limited:
            return Later(said, code=code, after=self.limited[code], whole_account=True)
        if code in self.busy:
            return Later(said, code=code)
        if code == SIGNATURE or self.is_pausing(code, seat):
            return Paused(said, code=code)
        return Refused(said, code=code)

    def address(self, seat: Seat) -> str:
        """The secret address, when it is one of this network's. Raises `Disconnected`."""
        return address_of(seat, self.begins, self.path, str(self.name))

    def signed_address(self, seat: Seat) -> str:
        """The address with what the network wants beside it. Raises `Disconnected`."""
        return self.address(seat)

    def is_pausing(self, code: str, seat: Seat) -> bool:
        """Whether this answer means that the account cannot send."""
        return code in told(self, seat.settings, "pausing").replace(",", " ").split()

    def _too_large(self, content: bytes) -> Refused | None:
        over = len(content) - (self.most_bytes or len(content))
        if over <= 0:
            return None
        return Refused(
            gettext("The message is too large for this network, by %(over)s bytes.", over=over), "too_long"
        )

    def unclear(self, reply: Reply, seat: Seat) -> Outcome:
        """An answer without the network's own word. Addresses that are not there any more pause the account."""
        if reply.status in (401, 403, 404, 410):
            return gone(reply)
        if reply.is_ok:
            return answers.no_word(reply, publishes=True)
        return answers.failed(reply, publishes=True, now=seat.now())


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def gone(reply: Reply) -> Paused:
    """The address is not, or no longer, one that may be used."""
    said = reply.text.strip() or gettext("This address is not accepted any more.")
    return Paused(said, code=str(reply.status))


def address_of(seat: Seat, begins: Sequence[str], path: str, name: str) -> str:
    """The whole secret address, when it begins as the network's do. Raises `Disconnected`.

    A pasted address of another network would send our text, signed, to somebody it is not meant for.
    """
    url = seat.secrets.get("url", "").strip()
    base = str(seat.settings.get("base") or "").rstrip("/")
    allowed = [base] if base else list(begins)
    if not any(url.startswith(one + path) and len(url) > len(one + path) for one in allowed):
        raise Disconnected(
            _(
                "This is not an address of %(name)s: it begins with %(begins)s.",
                name=name,
                begins=allowed[0] + path,
            ),
            "url",
        )
    return url
