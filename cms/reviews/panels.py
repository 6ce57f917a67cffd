"""Boxes that reviews add to pages of the rooms above: the editor of a post, and Today."""

from cms.core import clock
from cms.core.access import person
from cms.core.pages import page
from cms.posts.models import Post
from cms.reviews import forms, queries, rules
from cms.topics.models import Section

SHOWN = 6


def review_of_post(post: Post) -> str:
    """Where the review of a post stands, and what one can do about it."""
    by = person()
    review = queries.review_of(post)
    if by is None or post.trashed_at is not None or not (review.needs_review or review.round):
        return ""
    return page(
        "cms/reviews/_panel.html",
        review=review,
        post=post,
        mine=review.steps_of(by),
        waits=review.waits_for(by),
        threads_open=queries.count_open_threads(post.id),
        claims_open=queries.count_holding_up(post.id, at=clock.now()),
        at=clock.now(),
        button=forms.EmptyForm(formdata=None),
        may_edit=rules.can_submit(by, post),
    )


def waiting_for_me() -> str:
    """What waits for one's own review; nothing when nothing does."""
    by = person()
    if by is None or not rules.can_see_queue(by):
        return ""
    rows = queries.waiting_steps("mine", person=by, at=clock.now(), limit=SHOWN + 1)
    if not rows:
        return ""
    return page("cms/reviews/_today.html", rows=rows[:SHOWN], has_more=len(rows) > SHOWN, at=clock.now())


def steps_of_section(section: Section) -> str:
    """Which steps the texts of a section go through."""
    plan = queries.plan_for(section.id)
    is_own = plan is not None and plan.section_id is not None
    return page("cms/reviews/_section.html", section=section, plan=plan, is_own=is_own)


def quality_of_post(post: Post) -> str:
    """What a reader would trip over, looked at again as one writes; without script, on the page of the review."""
    if post.trashed_at is not None:
        return ""
    return page("cms/reviews/_quality_panel.html", post=post)
