"""What these views share: saving a form, and doing one thing that the audit log remembers."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.people import audit
from cms.topics.forms import TopicForm

Answer = Response | str | tuple[str, int]
Act = Callable[[datetime], object]


def saved(
    form: TopicForm, act: str, subject: str | None, save: Act, *, again: Callable[[], str], then: str
) -> Answer:
    """Save what was typed, or show it again with what is wrong."""
    if not form.validate():
        return again(), 422
    try:
        do(act, subject, save)
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return again(), 422
    flash(_("Saved."), "good")
    return redirect(then, 303)


def do(act: str, subject: str | None, save: Act) -> None:
    """One act and its entry in the audit log; without a subject, what `save` gives is the subject."""
    by, at = person(), clock.now()
    with transaction():
        made = save(at)
        audit.record(act, subject or f"{type(made).__name__.lower()}:{getattr(made, 'id', 0)}", by=by, at=at)


def done(act: str, subject: str, save: Act, *, said: str, then: str) -> Response:
    """One act that needs no form; what stands against it is said on the page one comes back to."""
    try:
        do(act, subject, save)
    except (Invalid, Conflict) as problem:
        flash(str(problem.message), "bad")
    else:
        flash(said, "good")
    return redirect(then, 303)
