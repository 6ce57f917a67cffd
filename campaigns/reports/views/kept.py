"""One page for what is kept: saved views and their mails, links that were given out, notes on days. Each of its forms
comes back to it with what was typed when something is wrong."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaigns.plans.queries import campaigns
from campaigns.plans.wording import day_word
from campaigns.reports import keeping, queries, rules, services
from campaigns.reports.addressing import arguments
from campaigns.reports.forms import ComparisonForm
from campaigns.reports.models import Annotation, ReportMail, ReportShare, SavedView
from campaigns.reports.views import bp
from campaigns.reports.views.comparison import ALL_STATES, MOST_OFFERED
from campaigns.reports.views.kept_forms import EmptyForm, MailForm, NoteForm, SaveForm, ShareForm, question_of
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Invalid
from cms.core.languages import localized
from cms.core.pages import absolute, page
from cms.people.models import Person
from cms.people.queries import zone_of

Answer = Response | str | tuple[str, int]


@bp.get("/desk/reports/kept")
@allowed(rules.can_read_reports)
def show_kept() -> str:
    """Everything, and the forms that add to it; those of a comparison when its question is in the address."""
    return _page()


@bp.post("/desk/reports/views")
@allowed(rules.can_read_reports)
def save_view() -> Answer:
    """Keep the question."""
    form, by, at = SaveForm(), me(), clock.now()

    def act() -> None:
        query = question_of(form.asked.data or "", known=_numbers())
        with transaction():
            services.save_view(query, name=form.name.data or "", is_shared=form.is_shared.data, by=by, at=at)

    return _done(form, act, _("The view is kept."), saving=form)


@bp.get("/desk/reports/views/<int:view_id>")
@allowed(rules.can_see_view, view=keeping.get_view)
def open_view(view_id: int, view: SavedView) -> Response:
    """Ask its question now."""
    return redirect(url_for(".show_comparison", **view.asked))


@bp.post("/desk/reports/views/<int:view_id>/removal")
@allowed(rules.can_remove_view, view=keeping.get_view)
def remove_view(view_id: int, view: SavedView) -> Answer:
    """Forget the question."""
    with transaction():
        services.remove_view(view_id)
    return _home(_("The view is gone."))


@bp.post("/desk/reports/views/<int:view_id>/mails")
@allowed(rules.can_see_view, view=keeping.get_view)
def begin_mail(view_id: int, view: SavedView) -> Answer:
    """Let it come by mail, in the person's own zone."""
    form, by, at = MailForm(), me(), clock.now()
    zone = zone_of(by)

    def act() -> None:
        with transaction():
            services.begin_mail(
                view_id, every=form.every.data or "", wall=form.wall.data or "", zone=zone, by=by, at=at
            )

    return _done(form, act, _("The report will come by mail."), mailing=(view_id, form))


@bp.post("/desk/reports/mails/<int:mail_id>/removal")
@allowed(rules.can_end_mail, mail=keeping.get_mail)
def end_mail(mail_id: int, mail: ReportMail) -> Answer:
    """No more of it."""
    with transaction():
        services.end_mail(mail_id)
    return _home(_("No more mail of this report."))


@bp.post("/desk/reports/shares")
@allowed(rules.can_read_reports)
def share_report() -> Answer:
    """Freeze the answer and make its link, which is shown this once."""
    form, by, at = ShareForm(), me(), clock.now()
    address = ""

    def act() -> None:
        nonlocal address
        compared = queries.compare_campaigns(question_of(form.asked.data or "", known=_numbers()), at=at)
        with transaction():
            _row, token = services.share(
                compared, title=form.title.data or "", days=form.days.data or 0, by=by, at=at
            )
        address = absolute(url_for(".show_shared", token=token))

    failed = _tried(form, act, sharing=form)
    return failed or (_page(shared_at=address), 201)


@bp.post("/desk/reports/shares/<int:share_id>/revocation")
@allowed(rules.can_revoke_share, share=keeping.get_share)
def revoke_share(share_id: int, share: ReportShare) -> Answer:
    """End the link."""
    by, at = me(), clock.now()
    with transaction():
        services.revoke_share(share_id, by=by, at=at)
    return _home(_("The link opens nothing any more."))


@bp.post("/desk/reports/annotations")
@allowed(rules.can_read_reports)
def add_annotation() -> Answer:
    """Note what happened on a day."""
    form = _note_form()
    return _done(form, lambda: _annotate(None, form), _("The note is kept."), noting=form)


@bp.get("/desk/reports/annotations/<int:annotation_id>")
@allowed(rules.can_change_annotation, annotation=keeping.get_annotation)
def edit_annotation(annotation_id: int, annotation: Annotation) -> str:
    """The note in a form."""
    names = ("day", "words_en", "words_zh", "is_private")
    typed = {name: getattr(annotation, name) for name in names} | {"campaign": annotation.campaign_id or 0}
    form = NoteForm(formdata=None, data=typed)
    form.offer(_offered())
    return _note_page(annotation_id, form)


@bp.post("/desk/reports/annotations/<int:annotation_id>")
@allowed(rules.can_change_annotation, annotation=keeping.get_annotation)
def save_annotation(annotation_id: int, annotation: Annotation) -> Answer:
    """The note, written anew."""
    form = _note_form()
    try:
        if form.validate():
            _annotate(annotation_id, form)
            return _home(_("The note is kept."))
    except Invalid as problem:
        _mark(form, problem)
    return _note_page(annotation_id, form), 422


@bp.post("/desk/reports/annotations/<int:annotation_id>/removal")
@allowed(rules.can_change_annotation, annotation=keeping.get_annotation)
def remove_annotation(annotation_id: int, annotation: Annotation) -> Answer:
    """Take the note away."""
    with transaction():
        services.remove_annotation(annotation_id)
    return _home(_("The note is gone."))


def me() -> Person:
    """The person who is signed in; the rule has made sure that there is one."""
    account = person()
    assert account is not None
    return account


def _annotate(annotation_id: int | None, form: NoteForm) -> None:
    by, at = me(), clock.now()
    with transaction():
        services.annotate(
            annotation_id,
            day=form.day.data or at.date(),  # the form asks for one
            words={"en": form.words_en.data or "", "zh": form.words_zh.data or ""},
            campaign_id=form.campaign.data or None,
            is_private=form.is_private.data,
            by=by,
            at=at,
        )


def _done(form: Any, act: Callable[[], None], said: str, **again: Any) -> Answer:
    return _tried(form, act, **again) or _home(said)


def _tried(form: Any, act: Callable[[], None], **again: Any) -> tuple[str, int] | None:
    """None when it worked; else the page again, with what was typed and what is wrong."""
    try:
        if form.validate():
            act()
            return None
    except Invalid as problem:
        _mark(form, problem)
    return _page(**again), 422


def _mark(form: Any, problem: Invalid) -> None:
    """Beside its field, or on top where no field is to blame."""
    if not problem.errors:
        form.form_errors.append(str(problem.message))
    for name, sentence in problem.errors.items():
        (form[name].errors if name in form else form.form_errors).append(sentence)


def _home(said: str) -> Response:
    flash(said)
    return redirect(url_for(".show_kept"), 303)


def _numbers() -> list[int]:
    return [number for number, _name in _offered()]


def _offered() -> list[tuple[int, str]]:
    return [(one.id, localized(one.name)) for one in campaigns(states=ALL_STATES, limit=MOST_OFFERED)]


def _note_form() -> NoteForm:
    form = NoteForm()
    form.offer(_offered())
    return form


def _note_page(annotation_id: int, form: NoteForm) -> str:
    return page("campaigns/reports/note.html", annotation_id=annotation_id, form=form)


def _page(
    *,
    saving: SaveForm | None = None,
    sharing: ShareForm | None = None,
    noting: NoteForm | None = None,
    mailing: tuple[int, MailForm] | None = None,
    shared_at: str = "",
) -> str:
    by, at = me(), clock.now()
    offered = _offered()
    asked = ComparisonForm(request.args, known=[number for number, _name in offered]).query
    carried = urlencode(arguments(asked), doseq=True) if asked else ""
    note = noting or NoteForm(formdata=None, day=at.date())
    note.offer(offered)
    return page(
        "campaigns/reports/kept.html",
        saving=saving or (SaveForm(formdata=None, asked=carried) if asked else None),
        sharing=sharing or (ShareForm(formdata=None, asked=carried, days=30) if asked else None),
        noting=note,
        mailing=dict([mailing]) if mailing else {},
        mail_form=MailForm(formdata=None),
        removing=EmptyForm(formdata=None),
        views=keeping.saved_views(by),
        shares=keeping.shares(),
        notes=keeping.all_annotations(by),
        mails={one.view_id: one for one in keeping.mails_of(by)},
        me=by,
        at=at,
        rules=rules,
        zone=zone_of(by),
        day_word=day_word,
        shared_at=shared_at,
    )
