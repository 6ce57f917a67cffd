"""From what a source says to what the posts' services take. Pure: everything it needs to know it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cms.core.markup import content_hash, plain_text
from cms.core.text import excerpt, make_slug
from cms.posts.services import Attachment
from cms.transfer.placing import Held, Resolve, place_in_html, place_in_markdown
from cms.transfer.reading.addresses import is_web_address
from cms.transfer.reading.vocabulary import Loss, SourcePost

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_ALT, LONGEST_NOTE = 300, 2_000, 1_000, 2_000
MOST_TAGS, MOST_PICTURES, LONGEST_GUID = 20, 60, 500
_NEEDED = {"photo": "image", "audio": "audio", "video": "video"}


@dataclass(frozen=True)
class Names:
    """What the names of a source mean here: ids of people, tags and sections by the source's own ids."""

    people: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)
    sections: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Arranged:
    """A post in the terms of this house. `digest` changes when anything that the source says changes."""

    source: str
    kind: str
    language: str
    title: str
    slug: str
    body: str
    format: str
    summary: str
    guid: str | None
    canonical_url: str | None
    is_published: bool
    published_at: datetime | None
    updated_at: datetime | None
    author_ids: tuple[int, ...]
    tag_ids: tuple[int, ...]
    section_id: int | None
    cover_id: int | None
    cover_alt: str
    media: tuple[Attachment, ...]
    shown: tuple[int, ...]  # files in the body
    digest: str
    losses: tuple[Loss, ...]


def arrange(post: SourcePost, *, source: str, names: Names, resolve: Resolve, at: datetime) -> Arranged:
    """Everything about a post that can be decided before it is written."""
    losses: list[Loss] = []
    kind, main = _kind(post, resolve, losses)
    main_ids = frozenset(held.id for held, _, _ in main)
    placed = (
        place_in_markdown(post.body, resolve)
        if post.format == "markdown"
        else place_in_html(post.body, resolve, without=main_ids)
    )
    cover = resolve(post.cover) if post.cover else None
    is_published = post.is_published
    if is_published and post.published_at is not None and post.published_at > at:
        is_published = False
        losses.append(Loss("posts published in the future became drafts: schedule them here"))
    tag_ids, section_id = _topics(post, names, losses)
    told = {
        "kind": kind,
        "language": post.language,
        "title": _title(post, kind, losses),
        "slug": make_slug(post.slug, longest=120),
        "body": placed.body,
        "format": post.format,
        "summary": excerpt(post.summary, LONGEST_SUMMARY),
        "guid": post.guid if 0 < len(post.guid) <= LONGEST_GUID else None,
        "canonical_url": _canonical(post, losses),
        "is_published": is_published,
        "published_at": post.published_at if is_published else None,
        "author_ids": tuple(dict.fromkeys(names.people[one] for one in post.authors if one in names.people)),
        "tag_ids": tag_ids,
        "section_id": section_id,
        "cover_id": cover.id if cover and cover.kind == "image" else None,
        "cover_alt": post.cover_alt[:LONGEST_ALT],
        "media": tuple(
            Attachment(held.id, alt[:LONGEST_ALT], text[:LONGEST_ALT]) for held, alt, text in main
        ),
    }
    rest = (post.addresses, tuple((one.id, one.parent, one.html, one.is_approved) for one in post.comments))
    return Arranged(
        source=source,
        updated_at=post.updated_at,
        shown=placed.shown,
        digest=content_hash(*told.values(), *rest),
        losses=(*post.losses, *losses, *placed.losses),
        **told,  # type: ignore[arg-type]
    )


def _kind(
    post: SourcePost, resolve: Resolve, losses: list[Loss]
) -> tuple[str, Sequence[tuple[Held, str, str]]]:
    """The kind the post can have here, and the files it is about: what needs a file has one, a note is short."""
    if post.kind == "note":
        words = plain_text(post.body)
        if words and len(words) <= LONGEST_NOTE:
            return "note", ()
        losses.append(Loss("notes that are long or empty became articles"))
        return "article", ()
    needed = _NEEDED.get(post.kind)
    if needed is None:
        return "article", ()
    found = [(resolve(address), alt, caption) for address, alt, caption in post.media]
    main = {held.id: (held, alt, caption) for held, alt, caption in found if held and held.kind == needed}
    if main and (needed != "image" or len(main) == len({address for address, _, _ in post.media})):
        chosen = list(main.values())[: MOST_PICTURES if needed == "image" else 1]
        return post.kind, chosen
    losses.append(Loss(f"{post.kind} posts whose files are not all here became articles"))
    return "article", ()


def _title(post: SourcePost, kind: str, losses: list[Loss]) -> str:
    if post.title:
        if len(post.title) > LONGEST_TITLE:
            losses.append(Loss(f"titles were cut at {LONGEST_TITLE} characters", post.title[:60]))
        return post.title[:LONGEST_TITLE]
    if kind == "note":
        return ""
    losses.append(Loss("posts without a title were named by their first words, or their number", post.id))
    words = excerpt(plain_text(post.body), 60) if post.format == "html" else ""
    return words or post.slug.replace("-", " ")[:60] or f"No. {post.id}"[:LONGEST_TITLE]


def _topics(post: SourcePost, names: Names, losses: list[Loss]) -> tuple[tuple[int, ...], int | None]:
    sections = list(dict.fromkeys(names.sections[one] for one in post.tags if one in names.sections))
    if len(sections) > 1:
        losses.append(Loss("posts in several sections are in the first one only"))
    tags = tuple(dict.fromkeys(names.tags[one] for one in post.tags if one in names.tags))
    if len(tags) > MOST_TAGS:
        losses.append(
            Loss(f"tags beyond the first {MOST_TAGS} of a post were left off", times=len(tags) - MOST_TAGS)
        )
    return tags[:MOST_TAGS], sections[0] if sections else None


def _canonical(post: SourcePost, losses: list[Loss]) -> str | None:
    url = post.canonical_url.strip()
    if not url:
        return None
    if is_web_address(url) and len(url) <= 500 and url.isprintable() and " " not in url:
        return url
    losses.append(Loss("canonical addresses that are no web addresses were left out", url[:80]))
    return None
