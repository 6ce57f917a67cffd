"""What networks say of a story before anybody tailored it."""

from dataclasses import replace

import regex

from campaigns.channels.counting import excess, links_in
from campaigns.channels.cutting import cut
from campaigns.channels.messages import Draft, DraftPart, Limits, Story
from campaigns.channels.threads import CannotSplit, ThreadTooLong, split


def short_draft(story: Story, limits: Limits, *, hashtags: bool = False) -> Draft:
    """For networks of short texts: title, summary, link and tags, as much of it as fits; the link always, and whole.

    First the summary is shortened, then tags, signature and prefix go, last the title is cut. A note says its text.
    `hashtags`: this network makes tags of words in the text.
    """
    body = _body(story)
    tags = _hashtags(story.tags, limits) if hashtags else ""
    frames = [
        (story, tags, ()),
        (story, "", ("tags_removed",) if tags else ()),
        (
            replace(story, prefix="", signature=""),
            "",
            (
                *(("tags_removed",) if tags else ()),
                *(("signature_removed",) if story.prefix or story.signature else ()),
            ),
        ),
    ]
    for framed, said_tags, changes in frames:
        if not excess(_joined(framed, body, said_tags), limits):
            return _draft(_joined(framed, body, said_tags), story, limits, changes)
        if not excess(_joined(framed, _least(story, body), said_tags), limits):
            break

    def fits(piece: str) -> bool:
        return not excess(_joined(framed, piece, said_tags), limits)

    text = _joined(framed, cut(body, fits), said_tags)
    return _draft(text, story, limits, (*changes, "shortened"))


def thread_draft(story: Story, limits: Limits, *, hashtags: bool = False) -> Draft:
    """As `short_draft`; but a note that is too long for one post becomes a thread, where the network has threads."""
    short = short_draft(story, limits, hashtags=hashtags)
    if story.kind != "note" or "shortened" not in short.changes or limits.parts < 2:
        return short
    tags = _hashtags(story.tags, limits) if hashtags else ""
    try:
        texts = split(_joined(story, _body(story), tags), limits)
    except (ThreadTooLong, CannotSplit):
        return short
    parts = [DraftPart(one) for one in texts]
    parts[0] = replace(parts[0], media=story.media[: limits.pictures])
    return Draft(parts=tuple(parts), changes=("split",))


def article_draft(story: Story, limits: Limits) -> Draft:
    """For networks that carry whole articles."""
    return Draft(
        parts=(DraftPart(story.text, story.media[: limits.pictures]),),
        title=within(story.title, limits.title),
        summary=within(story.summary, limits.summary),
        html=story.html,
    )


def within(text: str, most: int | None) -> str:
    """A title or summary within so many code points; None is no limit."""
    return text if most is None else cut(text, lambda one: len(one) <= most)


def _draft(text: str, story: Story, limits: Limits, changes: tuple[str, ...]) -> Draft:
    return Draft(parts=(DraftPart(text, story.media[: limits.pictures]),), changes=changes)


def _body(story: Story) -> str:
    if story.kind == "note":
        return story.text.strip() or story.summary.strip()
    said = [story.title.strip(), story.summary.strip()]
    return "\n\n".join(one for one in said if one)


def _least(story: Story, body: str) -> str:
    """What is said before tags are: the title, or the beginning of a note."""
    return story.title.strip() if story.kind != "note" and story.title.strip() else body[:40]


def _joined(story: Story, body: str, tags: str) -> str:
    is_said = any(body[start:end] == story.link for start, end in links_in(body))
    link = "" if is_said else story.link
    return "\n\n".join(filter(None, [story.prefix, body, link, tags, story.signature]))


def _hashtags(tags: tuple[str, ...], limits: Limits) -> str:
    """`#sea #SaltWater #盐`: words run together with capitals, so that screen readers can tell them apart."""
    found: dict[str, str] = {}
    for tag in tags:
        words = regex.findall(r"[\p{L}\p{M}\p{N}_]+", tag)
        joined = words[0] if len(words) == 1 else "".join(one[0].upper() + one[1:] for one in words)
        if joined and not joined.isdecimal():  # networks do not take a number for a tag
            found.setdefault(joined.casefold(), f"#{joined}")
    return " ".join(list(found.values())[: limits.tags])
