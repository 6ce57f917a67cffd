"""What is said on sites of whole articles: the story with its pictures at their new addresses, and where it came from."""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

import regex
from flask_babel import force_locale, gettext
from markupsafe import escape

from campaigns.channels.adapter import Before
from campaigns.channels.composing import within
from campaigns.channels.messages import Message, Picture

LONGEST_BEGINNING = 80  # code points
Uploads = Mapping[int, tuple[int, str]]  # our media id: theirs, and the address there
_NOT_IN_SLUGS = regex.compile(r"[^a-z0-9]+")


def pictures_of(message: Message) -> list[Picture]:
    """Every picture once: the cover, those in the text, and those beside it."""
    found: dict[int, Picture] = {}
    for one in (message.cover, *(picture for _address, picture in message.inline), *message.pictures):
        if one is not None:
            found.setdefault(one.media_id, one)
    return list(found.values())


def uploads_of(before: Before) -> dict[int, tuple[int, str]]:
    """What the upload steps made."""
    return {
        int(data["media_id"]): (int(data["id"]), str(data["url"]))
        for key, data in before.items()
        if key.startswith("upload:")
    }


def slug_of(message: Message) -> str:
    """Readable, and of this delivery alone: the key by which a post is found again."""
    last = urlsplit(message.url).path.rstrip("/").rpartition("/")[2]
    words = _NOT_IN_SLUGS.sub("-", last.lower()).strip("-")[:60]
    return "-".join(filter(None, [words, hashlib.sha256(message.key.encode()).hexdigest()[:8]]))


def is_ours(message: Message, content: str) -> bool:
    """Whether a text is this delivery's: by the mark in it, or by its tracked link."""
    return mark_of(message) in content or bool(message.link and message.link in content)


def title_of(message: Message) -> str:
    """The title; a note, which has none, is called by how it begins."""
    return message.title or within(message.text.strip().partition("\n")[0], LONGEST_BEGINNING)


def content_of(message: Message, uploads: Uploads) -> str:
    """The story as HTML, with a link to the original at its end."""
    html = message.html or "".join(f"<p>{escape(one)}</p>" for one in message.text.split("\n\n"))
    inside = {message.cover.media_id} if message.cover else set[int]()
    for address, picture in message.inline:
        inside.add(picture.media_id)
        if picture.media_id in uploads:
            html = html.replace(str(escape(address)), str(escape(uploads[picture.media_id][1])))
    beside = [one for one in message.pictures if one.media_id in uploads and one.media_id not in inside]
    figures = "".join(
        f'<figure><img src="{escape(uploads[one.media_id][1])}" alt="{escape(one.alt)}"></figure>'
        for one in beside
    )
    return f"{html}{figures}{_source(message)}"


def _source(message: Message) -> str:
    if not message.link:
        return ""
    with force_locale("zh" if message.language.startswith("zh") else "en"):
        said = gettext("First published at %(site)s", site=urlsplit(message.url).netloc)
    return f'<p><a href="{escape(message.link)}">{escape(said)}</a></p>'


def mark_of(message: Message) -> str:
    """A comment that nobody sees and that names the delivery."""
    return f"<!-- delivery {message.key} -->"
