"""Who may do what with reviews. Pure: they look at what they are given and nothing else.

Who is asked in a round sees the text under review, whoever wrote it. Who may publish also sets the steps and sees
every round. Only admins may let a text out without its review, and what they do is written down.
"""

from typing import TYPE_CHECKING

from cms.people.models import Person
from cms.people.rules import is_admin
from cms.posts import rules as posts
from cms.posts.models import Post

if TYPE_CHECKING:
    from cms.reviews.queries import ReviewedPost

REVIEWERS = frozenset({"guest", "expert", "author", "editor", "manager", "admin"})
STEP_ROLES = (
    "expert",
    "author",
    "editor",
    "manager",
    "admin",
)  # a step may ask everybody who has one of these


def can_be_asked(person: Person) -> bool:
    """Whether somebody may decide in a step; members read, and who is disabled is gone."""
    return person.disabled_at is None and person.role in REVIEWERS


def can_see_queue(person: Person | None) -> bool:
    """See what waits for one's review."""
    return posts.can_write(person)


def can_set_steps(person: Person | None) -> bool:
    """Say which steps the texts of a section go through, and which words want a source."""
    return posts.can_publish(person)


def can_see_review(person: Person | None, post: "ReviewedPost | None") -> bool:
    """Read the text under review and all that was said about it."""
    if person is None or post is None or not posts.can_write(person):
        return False
    return posts.can_see_draft(person, post.post) or person.id in post.reviewer_ids


def can_discuss(person: Person | None, post: "ReviewedPost | None") -> bool:
    """Comment on passages, mark sentences that need a source."""
    return can_see_review(person, post) and post is not None and post.post.trashed_at is None


def can_decide(person: Person | None, post: "ReviewedPost | None") -> bool:
    """Say yes or no in a step; which one, the service asks."""
    return can_see_review(person, post)


def can_submit(person: Person | None, post: Post | None) -> bool:
    """Send a text for review, and withdraw it: who may change it."""
    return posts.can_edit(person, post)


def can_run_review(person: Person | None, post: Post | None = None) -> bool:
    """Ask somebody else in a running round, and move its due dates."""
    return posts.can_publish(person, post)


def can_set_aside(person: Person | None, post: Post | None = None) -> bool:
    """Let one text out without its review, with a reason."""
    return is_admin(person) and person is not None and person.is_active


def can_settle_claims(person: Person | None, post: "ReviewedPost | None") -> bool:
    """Give a source, or say that a sentence needs none: who may change the text, and who reviews it."""
    return can_discuss(person, post)


def can_see_claims(person: Person | None) -> bool:
    """The register of all claims."""
    return posts.can_see_every_draft(person)
