"""Posts of a bot in a Telegram channel or group (Bot API).

Bots cannot read what a channel holds: a lost answer stays unsure, for a person. Formatting is told as entities, whose
offsets count UTF-16 units, so that no sign in a text is ever taken for markup.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext
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
    Later,
    Outcome,
    Paused,
    Refused,
    Seat,
    Sent,
    Step,
)
from campaigns.channels.composing import short_draft
from campaigns.channels.counting import characters
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Picture, Story
from campaigns.channels.robots import ask, told
from cms.core.outbound import Upload

BASE = "https://api.telegram.org"
CAPTION = 1024  # characters under pictures
PICTURES = Step("pictures", publishes=True)
TEXT = Step("text", publishes=True)
_NO_RIGHT = ("chat not found", "not enough rights", "need administrator rights", "bot is not a member")


class Telegram(Adapter):
    """One message; pictures carry it as their caption when it is short enough, else go before it."""

    key = "telegram"
    name = _("Telegram")
    icon = "send"
    fields = (
        Field(
            "token", _("Token of the bot"), _("From @BotFather. It looks like 123456789:AAE…"), kind="secret"
        ),
        Field("chat", _("Channel or group"), _("@name of a public one, or its number, which begins with -")),
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
        _("In Telegram, write to @BotFather, send /newbot, and answer its two questions."),
        _("Copy the token that it gives you."),
        _("Open your channel, choose Administrators, and add the bot with the right to post messages."),
        _("For corrections and deletions, give it the rights to edit and delete messages as well."),
    )
    base_limits = Limits(
        text=4096,
        counter="characters",
        pictures=10,
        picture_bytes=10_000_000,
        picture_side=5000,  # width and height together are at most 10,000
        alt=0,
    )
    can_edit = True
    tells_followers = True
    can_delete = True
    seconds = 60.0  # ten pictures

    def connect(self, seat: Seat) -> Identity:
        """Who the bot is, whether it knows the chat, and whether it may post there."""
        me = self._connected(seat, "getMe", {}, "token")
        chat = self._connected(seat, "getChat", {"chat_id": _chat(seat)}, "chat")
        asked = {"chat_id": chat.get("id"), "user_id": me.get("id")}
        member = self._connected(seat, "getChatMember", asked, "chat")
        if member.get("status") in ("left", "kicked"):
            raise Disconnected(_("The bot is not in this channel or group. Please add it there."), "chat")
        if chat.get("type") == "channel" and not member.get("can_post_messages"):
            raise Disconnected(
                _("The bot may not post in this channel. Please make it an administrator."), "chat"
            )
        username = chat.get("username", "")
        return Identity(
            remote_id=str(chat.get("id", "")),
            name=str(chat.get("title") or username or me.get("username", "")),
            url=f"https://t.me/{username}" if username else "",
            server="t.me",  # numbers of chats are the same for all, with an address or without
        )

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """With pictures, what fits under them."""
        if story.media and limits.text is not None:
            limits = replace(limits, text=min(CAPTION, limits.text))
        return short_draft(story, limits, hashtags=True)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """One message, or pictures and then the text that is too long for them."""
        if not message.pictures:
            return (TEXT,)
        return (PICTURES,) if _is_caption(message) else (PICTURES, TEXT)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Send, once more when the group has moved: then it was surely not sent."""
        refusal = answers.too_long(message.text, seat.limits)
        if refusal:
            return refusal
        try:
            reply = self._say(step, message, seat, _chat(seat))
            moved = _parameters(reply).get("migrate_to_chat_id")
            if reply.status == 400 and moved:
                seat.keep({"moved": f"{seat.settings['chat']} {moved}"}, None)
                reply = self._say(step, message, seat, str(moved))
        except Lost as problem:
            return answers.lost(problem, publishes=True)
        return _sent(reply, is_caption=step == PICTURES) or _failed(reply, seat, publishes=True)

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """The text of what is there; its pictures stay."""
        where = {"chat_id": remote["chat_id"], "message_id": int(remote["remote_id"])}
        if remote.get("is_caption"):
            if characters(message.text) > CAPTION:
                return Refused(gettext("The text is too long to stand under pictures."), code="too_long")
            method, said = "editMessageCaption", _caption(message)
        else:
            refusal = answers.too_long(message.text, seat.limits)
            if refusal:
                return refusal
            method, said = "editMessageText", _text(message)
        try:
            reply = self._ask(seat, method, {**where, **said})
        except Lost as problem:
            return Later(problem.reason, code="unreachable")  # saying the same again changes nothing
        if reply.json.get("ok") is True or "message is not modified" in _description(reply):
            return Sent(str(remote["remote_id"]), str(remote.get("url", "")), _plain(remote))
        return _failed(reply, seat, publishes=False)

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """Every message of it. Telegram lets bots do that for 48 hours."""
        for id in remote.get("ids") or [int(remote["remote_id"])]:
            try:
                reply = self._ask(seat, "deleteMessage", {"chat_id": remote["chat_id"], "message_id": id})
            except Lost as problem:
                return Later(problem.reason, code="unreachable")
            if reply.json.get("ok") is not True and "message to delete not found" not in _description(reply):
                return _failed(reply, seat, publishes=False)
        return Done()

    def _connected(self, seat: Seat, method: str, body: Data, field: str) -> dict[str, Any]:
        try:
            reply = self._ask(seat, method, body)
        except Lost as problem:
            raise Disconnected(problem.reason, "base") from problem
        found = reply.json.get("result")
        if reply.json.get("ok") is True and isinstance(found, dict):
            return found
        if reply.status in (401, 404):
            raise Disconnected(_("Telegram does not know this token."), "token")
        said = _description(reply) or reply.text[:200]
        raise Disconnected(_("Telegram answered: %(said)s", said=said), field)

    def _say(self, step: Step, message: Message, seat: Seat, chat: str) -> Reply:
        if step == TEXT:
            return self._ask(seat, "sendMessage", {"chat_id": chat, **_text(message)})
        caption = _caption(message) if _is_caption(message) else {}
        files = [_upload(number, one, seat) for number, one in enumerate(message.pictures)]
        if len(files) == 1:
            form = {"chat_id": chat, "photo": "attach://p0", **caption}
            return self._ask(seat, "sendPhoto", form, files)
        media: list[dict[str, Any]] = [
            {"type": "photo", "media": f"attach://{field}"} for field, *_rest in files
        ]
        media[0] |= caption
        return self._ask(seat, "sendMediaGroup", {"chat_id": chat, "media": media}, files)

    def followers(self, seat: Seat) -> int | Later | Paused | None:
        """Members of the channel or group. Bots are told no figures of single posts."""
        try:
            reply = self._ask(seat, "getChatMemberCount", {"chat_id": _chat(seat)})
        except Lost as problem:
            return Later(problem.reason, code="unreachable")
        if reply.json.get("ok") is not True:
            return answers.untold(_failed(reply, seat, publishes=False))
        told = reply.json.get("result")
        return told if isinstance(told, int) else None

    def _ask(self, seat: Seat, method: str, body: Data, files: Sequence[Upload] | None = None) -> Reply:
        url = f"{told(self, seat.settings, 'base').rstrip('/')}/bot{seat.secrets['token'].strip()}/{method}"
        if files is None:
            return ask(seat, "POST", url, body=body)
        form = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in body.items()
        }
        return ask(seat, "POST", url, form=form, files=files)


def _chat(seat: Seat) -> str:
    """The chat of the settings, or where Telegram said that this very one has moved."""
    chat = str(seat.settings["chat"]).strip()
    before, _space, now = seat.secrets_now().get("moved", "").partition(" ")
    return now if before == chat and now else chat


def _is_caption(message: Message) -> bool:
    return characters(message.text) <= CAPTION


def _text(message: Message) -> dict[str, Any]:
    said: dict[str, Any] = {"text": message.text, "entities": _entities(message)}
    if message.link in message.text:
        said["link_preview_options"] = {"url": message.link}
    return said


def _caption(message: Message) -> dict[str, Any]:
    return {"caption": message.text, "caption_entities": _entities(message)}


def _entities(message: Message) -> list[dict[str, Any]]:
    """The title in bold, where the text has it. Offset and length in UTF-16 units."""
    start = message.text.find(message.title) if message.title else -1
    if start < 0:
        return []
    return [
        {
            "type": "bold",
            "offset": _units(message.text[:start]),
            "length": _units(message.title),
        }
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _upload(number: int, picture: Picture, seat: Seat) -> Upload:
    return f"p{number}", f"picture-{number + 1}", picture.mime, seat.read(picture)


def _sent(reply: Reply, *, is_caption: bool) -> Sent | None:
    """What was made, when the answer says so."""
    result: Any = reply.json.get("result")
    messages: list[Any] = result if isinstance(result, list) else [result]
    if reply.json.get("ok") is not True or not messages or not isinstance(messages[0], dict):
        return None
    first: dict[str, Any] = messages[0]
    chat = first.get("chat") or {}
    id, chat_id = first.get("message_id"), chat.get("id")
    return Sent(
        remote_id=str(id),
        url=_address(chat, id),
        data={
            "chat_id": chat_id,
            "ids": [one.get("message_id") for one in messages],
            "is_caption": is_caption,
        },
    )


def _address(chat: Mapping[str, Any], id: Any) -> str:
    """Where people see it: of a channel without a name, only its members."""
    if chat.get("username"):
        return f"https://t.me/{chat['username']}/{id}"
    number = str(chat.get("id", ""))
    return f"https://t.me/c/{number.removeprefix('-100')}/{id}" if number.startswith("-100") else ""


def _plain(remote: Data) -> dict[str, Any]:
    return {name: remote[name] for name in ("chat_id", "ids", "is_caption") if name in remote}


def _parameters(reply: Reply) -> Mapping[str, Any]:
    found = reply.json.get("parameters")
    return found if isinstance(found, dict) else {}


def _description(reply: Reply) -> str:
    return str(reply.json.get("description", ""))


def _failed(reply: Reply, seat: Seat, *, publishes: bool) -> Outcome:
    said = _description(reply) or reply.text[:200]
    code = str(reply.status)
    if reply.status == 429:
        after = _parameters(reply).get("retry_after")
        if after is None:
            after = answers.retry_after(reply.headers, seat.now())
        return Later(said, code=code, after=after, whole_account=True)
    if reply.status in (401, 403, 404):
        return Paused(said, code=code)
    if reply.status == 400 and any(one in said.lower() for one in _NO_RIGHT):
        return Paused(said, code=code)
    if reply.status == 400:
        return Refused(said, code=code)
    if reply.is_ok:
        return answers.no_word(reply, publishes=publishes)
    return answers.failed(reply, publishes=publishes, now=seat.now())
