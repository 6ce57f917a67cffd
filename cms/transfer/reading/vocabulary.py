"""The few words that every import format is translated into, and what the writing side understands.

Values are plain text and HTML as the source had them, freed of characters that XML forbids. `id` is the
source's own and unique within its kind; together with the site it becomes the `source` of a row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cms.core.errors import Invalid

MOST_ITEMS = 1_000_000  # of one import
LONGEST_BODY = 400_000  # characters of one body, before it is looked at; the renderer's own limit is lower


class UnreadableSource(Invalid):
    """The file is not what it was said to be; nothing was imported."""


@dataclass(frozen=True)
class ReadingOptions:
    """What a parser needs to be told, because files leave it out."""

    zone: ZoneInfo  # of wall times without a zone
    language: str | None = None  # of posts that do not say; None takes what the source says, or else English
    site: str | None = None  # the name of the source site in source ids, when the file's own will not do
    url: str | None = None  # the address the site had
    pages: str = "article"  # what pages become: article, draft or skip


@dataclass(frozen=True)
class Loss:
    """Something that did not come through whole: a sentence to count by, and where or what exactly."""

    sentence: str
    detail: str = ""
    times: int = 1


@dataclass(frozen=True)
class SourceSite:
    """Where everything else came from. Always the first item."""

    format: str  # wxr, ghost, markdown, feed
    id: str
    url: str  # without a slash at the end; empty when the file does not say
    title: str
    expected: Mapping[str, int] = field(
        default_factory=dict
    )  # counts by kind, where they are known beforehand
    losses: tuple[Loss, ...] = ()
    folder: Path | None = None  # where `asset:` addresses are, while the source is read


@dataclass(frozen=True)
class SourcePerson:
    """Somebody who is credited. Becomes a guest, never an account."""

    id: str  # the login or slug
    name: str
    bio: str = ""


@dataclass(frozen=True)
class SourceTag:
    """A tag or a category."""

    id: str  # unique over tags and categories: `tag:news`, `category:news`
    slug: str
    name: str
    is_category: bool = False
    description: str = ""


@dataclass(frozen=True)
class SourceMedia:
    """A file that the source knew of; its bytes come from a folder, if at all."""

    id: str
    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""
    parent: str = ""  # id of the post it was attached to
    addresses: tuple[str, ...] = ()  # pages that showed it alone


@dataclass(frozen=True)
class SourceComment:
    """What a reader wrote under a post."""

    id: str
    parent: str
    author: str
    html: str
    at: datetime | None
    is_approved: bool


@dataclass(frozen=True)
class SourceSkip:
    """Something that was in the source and is left out."""

    kind: str
    id: str
    reason: str


@dataclass(frozen=True)
class SourcePost:
    """One text. `body` is HTML or Markdown with the addresses the source had."""

    id: str
    kind: str  # article, note, photo, audio, video
    title: str
    slug: str
    body: str
    format: str = "html"
    summary: str = ""
    guid: str = ""
    language: str = "en"
    is_published: bool = False
    created_at: datetime | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    cover: str = ""  # the address of a picture
    cover_alt: str = ""
    media: tuple[
        tuple[str, str, str], ...
    ] = ()  # address, alternative text, caption: the pictures or the recording
    canonical_url: str = ""
    translation_of: str = ""  # words shared by the translations of one story
    addresses: tuple[str, ...] = ()  # old addresses: path, or path with query
    comments: tuple[SourceComment, ...] = ()
    left_out: tuple[SourceSkip, ...] = ()  # comments that do not come along
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True)
class SourceRedirect:
    """An old address that leads to something other than a post: `tag`, `person`, or a fixed path here."""

    address: str
    kind: str  # tag, person, path
    target: str


SourceItem = SourceSite | SourcePerson | SourceTag | SourceMedia | SourcePost | SourceRedirect | SourceSkip
