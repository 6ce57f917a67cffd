"""Reading what is about to be changed, locked, and writing down that it was."""

from datetime import datetime
from typing import Any

from cms.contributions.models import Contribution, ContributionEntry
from cms.contributions.queries import LinkIsDead
from cms.core.database import db
from cms.core.errors import NotFound
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post, Revision


def load(contribution_id: int) -> Contribution:
    """Fresh and locked; nothing of it changes until the commit."""
    found = db.session.get(
        Contribution, contribution_id, populate_existing=True, with_for_update={"of": Contribution}
    )
    if found is None:
        raise NotFound
    return found


def load_open(contribution_id: int, *, at: datetime) -> Contribution:
    """One whose links work now; whoever typed while it was withdrawn reads that."""
    found = load(contribution_id)
    if not found.is_open(at):
        raise LinkIsDead
    return found


def latest_text(post_id: int) -> Revision:
    """The newest text of a post."""
    post = db.session.get(Post, post_id, populate_existing=True)
    revision = db.session.get(Revision, post.latest_revision_id) if post else None
    if revision is None:
        raise NotFound
    return revision


def person_of(contribution: Contribution) -> Person:
    """Who was asked."""
    found = db.session.get(Person, contribution.person_id)
    assert found is not None  # the foreign key says so
    return found


def note(
    contribution: Contribution,
    act: str,
    *,
    by: Person | None,
    at: datetime,
    words: str = "",
    text: Revision | None = None,
    is_audited: bool = True,
    **detail: Any,
) -> None:
    """Write down that something happened, here and, by number only, in the audit log."""
    db.session.add(
        ContributionEntry(
            contribution_id=contribution.id,
            at=at,
            by_id=by.id if by else None,
            act=act,
            words=words,
            content_hash=text.content_hash if text else None,
            revision_id=text.id if text else None,
            detail=detail,
        )
    )
    db.session.flush()
    if is_audited:
        about: dict[str, Any] = {"contribution": contribution.id}
        if text is not None:
            about |= {"revision": text.number, "hash": text.content_hash}
        audit.record(f"contribution.{act}", f"post:{contribution.post_id}", by=by, at=at, detail=about)
