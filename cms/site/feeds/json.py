"""JSON Feed 1.1."""

import json
from typing import Any

from cms.core.pages import iso
from cms.site.feeds.document import Document, Entry


def json_feed(document: Document) -> bytes:
    """The feed as JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "home_page_url": document.page_url,
        "feed_url": document.self_url,
        "description": document.description,
        "language": document.language,
        "items": [_item(entry) for entry in document.entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {"id": entry.guid, "url": entry.url}
    if entry.external_url:
        item["external_url"] = entry.external_url
    if entry.has_title:
        item["title"] = entry.title
    if entry.html:
        item["content_html"] = entry.html
    else:
        item["content_text"] = entry.summary or entry.title
    if entry.summary:
        item["summary"] = entry.summary
    if entry.picture_url:
        item["image"] = entry.picture_url
    item["date_published"] = iso(entry.published_at)
    item["date_modified"] = iso(entry.updated_at)
    item["authors"] = [
        {"name": one.name, "url": one.url} | ({"avatar": one.picture} if one.picture else {})
        for one in entry.authors
    ]
    if entry.categories:
        item["tags"] = entry.categories
    item["language"] = entry.language
    if entry.enclosure:
        item["attachments"] = [_attachment(entry)]
    return item


def _attachment(entry: Entry) -> dict[str, Any]:
    assert entry.enclosure is not None
    file: dict[str, Any] = {
        "url": entry.enclosure.url,
        "mime_type": entry.enclosure.mime,
        "title": entry.title,
        "size_in_bytes": entry.enclosure.length,
    }
    if entry.enclosure.seconds:
        file["duration_in_seconds"] = round(entry.enclosure.seconds, 3)
    return file
