"""The text of a post made ready to be saved: checked, rendered, counted, hashed. Pure, and may be slow."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from cms.core.errors import Invalid
from cms.core.markup import RENDERER, content_hash, render_html, render_markdown
from cms.core.text import count_words, reading_minutes, strip_control
from cms.posts.models import Revision, RevisionMedia

LONGEST_TITLE = 300
LONGEST_SUMMARY = 2_000
LONGEST_ALT = 1_000
MOST_ATTACHMENTS = 60


@dataclass(frozen=True)
class Attachment:
    """One picture or recording of a post. An empty `alt` means the one kept with the file."""

    media_id: int
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Content:
    """Everything a revision says. Two contents with the same `content_hash` say the same."""

    title: str
    summary: str
    body: str
    format: str
    html: str
    plain: str
    outline: list[Any]
    transcript: str
    transcript_html: str
    renderer: int
    content_hash: str
    word_count: int
    reading_minutes: int
    cover_id: int | None = None
    cover_alt: str = ""
    media: tuple[Attachment, ...] = field(default=())


def prepare(
    *,
    body: str,
    format: str = "markdown",
    title: str = "",
    summary: str = "",
    transcript: str = "",
    cover_id: int | None = None,
    cover_alt: str = "",
    media: Sequence[Attachment] = (),
) -> Content:
    """Check and render what was typed. Raises `Invalid` with a sentence by field. Call it before a transaction."""
    title, summary = _one_line(title), strip_control(summary).strip()
    body, transcript = strip_control(body).strip(), strip_control(transcript).strip()
    cover_alt = strip_control(cover_alt).strip()
    media = tuple(
        Attachment(one.media_id, strip_control(one.alt).strip(), strip_control(one.caption).strip())
        for one in media
    )
    _check_lengths(title, summary, cover_alt, media)
    rendered = _of_field("body", render_markdown if format == "markdown" else render_html, body)
    spoken = _of_field("transcript", render_markdown, transcript) if transcript else None
    words = " ".join(filter(None, (rendered.plain, spoken.plain if spoken else "")))
    return Content(
        title=title,
        summary=summary,
        body=body,
        format=format,
        html=rendered.html,
        plain=rendered.plain,
        outline=[[heading.level, heading.id, heading.text] for heading in rendered.outline],
        transcript=transcript,
        transcript_html=spoken.html if spoken else "",
        renderer=RENDERER,
        content_hash=content_hash(title, summary, body, format, transcript, cover_id, cover_alt, media),
        word_count=count_words(words),
        reading_minutes=reading_minutes(words),
        cover_id=cover_id,
        cover_alt=cover_alt,
        media=media,
    )


def as_revision(content: Content, *, number: int) -> Revision:
    """The row for a content, without its post yet."""
    revision = Revision(number=number)
    for name in Content.__dataclass_fields__:
        if name != "media":
            setattr(revision, name, getattr(content, name))
    revision.media = [
        RevisionMedia(position=position, media_id=one.media_id, alt=one.alt, caption=one.caption)
        for position, one in enumerate(content.media)
    ]
    return revision


def _one_line(text: str) -> str:
    return " ".join(strip_control(text).split())


def _check_lengths(title: str, summary: str, cover_alt: str, media: tuple[Attachment, ...]) -> None:
    errors = {}
    too_long = _("Please use at most %(count)d characters.")
    if len(title) > LONGEST_TITLE:
        errors["title"] = too_long % {"count": LONGEST_TITLE}
    if len(summary) > LONGEST_SUMMARY:
        errors["summary"] = too_long % {"count": LONGEST_SUMMARY}
    if len(cover_alt) > LONGEST_ALT:
        errors["cover_alt"] = too_long % {"count": LONGEST_ALT}
    if len(media) > MOST_ATTACHMENTS:
        errors["media"] = _("Please use at most %(count)d files.", count=MOST_ATTACHMENTS)
    elif any(len(one.alt) > LONGEST_ALT or len(one.caption) > LONGEST_ALT for one in media):
        errors["media"] = too_long % {"count": LONGEST_ALT}
    if errors:
        raise Invalid(errors=errors)


def _of_field(name: str, render: Any, text: str) -> Any:
    try:
        return render(text)
    except Invalid as problem:
        raise type(problem)(problem.message, errors={name: problem.message}) from problem
