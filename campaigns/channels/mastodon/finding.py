"""Finding a post of ours whose answer was lost: by our link, or by the post it answers and what it says."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import quote

import regex

from campaigns.channels.adapter import CannotTell, Missing, Seat
from campaigns.channels.counting import links_in
from campaigns.channels.mastodon.server import call
from campaigns.channels.messages import Message

PAGES, PAGE = 5, 40  # of our own posts, when one is looked for
EARLIER = timedelta(minutes=10)  # than planned: clocks differ
_BREAK, _MARKUP = regex.compile(r"</?(?:p|br)\b[^>]*>"), regex.compile(r"<[^>]+>")
_SPACE_OR_MENTION = regex.compile(r"\s+|@[\w.@-]+")

Status = Mapping[str, Any]


def find_part(
    message: Message, number: int, parent: str | None, statuses: Iterable[dict[str, Any] | None]
) -> dict[str, Any] | Missing | CannotTell:
    """A part of a thread, counted from 0, that answers `parent`, among our own posts, newest first."""
    for status in statuses:
        if status is None:
            return CannotTell()
        if datetime.fromisoformat(str(status["created_at"])) < message.planned_at - EARLIER:
            return Missing()
        if parent is not None and status.get("in_reply_to_id") == parent:
            is_it = _says(status, message.parts[number].text)
        else:
            is_it = names_link(message, number) and _links_to(status, message.link)
        if is_it:
            return status
    return Missing()


def names_link(message: Message, number: int) -> bool:
    """Whether a part has our link in it."""
    text = message.parts[number].text
    return bool(message.link) and any(text[start:end] == message.link for start, end in links_in(text))


def own_statuses(id: str, seat: Seat) -> Iterator[dict[str, Any] | None]:
    """Our posts, newest first; None where the server does not tell more. Raises `Lost`."""
    query: dict[str, str | int] = {"limit": PAGE, "exclude_reblogs": "true"}
    for _page in range(PAGES):
        reply = call(seat, "GET", f"/api/v1/accounts/{quote(id)}/statuses", query=query)
        if not reply.is_ok or reply.items is None:
            yield None
            return
        yield from reply.items
        if len(reply.items) < PAGE:
            return
        query["max_id"] = str(reply.items[-1]["id"])
    yield None


def _links_to(status: Status, link: str) -> bool:
    return f'href="{link}"' in unescape(str(status.get("content", "")))


def _says(status: Status, text: str) -> bool:
    """Whether a post's HTML says this. Mastodon shows links and mentions otherwise than they were written."""

    def bare(said: str) -> str:
        for start, end in reversed(links_in(said)):
            said = said[:start] + said[end:]
        return _SPACE_OR_MENTION.sub("", said)

    plain = _MARKUP.sub("", _BREAK.sub("\n", str(status.get("content", ""))))
    return bare(unescape(plain)) == bare(text)
