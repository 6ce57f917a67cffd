"""What members do with a comment: react, report, and with their own change, take away, ask to look again."""

from datetime import timedelta

from flask import jsonify, redirect, request, url_for
from flask_babel import gettext as _

from cms.comments import forms, queries, rules, services
from cms.comments.models import Comment
from cms.comments.subjects import Subject
from cms.comments.views import bp
from cms.comments.views.asked import Answer, back_with, me, private, thread_link
from cms.comments.wording import HELD, REACTION_NAMES, REASONS
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import iso
from cms.core.throttle import throttle
from cms.people.rules import is_signed_in

PAGE_LENGTH = 30


@bp.get("/comments/<int:comment_id>/acts")
@allowed(is_signed_in)
def show_acts(comment_id: int) -> Answer:
    """Everything one can do with a comment, on a page without script."""
    by = me()
    comment, subject = queries.get_seen_comment(comment_id, by)
    return private(
        "cms/comments/acts.html",
        comment=comment,
        subject=subject,
        thread=thread_link(subject, comment.id),
        reactions=REACTION_NAMES,
        reasons=REASONS,
        report=forms.ReportForm(formdata=None),
        plain=forms.PlainForm(formdata=None),
        may_react=rules.can_react(by, comment, subject),
        may_edit=rules.can_edit(by, comment, at=clock.now()),
        may_delete=rules.can_delete(by, comment),
        may_moderate=rules.can_moderate(by, subject),
        may_assign=rules.can_assign(by),
        is_own=rules.is_own(by, comment),
    )


@bp.post("/comments/<int:comment_id>/reactions")
@allowed(is_signed_in)
def react(comment_id: int) -> Answer:
    """Say it in one word; the same again takes it back."""
    by = me()
    comment, subject = queries.get_seen_comment(comment_id, by)
    back, kind = thread_link(subject, comment.id), request.form.get("kind", "")
    with transaction():
        throttle(f"reactions of {by.id}", limit=60, per=timedelta(minutes=10))
        services.react(comment_id, kind, by=by, at=clock.now())
    return redirect(back, 303)


@bp.post("/comments/<int:comment_id>/reports")
@allowed(is_signed_in)
def report_comment(comment_id: int) -> Answer:
    """Ask a moderator to look at it."""
    by = me()
    _comment, subject = queries.get_seen_comment(comment_id, by)
    back, form = thread_link(subject), forms.ReportForm()
    try:
        with transaction():
            throttle(f"reports of {by.id}", limit=20, per=timedelta(hours=1))
            services.flag_comment(
                comment_id, reason=form.reason.data or "", note=form.note.data or "", by=by, at=clock.now()
            )
    except Invalid as problem:
        return back_with(problem, url_for("comments.show_acts", comment_id=comment_id))
    return back_with(None, back, _("Thank you. A moderator will look at it."))


@bp.get("/comments/<int:comment_id>/edit")
@allowed(is_signed_in)
def edit_comment(comment_id: int) -> Answer:
    """One's own words, to be changed."""
    comment, subject = _own(comment_id)
    if not rules.can_edit(me(), comment, at=clock.now()):
        raise services.TooLate
    return _edit_page(comment, subject, forms.EditForm(formdata=None, body=comment.body))


@bp.post("/comments/<int:comment_id>/edit")
@allowed(is_signed_in)
def save_comment(comment_id: int) -> Answer:
    """Keep other words."""
    by = me()
    comment, subject = _own(comment_id)
    form = forms.EditForm()
    if not form.validate():
        return _edit_page(comment, subject, form, 422)
    try:
        remark = services.prepare(form.body.data or "", own_language=subject.language)
        with transaction():
            services.edit_comment(comment_id, remark, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _edit_page(*_own(comment_id), form, problem.status)
    return redirect(url_for("comments.show_comment", comment_id=comment_id), 303)


@bp.post("/comments/<int:comment_id>/removal")
@allowed(is_signed_in)
def remove_comment(comment_id: int) -> Answer:
    """Take one's own words away."""
    by = me()
    _comment, subject = _own(comment_id)
    back = thread_link(subject)
    with transaction():
        services.delete_comment(comment_id, by=by, at=clock.now())
    return redirect(back, 303)


@bp.post("/comments/<int:comment_id>/appeal")
@allowed(is_signed_in)
def appeal_comment(comment_id: int) -> Answer:
    """Ask that somebody looks again."""
    by, form = me(), forms.AppealForm()
    _own(comment_id)
    try:
        with transaction():
            services.appeal_comment(comment_id, text=form.appeal.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        return back_with(problem, url_for("comments.list_mine"))
    return back_with(None, url_for("comments.list_mine"), _("Somebody will look at it again."))


@bp.get("/me/comments")
@allowed(is_signed_in)
def list_mine() -> Answer:
    """Everything one wrote, what became of it, and why."""
    by = me()
    number = request.args.get("before", "")
    before = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None
    rows = queries.mine(by, limit=PAGE_LENGTH + 1, before=before)
    shown = rows[:PAGE_LENGTH]
    now = clock.now()
    return private(
        "cms/comments/mine.html",
        account=by,
        rows=shown,
        editable={one.comment.id for one in shown if rules.can_edit(by, one.comment, at=now)},
        appealable={one.comment.id for one in shown if rules.can_appeal(by, one.comment)},
        held=HELD,
        reasons=REASONS,
        standing=queries.standing_of(by.id),
        now=now,
        next_url=url_for(".list_mine", before=shown[-1].comment.id) if len(rows) > PAGE_LENGTH else None,
        appeal=forms.AppealForm(formdata=None),
        plain=forms.PlainForm(formdata=None),
    )


@bp.get("/me/comments.json")
@allowed(is_signed_in)
def export_mine() -> Answer:
    """Everything one wrote that is still there, to take along."""
    rows = queries.of_person(me().id, limit=100_000)
    told = [
        {
            "id": one.id,
            "about": one.subject,
            "answers": one.parent_id,
            "text": one.body,
            "state": one.state,
            "written_at": iso(one.created_at),
            "changed_at": iso(one.edited_at) if one.edited_at else None,
        }
        for one in rows
    ]
    response = jsonify(comments=told)
    response.headers["Content-Disposition"] = "attachment; filename=comments.json"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/me/comments/removal")
@allowed(is_signed_in)
def remove_mine() -> Answer:
    """Take away everything one wrote, once the number of them was typed."""
    by = me()
    count = len(queries.of_person(by.id, limit=100_000))
    if request.form.get("count", "").strip() != str(count):
        sentence = _(
            "Nothing was taken away: please type how many comments there are, %(count)s.", count=count
        )
        return back_with(Invalid(sentence), url_for(".list_mine"))
    with transaction():
        services.delete_texts(by.id, at=clock.now())
    return back_with(None, url_for(".list_mine"), _("Your texts are gone. What others answered stays."))


def _own(comment_id: int) -> tuple[Comment, Subject]:
    by = me()
    comment, subject = queries.get_seen_comment(comment_id, by)
    if not rules.is_own(by, comment):
        raise NotFound
    return comment, subject


def _edit_page(comment: Comment, subject: Subject, form: forms.EditForm, status: int = 200) -> Answer:
    return private(
        "cms/comments/edit.html",
        status,
        comment=comment,
        subject=subject,
        form=form,
        thread=thread_link(subject, comment.id),
        longest=services.LONGEST,
    )
