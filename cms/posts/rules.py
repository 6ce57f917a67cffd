"""Who may do what with posts. Pure: they look at what they are given and nothing else.

Editors, managers and admins look after every post. Experts and authors write their own: those they began or are
credited on, also newer texts of those that are live. What readers see is changed only by those who may publish.

A text of a member's blog is nobody else's before it first goes out. How members write there is up to `cms.blogs`.
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
    return _looks_after(person, post) or (can_write(person) and _is_own(person, post))


def can_edit(person: Person | None, post: Post | None) -> bool:
    """Save another text: who may publish any post, others their own. Readers see none of it until it is published."""
    return post is not None and can_see_draft(person, post)


def can_edit_details(person: Person | None, post: Post | None) -> bool:
    """Change what readers of a live post see at once: address, section, tags, credits, language, times."""
    if post is None or can_publish(person, post):
        return post is not None
    return can_see_draft(person, post) and not post.is_live


def can_publish(person: Person | None, post: Post | None = None) -> bool:
    """Put a text before readers, now or later, and take it away again."""
    return _looks_after(person, post)


def can_change_release(person: Person | None, release: object = None, post: Post | None = None) -> bool:
    """Put several posts before readers at once."""
    return can_publish(person, post)


def can_trash(person: Person | None, post: Post | None) -> bool:
    """Put a post in the trash, and take it out again; a live one only by those who may take it from readers."""
    return can_edit_details(person, post)


def _looks_after(person: Person | None, post: Post | None) -> bool:
    """As `gate.not_private` asks it of the database."""
    if person is None or not can_see_every_draft(person):
        return False
    return post is None or not post.is_private or post.created_by_id == person.id


def _is_own(person: Person | None, post: Post | None) -> bool:
    if person is None or post is None:
        return False
    return post.created_by_id == person.id or any(one.person_id == person.id for one in post.bylines)
