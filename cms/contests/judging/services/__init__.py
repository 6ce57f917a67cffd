"""Writing what jurors, voters and organisers do. Nothing here asks who may: views do."""

from cms.contests.judging.services.certifying import (
    issue_certificates,
    reissue_certificate,
    revoke_certificate,
)
from cms.contests.judging.services.comparing import find_likenesses, keep_likenesses, note_seen
from cms.contests.judging.services.forgetting import forget_person, hear_erased
from cms.contests.judging.services.opening import (
    ballots_of,
    contents_of,
    count_again,
    open_results,
    propose_places,
    proposed_places,
    seal_scores,
)
from cms.contests.judging.services.problems import (
    JudgingFrozen,
    MayNotVote,
    NotJudgingNow,
    NotVotingNow,
    NotYet,
    NotYours,
    TextChanged,
)
from cms.contests.judging.services.reminding import remind_jurors
from cms.contests.judging.services.scoring import amend_score, moderate_comment, save_score
from cms.contests.judging.services.seating import (
    accepted_entries,
    leave_seat,
    recuse,
    set_head,
    share_out,
    swap,
    take_seats,
)
from cms.contests.judging.services.setting import JudgingTerms, rules_of, set_judging
from cms.contests.judging.services.voting import (
    VotesUsed,
    cast_vote,
    decide_voter,
    order_for,
    person_key,
    take_vote_back,
)

__all__ = [
    "JudgingFrozen",
    "JudgingTerms",
    "MayNotVote",
    "NotJudgingNow",
    "NotVotingNow",
    "NotYet",
    "NotYours",
    "TextChanged",
    "VotesUsed",
    "accepted_entries",
    "amend_score",
    "ballots_of",
    "cast_vote",
    "contents_of",
    "count_again",
    "decide_voter",
    "find_likenesses",
    "forget_person",
    "hear_erased",
    "issue_certificates",
    "keep_likenesses",
    "leave_seat",
    "moderate_comment",
    "note_seen",
    "open_results",
    "order_for",
    "person_key",
    "propose_places",
    "proposed_places",
    "recuse",
    "reissue_certificate",
    "remind_jurors",
    "revoke_certificate",
    "rules_of",
    "save_score",
    "seal_scores",
    "set_head",
    "set_judging",
    "share_out",
    "swap",
    "take_seats",
    "take_vote_back",
]
