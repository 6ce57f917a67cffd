"""The public log of corrections, as staff write it."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.posts import queries, rules, services
from cms.posts.forms import CorrectionForm, EmptyForm
from cms.posts.models import Correction, Post
from cms.posts.views import bp
from cms.posts.views.asked import Answer, me


@bp.get("/desk/posts/<int:post_id>/corrections")
@allowed(rules.can_publish, post=queries.get_post)
def list_corrections(post_id: int, post: Post) -> str:
    """What was corrected in a post, and a form for another line."""
    return _page(post, CorrectionForm(formdata=None, amends=request.args.get("amends", "")))


@bp.post("/desk/posts/<int:post_id>/corrections")
@allowed(rules.can_publish, post=queries.get_post)
def add_correction(post_id: int, post: Post) -> Answer:
    """Add a line, shown now or with the text that waits."""
    form = CorrectionForm()
    try:
        with transaction():
            services.add_correction(
                post_id,
                changed=form.changed.data or "",
                reason=form.reason.data or "",
                waits=form.when.data == "waits",
                amends_id=form.amended,
                by=me(),
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_post(post_id), form), 422
    flash(_("The correction is in the log."), "good")
    return redirect(url_for(".list_corrections", post_id=post_id), 303)


@bp.get("/desk/posts/<int:post_id>/corrections/<int:correction_id>")
@allowed(rules.can_publish, post=queries.get_post)
def edit_correction(post_id: int, correction_id: int, post: Post) -> str:
    """Mend a line that was just written."""
    one = queries.get_correction(post_id, correction_id)
    return _page(post, CorrectionForm(formdata=None, changed=one.changed, reason=one.reason), mended=one)


@bp.post("/desk/posts/<int:post_id>/corrections/<int:correction_id>")
@allowed(rules.can_publish, post=queries.get_post)
def change_correction(post_id: int, correction_id: int, post: Post) -> Answer:
    """Save what was mended, within its ten minutes."""
    form, one = CorrectionForm(), queries.get_correction(post_id, correction_id)
    try:
        with transaction():
            services.change_correction(
                correction_id,
                changed=form.changed.data or "",
                reason=form.reason.data or "",
                by=me(),
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_post(post_id), form, mended=one), 422
    flash(_("Saved."), "good")
    return redirect(url_for(".list_corrections", post_id=post_id), 303)


@bp.post("/desk/posts/<int:post_id>/corrections/<int:correction_id>/removal")
@allowed(rules.can_publish, post=queries.get_post)
def remove_correction(post_id: int, correction_id: int, post: Post) -> Answer:
    """Take a line back that nobody has read."""
    queries.get_correction(post_id, correction_id)
    try:
        with transaction():
            services.remove_correction(correction_id, by=me(), at=clock.now())
    except Conflict as problem:
        flash(str(problem.message), "bad")
    else:
        flash(_("The correction is taken back."), "good")
    return redirect(url_for(".list_corrections", post_id=post_id), 303)


def _page(post: Post, form: CorrectionForm, *, mended: Correction | None = None) -> str:
    at = clock.now()
    corrections = queries.corrections_of(post.id)
    return page(
        "cms/posts/corrections.html",
        post=post,
        form=form,
        button=EmptyForm(formdata=None),
        mended=mended,
        corrections=corrections,
        mendable={one.id for one in corrections if services.can_be_mended(one, at)},
        may_wait=post.latest_revision_id != post.live_revision_id,
    )
