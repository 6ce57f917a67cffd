"""Who may comment on a post, set beside it on the desk."""

from flask import url_for
from flask_babel import gettext as _

from cms.comments import forms, rules, services
from cms.comments.on_posts import KIND
from cms.comments.views import bp
from cms.comments.views.asked import Answer, back_with
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Invalid
from cms.posts.models import Post
from cms.posts.queries import get_post


@bp.post("/desk/posts/<int:post_id>/comments")
@allowed(rules.can_set_policy, post=get_post)
def save_policy(post_id: int, post: Post) -> Answer:
    """Keep who may comment, and how long."""
    form = forms.PolicyForm()
    back = url_for("posts.edit_post", post_id=post_id)
    if not form.validate():
        sentence = _("Please give from 1 to 3,650 days, or leave it empty.")
        return back_with(Invalid(errors={"comments_close": sentence}), back)
    try:
        with transaction():
            services.set_policy(
                KIND, post_id, policy=form.comments.data or "", closes_after_days=form.comments_close.data
            )
    except Invalid as problem:
        return back_with(problem, back)
    return back_with(None, back, _("Saved. Readers see it at once."))
