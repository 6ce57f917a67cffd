"""The `campaign` of a post: told and set through what the house below offers, because this one does not know it.

`app.py` connects it. Where nothing is connected, posts serve no campaign.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from cms.core.access import person
from cms.people.models import Person


@dataclass(frozen=True)
class PostCampaigns:
    """What the API asks of campaigns."""

    # Of posts, as this person may know them.
    slugs: Callable[[Iterable[int], Person | None], Mapping[int, str]]
    find: Callable[
        [str | None, Person | None], int | None
    ]  # raises `Invalid`, or `NotAllowed` when not theirs to say
    assign: Callable[
        [int, int | None, Person, datetime], None
    ]  # post, campaign or none; inside a transaction


def slug_of(post_id: int) -> str | None:
    """The campaign this post serves, if the caller may know it."""
    return slugs_of([post_id]).get(post_id)


def slugs_of(post_ids: Iterable[int]) -> Mapping[int, str]:
    """The campaigns these posts serve, in one query, as far as the caller may know them."""
    return _offered().slugs(post_ids, person())


def campaign_named(slug: str | None) -> int | None:
    """The number of the campaign with this slug, None for none, for a caller who may choose."""
    return _offered().find(slug, person())


def assign(post_id: int, campaign_id: int | None, *, by: Person, at: datetime) -> None:
    """Let a post serve this campaign, or none. Called inside a transaction."""
    _offered().assign(post_id, campaign_id, by, at)


def _offered() -> PostCampaigns:
    offered: PostCampaigns = current_app.extensions["parley_post_campaigns"]
    return offered
