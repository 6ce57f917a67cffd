"""Reads what the sample site says: one Markdown file a post, and four lists."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class SamplePost:
    """One post as its file says it."""

    name: str
    story: str
    language: str
    kind: str
    title: str
    summary: str
    body: str
    section: str | None
    tags: list[str]
    bylines: list[dict[str, str]]
    published: str  # "-3d 10:00" or "-5h", counted from the day the site is made
    cover: str | None
    cover_alt: str
    gallery: list[dict[str, str]]
    media: str | None
    transcript: str
    credit: str

    @property
    def slug(self) -> str | None:
        """The address: the file's name without its language; the Chinese telling ends in `-zh`."""
        if self.kind == "note":
            return None
        stem = self.name.rsplit(".", 1)[0]
        return stem if self.language == "en" else f"{stem}-zh"


@dataclass(frozen=True)
class SampleSite:
    """Everything."""

    people: list[dict[str, Any]]
    sections: list[dict[str, Any]]
    tags: dict[str, dict[str, str]]
    site: dict[str, Any]
    posts: list[SamplePost] = field(default_factory=list)
    drafts: list[SamplePost] = field(default_factory=list)  # what the desk is busy with


def read_sample() -> SampleSite:
    """Read all of it from this folder."""
    return SampleSite(
        people=_list("people"),
        sections=_list("sections"),
        tags=_list("tags"),
        site=_list("site"),
        posts=[_post(path) for path in sorted((HERE / "posts").glob("*.md"))],
        drafts=[_post(path) for path in sorted((HERE / "drafts").glob("*.md"))],
    )


def published_at(when: str, now: datetime) -> datetime:
    """`-3d 10:00` is ten in the morning UTC three days before `now`; `-5h` is five hours before it."""
    offset, _, clock = when.partition(" ")
    if offset.endswith("h"):
        return now - timedelta(hours=int(offset[1:-1]))
    hour, minute = map(int, clock.split(":"))
    day = now - timedelta(days=int(offset[1:-1]))
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _list(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def _post(path: Path) -> SamplePost:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    said = yaml.safe_load(head)
    return SamplePost(
        name=path.stem,
        story=said["story"],
        language=said["language"],
        kind=said.get("kind", "article"),
        title=said.get("title", ""),
        summary=said.get("summary", ""),
        body=body.strip(),
        section=said.get("section"),
        tags=said["tags"],
        bylines=said["bylines"],
        published=said["published"],
        cover=said.get("cover"),
        cover_alt=said.get("cover_alt", ""),
        gallery=said.get("gallery", []),
        media=said.get("media"),
        transcript=said.get("transcript", ""),
        credit=said.get("credit", ""),
    )
