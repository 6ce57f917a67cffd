"""Who may do what with comments. Pure: they look at what they are given and nothing else.

A subject says who may see it, take part and decide; these rules add what is the same everywhere.
"""

from datetime import datetime, timedelta

from cms.comments.models import Comment
from cms.comments.on_posts import moderates_posts
from cms.comments.subjects import Subject
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.rules import can_edit as can_edit_post

EDITED_WITHIN = timedelta(minutes=30)


def can_enter_queue(person: Person | None) -> bool:
    """See what waits for a decision. Moderators of circles have a queue of their own there."""
    return moderates_posts(person)


def can_moderate(person: Person | None, subject: Subject | None) -> bool:
    """Let comments through, hide them, decide on an appeal."""
    return person is not None and person.is_active and subject is not None and subject.may_moderate(person)


def can_block(person: Person | None, account: Person | None = None) -> bool:
    """Keep somebody from commenting anywhere, and lift that. Staff are not blocked: their accounts are closed."""
    return can_enter_queue(person) and (account is None or not account.is_staff)


def can_write(person: Person | None, subject: Subject, *, at: datetime) -> bool:
    """Begin or answer a comment here. Whether somebody is blocked is asked where it is written."""
    if not subject.policy.is_open(at) or not subject.may_write(person):
        return False
    return person.is_active if person is not None else subject.policy.kind == "open"


def can_react(person: Person | None, comment: Comment, subject: Subject) -> bool:
    """Say in one word what one thinks; not of one's own."""
    return (
        person is not None
        and comment.is_visible
        and comment.author_id != person.id
        and subject.may_see(person)
        and subject.may_write(person)
    )


def can_edit(person: Person | None, comment: Comment, *, at: datetime) -> bool:
    """Change what one wrote: as long as it waits, and half an hour from then."""
    if not is_own(person, comment) or comment.state not in ("waiting", "visible"):
        return False
    return comment.state == "waiting" or at < comment.created_at + EDITED_WITHIN


def can_delete(person: Person | None, comment: Comment) -> bool:
    """Take one's own words away, at any time."""
    return is_own(person, comment) and comment.state != "deleted"


def can_appeal(person: Person | None, comment: Comment) -> bool:
    """Ask once that somebody looks again at what was hidden."""
    return is_own(person, comment) and comment.state == "hidden" and comment.appealed_at is None


def can_see_comment(person: Person | None, comment: Comment, subject: Subject | None) -> bool:
    """Read what it says: everybody who sees the subject once it is visible; else its writer, and who decides."""
    if subject is None or not subject.may_see(person) or subject.policy.kind == "off":
        return False
    if comment.is_visible:
        return True
    return is_own(person, comment) or (can_moderate(person, subject) and comment.state != "deleted")


def is_own(person: Person | None, comment: Comment) -> bool:
    """Whether this person wrote it."""
    return person is not None and comment.author_id == person.id


def can_answer_for_company(person: Person | None) -> bool:
    """Sign an answer of the company, and say who owes one: everybody who enters the desk may be asked."""
    return person is not None and person.is_staff


def can_assign(person: Person | None) -> bool:
    """Say which comments are questions to the company, whose, and until when."""
    return moderates_posts(person)


def can_decide(person: Person | None, comment: tuple[Comment, Subject | None] | None) -> bool:
    """Decide on this comment, given with what it is about."""
    return comment is not None and can_moderate(person, comment[1])


def can_look_after_people(person: Person | None, account: Person | None = None) -> bool:
    """See all that somebody wrote, and block them."""
    return can_enter_queue(person)


def can_set_policy(person: Person | None, post: Post | None = None) -> bool:
    """Say who may comment on a post: who may change it, and who decides on comments."""
    return moderates_posts(person) or (post is not None and can_edit_post(person, post))
