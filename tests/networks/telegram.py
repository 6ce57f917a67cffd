"""The Bot API of Telegram, with the rules its documentation and its server's source give."""

import json
import re
from typing import Any

from tests.networks import Answer, Network, Request
from tests.networks.forms import read_form

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
BOT = 123456789
CHAT = -1001234567890
_KNOWN = {
    "getMe": set(),
    "getChat": {"chat_id"},
    "getChatMember": {"chat_id", "user_id"},
    "getChatMemberCount": {"chat_id"},
    "sendMessage": {"chat_id", "text", "entities", "link_preview_options"},
    "sendPhoto": {"chat_id", "photo", "caption", "caption_entities"},
    "sendMediaGroup": {"chat_id", "media"},
    "editMessageText": {"chat_id", "message_id", "text", "entities", "link_preview_options"},
    "editMessageCaption": {"chat_id", "message_id", "caption", "caption_entities"},
    "deleteMessage": {"chat_id", "message_id"},
}


class TelegramServer(Network):
    """One bot, one channel: @mast."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[int, dict[str, Any]] = {}
        self.member = {"status": "administrator", "can_post_messages": True}
        self.moved_to: int | None = None  # the group became a supergroup
        self.is_old = False  # messages are older than 48 hours
        self.chat = {"id": CHAT, "type": "channel", "title": "Mast and sail", "username": "mast"}

    def answer(self, request: Request) -> Answer:
        """As the Bot API does: `ok`, and a result or a description."""
        match = re.fullmatch(r"/bot([^/]+)/(\w+)", request.path)
        if not match or match[2] not in _KNOWN:
            return _no(404, "Not Found")
        if match[1] != TOKEN:
            return _no(401, "Unauthorized")
        said, files = self._said(request)
        unknown = set(said) - _KNOWN[match[2]]
        if unknown:
            return _no(400, f"Bad Request: unknown parameter {min(unknown)}")
        if match[2] != "getMe":
            refused = self._chat_of(said)
            if refused:
                return refused
        return getattr(self, "_" + match[2])(said, files)

    def _said(self, request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
        if request.headers.get("content-type", "").startswith("application/json"):
            return request.json, {}
        fields, files = read_form(request)
        for name in ("caption_entities", "media"):
            if name in fields:
                fields[name] = json.loads(fields[name])
        return fields, files

    def _chat_of(self, said: dict[str, Any]) -> Answer | None:
        if self.moved_to and str(said["chat_id"]) != str(self.moved_to):
            told = {"parameters": {"migrate_to_chat_id": self.moved_to}}
            return _no(400, "Bad Request: group chat was upgraded to a supergroup chat", **told)
        if str(said["chat_id"]) not in (str(self.chat["id"]), "@mast", str(self.moved_to)):
            return _no(400, "Bad Request: chat not found")
        return None

    def _getMe(self, said: dict[str, Any], files: Any) -> Answer:
        return _yes({"id": BOT, "is_bot": True, "username": "mast_bot"})

    def _getChat(self, said: dict[str, Any], files: Any) -> Answer:
        return _yes(self.chat)

    def _getChatMember(self, said: dict[str, Any], files: Any) -> Answer:
        return _yes(self.member)

    def _getChatMemberCount(self, said: dict[str, Any], files: Any) -> Answer:
        return _yes(1204)

    def _sendMessage(self, said: dict[str, Any], files: Any) -> Answer:
        wrong = _wrong_text(said["text"], said.get("entities", []), 4096)
        return wrong or _yes(self._keep(said))

    def _sendPhoto(self, said: dict[str, Any], files: Any) -> Answer:
        wrong = _wrong_text(said.get("caption", " "), said.get("caption_entities", []), 1024, "caption")
        return wrong or self._wrong_file(said["photo"], files) or _yes(self._keep(said | {"files": files}))

    def _sendMediaGroup(self, said: dict[str, Any], files: Any) -> Answer:
        if not 2 <= len(said["media"]) <= 10:
            return _no(400, "Bad Request: there must be from 2 to 10 messages to send as an album")
        for one in said["media"]:
            wrong = _wrong_text(one.get("caption", " "), one.get("caption_entities", []), 1024, "caption")
            wrong = wrong or self._wrong_file(one["media"], files)
            if wrong:
                return wrong
        with self.lock:
            first = self._keep(said | {"files": files})
            others = [self._keep(one, accepts=False) for one in said["media"][1:]]
        return _yes([first, *others])

    def _editMessageText(self, said: dict[str, Any], files: Any) -> Answer:
        return self._edit(said, "text", 4096)

    def _editMessageCaption(self, said: dict[str, Any], files: Any) -> Answer:
        return self._edit(said, "caption", 1024)

    def _deleteMessage(self, said: dict[str, Any], files: Any) -> Answer:
        if said["message_id"] not in self.messages:
            return _no(400, "Bad Request: message to delete not found")
        if self.is_old:
            return _no(400, "Bad Request: message can't be deleted for everyone")
        del self.messages[said["message_id"]]
        return _yes(True)

    def _edit(self, said: dict[str, Any], name: str, most: int) -> Answer:
        kept = self.messages.get(said["message_id"])
        if kept is None:
            return _no(400, "Bad Request: message to edit not found")
        if kept.get(name) == said[name]:
            return _no(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message",
            )
        entities = said.get("entities", said.get("caption_entities", []))
        wrong = _wrong_text(said[name], entities, most, name)
        if wrong is None:
            kept[name] = said[name]
        return wrong or _yes({"message_id": said["message_id"], "chat": self.chat, name: said[name]})

    def _wrong_file(self, attached: str, files: dict[str, Any]) -> Answer | None:
        file = files.get(attached.removeprefix("attach://"))
        if file is None or not file[2]:
            return _no(400, "Bad Request: there is no photo in the request")
        return _no(413, "Request Entity Too Large") if len(file[2]) > 10_000_000 else None

    def _keep(self, what: dict[str, Any], *, accepts: bool = True) -> dict[str, Any]:
        with self.lock:
            id = len(self.messages) + 7
            self.messages[id] = what
            if accepts:
                self.accept(str(id), what)
        return {"message_id": id, "chat": self.chat, "date": 1}


def _wrong_text(text: str, entities: list[dict[str, Any]], most: int, name: str = "text") -> Answer | None:
    if not text:
        return _no(400, "Bad Request: message text is empty")
    units = text.encode("utf-16-le")
    if len(units) // 2 > most:
        return _no(
            400,
            "Bad Request: message is too long"
            if name == "text"
            else "Bad Request: message caption is too long",
        )
    for one in entities:
        end = one["offset"] + one["length"]
        try:
            units[one["offset"] * 2 : end * 2].decode("utf-16-le")
        except UnicodeDecodeError:
            return _no(400, "Bad Request: entity beginning at the middle of a UTF-16 symbol")
        if end * 2 > len(units):
            return _no(400, "Bad Request: entity ends after the end of the text")
    return None


def _yes(result: Any) -> Answer:
    return Answer(200, {"ok": True, "result": result})


def _no(status: int, description: str, **more: Any) -> Answer:
    return Answer(status, {"ok": False, "error_code": status, "description": description, **more})
