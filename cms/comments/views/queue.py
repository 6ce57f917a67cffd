"""The desk's queue: what waits, what readers reported, who asks to look again, what is hidden."""

from flask import request

from cms.comments import forms, queries, rules
from cms.comments.views import bp
from cms.comments.views.asked import Answer, me
from cms.comments.wording import HELD, REASONS
from cms.core import seams
from cms.core.access import allowed
from cms.core.pages import page
from cms.core.paging import before, paged

PAGE_LENGTH = 30


@bp.get("/desk/comments")
@allowed(rules.can_enter_queue)
def show_queue() -> Answer:
    """One kind of what is to be decided, newest first."""
    by = me()
    asked = request.args.get("show", "")
    tab = asked if asked in queries.TABS else "waiting"
    rows = queries.queue(by, tab, limit=PAGE_LENGTH + 1, before=before())
    shown, next_url = paged(rows, lambda one: (one.comment.created_at, one.comment.id), length=PAGE_LENGTH)
    return page(
        "cms/comments/queue.html",
        rows=shown,
        panels=[render() for render in seams.panels("comments.reported")] if tab == "reported" else [],
        tab=tab,
        next_url=next_url,
        is_first=before() is None,
        held=HELD,
        reasons=REASONS,
        may_look_after=True,
        hide=forms.HideForm(formdata=None),
        plain=forms.PlainForm(formdata=None),
    )
