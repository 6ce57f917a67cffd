"""One thing done to a post: published, taken down, thrown away, brought back, let go from its story."""

from flask import request, url_for
from flask_babel import gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.people.models import Person
from cms.posts import queries, rules, services
from cms.posts.models import Post
from cms.posts.views import bp
from cms.posts.views.asked import Answer, done


@bp.post("/desk/posts/<int:post_id>/publication")
@allowed(rules.can_publish, post=queries.get_post)
def publish_post(post_id: int, post: Post) -> Answer:
    """Put the latest text, or the named revision, before readers."""
    asked = request.values.get("revision_id", "")
    revision_id = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    return done(
        post_id,
        lambda by: services.publish_post(post_id, revision_id=revision_id, by=by, at=clock.now()),
        _("Published."),
    )


@bp.post("/desk/posts/<int:post_id>/publication/removal")
@allowed(rules.can_publish, post=queries.get_post)
def take_down_post(post_id: int, post: Post) -> Answer:
    """Hide it from readers."""
    return done(
        post_id,
        lambda by: services.take_down_post(post_id, by=by, at=clock.now()),
        _("Taken down. It is a draft now."),
    )


@bp.post("/desk/posts/<int:post_id>/trash")
@allowed(rules.can_trash, post=queries.get_post)
def trash_post(post_id: int, post: Post) -> Answer:
    """Throw it away, for thirty days."""
    return done(
        post_id,
        lambda by: services.trash_post(post_id, by=by, at=clock.now()),
        _("Thrown away. It stays in the trash for 30 days."),
        to=url_for(".list_posts"),
    )


@bp.post("/desk/posts/<int:post_id>/trash/removal")
@allowed(rules.can_trash, post=queries.get_post)
def restore_post(post_id: int, post: Post) -> Answer:
    """Take it back out, as a draft."""
    return done(
        post_id,
        lambda by: services.restore_post(post_id, by=by, at=clock.now()),
        _("Restored. It is a draft now."),
    )


@bp.post("/desk/posts/<int:post_id>/story")
@allowed(rules.can_edit_details, post=queries.get_post)
def link_translation(post_id: int, post: Post) -> Answer:
    """Say that it tells the same story as another post, named by its number or its address."""
    named = request.form.get("original", "")
    return done(post_id, lambda by: _link(post, named, by), _("They tell one story now."))


@bp.post("/desk/posts/<int:post_id>/story/removal")
@allowed(rules.can_edit_details, post=queries.get_post)
def unlink_translation(post_id: int, post: Post) -> Answer:
    """Say that it is not a translation after all."""
    return done(
        post_id,
        lambda by: services.unlink_translation(post_id, by=by, at=clock.now()),
        _("It is a story of its own now."),
    )


def _link(post: Post, named: str, by: Person) -> None:
    original = queries.find_named(named)
    if original is None or not rules.can_see_draft(by, original):
        raise Invalid(_("There is no post with this number or address."))
    services.link_translation(post.id, original_id=original.id, by=by, at=clock.now())
