"""What a WeChat article says, within WeChat's rules."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from markupsafe import escape

from campaigns.channels.adapter import Before, Refused
from campaigns.channels.messages import Message, Picture

TITLE, AUTHOR, DIGEST = 32, 16, 128  # characters
CONTENT = 20_000  # characters, and fewer than that
CONTENT_BYTES = 1_000_000
SOURCE_BYTES = 1024
PICTURE = "picture:"
COVER = "cover"

Addresses = Mapping[int, str]  # media id: where WeChat keeps the picture


def inside(message: Message) -> list[Picture]:
    """The pictures of the text, and those that go below it, each once. The cover is shown above by WeChat itself."""
    shown = {message.cover.media_id} if message.cover else set[int]()
    beside = [one for one in message.pictures if one.media_id not in shown]
    found: dict[int, Picture] = {}
    for one in (*(picture for _address, picture in message.inline), *beside):
        found.setdefault(one.media_id, one)
    return list(found.values())


def cover(message: Message) -> Picture | None:
    """What readers see of an article before they open it."""
    return message.cover or next(iter(inside(message)), None)


def refused_by_rule(message: Message) -> Refused | None:
    """What WeChat would refuse, seen before it is asked."""
    content = content_of(message, {})
    if not cover(message):
        return Refused(gettext("WeChat wants a cover picture for every article."), code="cover")
    if not message.title or len(message.title) > TITLE:
        said = gettext("WeChat takes titles of 1 to %(most)s characters.", most=TITLE)
        return Refused(said, code="title")
    if len(message.summary) > DIGEST:
        said = gettext("WeChat takes summaries of up to %(most)s characters.", most=DIGEST)
        return Refused(said, code="summary")
    if len(content) >= CONTENT or len(content.encode()) >= CONTENT_BYTES:
        said = gettext(
            "The text with its formatting is too long for WeChat, which takes %(most)s.", most=CONTENT
        )
        return Refused(said, code="too_long")
    if len(message.link.encode()) > SOURCE_BYTES:
        return Refused(gettext("The address is too long for WeChat."), code="link")
    return None


def article(message: Message, before: Before, settings: Mapping[str, Any]) -> dict[str, Any]:
    """An article whose pictures are uploaded."""
    return {
        "article_type": "news",
        "title": message.title,
        "author": _author(message, settings),
        "digest": message.summary,
        "content": content_of(message, addresses(before)),
        "content_source_url": message.link,
        "thumb_media_id": before[COVER]["media_id"],
        "need_open_comment": 1 if settings.get("opens_comments") else 0,
        "only_fans_can_comment": 0,
    }


def content_of(message: Message, uploaded: Addresses) -> str:
    """The text with its pictures at their new addresses: WeChat takes all others out."""
    html = message.html or "".join(f"<p>{escape(one)}</p>" for one in message.text.split("\n\n"))
    in_text = set()
    for address, picture in message.inline:
        in_text.add(picture.media_id)
        if picture.media_id in uploaded:
            html = html.replace(str(escape(address)), str(escape(uploaded[picture.media_id])))
    below = [one for one in inside(message) if one.media_id not in in_text and one.media_id in uploaded]
    return html + "".join(
        f'<p><img src="{escape(uploaded[one.media_id])}" alt="{escape(one.alt)}"></p>' for one in below
    )


def addresses(before: Before) -> Addresses:
    """Where the pictures are now, by the steps that uploaded them."""
    found = {key: data for key, data in before.items() if key.startswith(PICTURE)}
    return {int(key.removeprefix(PICTURE)): str(data["url"]) for key, data in found.items()}


def _author(message: Message, settings: Mapping[str, Any]) -> str:
    """All authors, or the first, or the one of the settings: as it fits."""
    said = ["、".join(message.authors), *message.authors[:1], str(settings.get("author") or "")]
    return next((one for one in said if 0 < len(one) <= AUTHOR), "")
