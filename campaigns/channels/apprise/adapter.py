"""Whatever has no adapter of its own: ntfy, Gotify, Mattermost, Matrix, Rocket.Chat, Zulip and others, by Apprise.

Apprise knows how to speak to a service, and nothing else: no number of what was said, no correction, no look-up. It runs
in a process without network (`child.py`); what it wants to ask is asked by our guarded client: addresses are checked,
redirects are not followed, time is bounded. So we know what the line said, and not only its "yes" or "no".
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
    Unsure,
    mark_of_address,
)
from campaigns.channels.apprise.running import Run, run
from campaigns.channels.apprise.schemes import ALLOWED, RESERVED, scheme
from campaigns.channels.composing import short_draft
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Story
from campaigns.channels.robots import SEND, hidden

LONGEST = 1000  # characters: what every service takes as a message, and not as a file


class Apprise(Adapter):
    """One text to one destination."""

    key = "apprise"
    name = _("Other services (Apprise)")
    icon = "plug"
    fields = (
        Field(
            "url",
            _("Address for Apprise"),
            _(
                "As Apprise writes it: ntfys://ntfy.example.com/topic, gotifys://host/token, mmosts://host/token …"
            ),
            kind="secret",
        ),
    )
    guide = (
        _("Look for your service in the list of Apprise, and put its address together as it is shown there."),
        _("Name one destination. For several, connect several accounts."),
    )
    base_limits = Limits(text=LONGEST, counter="characters")
    seconds = 30.0

    def connect(self, seat: Seat) -> Identity:
        """Whether Apprise understands the address. The service itself is not asked: it would show a message."""
        url = seat.secrets["url"].strip()
        wrong = _wrong(url)
        if wrong:
            raise Disconnected(wrong, "url")
        described = run(seat, {"url": url}, seconds=self.seconds).told
        if not described:
            raise Disconnected(_("Apprise does not understand this address."), "url")
        if described["targets"] != 1:
            raise Disconnected(
                _("Please name one destination. For several, connect several accounts."), "url"
            )
        limits = Limits(text=min(LONGEST, described["longest"]), counter="characters")
        note = _("The service was not asked: only the first delivery shows whether it takes what we send.")
        name = str(described["service"])
        return Identity(name=name, limits=limits, notes=(note,), mark=mark_of_address(url))

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """Title, summary and link."""
        return short_draft(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """One."""
        return (SEND,)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Once."""
        url = seat.secrets["url"].strip()
        wrong = _wrong(url)
        if wrong:
            return Paused(str(wrong), code="address")
        refusal = answers.too_long(message.text, seat.limits)
        if refusal:
            return refusal
        made = run(seat, {"url": url, "text": message.text}, seconds=self.seconds)
        return outcome_of(made, seat)


def outcome_of(made: Run, seat: Seat) -> Outcome:
    """From what Apprise and the line said. Where a part may have arrived, nobody knows about the whole."""
    if made.told and made.told.get("is_told") and made.wrote:
        return Sent()
    said = hidden(" ".join(made.said), seat.secrets.values()) or gettext("Apprise could not deliver it.")
    if made.wrote:
        return Unsure(said, code="partly")
    if isinstance(made.last, Lost):
        return answers.lost(made.last, publishes=True)
    if isinstance(made.last, Reply):
        return _refused(made.last, said, seat)
    if made.told is None:
        return Later(gettext("Apprise did not come to an end in time."), code="time")
    return Refused(said, code="apprise")


def _refused(last: Reply, said: str, seat: Seat) -> Outcome:
    if last.status in (401, 403, 404, 410):
        return Paused(said, code=str(last.status))
    if last.is_ok:  # a question was answered, and then it failed: nothing was written
        return Refused(said, code="apprise")
    return answers.failed(Reply(last.status, last.headers, said.encode()), publishes=True, now=seat.now())


def _wrong(url: str) -> Any:
    """Why an address may not be used; None when it may."""
    begins = scheme(url)
    if begins not in ALLOWED:
        return _("%(scheme)s is not among the services that may be used here.", scheme=begins or "?")
    taken = RESERVED & {name.lower() for name in parse_qs(urlsplit(url).query, keep_blank_values=True)}
    if taken:
        return _("Please leave %(name)s out of the address: Parley sees to that itself.", name=min(taken))
    return None
