"""A signed request to an address of somebody's own (Standard Webhooks 1.0).

The receiver knows a repeated `webhook-id`, so an answer that was lost may be asked for again by sending the same bytes.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
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
    mark_of_address,
)
from campaigns.channels.composing import article_draft
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Story

SEND = Step("send", publishes=True)


class Webhook(Adapter):
    """One event per delivery: `story.published`, later `story.edited` and `story.deleted`."""

    key = "webhook"
    name = _("Webhook")
    fields = (
        Field(
            "url", _("Address"), _("Where we send to. It must answer with 2xx within 20 seconds."), kind="url"
        ),
        Field(
            "secret",
            _("Signing secret"),
            _("Begins with whsec_. Two, separated by a space, while you change from one to the other."),
            kind="secret",
        ),
    )
    guide = (
        _("Set up an address that takes POST requests with JSON."),
        _("Make a signing secret: whsec_ and then 32 random bytes in base64. Both sides use the same."),
        _("We send a test event, webhook.test, and expect an answer of 2xx."),
    )
    base_limits = Limits(
        carries_html=True, pictures=20, picture_types=("image/jpeg", "image/png", "image/webp")
    )
    can_edit = True
    can_delete = True
    can_find = True
    proven_against = "protocol"
    seconds = 20.0

    def connect(self, seat: Seat) -> Identity:
        """Send an event that means nothing, signed like all others."""
        body = {"type": "webhook.test", "timestamp": seat.now().isoformat(), "data": {}}
        try:
            reply = _post(seat, f"test_{int(seat.now().timestamp())}", body)
        except ValueError as error:
            raise Disconnected(_("This is no signing secret: it begins with whsec_."), "secret") from error
        except Lost as problem:
            raise Disconnected(problem.reason, "url") from problem
        if not reply.is_ok:
            raise Disconnected(
                _("It answered %(status)s instead of 2xx: %(said)s", status=reply.status, said=reply.text),
                "url",
            )
        return Identity(name=str(seat.settings["url"]), mark=mark_of_address(str(seat.settings["url"])))

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """The whole story."""
        return article_draft(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """One."""
        return (SEND,)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """The same id and body at every try, the time and signature of this one."""
        return self._tell(f"msg_{message.key}", event("story.published", message, message.planned_at), seat)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """Nothing to look at, but the receiver leaves out what it has: so it is safe to send again."""
        return Missing()

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """Tell that it says something else now."""
        mark = message.hash()[:16]
        return self._tell(f"msg_{message.key}_edit_{mark}", event("story.edited", message, seat.now()), seat)

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """Tell that it is gone."""
        body = {
            "type": "story.deleted",
            "timestamp": seat.now().isoformat(),
            "data": {"id": remote["remote_id"]},
        }
        outcome = self._tell(f"{remote['remote_id']}_delete", body, seat)
        return Done() if isinstance(outcome, Sent) else outcome

    def _tell(self, id: str, body: Data, seat: Seat) -> Outcome:
        try:
            reply = _post(seat, id, body)
        except ValueError:
            return Paused(str(_("The signing secret of this account is damaged.")), code="secret")
        except Lost as problem:
            # Not unsure: the receiver knows the id, and the specification asks us to send again.
            if problem.was_refused:
                return Refused(problem.reason, code="address")
            return Later(problem.reason, code="no_answer")
        if reply.is_ok:
            return Sent(remote_id=id)
        if reply.status == 410:
            return Paused(str(_("The receiver says that this webhook is gone (410).")), code="410")
        if reply.status in (401, 403):
            return Paused(reply.text, code=str(reply.status))
        if 300 <= reply.status < 400:
            return Refused(
                str(_("The address leads elsewhere, and webhooks do not follow.")), code=str(reply.status)
            )
        return answers.failed(reply, publishes=False, now=seat.now())


def event(kind: str, message: Message, at: datetime) -> dict[str, Any]:
    """The body of an event; `docs/channels/webhook.md` describes it for receivers."""
    return {
        "type": kind,
        "timestamp": at.isoformat(),
        "data": {
            "id": f"msg_{message.key}",
            "language": message.language,
            "title": message.title,
            "summary": message.summary,
            "html": message.html,
            "text": message.text,
            "url": message.url,
            "link": message.link,
            "tags": list(message.tags),
            "authors": list(message.authors),
        },
    }


def sign(secrets: str, id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature per secret. Raises `ValueError` for what is none."""
    signed = f"{id}.{timestamp}.".encode() + body
    found = []
    for secret in secrets.split():
        if not secret.startswith("whsec_"):
            raise ValueError("a signing secret begins with whsec_")
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error as error:
            raise ValueError("a signing secret is base64") from error
        found.append("v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode())
    if not found:
        raise ValueError("there is no signing secret")
    return " ".join(found)


def _post(seat: Seat, id: str, body: Data) -> Reply:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = int(seat.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(seat.secrets["secret"], id, timestamp, content),
    }
    return seat.http.ask("POST", str(seat.settings["url"]), headers=headers, content=content)
