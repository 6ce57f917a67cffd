"""Reading comments. Others use these names; the modules are for readers of the code."""

from cms.comments.queries.counts import Within, count_visible, count_waiting, counts_of
from cms.comments.queries.lists import (
    Told,
    history_of,
    latest,
    mine,
    of_person,
    public_condition,
    shown_below,
    told,
)
from cms.comments.queries.questions import (
    FAQEntry,
    OpenQuestion,
    ResponseTimes,
    answered_questions,
    find_question,
    open_questions,
    response_times,
    versions_of,
)
from cms.comments.queries.queue import TABS, Waiting, people_who_comment, queue
from cms.comments.queries.single import (
    get_comment,
    get_seen_comment,
    get_with_subject,
    policy_row,
    standing_of,
)
from cms.comments.queries.thread import PER_PAGE, Place, Shown, ThreadPage, place_of, read_place, thread_page

__all__ = [
    "PER_PAGE",
    "TABS",
    "FAQEntry",
    "OpenQuestion",
    "Place",
    "ResponseTimes",
    "Shown",
    "ThreadPage",
    "Told",
    "Waiting",
    "Within",
    "answered_questions",
    "count_visible",
    "count_waiting",
    "counts_of",
    "find_question",
    "get_comment",
    "get_seen_comment",
    "get_with_subject",
    "history_of",
    "latest",
    "mine",
    "of_person",
    "open_questions",
    "people_who_comment",
    "place_of",
    "policy_row",
    "public_condition",
    "queue",
    "read_place",
    "response_times",
    "shown_below",
    "standing_of",
    "thread_page",
    "told",
    "versions_of",
]
