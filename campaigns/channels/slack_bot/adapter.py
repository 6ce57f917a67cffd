"""Messages of a bot in a Slack channel.

Slack keeps metadata with a message. Ours holds the key of the delivery, so that an answer that was lost is looked up in
the channel's history and nothing is said twice. Errors come with the status 200: only `ok` is success.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext
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
    Refused,
    Seat,
    Sent,
    Step,
    Told,
    Unsure,
)
from campaigns.channels.composing import short_draft
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Story
from campaigns.channels.robots import SEND, ask, told
from campaigns.channels.slack.adapter import LONGEST, rich

BASE = "https://slack.com/api"
LOOK = Step("look")
EVENT = "parley_delivery"  # kind of our metadata
PAGE = 200
_PAGES = 5
_EARLIER = timedelta(minutes=5)  # clocks differ
_GONE = "message_not_found"
# What Slack says when it may have done a part of it.
_PERHAPS = ("fatal_error", "internal_error", "service_unavailable", "request_timeout")
_PAUSING = (
    *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"),
    *(
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "no_permission",
        "access_denied",
    ),
    *("ekm_access_denied", "team_access_not_granted", "org_login_required", "not_allowed_token_type"),
)


class SlackBot(Adapter):
    """One message."""

    key = "slack_bot"
    name = _("Slack (bot)")
    icon = "hash"
    fields = (
        Field("token", _("Token of the bot"), _("It begins with xoxb-."), kind="secret"),
        Field(
            "channel",
            _("ID of the channel"),
            _("Shown at the end of the channel's details. It begins with C or G."),
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
        _("Open api.slack.com/apps, and make an app for your workspace, or open the one you have."),
        _(
            "Under OAuth & Permissions, add the bot scopes chat:write and channels:history, or groups:history."
        ),
        _("Install the app, copy the token of its bot, and invite the bot to the channel."),
    )
    base_limits = Limits(text=LONGEST, counter="characters")
    can_edit = True
    counts = ("reactions", "replies")
    can_delete = True
    can_find = True

    def connect(self, seat: Seat) -> Identity:
        """Who the bot is, and whether it may read the channel."""
        me = self._connected(seat, "auth.test", {}, "token")
        self._connected(seat, "conversations.history", {"channel": _channel(seat), "limit": "1"}, "channel")
        return Identity(
            remote_id=_channel(seat),
            name=str(me.get("team") or me.get("user") or "Slack"),
            url=f"{str(me.get('url', '')).rstrip('/')}/archives/{_channel(seat)}" if me.get("url") else "",
        )

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """Title, summary and link."""
        return short_draft(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Look who we are, which tells where messages can be seen; then send."""
        return (LOOK, SEND)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Look, or say it, with the delivery's key beside it."""
        refusal = answers.too_long(message.text, seat.limits)
        if refusal:
            return refusal
        try:
            if step == LOOK:
                reply = self._read(seat, "auth.test", {})
                return (
                    Done({"url": str(reply.json.get("url", ""))})
                    if _is_ok(reply)
                    else _failed(reply, seat, publishes=False)
                )
            reply = self._write(
                seat, "chat.postMessage", {"channel": _channel(seat), **rich(message), **_mark(message)}
            )
        except Lost as problem:
            return answers.lost(problem, publishes=step.publishes)
        if _is_ok(reply) and reply.json.get("ts"):
            return _sent(reply.json, seat, before)
        return _failed(reply, seat, publishes=True)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """By the delivery's key, in the channel's history since it was planned."""
        oldest = (message.planned_at - _EARLIER).timestamp()
        asked = {
            "channel": _channel(seat),
            "oldest": f"{oldest:.6f}",
            "limit": str(PAGE),
            "include_all_metadata": "true",
        }
        try:
            for _page in range(_PAGES):
                reply = self._read(seat, "conversations.history", asked)
                if not _is_ok(reply):
                    return CannotTell(_word(reply))
                for one in reply.json.get("messages", []):
                    if _key(one) == message.key:
                        return _sent(one, seat, before)
                cursor = (reply.json.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    return Missing()
                asked["cursor"] = str(cursor)
        except Lost as problem:
            return CannotTell(problem.reason)
        return CannotTell()

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """Another text for what is there."""
        refusal = answers.too_long(message.text, seat.limits)
        if refusal:
            return refusal
        where = {"channel": remote["channel"], "ts": remote["remote_id"]}
        try:
            reply = self._write(seat, "chat.update", {**where, **rich(message), **_mark(message)})
        except Lost as problem:
            return Later(problem.reason, code="unreachable")  # saying the same again changes nothing
        if _is_ok(reply):
            return Sent(str(remote["remote_id"]), str(remote.get("url", "")), {"channel": remote["channel"]})
        if _word(reply) == _GONE:
            return Refused(gettext("This message is no longer there."), code=_GONE)
        return _failed(reply, seat, publishes=False)

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """Bots may take away what they said."""
        try:
            reply = self._write(
                seat, "chat.delete", {"channel": remote["channel"], "ts": remote["remote_id"]}
            )
        except Lost as problem:
            return Later(problem.reason, code="unreachable")
        if _is_ok(reply) or _word(reply) == _GONE:
            return Done()
        return _failed(reply, seat, publishes=False)

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """Reactions and replies. Slack tells apps no views."""
        found = {}
        for remote in remotes:
            ts = str(remote["remote_id"])
            asked = {
                "channel": str(remote["channel"]),
                "oldest": ts,
                "latest": ts,
                "inclusive": "true",
                "limit": "1",
            }
            try:
                reply = self._read(seat, "conversations.history", asked)
            except Lost as problem:
                return Later(problem.reason, code="unreachable")
            if not _is_ok(reply):
                return answers.untold(_failed(reply, seat, publishes=False))
            for one in reply.json.get("messages", []):
                if one.get("ts") == ts:
                    reactions = sum(int(each.get("count", 0)) for each in one.get("reactions", []))
                    found[ts] = {"reactions": reactions, "replies": int(one.get("reply_count", 0))}
        return found

    def _connected(self, seat: Seat, method: str, query: Mapping[str, str], field: str) -> dict[str, Any]:
        try:
            reply = self._read(seat, method, query)
        except Lost as problem:
            raise Disconnected(problem.reason, "base") from problem
        if _is_ok(reply):
            return reply.json
        raise Disconnected(_("Slack answered: %(said)s", said=_word(reply)), field)

    def _read(self, seat: Seat, method: str, query: Mapping[str, str]) -> Reply:
        return ask(seat, "GET", self._url(seat, method), query=query, headers=_as(seat))

    def _write(self, seat: Seat, method: str, body: Mapping[str, Any]) -> Reply:
        return ask(seat, "POST", self._url(seat, method), body=body, headers=_as(seat))

    def _url(self, seat: Seat, method: str) -> str:
        return f"{told(self, seat.settings, 'base').rstrip('/')}/{method}"


def _mark(message: Message) -> dict[str, Any]:
    return {"metadata": {"event_type": EVENT, "event_payload": {"key": message.key}}}


def _key(said: Mapping[str, Any]) -> str:
    metadata = said.get("metadata") or {}
    return (
        str((metadata.get("event_payload") or {}).get("key", ""))
        if metadata.get("event_type") == EVENT
        else ""
    )


def _channel(seat: Seat) -> str:
    return str(seat.settings["channel"]).strip()


def _as(seat: Seat) -> dict[str, str]:
    return {"Authorization": f"Bearer {seat.secrets['token'].strip()}"}


def _is_ok(reply: Reply) -> bool:
    return reply.json.get("ok") is True


def _word(reply: Reply) -> str:
    return str(reply.json.get("error") or reply.text[:200] or reply.status)


def _sent(made: Mapping[str, Any], seat: Seat, before: Before) -> Sent:
    ts, channel = str(made["ts"]), str(made.get("channel") or _channel(seat))
    home = str(before.get(LOOK.key, {}).get("url", "")).rstrip("/")
    url = f"{home}/archives/{channel}/p{ts.replace('.', '')}" if home else ""
    return Sent(remote_id=ts, url=url, data={"channel": channel})


def _failed(reply: Reply, seat: Seat, *, publishes: bool) -> Outcome:
    word = _word(reply)
    if reply.status == 429 or reply.json.get("ok") is not False:
        if reply.status in (401, 403, 404):
            return Paused(word, code=str(reply.status))
        if reply.is_ok:
            return answers.no_word(reply, publishes=publishes)
        return answers.failed(reply, publishes=publishes, now=seat.now())
    if word in _PAUSING:
        return Paused(word, code=word)
    if word in ("ratelimited", "rate_limited"):
        return Later(
            word, code=word, after=answers.retry_after(reply.headers, seat.now()), whole_account=True
        )
    if word in _PERHAPS:
        return Unsure(word, code=word) if publishes else Later(word, code=word)
    return Refused(word, code=word)
