"""The desk's questions: who owes an answer until when, the answer itself, and how fast the company answers."""

from datetime import timedelta
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]

from cms.comments import forms, queries, rules, services
from cms.comments.models import Comment
from cms.comments.subjects import Subject
from cms.comments.views import bp
from cms.comments.views.asked import Answer, back_with, me, thread_link
from cms.core import clock, walltime
from cms.core.access import allowed
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import page
from cms.core.seams import panels
from cms.people.models import STAFF, Person
from cms.people.queries import zone_of
from cms.posts import rules as post_rules
from cms.posts import services as posts

REPORTED = timedelta(days=90)


@bp.get("/desk/questions")
@allowed(rules.can_answer_for_company)
def list_questions() -> Answer:
    """Open ones, the most pressing first; mine, or answered ones, when asked."""
    by, now = me(), clock.now()
    asked = request.args.get("show", "")
    tab = asked if asked in ("mine", "answered") else "open"
    return page(
        "cms/comments/questions.html",
        rows=queries.open_questions(owner_id=by.id if tab == "mine" else None, is_answered=tab == "answered"),
        tab=tab,
        times=queries.response_times(since=now - REPORTED, at=now),
        days=REPORTED.days,
        now=now,
    )


@bp.get("/desk/questions/<int:comment_id>")
@allowed(rules.can_answer_for_company)
def show_question(comment_id: int) -> Answer:
    """One comment as a question: who answers it until when, the answer and its versions."""
    versions = queries.versions_of(comment_id)
    number = versions[0].number if versions else 0
    return _page(
        comment_id,
        answer=forms.AnswerForm(formdata=None, body=versions[0].body if versions else "", number=str(number)),
    )


@bp.post("/desk/questions/<int:comment_id>")
@allowed(rules.can_assign)
def assign_question(comment_id: int) -> Answer:
    """Say who answers until when."""
    by, form = me(), forms.QuestionForm()
    _seen(comment_id)
    owner, which = form.owner.data or "", form.which.data or ""
    try:
        with transaction():
            services.assign_question(
                comment_id,
                owner_id=int(owner) if owner.isascii() and owner.isdecimal() and len(owner) < 10 else None,
                wall=form.wall.data or "",
                zone=form.zone.data or zone_of(by),
                which=walltime.chosen(which),
                by=by,
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        return back_with(problem, url_for(".show_question", comment_id=comment_id))
    return back_with(None, url_for(".show_question", comment_id=comment_id), _("Saved. Who answers is told."))


@bp.post("/desk/questions/<int:comment_id>/removal")
@allowed(rules.can_assign)
def drop_question(comment_id: int) -> Answer:
    """It was no question after all."""
    by = me()
    _seen(comment_id)
    try:
        with transaction():
            services.drop_question(comment_id, by=by, at=clock.now())
    except Conflict as problem:
        return back_with(problem, url_for(".show_question", comment_id=comment_id))
    return back_with(None, url_for(".list_questions"), _("It is a comment like any other again."))


@bp.post("/desk/questions/<int:comment_id>/answer")
@allowed(rules.can_answer_for_company)
def answer_question(comment_id: int) -> Answer:
    """Put the answer below the question, signed."""
    by, form = me(), forms.AnswerForm()
    _comment, subject = _seen(comment_id)
    number = form.number.data or "0"
    try:
        ready = services.prepare_answer(form.body.data or "")
        with transaction():
            if queries.find_question(comment_id) is None:
                services.assign_question(comment_id, owner_id=by.id, by=by, at=clock.now())
            services.answer_question(
                comment_id,
                ready,
                expected_number=int(number) if number.isdecimal() and len(number) < 6 else 0,
                by=by,
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(comment_id, answer=form), problem.status
    return redirect(thread_link(subject, comment_id), 303)


@bp.post("/desk/questions/<int:comment_id>/listing")
@allowed(rules.can_assign)
def list_answer(comment_id: int) -> Answer:
    """Put it among the answered questions."""
    by, form = me(), forms.FAQForm()
    _seen(comment_id)
    back = url_for(".show_question", comment_id=comment_id)
    try:
        with transaction():
            services.publish_as_faq(comment_id, wording=form.faq_question.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        return back_with(problem, back)
    return back_with(None, back, _("It stands on the page of answered questions."))


@bp.post("/desk/questions/<int:comment_id>/listing/removal")
@allowed(rules.can_assign)
def unlist_answer(comment_id: int) -> Answer:
    """Take it off that page."""
    by = me()
    _seen(comment_id)
    with transaction():
        services.withdraw_from_faq(comment_id, by=by, at=clock.now())
    back = url_for(".show_question", comment_id=comment_id)
    return back_with(None, back, _("It is off the page; the answer stays below the comment."))


@bp.post("/desk/questions/<int:comment_id>/draft")
@allowed(post_rules.can_write)
def draft_from_comment(comment_id: int) -> Answer:
    """Begin a post with what a reader wrote, credited to the reader who agrees by the name they chose here."""
    by = me()
    comment, subject = _seen(comment_id)
    if not comment.is_visible:
        raise NotFound
    name = comment.author.name if comment.author else comment.author_name
    source = thread_link(subject, comment.id)
    quoted = "\n".join(f"> {line}".rstrip() for line in comment.body.splitlines())
    credit = _("From a comment by %(name)s", name=name)
    author_id, language = comment.author_id, comment.language
    ready = posts.prepare(
        title=_("What %(name)s wrote about “%(title)s”", name=name, title=subject.title),
        body=f"{quoted}\n\n*[{credit}]({source})*\n",
    )
    bylines = [(by.id, "author"), *([(author_id, "author")] if author_id and author_id != by.id else [])]
    with transaction():
        post_id = posts.create_post(
            ready,
            kind="article",
            language=language if language in ("en", "zh") else subject.language,
            bylines=bylines,
            by=by,
            at=clock.now(),
        ).id
    return redirect(url_for("posts.edit_post", post_id=post_id), 303)


def _seen(comment_id: int) -> tuple[Comment, Subject]:
    return queries.get_seen_comment(comment_id, me())


def _page(comment_id: int, *, answer: forms.AnswerForm) -> str:
    by = me()
    comment, subject = _seen(comment_id)
    question = queries.find_question(comment_id)
    zone = question.due_zone if question and question.due_zone else zone_of(by)
    assign = forms.QuestionForm(
        formdata=None,
        owner=str(question.owner_id or "") if question else str(by.id),
        wall=question.due_wall or "" if question else _in_two_days(zone),
        zone=zone,
    )
    assign.owner.choices = [SelectChoice("", _("Nobody yet")), *_staff()]
    return page(
        "cms/comments/question.html",
        comment=comment,
        subject=subject,
        thread=thread_link(subject, comment.id),
        question=question,
        versions=queries.versions_of(comment_id),
        assign=assign,
        answer=answer,
        faq=forms.FAQForm(formdata=None, faq_question=question.faq_question if question else ""),
        plain=forms.PlainForm(formdata=None),
        zone=zone,
        now=clock.now(),
        may_assign=rules.can_assign(by),
        may_write=post_rules.can_write(by),
        boxes=[render(comment=comment) for render in panels("desk.comment")],
    )


def _in_two_days(zone: str) -> str:
    return walltime.wall_time(clock.now() + timedelta(days=2), zone)


def _staff() -> list[Any]:
    wanted = select(Person.id, Person.name).where(Person.role.in_(STAFF), Person.disabled_at.is_(None))
    return [SelectChoice(str(row.id), row.name) for row in db.session.execute(wanted.order_by(Person.name))]
