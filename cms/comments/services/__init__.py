"""What can be done with comments. Others use these names; the modules are for readers of the code."""

from cms.comments.services.answering import (
    answer_question,
    assign_question,
    drop_question,
    prepare_answer,
    publish_as_faq,
    withdraw_from_faq,
)
from cms.comments.services.erasing import delete_texts, forget_person, hear_erased
from cms.comments.services.moderating import (
    appeal_comment,
    approve_comment,
    block_person,
    dismiss_flags,
    flag_comment,
    hide_all,
    hide_comment,
    refuse_appeal,
    unblock_person,
)
from cms.comments.services.policies import set_policy
from cms.comments.services.posting import (
    LONGEST,
    Remark,
    delete_comment,
    edit_comment,
    post_comment,
    prepare,
)
from cms.comments.services.problems import (
    Blocked,
    CommentsClosed,
    DecidedMeanwhile,
    NotAppealable,
    ParentGone,
    TooLate,
    Unreadable,
)
from cms.comments.services.reacting import react

__all__ = [
    "LONGEST",
    "Blocked",
    "CommentsClosed",
    "DecidedMeanwhile",
    "NotAppealable",
    "ParentGone",
    "Remark",
    "TooLate",
    "Unreadable",
    "answer_question",
    "appeal_comment",
    "approve_comment",
    "assign_question",
    "block_person",
    "delete_comment",
    "delete_texts",
    "dismiss_flags",
    "drop_question",
    "edit_comment",
    "flag_comment",
    "forget_person",
    "hear_erased",
    "hide_all",
    "hide_comment",
    "post_comment",
    "prepare",
    "prepare_answer",
    "publish_as_faq",
    "react",
    "refuse_appeal",
    "set_policy",
    "unblock_person",
    "withdraw_from_faq",
]
