"""Writing reviews. Called inside a transaction; every function says who acts (`by=`) and when (`at=`)."""

from cms.reviews.services.claims import raise_claim, set_claim_words, source_claim, withdraw_claim
from cms.reviews.services.commenting import (
    answer_comment,
    apply_suggestion,
    comment_on,
    reopen_comment,
    resolve_comment,
    suggested_content,
)
from cms.reviews.services.deciding import decide, set_aside
from cms.reviews.services.hearing import follow_publication, follow_text
from cms.reviews.services.links import ask_about, claim_link, note_checked, note_links
from cms.reviews.services.plans import PlannedStep, drop_plan, planned_steps, set_plan
from cms.reviews.services.problems import (
    AlreadyDecided,
    AlreadyInReview,
    AlreadyResolved,
    CannotApply,
    ClaimSettled,
    ClaimsOpen,
    NoReviewNeeded,
    NotAsked,
    NotInReview,
    NotReachedYet,
    OwnText,
    SentBack,
    TextChanged,
)
from cms.reviews.services.reminding import remind, resettle
from cms.reviews.services.rounds import ask_person, move_due, submit_post, withdraw_round

__all__ = [
    "AlreadyDecided",
    "AlreadyInReview",
    "AlreadyResolved",
    "CannotApply",
    "ClaimSettled",
    "ClaimsOpen",
    "NoReviewNeeded",
    "NotAsked",
    "NotInReview",
    "NotReachedYet",
    "OwnText",
    "PlannedStep",
    "SentBack",
    "TextChanged",
    "answer_comment",
    "apply_suggestion",
    "ask_about",
    "ask_person",
    "claim_link",
    "comment_on",
    "decide",
    "drop_plan",
    "follow_publication",
    "follow_text",
    "move_due",
    "note_checked",
    "note_links",
    "planned_steps",
    "raise_claim",
    "remind",
    "reopen_comment",
    "resettle",
    "resolve_comment",
    "set_aside",
    "set_claim_words",
    "set_plan",
    "source_claim",
    "submit_post",
    "suggested_content",
    "withdraw_claim",
    "withdraw_round",
]
