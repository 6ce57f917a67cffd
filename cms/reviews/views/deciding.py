"""Saying yes or no, asking somebody else, moving a due date, and letting a text out without its review."""

from flask import flash, jsonify, redirect, request
from flask_babel import gettext as _

from cms.core import clock, walltime
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.posts import queries as posts
from cms.posts.models import Post
from cms.reviews import forms, queries, rules, services
from cms.reviews.queries import ReviewedPost
from cms.reviews.views import bp
from cms.reviews.views.asked import Answer, asked_number, done, me, review_url
from cms.reviews.views.review import review_page


@bp.post("/desk/posts/<int:post_id>/review/decisions")
@allowed(rules.can_decide, post=queries.get_review)
def decide(post_id: int, post: ReviewedPost) -> Answer:
    """Approve, ask for changes, or comment. About an older text: 409, with what was typed and the newest text."""
    form, by = forms.DecisionForm(), me()
    step_id = asked_number("step")
    is_valid = form.validate()
    if step_id is None or step_id not in {one.step.id for one in post.steps}:
        form.form_errors.append(_("Please choose a step of this review."))
        return review_page(post, decision=form), 422
    if not is_valid:
        return review_page(post, decision=form), 422
    try:
        with transaction():
            services.decide(
                step_id,
                verdict=form.verdict.data,
                revision_id=asked_number("revision"),
                words=form.words.data or "",
                by=by,
                at=clock.now(),
            )
    except Invalid as problem:
        form.complain(problem)
        return review_page(queries.get_review(post_id), decision=form), 422
    except Conflict as problem:
        form.complain(problem)
        is_stale = isinstance(problem, services.TextChanged)
        seen = asked_number("revision") if is_stale else None
        return review_page(queries.get_review(post_id), decision=form, seen_id=seen), 409
    flash(_SAID[form.verdict.data](), "good")
    return redirect(review_url(post_id), 303)


@bp.post("/desk/posts/<int:post_id>/review/exception")
@allowed(rules.can_set_aside, post=posts.get_post)
def set_aside(post_id: int, post: Post) -> Answer:
    """Let the newest text out without its review."""
    form, by = forms.ReasonForm(), me()
    try:
        with transaction():
            services.set_aside(post_id, reason=form.reason.data or "", by=by, at=clock.now())
    except Invalid as problem:
        form.complain(problem)
        return review_page(queries.get_review(post_id), aside=form), 422
    flash(_("This text may go out without its review. The reason is on the record."), "good")
    return redirect(review_url(post_id), 303)


@bp.post("/desk/posts/<int:post_id>/review/steps/<int:step_id>/people")
@allowed(rules.can_run_review, post=posts.get_post)
def ask_person(post_id: int, step_id: int, post: Post) -> Answer:
    """Ask one more person in a step."""
    _expect_step(queries.get_review(post_id), step_id)
    typed = request.form.get("who", "").strip()
    found = posts.people_named([typed])[typed] if typed else []
    if len(found) != 1:
        flash(_("Please choose one person from the list."), "bad")
        return redirect(review_url(post_id), 303)
    return done(
        lambda by: services.ask_person(step_id, found[0], by=by, at=clock.now()),
        _("Asked."),
        to=review_url(post_id),
    )


@bp.post("/desk/posts/<int:post_id>/review/steps/<int:step_id>/due")
@allowed(rules.can_run_review, post=posts.get_post)
def move_due(post_id: int, step_id: int, post: Post) -> Answer:
    """Give a step another due time; the calendar asks with JSON."""
    _expect_step(queries.get_review(post_id), step_id)
    wants_json = request.accept_mimetypes.best == "application/json"
    which = request.form.get("which")
    try:
        with transaction():
            services.move_due(
                step_id,
                wall=request.form.get("wall", ""),
                zone=request.form.get("zone", ""),
                which=walltime.chosen(which),
                by=me(),
                at=clock.now(),
            )
    except (Invalid, Conflict, walltime.AmbiguousTime) as problem:
        sentence = str(next(iter(problem.errors.values()), problem.message))
        if wants_json:
            return jsonify(message=sentence), problem.status  # type: ignore[return-value]
        flash(sentence, "bad")
    else:
        if wants_json:
            return jsonify(message=_("Moved."))
        flash(_("Moved."), "good")
    return redirect(review_url(post_id), 303)


def _expect_step(post: ReviewedPost, step_id: int) -> None:
    """Refuse a step that is not one of the last round of this post."""
    if step_id not in {one.step.id for one in post.steps}:
        raise NotFound


_SAID = {
    "approved": lambda: _("Approved."),
    "changes": lambda: _("Sent back with your words."),
    "comment": lambda: _("Your words are in the record."),
}
