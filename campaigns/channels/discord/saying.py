"""What is the same for webhooks and bots of Discord: how a message is written, and what its answers mean."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from campaigns.channels import answers
from campaigns.channels.adapter import Data, Done, Later, Outcome, Paused, Refused, Seat, Sent
from campaigns.channels.composing import short_draft
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Story
from campaigns.channels.pieces import pieces
from campaigns.channels.robots import ask

LIMITS = Limits(
    text=2000,
    counter="characters",
    pictures=10,
    picture_bytes=10_000_000,
    picture_types=("image/jpeg", "image/png", "image/webp"),
    alt=1024,
)
NO_MESSAGE = 10008
_MARKS = re.compile(r"([\\*_~`|<\[])")
_LINE_MARKS = re.compile(r"(?m)^(\s*)(>|#|-|\+)")


def compose(story: Story, limits: Limits) -> Draft:
    """A short text, in which the signs of titles and summaries are not read as Discord's Markdown."""
    plain = replace(
        story, title=plainly(story.title), summary=plainly(story.summary), text=plainly(story.text)
    )
    return short_draft(plain, limits)


def plainly(text: str) -> str:
    """A text in Discord's Markdown that shows as it is; addresses stay untouched."""
    marked = [
        one.text if one.kind == "link" else _LINE_MARKS.sub(r"\1\\\2", _MARKS.sub(r"\\\1", one.text))
        for one in pieces(text)
    ]
    return "".join(marked)


def body(message: Message) -> dict[str, Any]:
    """A new message. Nobody is called by it, whatever its text says."""
    said: dict[str, Any] = {"content": message.text, "allowed_mentions": {"parse": []}}
    if message.pictures:
        said["attachments"] = [
            {"id": number, "description": one.alt[:1024]} if one.alt else {"id": number}
            for number, one in enumerate(message.pictures)
        ]
    return said


def post(
    seat: Seat, url: str, said: Mapping[str, Any], message: Message, headers: Mapping[str, str]
) -> Reply:
    """Send a new message with its pictures. Raises `Lost`."""
    if not message.pictures:
        return ask(seat, "POST", url, body=said, headers=headers)
    files = [
        (f"files[{number}]", f"picture-{number + 1}.{one.mime.rpartition('/')[2]}", one.mime, seat.read(one))
        for number, one in enumerate(message.pictures)
    ]
    form = {"payload_json": json.dumps(said, ensure_ascii=False, separators=(",", ":"))}
    return ask(seat, "POST", url, form=form, files=files, headers=headers)


def edit(seat: Seat, url: str, message: Message, remote: Data, headers: Mapping[str, str]) -> Outcome:
    """Another text for what is there. Pictures that are not named again would go, and people would be called."""
    refusal = answers.too_long(message.text, seat.limits)
    if refusal:
        return refusal
    kept = [{"id": one} for one in remote.get("pictures", [])]
    said = {"content": message.text, "allowed_mentions": {"parse": []}, "attachments": kept}
    try:
        reply = ask(seat, "PATCH", url, body=said, headers=headers)
    except Lost as problem:
        return Later(problem.reason, code="unreachable")  # saying the same again changes nothing
    if not reply.is_ok or not reply.json.get("id"):
        return failed(reply, seat, publishes=False)
    data = {name: value for name, value in remote.items() if name not in ("remote_id", "url")}
    return Sent(str(remote["remote_id"]), str(remote.get("url", "")), data)


def delete(seat: Seat, url: str, headers: Mapping[str, str]) -> Outcome:
    """Take a message away. What is gone already is done."""
    try:
        reply = ask(seat, "DELETE", url, headers=headers)
    except Lost as problem:
        return Later(problem.reason, code="unreachable")
    if reply.is_ok or (reply.status == 404 and reply.json.get("code") == NO_MESSAGE):
        return Done()
    return failed(reply, seat, publishes=False)


def sent(made: Data, guild: str) -> Sent:
    """What a message became. `channel` is where it stands: in a forum, the thread it opened."""
    id, channel = str(made["id"]), str(made.get("channel_id", ""))
    return Sent(
        remote_id=id,
        url=f"https://discord.com/channels/{guild}/{channel}/{id}" if guild and channel else "",
        data={"channel": channel, "pictures": [str(one["id"]) for one in made.get("attachments", [])]},
    )


def failed(reply: Reply, seat: Seat, *, publishes: bool) -> Outcome:
    """What an answer that is no message means."""
    said, number = words(reply), reply.json.get("code")
    code = str(number or reply.status)
    if reply.status == 429:
        after = reply.json.get("retry_after")
        if not isinstance(after, int | float):
            after = answers.retry_after(reply.headers, seat.now())
        return Later(said, code=code, after=after, whole_account=True)
    if reply.status == 404 and number == NO_MESSAGE:
        return Refused(_("This message is no longer there."), code=code)
    if reply.status in (401, 403, 404):
        return Paused(said, code=code)
    if reply.status == 413:
        return Refused(_("Discord takes no pictures as large as these."), code=code)
    if reply.is_ok:
        return answers.no_word(reply, publishes=publishes)
    if reply.status == 400:
        return Refused(said, code=code)
    return answers.failed(reply, publishes=publishes, now=seat.now())


def words(reply: Reply) -> str:
    """Discord's sentence, and what it says of single fields."""
    said = str(reply.json.get("message") or reply.text[:200] or reply.status)
    return " ".join([said, *_details(reply.json.get("errors"))])


def _details(errors: Any) -> list[str]:
    if not isinstance(errors, dict):
        return []
    own = errors.get("_errors", [])
    found = [str(one.get("message", "")) for one in own if isinstance(one, dict)]
    return found + [each for name, one in errors.items() if name != "_errors" for each in _details(one)]
