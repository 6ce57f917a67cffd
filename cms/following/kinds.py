"""What can be followed. `app.py` writes the list out; a room below offers its own kind there."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from cms.circles.models import Circle
from cms.circles.queries.gate import known_to
from cms.core.database import db
from cms.core.languages import localized
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostTag
from cms.posts.queries import visible_to
from cms.site.queries.rows import AnySelect
from cms.topics.models import Tag


@dataclass(frozen=True)
class Target:
    """One thing that can be followed, as it is shown: `path` leads to its page, which has feeds."""

    name: str
    path: str
    has_feed: bool = True  # that a feed reader gets without signing in


@dataclass(frozen=True)
class Followable:
    """One kind of thing. `posts` gives ids and times of what readers see of these; a kind without posts gives None."""

    kind: str
    label: Any  # a lazy word: "People"
    named: Callable[[Person, Collection[int]], Mapping[int, Target]]  # those that this person may see
    posts: Callable[[Collection[int]], AnySelect | None]
    of_post: Callable[[int], Collection[int]]  # which of its things a post belongs to


def install(app: Flask, kinds: Iterable[Followable]) -> None:
    """Tell the application which kinds there are."""
    app.extensions["parley_followable"] = {one.kind: one for one in kinds}


def known() -> dict[str, Followable]:
    """Every kind, by its name, in the order of `app.py`."""
    found: dict[str, Followable] = current_app.extensions["parley_followable"]
    return found


def people_named(by: Person, ids: Collection[int]) -> dict[int, Target]:
    """People with a public page."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.handle).where(Person.id.in_(ids), Person.disabled_at.is_(None))
    )
    return {row.id: Target(row.name, f"/@{row.handle}") for row in rows}


def people_posts(ids: Collection[int]) -> AnySelect:
    """What readers see of these people."""
    return (
        select(Post.id.label("id"), Byline.live_at.label("at"))
        .join(Byline, Byline.post_id == Post.id)
        .where(Byline.person_id.in_(ids), Byline.live_at.is_not(None), visible_to(None, None))
    )


def people_of_post(post_id: int) -> Collection[int]:
    """Who is credited."""
    return db.session.scalars(select(Byline.person_id).where(Byline.post_id == post_id)).all()


def tags_named(by: Person, ids: Collection[int]) -> dict[int, Target]:
    """Tags."""
    rows = db.session.execute(select(Tag.id, Tag.name, Tag.slug).where(Tag.id.in_(ids)))
    return {row.id: Target(localized(row.name or {}) or row.slug, f"/tags/{row.slug}") for row in rows}


def tags_posts(ids: Collection[int]) -> AnySelect:
    """What readers see on these tags."""
    return (
        select(Post.id.label("id"), PostTag.live_at.label("at"))
        .join(PostTag, PostTag.post_id == Post.id)
        .where(PostTag.tag_id.in_(ids), PostTag.live_at.is_not(None), visible_to(None, None))
    )


def circles_named(by: Person, ids: Collection[int]) -> dict[int, Target]:
    """Circles that exist for this person. What is new in them are topics: see `queries.reading_topics`."""
    rows = db.session.execute(
        select(Circle.id, Circle.name, Circle.slug, Circle.visibility).where(Circle.id.in_(ids), known_to(by))
    )
    return {row.id: Target(row.name, f"/circles/{row.slug}", row.visibility == "public") for row in rows}


def no_posts(ids: Collection[int]) -> None:
    """Nothing that is a post of the site."""


def of_no_post(post_id: int) -> Collection[int]:
    """No post of the site belongs to such a thing."""
    return ()


def tags_of_post(post_id: int) -> Collection[int]:
    """Which tags it carries."""
    return db.session.scalars(select(PostTag.tag_id).where(PostTag.post_id == post_id)).all()
