"""A moderator decides: on the desk below posts, and from the comment itself wherever else somebody decides."""

from flask import request, url_for
from flask_babel import gettext as _

from cms.comments import forms, queries, rules, services
from cms.comments.models import Comment
from cms.comments.subjects import Subject
from cms.comments.views import bp
from cms.comments.views.asked import Answer, back_with, me, thread_link
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.people.identity import internal_path

Pair = tuple[Comment, Subject | None]


@bp.post("/comments/<int:comment_id>/approval")
@allowed(rules.can_decide, comment=queries.get_with_subject)
def approve(comment_id: int, comment: Pair) -> Answer:
    """Let it be seen."""
    back, by = _back(comment), me()
    try:
        with transaction():
            services.approve_comment(comment_id, by=by, at=clock.now())
    except Conflict as problem:
        return back_with(problem, back)
    return back_with(None, back, _("It can be seen now, and its writer is told."))


@bp.post("/comments/<int:comment_id>/hiding")
@allowed(rules.can_decide, comment=queries.get_with_subject)
def hide(comment_id: int, comment: Pair) -> Answer:
    """Take it from sight, with the reason that its writer reads."""
    back, by, form = _back(comment), me(), forms.HideForm()
    try:
        with transaction():
            services.hide_comment(
                comment_id, reason=form.reason.data or "", note=form.note.data or "", by=by, at=clock.now()
            )
    except (Invalid, Conflict) as problem:
        return back_with(problem, back)
    return back_with(None, back, _("It is hidden, and its writer reads why."))


@bp.post("/comments/<int:comment_id>/appeal/refusal")
@allowed(rules.can_decide, comment=queries.get_with_subject)
def refuse_appeal(comment_id: int, comment: Pair) -> Answer:
    """Looked at again, and it stays hidden."""
    back, by, form = _back(comment), me(), forms.HideForm()
    try:
        with transaction():
            services.refuse_appeal(comment_id, note=form.note.data or "", by=by, at=clock.now())
    except Conflict as problem:
        return back_with(problem, back)
    return back_with(None, back, _("It stays hidden, and its writer is told."))


@bp.post("/comments/<int:comment_id>/reports/dismissal")
@allowed(rules.can_decide, comment=queries.get_with_subject)
def keep(comment_id: int, comment: Pair) -> Answer:
    """Looked at what readers reported, and it stays to be seen."""
    back, by = _back(comment), me()
    try:
        with transaction():
            services.dismiss_flags(comment_id, by=by, at=clock.now())
    except Conflict as problem:
        return back_with(problem, back)
    return back_with(None, back, _("It stays."))


def _back(pair: Pair) -> str:
    """Where the button was: the queue, or the comment's thread."""
    asked = internal_path(request.form.get("back"))
    if asked:
        return asked
    comment, subject = pair
    return thread_link(subject) if subject else url_for("comments.show_comment", comment_id=comment.id)
