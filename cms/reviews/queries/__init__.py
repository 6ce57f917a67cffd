"""Reading reviews. Views must ask `rules` before they call these."""

from cms.reviews.queries.claims import CLAIM_STATES, claims, claims_of, count_holding_up, day_of, get_claim
from cms.reviews.queries.comments import Thread, count_open_threads, get_comment, threads_of
from cms.reviews.queries.loading import find_open_round, plan_for, scope_of
from cms.reviews.queries.plans import people_in, plans_by_scope
from cms.reviews.queries.quality import (
    alts_of,
    broken_among,
    broken_links,
    claim_words,
    links_due,
    writing_of,
)
from cms.reviews.queries.queue import (
    WHOSE,
    Waiting,
    count_waiting,
    posts_in_review,
    reviewable,
    stages,
    steps_due,
    steps_to_remind,
    waiting_steps,
)
from cms.reviews.queries.review import (
    ReviewedPost,
    get_review,
    history_of,
    is_agreed_on,
    open_rounds_naming,
    open_steps_for,
    record_of,
    review_of,
    waivers_of,
)

__all__ = [
    "CLAIM_STATES",
    "WHOSE",
    "ReviewedPost",
    "Thread",
    "Waiting",
    "alts_of",
    "broken_among",
    "broken_links",
    "claim_words",
    "claims",
    "claims_of",
    "count_holding_up",
    "count_open_threads",
    "count_waiting",
    "day_of",
    "find_open_round",
    "get_claim",
    "get_comment",
    "get_review",
    "history_of",
    "is_agreed_on",
    "links_due",
    "open_rounds_naming",
    "open_steps_for",
    "people_in",
    "plan_for",
    "plans_by_scope",
    "posts_in_review",
    "record_of",
    "review_of",
    "reviewable",
    "scope_of",
    "stages",
    "steps_due",
    "steps_to_remind",
    "threads_of",
    "waiting_steps",
    "waivers_of",
    "writing_of",
]
