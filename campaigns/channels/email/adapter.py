"""Letters: one for each recipient of the account, each with its own way to end them (RFC 8058).

A mailing is one step that is called again and again, a few letters a call, until everybody is served; each letter is
written down before it is handed over, and with it how those before it ended. So a mailing that stops goes on at the
first recipient not yet served, and a process that ends leaves one letter in doubt at most. A letter whose answer was
lost is never sent again by itself.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from email.utils import parseaddr
from typing import Any

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _

from campaigns.channels.adapter import (
    Adapter,
    Before,
    Disconnected,
    Field,
    Identity,
    Later,
    Outcome,
    Paused,
    Pending,
    Refused,
    Seat,
    Sent,
    Step,
    Unsure,
)
from campaigns.channels.composing import article_draft
from campaigns.channels.email.letter import domain_of, letter, message_id
from campaigns.channels.email.line import Handed, NoLine, deliver, opened
from campaigns.channels.messages import Draft, Limits, Message, Story
from cms.core.pages import config

LETTERS = Step("letters", publishes=True, in_shares=True)
BATCH = 20  # letters of one call, and of one connection
SHARE = 0.5  # of a call's time after which no further letter is begun
PAUSE = 300.0  # seconds until those are tried again who said "later": greylisting waits at least so long
_NO_ADDRESS = re.compile(r"55[013] (?!5\.7\.)")  # 5.7 is a matter of policy: the address may well exist
ROUNDS = 6  # of trying them, each pause twice the one before


@dataclass(frozen=True)
class Served:
    """How far a mailing is. Numbers are those of recipients, who are served in their order."""

    through: int = 0  # everybody up to this one was tried
    sent: int = 0
    refused: tuple[tuple[int, str], ...] = ()  # with the server's words: these addresses take nothing
    open: tuple[int, ...] = ()  # "later"
    unsure: tuple[int, ...] = ()
    rounds: int = 0
    was_asked: bool = False  # a person was asked about the unsure ones
    begun: int | None = None  # whose letter was about to be handed over when the process ended, if it did

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Served":
        """As `asdict` wrote it, and what a person said since of the letters in doubt: those that are named, else, when a
        process ended in the middle of a call, the one that was begun."""
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        known["refused"] = tuple((number, words) for number, words in known.get("refused", ()))
        found = cls(
            **known | {"open": tuple(known.get("open", ())), "unsure": tuple(known.get("unsure", ()))}
        )
        if not found.was_asked:
            is_there = data.get("arrived") and found.begun is not None
            return found.after(found.begun or 0, Handed("sent")) if is_there else replace(found, begun=None)
        if data.get("arrived"):
            return replace(found, sent=found.sent + len(found.unsure), unsure=(), was_asked=False)
        return replace(found, open=(*found.open, *found.unsure), unsure=(), was_asked=False)

    def left(self, recipients: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
        """Who is not served yet: first those who were not tried."""
        in_order = sorted(recipients)
        new = [one for one in in_order if one[0] > self.through]
        return new or [one for one in in_order if one[0] in self.open]

    def after(self, number: int, handed: Handed) -> "Served":
        """One letter further."""
        rest = tuple(one for one in self.open if one != number)
        now = replace(self, through=max(self.through, number), open=rest, begun=None)
        if handed.verdict == "sent":
            return replace(now, sent=now.sent + 1)
        if handed.verdict == "later":
            return replace(now, open=(*rest, number))
        if handed.verdict == "unsure":
            return replace(now, unsure=(*now.unsure, number))
        return replace(now, refused=(*now.refused, (number, handed.words)))


class Email(Adapter):
    """The story itself, as text and HTML."""

    key = "email"
    name = lazy_pgettext("network", "E-mail")
    icon = "mail"
    fields = (
        Field("sender", _("Sender"), _("Mast and sail <news@example.com>"), is_required=False),
        Field(
            "server",
            _("Mail server"),
            _("As smtps://mail.example.com. Left empty, the site's own mail server is used."),
            is_required=False,
            is_destination=True,
        ),
        Field("user", _("User name"), _("If the mail server asks for one."), is_required=False),
        Field("password", _("Password"), kind="secret", is_required=False),
        Field(
            "says_opened",
            _("Count how often letters are opened"),
            _(
                "Puts a picture of one pixel into each letter, the same for everybody. Mail services fetch it too, and many"
                " programs never do: verified clicks say more. Your readers may have to be told."
            ),
            kind="yes",
            is_required=False,
        ),
    )
    guide = (
        _("Choose an address that people know and may answer to."),
        _(
            "Ask whoever looks after your domain that your mail server may send for it (SPF and DKIM), else letters "
            "end among the spam."
        ),
        _("Add recipients once the account is connected. Each letter carries a link that ends them."),
    )
    base_limits = Limits(title=200, summary=400, carries_html=True)
    seconds = 60.0
    proven_against = "protocol"
    medium = "email"
    has_recipients = True

    def connect(self, seat: Seat) -> Identity:
        """Whether the server lets us in. No letter is sent."""
        sender = _sender(seat)
        if not _is_address(sender):
            raise Disconnected(_("This is no address that letters can come from."), "sender")
        try:
            with opened(seat, domain_of(sender)):
                return Identity(remote_id=parseaddr(sender)[1], name=sender)
        except NoLine as problem:
            raise Disconnected(problem.reason, {"login": "password"}.get(problem.kind, "server")) from problem

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """The whole story."""
        return article_draft(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """One, called until all are served."""
        return (LETTERS,)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Serve the next few."""
        served = start = Served.read(before.get(step.key, {}))
        if not seat.recipients:
            return Refused(gettext("Nobody is on the list of recipients."), code="no_recipients")
        sender, until = _sender(seat), time.monotonic() + seat.http.seconds * SHARE
        try:
            letters = [
                (one, letter(message, sender, one, says_opened=bool(seat.settings.get("says_opened"))))
                for one in served.left(seat.recipients)[:BATCH]
            ]
        except ValueError as error:  # an address or a header that cannot be written
            return Refused(str(error), code="letter")
        broke: NoLine | None = None
        try:
            if letters:
                with opened(seat, domain_of(sender)) as server:
                    for (number, address, _stop), content in letters:
                        seat.so_far(asdict(replace(served, begun=number)))
                        handed = deliver(server, parseaddr(sender)[1], address, content)
                        if handed.verdict == "content" and not served.sent:
                            return Refused(handed.words, code="content")
                        served = served.after(number, handed)
                        if handed.verdict == "unsure" or time.monotonic() > until:
                            break
        except NoLine as problem:
            broke = problem
        if broke and served == start:
            return _not_let_in(broke)
        return self._next(served, message, seat)

    def _next(self, served: Served, message: Message, seat: Seat) -> Outcome:
        left = served.left(seat.recipients)
        if any(number > served.through for number, *_rest in left):
            return Pending(0, asdict(served))
        if left and served.rounds < ROUNDS:
            # Nobody got it yet: then it is as if we had not begun, and the engine waits.
            if not (served.sent or served.refused or served.unsure or served.rounds):
                return Later(
                    gettext("The mail server asks us to come back later."), code="later", after=PAUSE
                )
            pause = PAUSE * 2**served.rounds
            return Pending(pause, asdict(replace(served, rounds=served.rounds + 1)))
        if served.unsure:
            names = ", ".join(
                address for number, address, _stop in seat.recipients if number in served.unsure
            )
            reason = gettext("The answer about these letters was lost: %(names)s", names=names)
            return Unsure(reason, code="no_answer", data=asdict(replace(served, was_asked=True)))
        if left:
            reason = gettext("%(count)s recipients could not be reached so far.", count=len(left))
            return Refused(reason, code="not_all")
        if not served.sent and served.refused:
            return Refused(served.refused[0][1], code="recipients")
        data = {"sent": served.sent, "refused": [list(one) for one in served.refused]}
        nobody = tuple(one for one in served.refused if _NO_ADDRESS.match(one[1]))
        return Sent(remote_id=message_id(message, _sender(seat)), data=data, no_addresses=nobody)


def _sender(seat: Seat) -> str:
    return str(seat.settings.get("sender") or "").strip() or config().mail_from


def _is_address(sender: str) -> bool:
    _name, address = parseaddr(sender)
    local, at, domain = address.rpartition("@")
    return bool(local and at and domain)


def _not_let_in(problem: NoLine) -> Outcome:
    if problem.kind == "line":
        return Later(problem.reason, code="unreachable", whole_account=True)
    if problem.kind == "address":
        return Refused(problem.reason, code="address")
    return Paused(problem.reason, code=problem.kind)
