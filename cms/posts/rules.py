"""Who may do what with posts. Pure: they look at what they are given and nothing else.

Editors, managers and admins look after every post. Experts and authors write their own: those they began or are
credited on. What readers see is changed only by those who may publish.
"""

from cms.people.models import Person
from cms.posts.models import Post

WRITERS = frozenset({"expert", "author", "editor", "manager", "admin"})
PUBLISHERS = frozenset({"editor", "manager", "admin"})


def can_enter_desk(person: Person | None) -> bool:
    """See the desk's lists."""
    return person is not None and person.is_staff


def can_write(person: Person | None) -> bool:
    """Begin a post."""
    return person is not None and person.is_active and person.role in WRITERS


def can_see_every_draft(person: Person | None) -> bool:
    """See posts that readers do not, whoever wrote them."""
    return person is not None and person.is_active and person.role in PUBLISHERS


def can_see_draft(person: Person | None, post: Post | None) -> bool:
    """See what is not published of a post: drafts, newer texts, its history. Needs `post.bylines`."""
    return can_see_every_draft(person) or (can_write(person) and _is_own(person, post))


def can_edit(person: Person | None, post: Post | None) -> bool:
    """Change text and details: who may publish any post, others their own until readers see it."""
    if post is None or can_publish(person, post):
        return post is not None
    return can_see_draft(person, post) and not post.is_live


def can_publish(person: Person | None, post: Post | None = None) -> bool:
    """Put a text before readers, now or later, and take it away again."""
    return can_see_every_draft(person)


def can_trash(person: Person | None, post: Post | None) -> bool:
    """Put a post in the trash, and take it out again."""
    return can_edit(person, post)


def _is_own(person: Person | None, post: Post | None) -> bool:
    if person is None or post is None:
        return False
    return post.created_by_id == person.id or any(one.person_id == person.id for one in post.bylines)
