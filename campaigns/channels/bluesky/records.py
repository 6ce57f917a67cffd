"""What a post is on the AT Protocol: a record under a key that we choose, the same bytes at every try.

The key is a timestamp identifier made of the planned instant and the delivery's key, so that sending again writes the
same record and not a second one. Links, mentions and tags in a text are told by ranges of UTF-8 bytes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

import regex

from campaigns.channels.counting import links_in
from campaigns.channels.messages import Message, Part, Picture

COLLECTION = "app.bsky.feed.post"
Blobs = Mapping[int, Any]  # our media id: the blob as the server told it
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_MENTION = regex.compile(r"(?<![\w@.])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,})")
_TAG = regex.compile(r"(?<![\w#＃&])[#＃]((?:[\p{L}\p{M}\p{N}_-]){1,64})")


def key_of(message: Message, number: int) -> str:
    """The record's key of a part, counted from 0: a TID (13 characters of base32)."""
    digest = hashlib.sha256(f"{message.key} {number}".encode()).digest()
    second = int(message.planned_at.timestamp())
    micros = second * 1_000_000 + int.from_bytes(digest[:4]) % 1_000_000
    value = (micros << 10) | (int.from_bytes(digest[4:6]) % 1024)
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(60, -1, -5))


def record_of(
    message: Message,
    number: int,
    *,
    blobs: Blobs,
    people: Mapping[str, str],
    reply: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The record of a part; `people` are the identifiers of those it mentions, `reply` what it answers."""
    part = message.parts[number]
    at = message.planned_at.astimezone(UTC) + timedelta(milliseconds=number)
    record: dict[str, Any] = {
        "$type": COLLECTION,
        "text": part.text,
        "createdAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "langs": [message.language],
    }
    found = facets(part.text, people)
    embed = _embed(message, number, blobs)
    return record | {
        name: value for name, value in (("facets", found), ("embed", embed), ("reply", reply)) if value
    }


def facets(text: str, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """Links, known mentions and tags with their byte ranges, in order, none within another."""
    found: list[tuple[int, int, dict[str, str]]] = [
        (start, end, {"$type": "app.bsky.richtext.facet#link", "uri": text[start:end]})
        for start, end in links_in(text)
    ]
    for one in _MENTION.finditer(text):
        if one[1].lower() in people:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": people[one[1].lower()]}
            found.append((*one.span(), feature))
    for one in _TAG.finditer(text):
        if not one[1].isdecimal():
            found.append((*one.span(), {"$type": "app.bsky.richtext.facet#tag", "tag": one[1]}))
    told, at = [], 0
    for start, end, feature in sorted(found, key=lambda each: each[:2]):
        if start >= at:
            index = {"byteStart": _bytes(text[:start]), "byteEnd": _bytes(text[:end])}
            told.append({"index": index, "features": [feature]})
            at = end
    return told


def handles_in(message: Message) -> list[str]:
    """Whom the message mentions, in order."""
    return list(
        dict.fromkeys(one[1].lower() for part in message.parts for one in _MENTION.finditer(part.text))
    )


def pictures_of(message: Message) -> list[Picture]:
    """Every picture once: those of the parts, and the cover where a card shows it."""
    found: dict[int, Picture] = {}
    for part in message.parts:
        for one in part.pictures:
            found.setdefault(one.media_id, one)
    if message.cover and _card_part(message) is not None:
        found.setdefault(message.cover.media_id, message.cover)
    return list(found.values())


def images(pictures: Sequence[Picture], blobs: Blobs) -> dict[str, Any]:
    """Pictures with their words and proportions."""
    return {
        "$type": "app.bsky.embed.images",
        "images": [
            {
                "alt": one.alt,
                "image": blobs[one.media_id],
                "aspectRatio": {"width": max(1, one.width), "height": max(1, one.height)},
            }
            for one in pictures
        ],
    }


def _embed(message: Message, number: int, blobs: Blobs) -> dict[str, Any] | None:
    part = message.parts[number]
    if part.pictures:
        return images(part.pictures, blobs)
    if number != _card_part(message):
        return None
    card: dict[str, Any] = {
        "uri": message.link,
        "title": message.title,
        "description": message.summary,
    }
    if message.cover:
        card["thumb"] = blobs[message.cover.media_id]
    return {"$type": "app.bsky.embed.external", "external": card}


def _card_part(message: Message) -> int | None:
    """The part that shows a card of the link: the one that names it, when it has no pictures."""
    if not message.link or not message.title:
        return None

    def names_link(part: Part) -> bool:
        return any(part.text[start:end] == message.link for start, end in links_in(part.text))

    named = [number for number, part in enumerate(message.parts) if names_link(part)]
    number = named[0] if named else 0
    return None if message.parts[number].pictures else number


def _bytes(text: str) -> int:
    return len(text.encode())
