"""Posts as something to comment on."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from cms.comments.models import CommentPolicy
from cms.comments.subjects import Policy, Subject
from cms.core.database import db
from cms.people.models import Person
from cms.posts.models import Byline, Post, Revision
from cms.posts.queries import visible_to

KIND = "post"
USUAL = "members"  # who may comment on a post about which nobody said anything
MODERATORS = frozenset({"editor", "manager", "admin"})


def moderates_posts(person: Person | None) -> bool:
    """Decides on comments below posts."""
    return person is not None and person.is_active and person.role in MODERATORS


class Posts:
    """The source of live posts."""

    kind = KIND

    def find(self, ids: Collection[int]) -> Mapping[int, Subject]:
        """Posts that readers see, in three queries; one that was taken down has no comments for anybody."""
        rows = db.session.execute(
            select(
                Post.id,
                Post.kind,
                Post.slug,
                Post.language,
                Post.published_at,
                Revision.title,
                Revision.beginning,
            )
            .join(Revision, Revision.id == Post.live_revision_id)
            .where(Post.id.in_(sorted(ids)), visible_to(None, None))
        ).all()
        policies, authors = _policies(ids), _authors(ids)
        return {row.id: _subject(row, policies.get(row.id), authors.get(row.id, ())) for row in rows}

    def public_ids(self) -> Select[Any]:
        """Posts that readers see, and where comments are shown."""
        closed = select(CommentPolicy.subject_id).where(
            CommentPolicy.subject_kind == KIND, CommentPolicy.policy == "off"
        )
        return select(Post.id).where(visible_to(None, None), Post.id.not_in(closed))

    def moderated_ids(self, person: Person) -> Collection[int] | None:
        """All, for who runs the words of the site."""
        return None if moderates_posts(person) else ()


def policy_of(row: CommentPolicy | None, published_at: datetime | None) -> Policy:
    """What a row says, or what is usual."""
    if row is None:
        return Policy(USUAL)
    days = row.closes_after_days
    closes = published_at + timedelta(days=days) if days and published_at else None
    return Policy(row.policy, closes)


def post_address(kind: str, post_id: int, slug: str | None) -> str:
    """Where a post lives: notes by number, everything else by slug."""
    return f"/notes/{post_id}" if kind == "note" or not slug else f"/posts/{slug}"


def _subject(row: Any, policy: CommentPolicy | None, author_ids: Collection[int]) -> Subject:
    path = post_address(row.kind, row.id, row.slug)
    return Subject(
        kind=KIND,
        id=row.id,
        title=row.title or row.beginning[:60],
        path=path,
        language=row.language,
        policy=policy_of(policy, row.published_at),
        may_see=_everybody,
        may_write=_everybody,
        may_moderate=moderates_posts,
        author_ids=tuple(author_ids),
        tags=(f"post:{row.id}",),
        thread_path=f"{path}/comments",
        moderator_ids=_moderator_ids,
    )


def _everybody(person: Person | None) -> bool:
    return True


def _moderator_ids() -> Collection[int]:
    wanted = select(Person.id).where(Person.role.in_(sorted(MODERATORS)), Person.disabled_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Person.id)))


def _policies(ids: Collection[int]) -> dict[int, CommentPolicy]:
    wanted = select(CommentPolicy).where(
        CommentPolicy.subject_kind == KIND, CommentPolicy.subject_id.in_(sorted(ids))
    )
    return {one.subject_id: one for one in db.session.scalars(wanted)}


def _authors(ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    wanted = select(Byline.post_id, Byline.person_id).where(Byline.post_id.in_(sorted(ids)))
    for post_id, person_id in db.session.execute(wanted.order_by(Byline.position)):
        found.setdefault(post_id, []).append(person_id)
    return found
