"""Reviews of a post: sending for review, deciding, calling back."""

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cms.api import presenting, queries
from cms.api.answering import answer, changing, nothing_left
from cms.api.operations import operation
from cms.api.schemas.reviews import NewDecision, Review, ReviewAsked, ReviewList
from cms.api.views import bp
from cms.api.views.loading import POST, get_post, get_review
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.posts import models
from cms.reviews import queries as review_queries
from cms.reviews import rules
from cms.reviews import services as reviews
from cms.reviews.queries import ReviewedPost


@bp.get(f"{POST}/reviews")
@allowed(rules.can_see_review, post=get_review)
@operation("posts", _("List the reviews of a post"), scope="posts:read", answer=ReviewList)
def list_reviews(post_id: int, post: ReviewedPost) -> Response:
    """Every round, for those who may see what is not published, and those who are asked."""
    return answer(ReviewList(items=_told(post)))


@bp.post(f"{POST}/reviews")
@allowed(rules.can_submit, post=get_post)
@operation(
    "posts",
    _("Send a post for review"),
    scope="posts:write",
    body=ReviewAsked,
    body_may_lack=True,
    answer=Review,
    status=201,
    conflicts=True,
)
def submit_post(post_id: int, post: models.Post, body: ReviewAsked) -> Response:
    """Its newest text goes through the steps of its section; one that was sent back goes on where it stood."""
    with changing() as (by, at):
        reviews.submit_post(post_id, words=body.words, by=by, at=at)
    return _newest(post_id)


@bp.post(f"{POST}/reviews/decisions")
@allowed(rules.can_decide, post=get_review)
@operation(
    "posts",
    _("Decide about a text"),
    scope="posts:write",
    body=NewDecision,
    answer=Review,
    status=201,
    conflicts=True,
)
def decide(post_id: int, post: ReviewedPost, body: NewDecision) -> Response:
    """Approve, ask for changes, or comment."""
    if body.step not in {one.step.id for one in post.steps}:
        raise Invalid(errors={"step": gettext("This post has no such step.")})
    revision_id = queries.revision_id(post_id, body.revision)
    if revision_id is None:
        raise Invalid(errors={"revision": gettext("This post has no such revision.")})
    with changing() as (by, at):
        reviews.decide(
            body.step, verdict=body.verdict, revision_id=revision_id, words=body.words, by=by, at=at
        )
    return _newest(post_id)


@bp.delete(f"{POST}/reviews")
@allowed(rules.can_submit, post=get_post)
@operation("posts", _("Withdraw a post from review"), scope="posts:write", status=204, conflicts=True)
def withdraw_review(post_id: int, post: models.Post) -> Response:
    """What was said stays in the record."""
    with changing() as (by, at):
        reviews.withdraw_round(post_id, by=by, at=at)
    return nothing_left()


def _newest(post_id: int) -> Response:
    told = _told(review_queries.get_review(post_id))[0]
    return answer(told, status=201, location=f"/api/v1/posts/{post_id}/reviews")


def _told(post: ReviewedPost) -> list[Review]:
    assert post.post.latest is not None
    content_hash = post.post.latest.content_hash
    return [
        presenting.review(round, steps, content_hash=content_hash)
        for round, steps in review_queries.history_of(post.post)
    ]
