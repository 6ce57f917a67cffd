"""Reading contests and entries."""

from cms.contests.queries.contests import (
    acts_of,
    contests_page,
    desk_contests,
    due_phases,
    find_contest,
    get_contest,
    is_following,
    public_contests,
    series,
    sort_of_entries,
)
from cms.contests.queries.entries import (
    Progress,
    candidates,
    entries_at_desk,
    entries_of,
    entry_of_person,
    get_entry,
    own_entries,
    progress,
)
from cms.contests.queries.results import Winner, hall_of_fame, places_of, winners

__all__ = [
    "Progress",
    "Winner",
    "acts_of",
    "candidates",
    "contests_page",
    "desk_contests",
    "due_phases",
    "entries_at_desk",
    "entries_of",
    "entry_of_person",
    "find_contest",
    "get_contest",
    "get_entry",
    "hall_of_fame",
    "is_following",
    "own_entries",
    "places_of",
    "progress",
    "public_contests",
    "series",
    "sort_of_entries",
    "winners",
]
