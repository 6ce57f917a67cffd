"""RSS, Atom and JSON Feed from a file. Nothing that a feed names is fetched.

feedparser is forgiving, which feeds need, but it trips over entities for half characters and passes
`javascript:` links on; both are dealt with here. A document type is refused before it sees the file.
"""

import json
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cms.core.later import later
from cms.core.markup import content_hash, plain_text
from cms.core.text import make_slug, strip_control
from cms.transfer.reading.addresses import host_of, is_web_address, normal_address
from cms.transfer.reading.bodies import settle
from cms.transfer.reading.dates import in_utc, instant_of
from cms.transfer.reading.vocabulary import (
    LONGEST_BODY,
    Loss,
    ReadingOptions,
    SourceItem,
    SourcePerson,
    SourcePost,
    SourceSite,
    SourceSkip,
    SourceTag,
    UnreadableSource,
)

if TYPE_CHECKING:
    import feedparser
else:
    feedparser = later("feedparser")

LARGEST_FILE = 32 * 1024 * 1024
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)
_CHARACTER = re.compile(rb"&#(x[0-9a-fA-F]{1,8}|\d{1,10});")
_KINDS = ("audio", "video")


def read_feed(path: Path, options: ReadingOptions) -> Iterator[SourceItem]:
    """The entries of a feed, oldest last as feeds have them, with the people and tags they name first."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableSource(f"{path.name} is larger than {LARGEST_FILE // 1024 // 1024} MB.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"{path.name} cannot be read.") from error
    feed = (
        _json_feed(data, path, options)
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
        else _xml_feed(data, path)
    )
    yield from _items(feed, options)


def _items(feed: Mapping[str, Any], options: ReadingOptions) -> Iterator[SourceItem]:
    url = feed["url"] if is_web_address(feed["url"]) else ""
    site = options.site or host_of(options.url or url) or make_slug(feed["title"]) or "feed"
    names = list(dict.fromkeys(name for entry in feed["entries"] for name in entry["authors"]))
    words = list(dict.fromkeys(word for entry in feed["entries"] for word in entry["tags"]))
    expected = {"person": len(names), "tag": len(words), "post": len(feed["entries"])}
    yield SourceSite(
        "feed", site, (options.url or url).rstrip("/"), feed["title"], expected, tuple(feed["losses"])
    )
    for name in names:
        yield SourcePerson(id=name, name=name)
    for word in words:
        yield SourceTag(f"tag:{word}", word, word)
    for entry in feed["entries"]:
        yield _post_or_skip(entry, feed, host_of(options.url or url), options)


def _post_or_skip(
    entry: Mapping[str, Any], feed: Mapping[str, Any], host: str, options: ReadingOptions
) -> SourceItem:
    entry_id = entry["id"] or entry["url"]
    if not entry_id:
        entry_id = "hash:" + content_hash(entry["title"], entry["html"])
    if len(entry["html"]) > LONGEST_BODY:
        return SourceSkip("post", entry_id, f"it is longer than {LONGEST_BODY:,} characters")
    body = settle(entry["html"], host=host)
    published = entry["published"] or entry["updated"]
    losses = list(body.losses)
    if published is None:
        losses.append(Loss("entries without a usable date became drafts"))
    kind = next((kind for kind in _KINDS if entry["enclosure_type"].startswith(kind + "/")), "article")
    enclosure = entry["enclosure"] if kind != "article" and is_web_address(entry["enclosure"]) else ""
    url = entry["url"] if is_web_address(entry["url"]) else ""
    if entry["url"] and not url:
        losses.append(Loss("links that are not web addresses were left out"))
    address = normal_address(url) if url and (not host or host_of(url) == host) else ""
    language = (
        options.language
        or (entry["language"] or feed["language"]).replace("_", "-").partition("-")[0].lower()
    )
    return SourcePost(
        id=entry_id,
        kind=kind if enclosure else "article",
        title=entry["title"],
        slug=address.rpartition("/")[2].partition("?")[0] if address else "",
        body=body.html,
        summary=entry["summary"],
        guid=entry_id,
        language=language[:8] or "en",
        is_published=published is not None,
        created_at=published,
        published_at=published,
        updated_at=entry["updated"] or published,
        authors=tuple(entry["authors"]),
        tags=tuple(f"tag:{word}" for word in entry["tags"]),
        cover=entry["image"] if is_web_address(entry["image"]) else "",
        media=((enclosure, "", ""),) if enclosure else (),
        addresses=(address,) if address else (),
        losses=tuple(losses),
    )


# RSS and Atom ---------------------------------------------------------------------------------------------------


def _xml_feed(data: bytes, path: Path) -> dict[str, Any]:
    if _DECLARATION.search(data.replace(b"\x00", b"")):
        raise UnreadableSource(
            f"{path.name} declares a document type or entities, which a feed never needs. Nothing was imported."
        )
    try:
        parsed = feedparser.parse(_without_half_characters(data))
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise UnreadableSource(f"{path.name} cannot be read as a feed. Nothing was imported.") from error
    if not parsed.get("version") and not parsed.get("entries"):
        raise UnreadableSource(f"{path.name} is neither RSS nor Atom nor JSON Feed. Nothing was imported.")
    losses = []
    if parsed.bozo:
        losses.append(
            Loss(
                "the feed is not well-formed: some of it may be missing", type(parsed.bozo_exception).__name__
            )
        )
    return {
        "title": _words(parsed.feed.get("title")),
        "url": _text(parsed.feed.get("link")),
        "language": _text(parsed.feed.get("language")),
        "entries": [_entry(one) for one in parsed.entries],
        "losses": losses,
    }


def _without_half_characters(data: bytes) -> bytes:
    """Numbers that are no characters (halves of pairs, zero) become the sign for an unreadable one."""

    def answer(match: re.Match[bytes]) -> bytes:
        digits = match[1].decode()
        code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
        is_character = (
            code in (9, 10, 13)
            or 32 <= code < 0xD800
            or 0xE000 <= code < 0xFFFE
            or 0x10000 <= code < 0x110000
        )
        return match[0] if is_character else b"&#xFFFD;"

    return _CHARACTER.sub(answer, data)


def _entry(one: Any) -> dict[str, Any]:
    contents = one.get("content") or []
    content = next((c for c in contents if c.get("value")), None)
    summary = _text(one.get("summary"))
    html = _as_html(content) if content else _as_html(one.get("summary_detail") or {"value": summary})
    enclosures = [link for link in one.get("links", []) if link.get("rel") == "enclosure"]
    enclosures.sort(key=lambda link: not str(link.get("type", "")).startswith(_KINDS))
    enclosure: Mapping[str, Any] = enclosures[0] if enclosures else {}
    picture: Mapping[str, Any] = next(
        (link for link in enclosures if str(link.get("type", "")).startswith("image/")), {}
    )
    image = one.get("image") or {}
    return {
        "id": _text(one.get("id")),
        "url": _text(one.get("link")),
        "title": _words(one.get("title")),
        "html": html,
        "summary": _words(summary) if content and _words(summary) else "",
        "published": _moment(one.get("published_parsed")),
        "updated": _moment(dict.get(one, "updated_parsed")),  # its own `get` makes one up, and warns
        "authors": _names(one),
        "tags": list(dict.fromkeys(filter(None, (_words(tag.get("term")) for tag in one.get("tags", []))))),
        "enclosure": _text(enclosure.get("href")),
        "enclosure_type": _text(enclosure.get("type")),
        "image": _text(picture.get("href")) or _text(image.get("href")),
        "language": _text((content or {}).get("language")),
    }


def _as_html(content: Mapping[str, Any]) -> str:
    value = _text(content.get("value"))
    if content.get("type") == "text/plain":
        return "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", value) if part.strip())
    return value


def _names(one: Any) -> list[str]:
    found = [_words(author.get("name")) for author in one.get("authors", []) if author]
    return list(dict.fromkeys(filter(None, found or [_words(one.get("author"))])))


def _moment(parsed: Any) -> datetime | None:
    try:
        return in_utc(datetime.fromtimestamp(timegm(parsed), UTC), ZoneInfo("UTC")) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


# JSON Feed ------------------------------------------------------------------------------------------------------


def _json_feed(data: bytes, path: Path, options: ReadingOptions) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(f"{path.name} is not readable JSON. Nothing was imported.") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise UnreadableSource(f"{path.name} is not a JSON Feed: it has no items. Nothing was imported.")
    return {
        "title": _words(document.get("title")),
        "url": _text(document.get("home_page_url")),
        "language": _text(document.get("language")),
        "entries": [_json_entry(one, options) for one in document["items"] if isinstance(one, dict)],
        "losses": [],
    }


def _json_entry(one: Mapping[str, Any], options: ReadingOptions) -> dict[str, Any]:
    authors = one.get("authors") if isinstance(one.get("authors"), list) else [one.get("author")]
    names = [_words(author.get("name")) for author in authors or [] if isinstance(author, dict)]
    tags = one.get("tags") if isinstance(one.get("tags"), list) else []
    attachments = (
        [a for a in one.get("attachments") or [] if isinstance(a, dict)] if one.get("attachments") else []
    )
    attachment: Mapping[str, Any] = attachments[0] if attachments else {}
    plain = _as_html({"value": _text(one.get("content_text")), "type": "text/plain"})
    return {
        "id": _text(one.get("id")) if not isinstance(one.get("id"), int) else str(one["id"]),
        "url": _text(one.get("url")),
        "title": _words(one.get("title")),
        "html": _text(one.get("content_html")) or plain,
        "summary": _words(one.get("summary")),
        "published": instant_of(_text(one.get("date_published")), options.zone),
        "updated": instant_of(_text(one.get("date_modified")), options.zone),
        "authors": list(dict.fromkeys(filter(None, names))),
        "tags": list(dict.fromkeys(filter(None, (_words(tag) for tag in tags or [])))),
        "enclosure": _text(attachment.get("url")),
        "enclosure_type": _text(attachment.get("mime_type")),
        "image": _text(one.get("image")) or _text(one.get("banner_image")),
        "language": _text(one.get("language")),
    }


def _text(value: object) -> str:
    return strip_control(value) if isinstance(value, str) else ""


def _words(value: object) -> str:
    return plain_text(_text(value))
