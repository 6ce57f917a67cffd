"""Messages in a Discord channel, through a webhook.

We always ask Discord to wait until the message is made (`wait=true`): without that, its errors are silent and there is
no number. A webhook cannot read its channel, so an answer that was lost stays unsure, for a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _

from campaigns.channels import answers
from campaigns.channels.adapter import (
    Adapter,
    Before,
    Data,
    Disconnected,
    Done,
    Field,
    Identity,
    Outcome,
    Paused,
    Seat,
    Sent,
    Step,
)
from campaigns.channels.discord import saying
from campaigns.channels.http import Lost
from campaigns.channels.messages import Draft, Limits, Message, Story
from campaigns.channels.robots import SEND, address_of, ask, base_field

LOOK = Step("look")
LONGEST_NAME = 100  # characters of the name of a thread
_BEGINS = (
    "https://discord.com",
    "https://discordapp.com",
    "https://ptb.discord.com",
    "https://canary.discord.com",
)


class Discord(Adapter):
    """One message, once the webhook is seen to be there."""

    key = "discord"
    name = _("Discord (webhook)")
    icon = "chat"
    fields = (
        Field(
            "url",
            _("Address of the webhook"),
            _(
                "It begins with https://discord.com/api/webhooks/. Whoever has it can post: keep it as a password."
            ),
            kind="secret",
        ),
        Field(
            "thread",
            _("Thread"),
            _("Its number, when messages go to a thread of the channel."),
            is_required=False,
        ),
        Field(
            "is_forum",
            _("The channel is a forum"),
            _("Every message opens a thread, named after the story."),
            kind="yes",
            is_required=False,
        ),
        base_field(),
    )
    guide = (
        _("In Discord, open the settings of the channel, choose Integrations, and then Webhooks."),
        _("Make a webhook, and give it the name and picture that readers shall see."),
        _("Copy its address."),
    )
    base_limits = saying.LIMITS
    can_edit = True
    can_delete = True
    seconds = 60.0  # ten pictures

    def connect(self, seat: Seat) -> Identity:
        """What the webhook is called, and that it is there."""
        try:
            reply = ask(seat, "GET", self._address(seat))
        except Lost as problem:
            raise Disconnected(problem.reason, "url") from problem
        if not reply.is_ok or not reply.json.get("id"):
            raise Disconnected(_("Discord answered: %(said)s", said=saying.words(reply)), "url")
        return Identity(remote_id=str(reply.json["id"]), name=str(reply.json.get("name") or "Discord"))

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """Title, summary and link."""
        return saying.compose(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Look at the webhook, which tells where messages can be seen; then send."""
        return (LOOK, SEND)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Look, or say it."""
        refusal = answers.too_long(message.text, seat.limits)
        if refusal:
            return refusal
        seen = before.get(LOOK.key, {})
        try:
            if step == LOOK:
                return self._look(seat)
            said = saying.body(message) | self._thread_name(message, seat)
            reply = saying.post(seat, self._sending_address(seat), said, message, {})
        except Disconnected as wrong:
            return Paused(str(wrong.sentence), code="address")
        except Lost as problem:
            return answers.lost(problem, publishes=step.publishes)
        if reply.is_ok and reply.json.get("id"):
            return _in_its_thread(saying.sent(reply.json, seen.get("guild", "")), seen.get("channel", ""))
        return saying.failed(reply, seat, publishes=True)

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """The text; its pictures stay."""
        try:
            return saying.edit(seat, self._message_address(seat, remote), message, remote, {})
        except Disconnected as wrong:
            return Paused(str(wrong.sentence), code="address")

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """As long as the webhook is there."""
        try:
            return saying.delete(seat, self._message_address(seat, remote), {})
        except Disconnected as wrong:
            return Paused(str(wrong.sentence), code="address")

    def _look(self, seat: Seat) -> Outcome:
        reply = ask(seat, "GET", self._address(seat))
        if reply.is_ok and reply.json.get("id"):
            found = {name: str(reply.json.get(f"{name}_id") or "") for name in ("guild", "channel")}
            return Done(found)
        return saying.failed(reply, seat, publishes=False)

    def _address(self, seat: Seat) -> str:
        return address_of(seat, _BEGINS, "/api/webhooks/", str(self.name)).partition("?")[0].rstrip("/")

    def _sending_address(self, seat: Seat) -> str:
        thread = str(seat.settings.get("thread") or "").strip()
        return f"{self._address(seat)}?wait=true" + (f"&thread_id={thread}" if thread else "")

    def _message_address(self, seat: Seat, remote: Data) -> str:
        thread = f"?thread_id={remote['thread']}" if remote.get("thread") else ""
        return f"{self._address(seat)}/messages/{remote['remote_id']}{thread}"

    def _thread_name(self, message: Message, seat: Seat) -> dict[str, str]:
        if not seat.settings.get("is_forum"):
            return {}
        return {"thread_name": (message.title or message.text)[:LONGEST_NAME]}


def _in_its_thread(made: Sent, home: str) -> Sent:
    """Messages in a thread can only be changed by its number: that of the channel they are in, if it is not ours."""
    channel = made.data["channel"]
    return replace(made, data={**made.data, "thread": channel if channel != home else ""})
