"""A feed before it is written down: every address absolute, every text free of what XML forbids."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urljoin, urlsplit

from cms.core.text import excerpt, strip_control
from cms.site.edition import Edition
from cms.site.queries.cards import LinkedPage
from cms.site.queries.feeds import Item
from cms.site.queries.pictures import Picture
from cms.site.queries.site import Site, in_words

LANGUAGES = {"en": "en", "zh": "zh-CN"}  # as podcast directories know them
PODCASTS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the name space of podcast:guid
_TAG = re.compile(r'<[a-z](?:[^>"]|"[^"]*")*>')
_ADDRESS = re.compile(r'(\s(?:href|src|poster|cite)=")([^"]*)"')
_SOURCE_SET = re.compile(r'(\ssrcset=")([^"]*)"')
LONGEST_DESCRIPTION = 4000  # bytes, by PSP-1


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with an entry."""

    url: str
    mime: str
    length: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Author:
    """Who is credited."""

    name: str
    url: str
    picture: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry."""

    guid: str
    url: str
    external_url: str | None
    title: str
    has_title: bool
    summary: str
    html: str | None  # None when feeds carry summaries only
    language: str
    published_at: datetime
    updated_at: datetime
    authors: list[Author]
    categories: list[str]
    picture: Picture | None
    picture_url: str | None
    enclosure: Enclosure | None
    transcript_url: str | None


@dataclass(frozen=True, slots=True)
class Podcast:
    """What a feed with recordings says besides (PSP-1)."""

    guid: str
    artwork: str
    author: str
    email: str
    category: str
    explicit: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A feed."""

    title: str
    description: str
    page_url: str
    self_url: str
    language: str
    entries: list[Entry]
    updated_at: datetime | None  # of the newest change among its entries
    begun_at: datetime  # stands in for that in an empty Atom feed, which must have a date
    podcast: Podcast | None


def make_document(
    site: Site, edition: Edition, items: Iterable[Item], *, title: str, description: str, path: str, file: str
) -> Document:
    """Put a feed together. `edition.prefix` is the host, and before the path of a one-language feed its language."""
    entries = [make_entry(site, edition, item) for item in items]
    page_url = edition.to(path)
    self_url = edition.to(f"{path.rstrip('/')}/{file}")
    has_audio = any(entry.enclosure and entry.enclosure.mime.startswith("audio/") for entry in entries)
    about = strip_control(description or in_words(site.tagline, edition.locale) or title)
    return Document(
        title=strip_control(title),
        description=_cut_bytes(about, LONGEST_DESCRIPTION),
        page_url=page_url,
        self_url=self_url,
        language=LANGUAGES.get(edition.locale, edition.locale),
        entries=entries,
        updated_at=max((entry.updated_at for entry in entries), default=None),
        begun_at=site.updated_at.replace(microsecond=0),
        podcast=_podcast(site, edition, self_url) if has_audio else None,
    )


def absolute_html(html: str, base: str) -> str:
    """Clean HTML whose addresses mean the same wherever it is shown."""

    def in_tag(tag: re.Match[str]) -> str:
        text = _ADDRESS.sub(lambda one: f'{one[1]}{_joined(base, one[2])}"', tag[0])
        return _SOURCE_SET.sub(lambda one: f'{one[1]}{_joined_set(base, one[2])}"', text)

    return _TAG.sub(in_tag, html)


def make_entry(site: Site, edition: Edition, item: Item) -> Entry:
    """One entry of a feed; `edition.prefix` begins with the host."""
    card = item.card
    host = _host(edition)
    url = Edition(edition.locale, host).to(card.path)
    files = [one for one in card.media if one.kind == card.kind and one.kind in ("audio", "video")]
    published = card.published_at.replace(microsecond=0)
    summary = strip_control(card.summary)
    return Entry(
        guid=card.guid,
        url=url,
        external_url=item.canonical_url,
        title=strip_control(card.title) or excerpt(summary, 80) or url,
        has_title=bool(card.title),
        summary=summary,
        html=_content(host, url, item) if site.feed_content == "full" else None,
        language=LANGUAGES.get(card.language, card.language),
        published_at=published,
        updated_at=max(card.modified_at.replace(microsecond=0), published),
        authors=[_author(host, one.name, one.url, one.portrait) for one in card.bylines],
        categories=[strip_control(word) for word in _categories(item, edition.locale)],
        picture=card.cover,
        picture_url=host + card.cover.src if card.cover else None,
        enclosure=_enclosure(host, files[0]) if files else None,
        transcript_url=f"{url}/transcript.txt" if item.has_transcript and files else None,
    )


def _content(host: str, url: str, item: Item) -> str:
    """The words, after the pictures that the page shows beside them."""
    card = item.card
    if card.kind == "note":
        return strip_control(
            absolute_html(str(card.body_html or ""), url)
            + _figures(host, card.media)
            + _linked(host, card.linked)
        )
    shown = card.media if card.kind == "photo" else [card.cover] if card.cover else []
    return strip_control(_figures(host, shown) + absolute_html(str(card.body_html or ""), url))


def _figures(host: str, shown: Iterable[Picture]) -> str:
    return "".join(_figure(host, one) for one in shown if one.kind == "image")


def _linked(host: str, page: LinkedPage | None) -> str:
    if page is None:
        return ""
    picture = f'<img src="{escape(host + page.picture.src)}" alt="">' if page.picture else ""
    about = f"<p>{escape(page.description)}</p>" if page.description else ""
    title = f'<p><a href="{escape(page.url)}">{escape(page.title)}</a> ({escape(page.site_name)})</p>'
    return f"<blockquote>{picture}{title}{about}</blockquote>"


def _figure(host: str, one: Picture) -> str:
    size = f' width="{one.width}" height="{one.height}"' if one.width and one.height else ""
    caption = " ".join(part for part in (one.caption, one.credit) if part)
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img src="{escape(host + one.src)}" alt="{escape(one.alt)}"{size}>{below}</figure>'


def _author(host: str, name: str, url: str, portrait: Picture | None) -> Author:
    path = url[url.index("/@") :]
    return Author(strip_control(name), host + path, host + portrait.src if portrait else None)


def _categories(item: Item, locale: str) -> list[str]:
    section = [in_words(item.card.section.name, item.card.language)] if item.card.section else []
    return list(dict.fromkeys([*section, *item.tags]))


def _enclosure(host: str, file: Picture) -> Enclosure:
    return Enclosure(host + file.src, file.mime, file.byte_size, file.duration_seconds)


def _podcast(site: Site, edition: Edition, self_url: str) -> Podcast:
    said = site.podcast
    address = urlsplit(self_url)
    own = uuid.uuid5(PODCASTS, (address.netloc + address.path).rstrip("/"))
    is_main = address.path == "/podcast/feed.xml"
    return Podcast(
        guid=str(said.get("guid") or own) if is_main else str(own),
        artwork=_host(edition) + "/podcast/artwork.jpg",
        author=str(said.get("author") or in_words(site.name, edition.locale)),
        email=str(said.get("email") or ""),
        category=str(said.get("category") or "Business"),
        explicit=bool(said.get("explicit")),
    )


def _host(edition: Edition) -> str:
    parts = urlsplit(edition.prefix)
    return f"{parts.scheme}://{parts.netloc}"


def _joined(base: str, address: str) -> str:
    return address if re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE) else urljoin(base, address)


def _joined_set(base: str, sources: str) -> str:
    parts = [one.split(None, 1) for one in sources.split(",") if one.strip()]
    return ", ".join(" ".join([_joined(base, part[0]), *part[1:]]).strip() for part in parts)


def _cut_bytes(text: str, most: int) -> str:
    raw = text.encode()
    return text if len(raw) <= most else raw[:most].decode("utf-8", "ignore")
