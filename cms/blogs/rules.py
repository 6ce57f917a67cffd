"""Who may do what with blogs. Pure: they look at what they are given and nothing else.

Anybody with an account may ask for a blog. In an open one its owner writes, publishes and takes down: this is where
people without a place at the desk put a text before readers, and only in their own blog.
"""

from typing import TYPE_CHECKING

from cms.blogs.models import Blog, Pitch
from cms.people.models import Person
from cms.posts import rules as posts

if TYPE_CHECKING:
    from cms.blogs.queries import BlogPost


def can_have_blog(person: Person | None) -> bool:
    """Ask for one, and see how one's own stands."""
    return person is not None and person.is_active


def can_write(person: Person | None, blog: Blog | None) -> bool:
    """Begin a text there."""
    return _is_own(person, blog) and blog is not None and blog.is_open


def can_see_text(person: Person | None, post: "BlogPost | None") -> bool:
    """Read one's own texts, whatever became of blog and text."""
    return post is not None and _is_own(person, post.blog)


def can_edit(person: Person | None, post: "BlogPost | None") -> bool:
    """Save another text: one's own, in one's open blog."""
    return post is not None and can_write(person, post.blog) and post.post.blog_id == post.blog.id


def can_publish(person: Person | None, post: "BlogPost | None") -> bool:
    """Put it before readers of the blog, and take it away again. The main lists are up to editors."""
    return can_edit(person, post)


def can_run_blogs(person: Person | None, blog: Blog | None = None) -> bool:
    """Open and close blogs, feature posts, decide on pitches: who looks after every post."""
    return posts.can_see_every_draft(person)


def can_decide_pitch(person: Person | None, pitch: Pitch | None) -> bool:
    """Say whether the main blog takes it."""
    return can_run_blogs(person)


def _is_own(person: Person | None, blog: Blog | None) -> bool:
    return blog is not None and person is not None and person.is_active and blog.person_id == person.id
