"""The texts a post had, and bringing one back."""

from flask import request
from flask_babel import gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.posts import forms, queries, rules, services
from cms.posts.models import Post
from cms.posts.views import bp
from cms.posts.views.asked import Answer, done, me

SHOWN = 50


@bp.get("/desk/posts/<int:post_id>/revisions")
@allowed(rules.can_see_draft, post=queries.get_post)
def list_revisions(post_id: int, post: Post) -> str:
    """Every text, newest first."""
    asked = request.args.get("before", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    rows = queries.revisions(post_id, before=number, limit=SHOWN + 1)
    return page(
        "cms/posts/revisions.html",
        post=post,
        revisions=rows[:SHOWN],
        next_before=rows[SHOWN - 1].number if len(rows) > SHOWN else None,
        form=forms.EmptyForm(),
        may_edit=rules.can_edit(me(), post),
        may_publish=rules.can_publish(me(), post),
    )


@bp.get("/desk/posts/<int:post_id>/revisions/<int:revision_id>")
@allowed(rules.can_see_draft, post=queries.get_post)
def show_revision(post_id: int, revision_id: int, post: Post) -> str:
    """One text as it was, to read and to copy from."""
    return page(
        "cms/posts/revision.html",
        post=post,
        revision=queries.get_revision(post_id, revision_id),
        form=forms.EmptyForm(),
        may_edit=rules.can_edit(me(), post),
    )


@bp.post("/desk/posts/<int:post_id>/revisions/<int:revision_id>/restoration")
@allowed(rules.can_edit, post=queries.get_post)
def restore_revision(post_id: int, revision_id: int, post: Post) -> Answer:
    """Make an old text the newest again; readers go on seeing the live one."""
    return done(
        post_id,
        lambda by: services.restore_revision(post_id, revision_id, by=by, at=clock.now()),
        _("The old text is the newest draft now."),
    )
