"""Reading posts. `gate` says what exists for whom, `live` what others need of live posts, `desk` what staff see."""

from cms.posts.queries.desk import (
    DeskFilter,
    creditable_people,
    desk_posts,
    get_post,
    get_revision,
    just_published,
    missed_posts,
    my_drafts,
    people_named,
    posts_due,
    posts_going_out,
    revisions,
    story_posts,
    trash_to_purge,
    trashed_posts,
)
from cms.posts.queries.gate import open_to, visible_to
from cms.posts.queries.live import find_redirect, mentions_since, month_bounds, neighbour_ids

__all__ = [
    "DeskFilter",
    "creditable_people",
    "desk_posts",
    "find_redirect",
    "get_post",
    "get_revision",
    "just_published",
    "mentions_since",
    "missed_posts",
    "month_bounds",
    "my_drafts",
    "neighbour_ids",
    "open_to",
    "people_named",
    "posts_due",
    "posts_going_out",
    "revisions",
    "story_posts",
    "trash_to_purge",
    "trashed_posts",
    "visible_to",
]
