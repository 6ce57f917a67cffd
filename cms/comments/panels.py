"""What this room adds to pages of others: comments below a post, and beside it on the desk who may comment."""

from flask import url_for

from cms.comments import forms, queries, rules
from cms.comments.on_posts import KIND, USUAL
from cms.comments.subjects import find_subject
from cms.comments.views.asked import me, to
from cms.comments.views.reading import bound_life
from cms.comments.wording import REACTION_NAMES
from cms.core import clock
from cms.core.access import person
from cms.core.pagecache import depends_on
from cms.core.pages import page
from cms.posts.models import Post

BELOW_POST = 30  # the page with all of them is one step away


def below_post(post_id: int) -> str:
    """On the public page of a post, the same for everybody."""
    depends_on(f"comments:{KIND}:{post_id}")
    subject = find_subject(KIND, post_id)
    if subject is None or subject.policy.kind == "off":
        return ""
    bound_life(subject)
    shown = queries.thread_page(subject, limit=BELOW_POST)
    return page(
        "cms/comments/_below.html",
        subject=subject,
        thread=shown,
        thread_url=to(subject.thread),
        is_open=subject.policy.is_open(clock.now()),
        reaction_names=REACTION_NAMES,
        write_url=url_for("comments.write_comment", kind=KIND, subject_id=post_id),
        link=to,
    )


def policy_of_post(post: Post) -> str:
    """At the desk, beside a post."""
    if post.trashed_at is not None or not rules.can_set_policy(person(), post):
        return ""
    row = queries.policy_row(KIND, post.id)
    form = forms.PolicyForm(
        formdata=None,
        comments=row.policy if row else USUAL,
        comments_close=row.closes_after_days if row else None,
    )
    count = queries.count_visible(KIND, post.id)
    return page("cms/comments/_policy.html", post=post, form=form, count=count)


def today_panel() -> str:
    """On the desk's first page: what waits for a decision of mine, and answers I owe."""
    by = me()
    waiting = queries.count_waiting(by) if rules.can_enter_queue(by) else 0
    owed = queries.open_questions(owner_id=by.id, limit=5)
    if not waiting and not owed:
        return ""
    return page("cms/comments/_today.html", waiting=waiting, owed=owed, now=clock.now())
