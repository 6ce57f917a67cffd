"""Messages of a bot in a Discord channel.

A bot can do two things more than a webhook. It gives each message a nonce: Discord answers a second one, "within the
past few minutes", with the first message. And it can read its channel: an answer that was lost is looked up, at
any time, by our own link among the bot's own messages.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from campaigns.channels import answers
from campaigns.channels.adapter import (
    Adapter,
    Before,
    CannotTell,
    Data,
    Disconnected,
    Done,
    Field,
    Found,
    Identity,
    Later,
    Missing,
    Outcome,
    Paused,
    Seat,
    Step,
    Told,
)
from campaigns.channels.discord import saying
from campaigns.channels.discord.adapter import LOOK
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Story
from campaigns.channels.robots import SEND, ask, told

BASE = "https://discord.com/api/v10"
LONGEST_NONCE = 25
PAGE = 100  # messages that Discord gives at once
_PAGES = 10  # that we read to find one
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # Discord's numbers hold the milliseconds since then
_EARLIER = timedelta(minutes=5)  # clocks differ


class DiscordBot(Adapter):
    """One message."""

    key = "discord_bot"
    name = _("Discord (bot)")
    icon = "chat"
    fields = (
        Field("token", _("Token of the bot"), kind="secret"),
        Field(
            "channel", _("Number of the channel"), _("With developer mode on: right click, Copy Channel ID.")
        ),
        Field(
            "base",
            _("Where its addresses begin"),
            _("Only for an installation of your own. Leave it as it is for the public service."),
            kind="url",
            is_required=False,
            default=BASE,
            is_advanced=True,
        ),
    )
    guide = (
        _("Open discord.com/developers, make an application, and copy the token of its bot."),
        _(
            "Invite the bot to your server with the rights to view channels, send messages, attach files and read "
            "the message history."
        ),
        _("Let it into the channel, and copy the number of the channel."),
    )
    base_limits = saying.LIMITS
    can_edit = True
    counts = ("reactions",)
    can_delete = True
    can_find = True
    seconds = 60.0  # ten pictures

    def connect(self, seat: Seat) -> Identity:
        """Who the bot is, and whether it sees the channel and what was said there."""
        me = self._connected(seat, "/users/@me", "token")
        channel = self._connected(seat, self._channel(seat), "channel")
        self._connected(seat, self._channel(seat) + "/messages?limit=1", "channel")
        return Identity(
            remote_id=str(channel.get("id", "")),
            name=f"#{channel['name']}" if channel.get("name") else str(me.get("username", "")),
            url=f"https://discord.com/channels/{channel.get('guild_id') or '@me'}/{channel.get('id', '')}",
        )

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """Title, summary and link."""
        return saying.compose(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Look at the channel, which tells where messages can be seen; then send."""
        return (LOOK, SEND)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Say it, with the nonce that is this message's at every try."""
        refusal = answers.too_long(message.text, seat.limits)
        if refusal:
            return refusal
        said = saying.body(message) | {"nonce": nonce(message.key), "enforce_nonce": True}
        try:
            if step == LOOK:
                return self._look(seat)
            url = self._url(seat, self._channel(seat) + "/messages")
            reply = saying.post(seat, url, said, message, _as(seat))
        except Lost as problem:
            return answers.lost(problem, publishes=step.publishes)
        if reply.is_ok and reply.json.get("id"):
            return saying.sent(reply.json, _guild(before))
        return saying.failed(reply, seat, publishes=True)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """By our link, which is this delivery's own, or by the whole text, among what the bot itself has said since."""
        try:
            me = self._ask(seat, "/users/@me").json.get("id")
            after = snowflake(message.planned_at - _EARLIER)
            for _page in range(_PAGES if me else 0):
                said = self._said_after(seat, after)
                if said is None:
                    break
                for one in said:
                    if one.get("author", {}).get("id") == me and _is_this(one, message):
                        return saying.sent(one, _guild(before))
                if len(said) < PAGE:
                    return Missing()
                after = max(int(one["id"]) for one in said)
        except Lost as problem:
            return CannotTell(problem.reason)
        return CannotTell()

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """The text; its pictures stay."""
        return saying.edit(seat, self._message_url(seat, remote), message, remote, _as(seat))

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """Bots may always take away what they said."""
        return saying.delete(seat, self._message_url(seat, remote), _as(seat))

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """How many reactions there are. Discord counts no views."""
        found = {}
        for remote in remotes:
            try:
                reply = ask(seat, "GET", self._message_url(seat, remote), headers=_as(seat))
            except Lost as problem:
                return Later(problem.reason, code="unreachable")
            if not reply.is_ok and reply.status != 404:
                return answers.untold(saying.failed(reply, seat, publishes=False))
            if reply.json.get("id"):
                reactions = sum(int(one.get("count", 0)) for one in reply.json.get("reactions", []))
                found[str(remote["remote_id"])] = {"reactions": reactions}
        return found

    def _connected(self, seat: Seat, path: str, field: str) -> dict[str, Any]:
        try:
            reply = self._ask(seat, path)
        except Lost as problem:
            raise Disconnected(problem.reason, "base") from problem
        if reply.is_ok:
            return reply.json
        raise Disconnected(
            _("Discord answered: %(said)s", said=saying.words(reply)),
            "token" if reply.status == 401 else field,
        )

    def _look(self, seat: Seat) -> Outcome:
        reply = self._ask(seat, self._channel(seat))
        if reply.is_ok and reply.json.get("id"):
            return Done({"guild": str(reply.json.get("guild_id") or "")})
        return saying.failed(reply, seat, publishes=False)

    def _said_after(self, seat: Seat, after: int) -> list[dict[str, Any]] | None:
        reply = self._ask(seat, f"{self._channel(seat)}/messages?after={after}&limit={PAGE}")
        return reply.items if reply.is_ok else None

    def _ask(self, seat: Seat, path: str) -> Reply:
        return ask(seat, "GET", self._url(seat, path), headers=_as(seat))

    def _url(self, seat: Seat, path: str) -> str:
        return told(self, seat.settings, "base").rstrip("/") + path

    def _channel(self, seat: Seat) -> str:
        return f"/channels/{seat.settings['channel']}"

    def _message_url(self, seat: Seat, remote: Data) -> str:
        return self._url(seat, f"/channels/{remote['channel']}/messages/{remote['remote_id']}")


def nonce(key: str) -> str:
    """What marks a message, in as many characters as Discord takes."""
    return hashlib.sha256(key.encode()).hexdigest()[:LONGEST_NONCE]


def snowflake(at: datetime) -> int:
    """The smallest number of anything that Discord made at this instant."""
    return max(0, int((at - _EPOCH).total_seconds() * 1000)) << 22


def _is_this(said: Data, message: Message) -> bool:
    content = str(said.get("content", ""))
    return content == message.text or (message.link in message.text and message.link in content)


def _guild(before: Before) -> str:
    return str(before.get(LOOK.key, {}).get("guild", ""))


def _as(seat: Seat) -> dict[str, str]:
    return {"Authorization": f"Bot {seat.secrets['token'].strip()}"}
