"""What has a time, as rooms offer it to the calendar. `wiring.py` writes the list of sources out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app

from cms.people.models import Person


@dataclass(frozen=True)
class Wanted:
    """What the reader of the calendar narrowed it to; None means everything."""

    kinds: frozenset[str] | None = None
    section_id: int | None = None
    person_id: int | None = None
    campaign_id: int | None = None
    post_ids: frozenset[int] = (
        frozenset()
    )  # with a campaign: the posts that serve it, which nothing here knows
    with_cancelled: bool = field(
        default=False, compare=False
    )  # a program that has an entry in its calendar learns only from the file that it is off
    is_brief: bool = field(default=False, compare=False)  # credits, acts and last changes may be left out


@dataclass(frozen=True)
class Act:
    """Something that can be done with an entry where it stands: a button that posts to an address."""

    label: Any  # a lazy sentence
    url: str


@dataclass(frozen=True)
class Entry:
    """One thing at one moment. `key` never changes for the same thing, whenever it is moved to."""

    key: str  # "post:12:publication"
    kind: str  # of its source
    title: str
    at: datetime  # the instant, UTC
    url: str
    zone: str | None = None  # the zone its wall time was given in
    ends_at: datetime | None = None
    language: str | None = None  # of the title
    section_id: int | None = None
    section: str = ""
    people: tuple[str, ...] = ()
    state: str = "planned"  # or "done", "missed"; "cancelled" in files alone
    note: str = ""  # why it was missed, what it waits for
    move_url: str | None = None  # takes POST wall, zone, which; None when this reader may not move it
    changed_at: datetime | None = None  # last change of it; programs that read the calendar look at this
    acts: tuple[Act, ...] = ()  # what this reader may do with it besides

    @property
    def subject(self) -> str:
        """What it is about: `post:12`. Entries about the same thing can contradict each other."""
        return ":".join(self.key.split(":")[:2])


Offer = Callable[[Person, datetime, datetime, Wanted], Sequence[Entry]]


@dataclass(frozen=True)
class Source:
    """Entries of one kind: what it is called, how it is drawn, and who is asked for them.

    `entries(person, start, end, wanted)` gives what this person may see with `start <= at < end`, in a fixed number of
    queries; what lasts (`ends_at`) also when it began before and is not over. Moving an entry is a POST to its
    `move_url`, answered 303, or JSON `{"message"}` with 200, 409 or 422 when the request accepts JSON.
    """

    kind: str
    label: Any  # a lazy sentence
    icon: str
    entries: Offer


def posts_of_campaign(campaign_id: int | None) -> frozenset[int]:
    """The posts that serve a campaign, as the room below says that knows; none without one."""
    if campaign_id is None:
        return frozenset()
    told: Callable[[int], Sequence[int]] = current_app.extensions["parley_posts_of_campaign"]
    return frozenset(told(campaign_id))


def sources() -> list[Source]:
    """Every source of the running application, in the order they are named to people."""
    offered: list[Source] = current_app.extensions["parley_sources"]
    return offered
