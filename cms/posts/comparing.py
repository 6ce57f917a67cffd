"""What differs between two texts of a post: two revisions, a revision and a form, a revision and what was never saved.
Pure. A text here is what `services.prepare` takes: title, summary, body, transcript, cover and files by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from cms.core.differences import SECONDS, Difference, difference
from cms.posts.models import Revision
from cms.posts.services import Attachment

PARTS = {
    "title": _("Title"),
    "summary": _("Summary"),
    "body": _("Text"),
    "transcript": _("Transcript"),
    "cover": _("Cover"),
    "files": _("Pictures and recordings"),
}


@dataclass(frozen=True)
class Part:
    """One part of a post in two texts; `old_ids` and `new_ids` are numbers of media."""

    name: str
    label: Any
    difference: Difference
    old_ids: tuple[int, ...] = ()
    new_ids: tuple[int, ...] = ()


def wording(revision: Revision) -> dict[str, Any]:
    """What a revision says. Needs `revision.media`."""
    return {
        "title": revision.title,
        "summary": revision.summary,
        "body": revision.body,
        "transcript": revision.transcript,
        "cover_id": revision.cover_id,
        "cover_alt": revision.cover_alt,
        "media": [Attachment(row.media_id, row.alt, row.caption) for row in revision.media],
    }


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Part]:
    """The parts that differ, in the order of the form; none when the two say the same."""
    parts = [_part(name, old, new) for name in PARTS]
    return [part for part in parts if not part.difference.is_empty]


def counted(parts: list[Part]) -> tuple[int, int]:
    """How many words came and how many went, pictures apart."""
    said = [part.difference for part in parts if part.name not in ("cover", "files")]
    return sum(one.added for one in said), sum(one.removed for one in said)


def _part(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Part:
    seconds = SECONDS if name == "body" else SECONDS / 3
    said = difference(_spelled(name, old), _spelled(name, new), seconds=seconds)
    return Part(name, PARTS[name], said, _media_of(name, old), _media_of(name, new))


def _spelled(name: str, text: Mapping[str, Any]) -> str:
    if name == "cover":
        return f"#{text['cover_id']} {text['cover_alt']}".strip() if text["cover_id"] else ""
    if name == "files":
        return "\n".join(
            " · ".join(filter(None, (f"#{one.media_id}", one.alt, one.caption))) for one in text["media"]
        )
    return str(text[name] or "").replace("\r\n", "\n").strip()


def _media_of(name: str, text: Mapping[str, Any]) -> tuple[int, ...]:
    if name == "cover":
        return (text["cover_id"],) if text["cover_id"] else ()
    return tuple(one.media_id for one in text["media"]) if name == "files" else ()
