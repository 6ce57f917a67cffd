"""Words about passages: threads, answers, suggestions."""

from collections.abc import Callable

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.people.models import Person
from cms.posts import queries as posts
from cms.posts.models import Post
from cms.reviews import forms, queries, rules, services
from cms.reviews.models import PassageComment
from cms.reviews.queries import ReviewedPost
from cms.reviews.views import bp
from cms.reviews.views.asked import Answer, done, me, review_url
from cms.reviews.views.review import review_page


@bp.post("/desk/posts/<int:post_id>/review/comments")
@allowed(rules.can_discuss, post=queries.get_review)
def comment_on(post_id: int, post: ReviewedPost) -> Answer:
    """Say something about a passage, suggest other words, or mark it as needing a source."""
    form, by = forms.PassageForm(), me()
    if not form.validate():
        return review_page(post, passage=form), 422
    try:
        with transaction():
            place = _save(post_id, form, by)
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return review_page(queries.get_review(post_id), passage=form), 422
    return redirect(review_url(post_id, _anchor=place), 303)


@bp.post("/desk/posts/<int:post_id>/review/comments/<int:comment_id>/answers")
@allowed(rules.can_discuss, post=queries.get_review)
def answer_comment(post_id: int, comment_id: int, post: ReviewedPost) -> Answer:
    """Answer in a thread."""
    words = request.form.get("words", "")
    return _with_comment(
        post_id,
        comment_id,
        lambda by: services.answer_comment(comment_id, words=words, by=by, at=clock.now()),
        _("Answered."),
    )


@bp.post("/desk/posts/<int:post_id>/review/comments/<int:comment_id>/resolution")
@allowed(rules.can_discuss, post=queries.get_review)
def resolve_comment(post_id: int, comment_id: int, post: ReviewedPost) -> Answer:
    """Close a thread."""
    return _with_comment(
        post_id,
        comment_id,
        lambda by: services.resolve_comment(comment_id, by=by, at=clock.now()),
        _("Resolved."),
    )


@bp.post("/desk/posts/<int:post_id>/review/comments/<int:comment_id>/resolution/removal")
@allowed(rules.can_discuss, post=queries.get_review)
def reopen_comment(post_id: int, comment_id: int, post: ReviewedPost) -> Answer:
    """Open it again."""
    return _with_comment(
        post_id,
        comment_id,
        lambda by: services.reopen_comment(comment_id, by=by, at=clock.now()),
        _("Open again."),
    )


@bp.post("/desk/posts/<int:post_id>/review/comments/<int:comment_id>/application")
@allowed(rules.can_submit, post=posts.get_post)
def apply_suggestion(post_id: int, comment_id: int, post: Post) -> Answer:
    """Put the suggested words into the text, as a new revision."""
    comment, by, latest = _comment(post_id, comment_id), me(), post.latest
    assert latest is not None
    base = latest.id
    try:
        content = services.suggested_content(comment, latest)
        with transaction():
            services.apply_suggestion(comment_id, content, base_revision_id=base, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
    else:
        flash(_("Taken over. It is a new revision."), "good")
    return redirect(review_url(post_id, _anchor=f"comment-{comment_id}"), 303)


def _save(post_id: int, form: forms.PassageForm, by: Person) -> str:
    """What the button said, and where on the page it is now."""
    about = {
        "quote": form.quote.data or "",
        "prefix": form.prefix.data or "",
        "suffix": form.suffix.data or "",
    }
    words = form.words.data or ""
    if form.is_claim:
        services.raise_claim(post_id, words=words, **about, by=by, at=clock.now())
        return "claims"
    suggestion = form.suggestion.data or ""
    made = services.comment_on(post_id, words=words, suggestion=suggestion, **about, by=by, at=clock.now())
    return f"comment-{made.id}"


def _with_comment(post_id: int, comment_id: int, act: Callable[[Person], object], said: str) -> Response:
    _comment(post_id, comment_id)
    return done(act, said, to=review_url(post_id, _anchor=f"comment-{comment_id}"))


def _comment(post_id: int, comment_id: int) -> PassageComment:
    comment = queries.get_comment(comment_id)
    if comment.post_id != post_id:
        raise NotFound
    return comment
