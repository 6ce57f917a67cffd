"""The page of one review: the text, what was said about it, and one place to decide; and sending for review."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.media import queries as media
from cms.people.queries import zone_of
from cms.posts import comparing
from cms.posts import queries as posts
from cms.posts import rules as post_rules
from cms.posts.models import Post
from cms.reviews import forms, queries, rules, services
from cms.reviews.queries import ReviewedPost
from cms.reviews.views import bp
from cms.reviews.views.asked import Answer, done, me, review_url
from cms.reviews.views.quality import looked_at


@bp.get("/desk/posts/<int:post_id>/review")
@allowed(rules.can_see_review, post=queries.get_review)
def show_review(post_id: int, post: ReviewedPost) -> str:
    """The text under review."""
    return review_page(post)


@bp.post("/desk/posts/<int:post_id>/review")
@allowed(rules.can_submit, post=posts.get_post)
def submit_post(post_id: int, post: Post) -> Answer:
    """Send the newest text for review."""
    words = request.form.get("words", "")
    return done(
        lambda by: services.submit_post(post_id, words=words, by=by, at=clock.now()),
        _("Sent for review."),
        to=_back(post_id),
    )


@bp.post("/desk/posts/<int:post_id>/review/removal")
@allowed(rules.can_submit, post=posts.get_post)
def withdraw_review(post_id: int, post: Post) -> Answer:
    """Call it back."""
    return done(
        lambda by: services.withdraw_round(post_id, by=by, at=clock.now()),
        _("Withdrawn from review. What was said stays in the record."),
        to=_back(post_id),
    )


@bp.get("/desk/posts/<int:post_id>/review/changes")
@allowed(rules.can_see_review, post=queries.get_review)
def show_changes(post_id: int, post: ReviewedPost) -> str:
    """What changed in the newest text since another one (`?since=`), and the button to confirm it."""
    asked = request.args.get("since", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else post.post.latest_revision_id or 0
    old = posts.get_revision(post_id, number)
    assert post.post.latest is not None
    parts = comparing.compare(comparing.wording(old), comparing.wording(post.post.latest))
    added, removed = comparing.counted(parts)
    ids = {one for part in parts for one in (*part.old_ids, *part.new_ids)}
    return page(
        "cms/reviews/changes.html",
        old=old,
        parts=parts,
        part_media={one.id: one for one in media.media_by_ids(sorted(ids))} if ids else {},
        added=added,
        removed=removed,
        is_inline=request.args.get("view") == "inline",
        **_about(post),
    )


def review_page(post: ReviewedPost, **again: Any) -> str:
    """The page; `again` holds forms that were sent back."""
    return page("cms/reviews/review.html", **{**_about(post), **again})


def _about(post: ReviewedPost) -> dict[str, Any]:
    """What both pages show of a review."""
    by, at = me(), clock.now()
    mine = post.steps_of(by)
    waits = post.waits_for(by)
    approved = waits[0].last_approval(by.id) if waits else None
    latest = post.post.latest
    assert latest is not None
    may_ask = post.is_running and rules.can_run_review(by, post.post)
    return {
        "review": post,
        "post": post.post,
        "text": latest,
        "mine": mine,
        "waits": waits,
        "my_last": approved if approved and approved.content_hash != latest.content_hash else None,
        "claims": queries.claims_of(post.post.id),
        "claims_open": queries.count_holding_up(post.post.id, at=at),
        "threads": queries.threads_of(post.post.id, latest),
        "today": queries.day_of(at),
        "at": at,
        "zone": zone_of(by),
        "button": forms.EmptyForm(formdata=None),
        "source": forms.SourceForm(formdata=None),
        "decision": forms.DecisionForm(formdata=None),
        "aside": forms.ReasonForm(formdata=None),
        "passage": forms.PassageForm(formdata=None),
        "may_discuss": rules.can_discuss(by, post),
        "may_edit": rules.can_submit(by, post.post),
        "may_run": rules.can_run_review(by, post.post),
        "may_set_aside": rules.can_set_aside(by, post.post),
        "may_open_editor": post_rules.can_see_draft(by, post.post),
        "people": posts.creditable_people() if may_ask else [],
        **looked_at(queries.writing_of(post.post, latest)),
    }


def _back(post_id: int) -> str:
    """Where the button was: the review's page, or the editor."""
    if request.form.get("from") == "review":
        return review_url(post_id)
    return url_for("posts.edit_post", post_id=post_id)
