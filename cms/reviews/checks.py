"""What reviews say before a text goes out."""

from collections.abc import Iterator
from datetime import datetime

from flask import has_request_context, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from cms.core.seams import Finding
from cms.people.models import Person
from cms.posts.models import Post, Revision
from cms.reviews import queries


def review_before_publication(
    post: Post, revision: Revision, by: Person | None, at: datetime
) -> Iterator[Finding]:
    """Holds up a text whose section wants a review that did not approve exactly it, and one with open claims.

    What a member puts into a blog of theirs needs no review of ours: it is not in the main lists.
    Who publishes makes no difference, and nor does when: what was approved goes out at its time though whoever sent
    it for review may not publish. An admin who wants it out all the same sets the review aside, as an act of its own.
    """
    address = url_for("reviews.show_review", post_id=post.id) if has_request_context() else None
    plan = queries.plan_for(post.section_id) if post.blog_id is None else None
    wanted = plan is not None and any(one["required"] for one in plan.steps)
    if (
        plan is not None
        and wanted
        and not queries.is_agreed_on(post, revision.content_hash, scope=plan.scope)
    ):
        yield Finding("review.open", _why(post, scope=plan.scope), is_blocking=True, url=address)
    waiting = queries.count_holding_up(post.id, at=at)
    if waiting:
        sentence = ngettext(
            "%(num)d sentence in this text still needs a source.",
            "%(num)d sentences in this text still need a source.",
            waiting,
        )
        yield Finding("review.claims", sentence, is_blocking=True, url=address)


def _why(post: Post, *, scope: str) -> str:
    round = queries.find_open_round(post.id)
    if round is None:
        return str(_("Texts of this section are reviewed before they go out. Send it for review first."))
    if round.scope != scope:
        return str(
            _("This text is reviewed under the steps of another section. Withdraw it and send it again.")
        )
    if round.returned_at is not None:
        return str(_("Changes were asked for. Send the text for review again."))
    return str(_("The review has not approved this text yet."))
