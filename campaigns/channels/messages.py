"""What travels from a post to a network: the story, the draft a person may tailor, and the message that is sent.

All of them are plain values. A message is written down as canonical JSON before it is sent, and sending it again from
there gives the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True)
class Picture:
    """A picture as one network gets it: already converted to its limits, without where it was taken."""

    media_id: int
    name: str  # in the file store
    mime: str
    width: int  # pixels
    height: int
    size: int  # bytes
    alt: str = ""


@dataclass(frozen=True)
class Part:
    """One text of a thread; a message that is no thread has one."""

    text: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Story:
    """A post as its networks read it. `link` is our tracked address of it, `url` the address readers know."""

    post_id: int
    revision_id: int
    kind: str  # of the post: article, note, photo, audio, video
    language: str
    title: str
    summary: str
    text: str  # plain, without markup
    html: str  # clean, with absolute addresses
    url: str
    link: str
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    cover: int | None = None  # media id
    media: tuple[tuple[int, str], ...] = ()  # pictures in order, with their alternative text
    prefix: str = ""  # of the account
    signature: str = ""


@dataclass(frozen=True)
class DraftPart:
    """One text of a thread before its pictures are converted."""

    text: str
    media: tuple[tuple[int, str], ...] = ()  # media id, alternative text


@dataclass(frozen=True)
class Draft:
    """What a network would say. People tailor it; what is the same in every network is not in it."""

    parts: tuple[DraftPart, ...]
    title: str = ""
    summary: str = ""
    html: str = ""  # of networks that carry whole articles
    changes: tuple[
        str, ...
    ] = ()  # what differs from the original and why, as codes: "shortened", "tags_removed"


@dataclass(frozen=True)
class Limits:
    """What a network takes. None means that there is no such limit, or no such thing where `pictures` is 0."""

    text: int | None = None  # of one part, counted by `counter`
    counter: str = "graphemes"  # key in `counting.COUNTERS`
    also: tuple[tuple[str, int], ...] = ()  # further counters that hold at the same time: (("bytes", 3000),)
    link_length: int | None = None  # what any address counts for; None: as it is written
    parts: int = 1  # of a thread
    title: int | None = None  # code points; 0: it has none
    summary: int | None = None
    carries_html: bool = False
    pictures: int = 0  # of one part
    picture_bytes: int = 5_000_000
    picture_side: int = 4096  # pixels, the longer side
    picture_types: tuple[str, ...] = ("image/jpeg", "image/png")
    alt: int | None = None  # characters; 0: it takes none
    tags: int | None = None

    def to_json(self) -> dict[str, Any]:
        """For a row."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """As `to_json` wrote it; what an older version did not know has its default."""
        known = {name: value for name, value in told.items() if name in cls.__dataclass_fields__}
        for name in ("also", "picture_types"):
            if name in known:
                known[name] = tuple(tuple(one) if isinstance(one, list) else one for one in known[name])
        return cls(**known)


@dataclass(frozen=True)
class Message:
    """Exactly what goes out. `key` is the delivery's own, the same for every try."""

    key: str
    language: str
    parts: tuple[Part, ...]
    url: str
    link: str
    planned_at: datetime  # aware; the instant a person meant, the same for every try
    title: str = ""
    summary: str = ""
    html: str = ""
    kind: str = "article"
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    cover: Picture | None = None
    inline: tuple[tuple[str, Picture], ...] = ()  # pictures inside `html`: the address there, and the picture
    extra: Mapping[str, Any] = field(default_factory=dict)  # what a person chose for this network only

    @property
    def text(self) -> str:
        """The first part, which is all of it where there are no threads."""
        return self.parts[0].text if self.parts else ""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Of the first part."""
        return self.parts[0].pictures if self.parts else ()

    def to_json(self) -> str:
        """Canonical: the same message is the same text."""
        plain = asdict(self) | {"planned_at": self.planned_at.isoformat()}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, written: str) -> Self:
        """As `to_json` wrote it."""
        plain = json.loads(written)
        parts = tuple(
            Part(one["text"], tuple(Picture(**each) for each in one["pictures"])) for one in plain["parts"]
        )
        return cls(
            **plain
            | {
                "parts": parts,
                "planned_at": datetime.fromisoformat(plain["planned_at"]),
                "tags": tuple(plain["tags"]),
                "authors": tuple(plain["authors"]),
                "cover": Picture(**plain["cover"]) if plain["cover"] else None,
                "inline": tuple((address, Picture(**one)) for address, one in plain["inline"]),
            }
        )

    def hash(self) -> str:
        """SHA-256 of its JSON."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def only(self, number: int) -> Self:
        """The same message with one of its parts, counted from 0."""
        return replace(self, parts=(self.parts[number],))
