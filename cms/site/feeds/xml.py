"""RSS 2.0 and Atom, made by feedgen, with what it does not know added by an extension of ours.

Ours adds: `dc:creator` (RSS knows authors by mail address only), the language of an entry, pictures, podcasts by
PSP-1 with `podcast:` tags. It takes away what would change with every reading.
"""

import re
import uuid
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from cms.site.feeds.document import Document, Entry, Podcast

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def rss(document: Document) -> bytes:
    """The feed as RSS 2.0."""
    written: bytes = _generator(document).rss_str()
    return written


def atom(document: Document) -> bytes:
    """The feed as Atom (RFC 4287)."""
    written: bytes = _generator(document).atom_str()
    return written


def _generator(document: Document) -> FeedGenerator:
    feed = FeedGenerator()
    feed.id(document.self_url)
    feed.title(document.title)
    feed.link(href=document.self_url, rel="self")
    feed.link(href=document.page_url, rel="alternate", type="text/html")  # last: it becomes the link of RSS
    feed.description(document.description)
    feed.language(document.language)
    feed.generator("Parley")
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.updated(document.updated_at or document.begun_at)
    feed.register_extension("parley", _Feed, _Item)
    feed.parley.document = document
    for entry in document.entries:
        _add_entry(feed, entry)
    return feed


def _add_entry(feed: FeedGenerator, entry: Entry) -> None:
    made: FeedEntry = feed.add_entry(order="append")
    made.guid(entry.guid, permalink=False)
    made.title(entry.title)
    made.link(href=entry.url, rel="alternate", type="text/html")
    made.published(entry.published_at)
    made.updated(entry.updated_at)
    for author in entry.authors:
        made.author(name=author.name, uri=author.url)
    for word in entry.categories:
        made.category(term=word, label=word)
    if entry.summary or entry.html is None:
        made.summary(entry.summary or entry.title)
    if entry.html is not None:
        made.content(entry.html or entry.summary or entry.title, type="html")
    if entry.enclosure:
        made.enclosure(entry.enclosure.url, str(entry.enclosure.length), entry.enclosure.mime)
    made.parley.entry = entry


class _Feed(BaseExtension):  # type: ignore[misc]
    """What we say of the whole feed."""

    document: Document

    def extend_ns(self) -> dict[str, str]:
        """The name spaces in use."""
        always = {name: NAMESPACES[name] for name in ("dc", "media")}
        return NAMESPACES if self.document.podcast else always

    def extend_rss(self, feed: Any) -> Any:
        """An empty feed was never built; a podcast says more."""
        channel = feed[0]
        if self.document.updated_at is None:
            channel.remove(channel.find("lastBuildDate"))
        if self.document.podcast:
            _describe_podcast(channel, self.document, self.document.podcast)
        return feed

    def extend_atom(self, feed: Any) -> Any:
        """The language of the feed itself."""
        feed.set(XML_LANG, self.document.language)
        return feed


class _Item(BaseEntryExtension):  # type: ignore[misc]
    """What we say of one entry."""

    entry: Entry

    def extend_rss(self, item: Any) -> Any:
        """Names, language, picture, and of a recording its length and words."""
        entry = self.entry
        for author in entry.authors:
            _add_text(item, "dc", "creator", author.name)
        _add_text(item, "dc", "language", entry.language)
        _add_picture(item, entry)
        if entry.enclosure and entry.enclosure.mime.startswith("audio/"):
            _describe_episode(item, entry)
        return item

    def extend_atom(self, item: Any) -> Any:
        """Language, picture, an identifier that is an IRI, and the links again: feedgen forgets what they are for."""
        item.find("id").text = _iri(self.entry.guid)
        item.set(XML_LANG, self.entry.language)
        for link in item.findall("link"):
            item.remove(link)
        etree.SubElement(item, "link", rel="alternate", type="text/html", href=self.entry.url)
        if self.entry.external_url:
            etree.SubElement(item, "link", rel="canonical", href=self.entry.external_url)
        file = self.entry.enclosure
        if file:
            link = etree.SubElement(item, "link", rel="enclosure", type=file.mime, href=file.url)
            link.set("length", str(file.length))
        _add_picture(item, self.entry)
        return item


def _iri(guid: str) -> str:
    """Atom wants an IRI. Identifiers of other systems that are none get one that depends on nothing else."""
    is_iri = re.match(r"[a-z][a-z0-9+.-]*:\S+$", guid, re.IGNORECASE)
    return guid if is_iri else uuid.uuid5(uuid.NAMESPACE_URL, guid).urn


def _describe_podcast(channel: Any, document: Document, podcast: Podcast) -> None:
    _add_text(channel, "itunes", "author", podcast.author)
    _add_text(channel, "itunes", "explicit", "true" if podcast.explicit else "false")
    _add_text(channel, "itunes", "type", "episodic")
    _add(channel, "itunes", "image", href=podcast.artwork)
    _add_categories(channel, podcast.category)
    if podcast.email:
        owner = _add(channel, "itunes", "owner")
        _add_text(owner, "itunes", "name", podcast.author)
        _add_text(owner, "itunes", "email", podcast.email)
    _add_text(channel, "podcast", "guid", podcast.guid)
    locked = _add_text(channel, "podcast", "locked", "no")
    if podcast.email:
        locked.set("owner", podcast.email)


def _add_categories(channel: Any, category: str) -> None:
    """`Business > Careers` is a category within a category."""
    parent = channel
    for word in category.split(">"):
        parent = _add(parent, "itunes", "category", text=word.strip())


def _describe_episode(item: Any, entry: Entry) -> None:
    if entry.enclosure and entry.enclosure.seconds:
        _add_text(item, "itunes", "duration", str(round(entry.enclosure.seconds)))
    _add_text(item, "itunes", "episodeType", "full")
    _add_text(item, "itunes", "explicit", "false")
    if entry.transcript_url:
        _add(
            item,
            "podcast",
            "transcript",
            url=entry.transcript_url,
            type="text/plain",
            language=entry.language,
        )


def _add_picture(item: Any, entry: Entry) -> None:
    if entry.picture and entry.picture_url:
        size = {"width": entry.picture.width, "height": entry.picture.height}
        content = _add(
            item,
            "media",
            "content",
            url=entry.picture_url,
            type=entry.picture.mime,
            medium="image",
            fileSize=str(entry.picture.byte_size),
            **{name: str(value) for name, value in size.items() if value},
        )
        if entry.picture.alt:
            _add_text(content, "media", "description", entry.picture.alt)


def _add_text(parent: Any, space: str, name: str, text: str) -> Any:
    element = _add(parent, space, name)
    element.text = text
    return element


def _add(parent: Any, space: str, name: str, **attributes: str) -> Any:
    return etree.SubElement(
        parent, f"{{{NAMESPACES[space]}}}{name}", attributes, nsmap={space: NAMESPACES[space]}
    )
