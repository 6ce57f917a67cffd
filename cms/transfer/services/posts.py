"""Posts of a source, with their comments and old addresses. Called inside a transaction, by nobody in particular."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cms.core.database import db
from cms.media import services as media_services
from cms.posts import services as posts
from cms.posts.models import Post
from cms.posts.queries import get_post
from cms.posts.services import Content, SlugTaken
from cms.transfer import queries
from cms.transfer.arranging import Arranged
from cms.transfer.models import ImportedComment
from cms.transfer.reading.vocabulary import Loss, SourceComment
from cms.transfer.services.comments import place_comments
from cms.transfer.services.lists import lead_to
from cms.transfer.services.remembering import remember

_ELSEWHERE = "it leads somewhere else already"
_SAME = "it is the address here too"


@dataclass
class Brought:
    """What became of one post: its id, and how its comments and addresses ended."""

    post_id: int
    slug: str | None
    losses: list[Loss] = field(default_factory=list)
    comments: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Company:
    """What comes with a post: comments (clean HTML by their source) and old addresses."""

    comments: Mapping[str, tuple[SourceComment, str]] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)  # source of a comment -> source of its parent
    addresses: tuple[str, ...] = ()


def bring_post(
    arranged: Arranged, content: Content, company: Company, *, translation_of: int | None, at: datetime
) -> Brought:
    """Make the post, live with its old dates when it was live there. It is never announced as new."""
    guid, losses = _own_guid(arranged)
    post = posts.create_post(
        content,
        kind=arranged.kind,
        language=arranged.language,
        by=None,
        at=at,
        section_id=arranged.section_id,
        tags=arranged.tag_ids,
        bylines=[(person_id, "author") for person_id in arranged.author_ids],
        slug=arranged.slug or None,
        slug_may_change=True,
        canonical_url=arranged.canonical_url,
        translation_of=translation_of,
        guid=guid,
        source=arranged.source,
    )
    if arranged.is_published:
        _publish(post.id, arranged, at=at)
    if post.slug and arranged.slug and post.slug != arranged.slug:
        losses.append(Loss("posts whose address was taken here got a number", post.slug))
    return _finish(post.id, arranged, company, losses, is_new=True, at=at)


def renew_post(
    post_id: int, arranged: Arranged, content: Content, company: Company, *, at: datetime
) -> Brought:
    """Give a post that nobody edited here what its source says now, as a new revision."""
    losses: list[Loss] = []
    posts.save_revision(post_id, content, by=None, at=at)
    post = get_post(post_id)
    was_live = post.is_live
    may_change_kind = "note" not in (post.kind, arranged.kind)
    posts.set_details(
        post_id,
        by=None,
        at=at,
        kind=arranged.kind if may_change_kind else posts.KEEP,
        section_id=arranged.section_id,
        tags=arranged.tag_ids,
        bylines=[(person_id, "author") for person_id in arranged.author_ids],
        canonical_url=arranged.canonical_url,
        published_at=arranged.published_at if was_live and arranged.published_at else posts.KEEP,
    )
    if arranged.slug and post.slug and not _is_numbered(post.slug, arranged.slug):
        try:
            posts.set_details(post_id, by=None, at=at, slug=arranged.slug)
        except SlugTaken:
            losses.append(Loss("posts whose address was taken here got a number", arranged.slug))
    if arranged.is_published and get_post(post_id).live_revision_id != get_post(post_id).latest_revision_id:
        _publish(post_id, arranged, at=at)
    elif was_live and not arranged.is_published:
        posts.take_down_post(post_id, by=None, at=at)
    return _finish(post_id, arranged, company, losses, is_new=False, at=at)


def _publish(post_id: int, arranged: Arranged, *, at: datetime) -> None:
    posts.publish_post(
        post_id,
        by=None,
        at=at,
        unchecked=True,
        published_at=arranged.published_at,
        first_published_at=arranged.published_at,
        updated_at=max(filter(None, (arranged.updated_at, arranged.published_at)), default=None),
    )


def _own_guid(arranged: Arranged) -> tuple[str | None, list[Loss]]:
    if arranged.guid is None or not queries.is_guid_taken(arranged.guid, source=arranged.source):
        return arranged.guid, []
    return None, [Loss("GUIDs that another post has were replaced", arranged.guid)]


def _is_numbered(slug: str, wished: str) -> bool:
    return slug == wished or (slug.startswith(f"{wished}-") and slug.removeprefix(f"{wished}-").isdecimal())


def _finish(
    post_id: int, arranged: Arranged, company: Company, losses: list[Loss], *, is_new: bool, at: datetime
) -> Brought:
    media_services.attach(arranged.shown, holder=f"post:{post_id}")
    post = db.session.get_one(Post, post_id)
    brought = Brought(post_id, post.slug, losses)
    _bring_comments(post_id, company, brought, at=at)
    _bring_addresses(post, company.addresses, brought)
    db.session.flush()
    remember(
        arranged.source, kind="post", target_id=post_id, digest=arranged.digest, version=post.version, at=at
    )
    return brought


# Comments -------------------------------------------------------------------------------------------------------


def _bring_comments(post_id: int, company: Company, brought: Brought, *, at: datetime) -> None:
    known, told = dict(queries.imported_comments(company.comments)), []
    for source, (comment, html) in company.comments.items():
        row = known.get(source)
        outcome = comment_outcome(row, comment, html)
        brought.comments[outcome] += 1
        if row is None:
            row = ImportedComment(source=source, post_id=post_id)
            db.session.add(row)
        if outcome != "unchanged":
            parent = known.get(company.parents.get(source, ""))
            row.parent_id = parent.id if parent else None
            row.author_name, row.created_at, row.html = comment.author[:120], comment.at, html
            row.is_approved = comment.is_approved
            db.session.flush()
            told.append(row)
        known[source] = row
    place_comments(told, at=at)


def comment_outcome(row: ImportedComment | None, comment: SourceComment, html: str) -> str:
    """Whether a comment is new, says something else than before, or the same."""
    if row is None:
        return "new"
    now = (comment.author[:120], comment.at, html, comment.is_approved)
    return "unchanged" if now == (row.author_name, row.created_at, row.html, row.is_approved) else "changed"


# Old addresses --------------------------------------------------------------------------------------------------


def _bring_addresses(post: Post, addresses: tuple[str, ...], brought: Brought) -> None:
    target = f"/posts/{post.slug}" if post.slug else f"/notes/{post.id}"
    own = {f"/posts/{slug}" for slug in queries.slugs_of(post.id)}
    known = {path: target if old in own else old for path, old in queries.old_addresses(addresses).items()}
    outcomes = {address: address_outcome(address, target, known.get(address)) for address in addresses}
    lead_to({address: target for address, outcome in outcomes.items() if outcome == "new"})
    brought.addresses.update(outcomes.values())


def address_outcome(address: str, target: str, known: str | None) -> str:
    """How an old address ends: `new`, `unchanged`, or why it is skipped. The first that claims one keeps it."""
    if address == target:
        return _SAME
    if known is None:
        return "new"
    return "unchanged" if known == target else _ELSEWHERE
