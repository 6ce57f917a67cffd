"""Sending a comment, with or without script: the form is a page of its own, which a script may show within another."""

from datetime import timedelta

from flask import redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from cms.comments import forms, queries, rules, services
from cms.comments.holding import level
from cms.comments.models import Comment
from cms.comments.sending import Sent, make_mark, read_mark, visitors_comment, visitors_token
from cms.comments.subjects import Subject, get_subject
from cms.comments.views import bp
from cms.comments.views.asked import Answer, private, thread_link, to
from cms.comments.wording import HELD
from cms.core import clock
from cms.core.access import SignInNeeded, person, public
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.throttle import TooOften, network, throttle
from cms.people.models import Person

PER_NETWORK = 60  # comments in ten minutes: an office, but no machine
PER_PERSON = {0: (3, timedelta(hours=1)), 1: (10, timedelta(minutes=10)), 2: (20, timedelta(minutes=10))}


class OldForm(Conflict):
    """The form is a day old, or was changed on its way."""

    message = lazy_gettext("This form was open for long. Nothing is lost: please send it again.")


@bp.get("/comments/<kind>/<int:subject_id>/new")
@public
def write_comment(kind: str, subject_id: int) -> Answer:
    """The form, for a comment of its own or an answer (`?to=12`), with a quotation when that is wanted."""
    by = person()
    subject = get_subject(kind, subject_id, by)
    parent = _parent(subject, request.args.get("to"))
    form = forms.CommentForm(
        formdata=None,
        to=str(parent.id) if parent else "",
        mark=make_mark(subject.name, at=clock.now()),
        body=_quoted(parent) if parent and "quote" in request.args else "",
    )
    return _form(subject, form, parent, by)


@bp.post("/comments/<kind>/<int:subject_id>")
@public
def post_comment(kind: str, subject_id: int) -> Answer:
    """Keep it. It is to be seen at once, or its writer is told why it waits."""
    by, at = person(), clock.now()
    subject = get_subject(kind, subject_id, by)
    form = forms.CommentForm()
    parent = _parent(subject, form.to.data)
    if not form.validate():
        return _form(subject, form, parent, by, 422)
    by_id = by.id if by else None
    try:
        remark = services.prepare(form.body.data or "", own_language=subject.language)
        sent = read_mark(form.mark.data or "", subject.name, trap=form.website.data or "", at=at)
        if sent is None:
            raise OldForm
        comment = _keep(subject, remark, form, sent, by)
    except (Invalid, Conflict, TooOften) as problem:
        form.complain(problem)
        if isinstance(problem, services.ParentGone):
            form.to.data, parent = "", None
        form.mark.data = make_mark(subject.name, at=at - timedelta(minutes=1))
        return _form(subject, form, parent, by if by_id else None, problem.status)
    if comment.is_visible:
        return redirect(thread_link(subject, comment.id), 303)
    if by_id is None:
        return redirect(url_for("comments.show_to_visitor", token=visitors_token(comment.id)), 303)
    return redirect(url_for("comments.show_comment", comment_id=comment.id), 303)


@bp.get("/comments/waiting/<token>")
@public
def show_to_visitor(token: str) -> Answer:
    """What became of a comment by somebody without an account."""
    comment, subject = _of_visitor(token)
    return private(
        "cms/comments/visitor.html",
        comment=comment,
        subject=subject,
        thread=thread_link(subject, comment.id if comment.is_visible else None),
        held=[HELD[one] for one in comment.held_for if one in HELD],
        token=token,
        plain=forms.PlainForm(formdata=None),
    )


@bp.post("/comments/waiting/<token>/removal")
@public
def remove_as_visitor(token: str) -> Answer:
    """Take away what one wrote without an account."""
    comment, subject = _of_visitor(token)
    comment_id, back = comment.id, thread_link(subject)
    with transaction():
        services.delete_comment(comment_id, by=None, at=clock.now())
    return redirect(back, 303)


def _keep(
    subject: Subject, remark: services.Remark, form: forms.CommentForm, sent: Sent, by: Person | None
) -> Comment:
    with transaction():
        throttle(f"comments from {network()}", limit=PER_NETWORK, per=timedelta(minutes=10))
        trust = level(by, queries.standing_of(by.id) if by else None)
        if trust in PER_PERSON:
            limit, per = PER_PERSON[trust]
            who = f"of {by.id}" if by else f"by visitors from {network()}"
            throttle(f"comments {who}", limit=limit, per=per)
        return services.post_comment(
            subject.kind,
            subject.id,
            remark,
            by=by,
            at=clock.now(),
            name=form.name.data or "",
            parent_id=_number(form.to.data),
            signals=sent.signals,
            once=sent.once,
        )


def _form(
    subject: Subject, form: forms.CommentForm, parent: Comment | None, by: Person | None, status: int = 200
) -> Response:
    at = clock.now()
    if by is None and subject.policy.kind != "open" and subject.policy.is_open(at):
        if request.headers.get("Parley-Part") == "1":
            return private("cms/comments/sign_in.html", subject=subject, next_url=_here(subject, parent))
        if request.method == "GET":
            return redirect(url_for("people.sign_in", next=_here(subject, parent)), 303)
        raise SignInNeeded
    standing = queries.standing_of(by.id) if by else None
    return private(
        "cms/comments/write.html",
        status,
        subject=subject,
        subject_url=to(subject.path),
        thread_url=thread_link(subject),
        form=form,
        parent=parent,
        account=by,
        may_write=rules.can_write(by, subject, at=at),
        is_open=subject.policy.is_open(at),
        will_wait=level(by, standing) == 0 or subject.policy.kind == "moderated",
        is_blocked=standing is not None and standing.is_blocked(at),
        longest=services.LONGEST,
    )


def _here(subject: Subject, parent: Comment | None) -> str:
    form = url_for("comments.write_comment", kind=subject.kind, subject_id=subject.id)
    return f"{form}?to={parent.id}" if parent else form


def _parent(subject: Subject, number: str | None) -> Comment | None:
    comment_id = _number(number)
    if comment_id is None:
        return None
    try:
        parent = queries.get_comment(comment_id)
    except NotFound:
        return None
    is_here = (parent.subject_kind, parent.subject_id) == (subject.kind, subject.id)
    return parent if is_here and parent.is_visible else None


def _quoted(parent: Comment) -> str:
    name = parent.author.name if parent.author else parent.author_name
    lines = "\n".join(f"> {line}".rstrip() for line in parent.body.splitlines())
    return f"{gettext('> %(name)s wrote:', name=name)}\n>\n{lines}\n\n"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def _of_visitor(token: str) -> tuple[Comment, Subject]:
    comment_id = visitors_comment(token)
    if comment_id is None:
        raise NotFound
    comment, subject = queries.get_with_subject(comment_id)
    if subject is None or comment.author_id is not None or comment.state == "deleted":
        raise NotFound
    return comment, subject
