"""What this room adds to pages of others: a blog's head on its owner's page, the credit below a post, boxes at the desk."""

from cms.blogs import queries, rules
from cms.blogs.forms import EmptyForm
from cms.core.access import person
from cms.core.pagecache import depends_on
from cms.core.pages import page
from cms.posts.models import Post
from cms.site.asked import edition


def on_profile(person_id: int) -> str:
    """On somebody's public page: title and about of their blog."""
    blog = queries.open_blog_of(person_id)
    if blog is None:
        return ""
    lines = [" ".join(part.split()) for part in blog.about.split("\n\n") if part.strip()]
    return page("cms/blogs/_on_profile.html", blog=blog, paragraphs=lines)


def below_post(blog_id: int, *, is_taken: bool) -> str:
    """On the public page of a post: the blog it is in, or was first written in (`is_taken`)."""
    blog = queries.get_blog(blog_id)
    url = edition().to(f"/@{blog.person.handle}")
    depends_on(f"person:{blog.person_id}")
    return page("cms/blogs/_origin.html", blog=blog, url=url, is_taken=is_taken)


def blog_of_post(post: Post) -> str:
    """At the desk, beside a post that is in a blog."""
    if post.blog_id is None or not rules.can_run_blogs(person()):
        return ""
    return page(
        "cms/blogs/_desk_post.html",
        post=post,
        blog=queries.get_blog(post.blog_id),
        pitch=queries.find_pitch(post.id, "waiting"),
        button=EmptyForm(formdata=None),
    )


def today_panel() -> str:
    """On Today: who asks, and what is offered."""
    if not rules.can_run_blogs(person()):
        return ""
    applied, pitched = queries.count_waiting()
    return page("cms/blogs/_today.html", applied=applied, pitched=pitched) if applied or pitched else ""
