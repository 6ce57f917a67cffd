"""What can be commented on. Rooms offer a source for each kind of subject; `wiring.py` writes the list out.

    class Topics:                       # in cms/circles
        kind = "topic"
        def find(self, ids): ...        # number -> Subject, of those that exist
        def public_ids(self): ...       # a SELECT of the numbers that everybody may see
        def moderated_ids(self, person): ...

Whatever a subject says about seeing holds for all its comments: page, feed, API, mail, count and permalink ask it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy import Select

from cms.core.errors import NotFound
from cms.people.models import Person

Asks = Callable[[Person | None], bool]


@dataclass(frozen=True)
class Policy:
    """Who may comment. `open`: everybody, visitors too; `members`: who has an account; `moderated`: they, and each
    comment waits for a moderator; `off`: nobody, and nothing is shown."""

    kind: str = "members"
    closes_at: datetime | None = None  # read only from then on

    def is_open(self, at: datetime) -> bool:
        """Whether anybody may comment now."""
        return self.kind != "off" and (self.closes_at is None or at < self.closes_at)


@dataclass(frozen=True)
class Subject:
    """Something that people talk about, as comments need to know it."""

    kind: str  # "post"
    id: int
    title: str
    path: str  # its page, without language: "/posts/spring-notes"
    language: str
    policy: Policy
    may_see: Asks  # somebody, or a visitor
    may_write: (
        Asks  # who may take part here at all, such as the members of a circle; the policy is asked besides
    )
    may_moderate: Asks
    is_public: bool = (
        True  # everybody may see it, so its comments stand on kept pages, in feeds and on the home page
    )
    author_ids: tuple[int, ...] = ()  # who is told of new comments, and never waits for a moderator here
    tags: tuple[str, ...] = ()  # of kept pages that show its comments besides `comments:KIND:ID`
    thread_path: str = ""  # where its comments are read; by default a page of this room
    moderator_ids: Callable[[], Collection[int]] = tuple  # who is told that something waits
    queue: str = ""  # what they decide on together, such as "circle:12"; by default all of this kind
    queue_path: str = ""  # where they decide; by default the desk's queue

    @property
    def name(self) -> str:
        """As notices, the log and programs say it: `post:12`."""
        return f"{self.kind}:{self.id}"

    @property
    def thread(self) -> str:
        """The page with all its comments."""
        return self.thread_path or f"/comments/{self.kind}/{self.id}"


class Source(Protocol):
    """One kind of subject."""

    kind: str

    def find(self, ids: Collection[int]) -> Mapping[int, Subject]:
        """Those of these that exist, in as few queries as one would need; whether they may be seen is asked later."""
        ...

    def public_ids(self) -> Select[Any]:
        """A SELECT of one column: the numbers of those that everybody may see."""
        ...

    def moderated_ids(self, person: Person) -> Collection[int] | None:
        """Whose comments this person decides on: these, or all (None)."""
        ...


@dataclass
class Registry:
    """The sources of an application, by kind."""

    sources: dict[str, Source] = field(default_factory=dict)


def install(app: Flask, sources: Iterable[Source]) -> None:
    """Tell the application what can be commented on."""
    app.extensions["parley_subjects"] = Registry({one.kind: one for one in sources})


def sources() -> Mapping[str, Source]:
    """Every kind of subject there is."""
    registry: Registry = current_app.extensions["parley_subjects"]
    return registry.sources


def find_subject(kind: str, subject_id: int) -> Subject | None:
    """This subject, whether or not anybody may see it."""
    source = sources().get(kind)
    return source.find([subject_id]).get(subject_id) if source else None


def get_subject(kind: str, subject_id: int, person: Person | None) -> Subject:
    """The subject, for somebody who may see it and what is said there; `NotFound` for anybody else."""
    found = find_subject(kind, subject_id)
    if found is None or found.policy.kind == "off" or not found.may_see(person):
        raise NotFound
    return found


def find_subjects(names: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    """Many at once, one look into each source."""
    wanted: dict[str, set[int]] = {}
    for kind, subject_id in names:
        wanted.setdefault(kind, set()).add(subject_id)
    return {
        (kind, subject_id): subject
        for kind, ids in wanted.items()
        if kind in sources()
        for subject_id, subject in sources()[kind].find(ids).items()
    }
