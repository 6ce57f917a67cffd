"""The desk's page about somebody who comments: all they wrote, blocking, hiding everything."""

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from cms.comments import forms, queries, rules, services
from cms.comments.views import bp
from cms.comments.views.asked import Answer, back_with, me
from cms.comments.wording import HELD, REASONS
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Invalid, NotAllowed
from cms.core.pages import page
from cms.core.paging import before, paged
from cms.people.models import Person
from cms.people.queries import get_person

PAGE_LENGTH = 30


@bp.get("/desk/comments/people/<int:account_id>")
@allowed(rules.can_look_after_people, account=get_person)
def show_person(account_id: int, account: Person) -> Answer:
    """What somebody wrote, whatever became of it, and how far they are trusted."""
    rows = queries.queue(me(), "all", author_id=account_id, limit=PAGE_LENGTH + 1, before=before())
    shown, next_url = paged(rows, lambda one: (one.comment.created_at, one.comment.id), length=PAGE_LENGTH)
    return page(
        "cms/comments/person.html",
        account=account,
        rows=shown,
        next_url=next_url,
        is_first=before() is None,
        standing=queries.standing_of(account_id),
        now=clock.now(),
        held=HELD,
        reasons=REASONS,
        may_look_after=True,
        may_block=rules.can_block(me(), account),
        block=forms.BlockForm(formdata=None),
        hide=forms.HideForm(formdata=None),
        plain=forms.PlainForm(formdata=None),
    )


@bp.post("/desk/comments/people/<int:account_id>/block")
@allowed(rules.can_block, account=get_person)
def block_person(account_id: int, account: Person) -> Answer:
    """Keep them from commenting."""
    by, form = me(), forms.BlockForm()
    back = url_for(".show_person", account_id=account_id)
    if not form.validate():
        return back_with(Invalid(errors={"days": _("Please give a whole number of days, or none.")}), back)
    try:
        with transaction():
            services.block_person(
                account_id, days=form.days.data, note=form.note.data or "", by=by, at=clock.now()
            )
    except (Invalid, NotAllowed) as problem:
        return back_with(problem, back)
    return back_with(None, back, _("Blocked. Their page of comments says so, and why."))


@bp.post("/desk/comments/people/<int:account_id>/block/removal")
@allowed(rules.can_block, account=get_person)
def unblock_person(account_id: int, account: Person) -> Answer:
    """Let them comment again."""
    by = me()
    with transaction():
        services.unblock_person(account_id, by=by, at=clock.now())
    return back_with(None, url_for(".show_person", account_id=account_id), _("They can comment again."))


@bp.post("/desk/comments/people/<int:account_id>/hiding")
@allowed(rules.can_block, account=get_person)
def hide_all(account_id: int, account: Person) -> Answer:
    """Hide everything they wrote."""
    by, back = me(), url_for(".show_person", account_id=account_id)
    try:
        with transaction():
            hidden = services.hide_all(
                account_id, reason=request.form.get("reason", ""), by=by, at=clock.now()
            )
    except Invalid as problem:
        return back_with(problem, back)
    done = ngettext("%(num)s comment is hidden.", "%(num)s comments are hidden.", hidden)
    return back_with(None, back, done)
