"""A member with a blog, and texts in it."""

from datetime import datetime

from cms.blogs import services
from cms.blogs.models import Blog, Pitch
from cms.blogs.services import Face
from cms.core import clock
from cms.core.database import transaction
from cms.people.models import Person
from cms.posts.models import Post
from tests.factories import nadia, rae, read_again

FACE = Face("Slow signals", "What I hear on the way to work.\n\nMostly trams.", "en")


def applied(by: Person, face: Face = FACE) -> Blog:
    """Somebody asks for a blog."""
    with transaction():
        blog_id = services.apply(face, wish="I ride trams.", by=by, at=clock.now()).id
    return read_again(Blog, blog_id)


def open_blog(by: Person | None = None, editor: Person | None = None) -> Blog:
    """A blog in which somebody, by default Rae, may write."""
    blog_id, editor = applied(by or rae()).id, editor or nadia()
    with transaction():
        services.open_blog(blog_id, by=editor, at=clock.now())
    return read_again(Blog, blog_id)


def write(
    blog: Blog,
    title: str = "Trams at night",
    *,
    body: str = "They hum in **G**.",
    publish: bool = True,
    kind: str = "article",
    tags: tuple[str, ...] = (),
    at: datetime | None = None,
) -> Post:
    """A text of its owner there, before readers unless `publish=False`."""
    owner, at = read_again(Person, blog.person_id), at or clock.now()
    blog_id, language = blog.id, blog.language
    ready = services.prepare(
        kind, title=title, summary="", body=body, language=language, tags=tags, own_language=language
    )
    with transaction():
        post_id = services.begin_text(ready, blog_id=blog_id, by=owner, at=at).id
        if publish:
            services.publish_text(post_id, by=owner, at=at)
    return read_again(Post, post_id)


def rewrite(post: Post, body: str, *, publish: bool = True) -> Post:
    """Its owner saves another text."""
    post_id, base_id, by = post.id, post.latest_revision_id, read_again(Person, post.created_by_id or 0)
    ready = services.prepare(
        "article", title="Trams at night", summary="", body=body, language="en", tags=[], own_language="en"
    )
    with transaction():
        services.save_text(post_id, ready, base_id=base_id, by=by, at=clock.now())
        if publish:
            services.publish_text(post_id, by=by, at=clock.now())
    return read_again(Post, post_id)


def feature(post: Post, by: Person) -> Post:
    """An editor shows it on the main site."""
    post_id = post.id
    with transaction():
        services.feature_post(post_id, by=by, at=clock.now())
    return read_again(Post, post_id)


def pitch(post: Post, words: str = "Yours?") -> Pitch:
    """Its owner offers it to the main blog."""
    post_id, by = post.id, read_again(Person, post.created_by_id or 0)
    with transaction():
        pitch_id = services.pitch_post(post_id, words=words, by=by, at=clock.now()).id
    return read_again(Pitch, pitch_id)
