"""The home page: configured blocks, filled so that no story stands on it twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import literal, select, union_all

from cms.comments.queries import latest as latest_comments
from cms.core.database import Instant, db
from cms.core.text import excerpt
from cms.posts.models import Post
from cms.posts.queries import visible_to
from cms.site.edition import Edition
from cms.site.models import HomeBlock
from cms.site.queries.cards import Card, cards
from cms.site.queries.listing import Listing, Scope, select_ids
from cms.site.queries.site import SectionLink, in_words, sections_by_id
from cms.topics import queries as topics

HEAD_ROOM = 14  # posts looked at beyond a block's count, because others may stand higher on the page
BEFORE_ALL = datetime(9999, 1, 1, tzinfo=UTC)  # where a chosen lead stands among posts in order of time


@dataclass(frozen=True, slots=True)
class Voice:
    """What a reader said last, as a column of small type shows it."""

    url: str
    words: str
    name: str
    about: str
    about_url: str
    about_language: str
    language: str
    at: datetime


@dataclass(slots=True)
class Block:
    """One block of the home page, as the template draws it."""

    kind: str
    title: dict[str, str]
    cards: list[Card] = field(default_factory=list)
    words: list[tuple[str, str, int]] = field(default_factory=list)  # label, url, weight 1 to 5
    section: SectionLink | None = None
    url: str | None = None
    voices: list[Voice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Arranged:
    """A block as an editor arranged it, stored or not yet."""

    kind: str
    title: dict[str, str]
    how_many: int
    section_id: int | None = None
    post_id: int | None = None
    is_shown: bool = True
    id: int | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A block as configured, and the posts it may show."""

    kind: str
    title: dict[str, str]
    count: int
    section: SectionLink | None = None
    post_id: int | None = None


def home_blocks(edition: Edition, arranged: Sequence[Arranged] | None = None) -> list[Block]:
    """The blocks of the home page, each with its posts or words; empty ones are left in, and not drawn.

    With `arranged` as they would be in that arrangement, else in the one that is stored.
    """
    plans = _plans(edition, stored_arrangement() if arranged is None else arranged)
    candidates = _candidates(edition, plans)
    chosen = _choose(plans, candidates)
    found = {card.id: card for card in cards(edition, (id_ for ids in chosen for id_ in ids))}
    blocks = []
    for plan, ids in zip(plans, chosen, strict=True):
        block = Block(
            plan.kind, plan.title or _usual_title(plan), section=plan.section, url=_more(edition, plan)
        )
        block.cards = [found[id_] for id_ in ids if id_ in found]
        if plan.kind == "hot_words":
            block.words = hot_words(edition, plan.count)
        if plan.kind == "comments":
            block.voices = voices(edition, plan.count)
        blocks.append(block)
    return blocks


def hot_words(edition: Edition, limit: int) -> list[tuple[str, str, int]]:
    """What is hot now: the wording an editor gave it, where it leads, and how large it stands, 1 to 5."""
    words = topics.hot_words(limit)
    top = max((word.score for word in words), default=0) or 1
    return [
        (
            in_words(word.tag.label or word.tag.name, edition.locale) or word.tag.slug,
            edition.to(f"/tags/{word.tag.slug}"),
            5 if word.tag.hot == "pinned" else max(1, min(5, 1 + round(4 * word.score / top))),
        )
        for word in words
    ]


def voices(edition: Edition, limit: int) -> list[Voice]:
    """What readers said last, in the language of the page."""
    return [
        Voice(
            url=edition.to(f"/comments/{one.comment.id}"),
            words=excerpt(one.comment.plain, 140),
            name=one.comment.author.name if one.comment.author else one.comment.author_name,
            about=one.subject.title,
            about_url=edition.to(one.subject.path),
            about_language=one.subject.language,
            language=one.comment.language,
            at=one.comment.shown_at or one.comment.created_at,
        )
        for one in latest_comments(limit=limit, language=edition.locale)
    ]


def stored_arrangement() -> list[Arranged]:
    """The blocks as they are stored, shown or not, in their order; none when nobody arranged anything yet."""
    rows = db.session.execute(
        select(
            HomeBlock.id,
            HomeBlock.kind,
            HomeBlock.title,
            HomeBlock.count.label("how_many"),
            HomeBlock.section_id,
            HomeBlock.post_id,
            HomeBlock.is_shown,
        ).order_by(HomeBlock.position, HomeBlock.id)
    )
    return [
        Arranged(one.kind, one.title or {}, one.how_many, one.section_id, one.post_id, one.is_shown, one.id)
        for one in rows
    ]


def usual_arrangement(sections: Sequence[SectionLink]) -> list[Arranged]:
    """What readers see before anybody arranged anything, for editors to begin with."""
    return [
        Arranged(one.kind, {}, one.count, one.section.id if one.section else None)
        for one in _usual_plans(sections)
    ]


def _plans(edition: Edition, arranged: Sequence[Arranged]) -> list[_Plan]:
    sections = sections_by_id(edition)
    if not arranged:
        return _usual_plans([one for one in sections.values() if not one.is_archived])
    return [
        _Plan(row.kind, row.title, row.how_many, sections.get(row.section_id or 0), row.post_id)
        for row in arranged
        if row.is_shown and (row.kind != "section" or row.section_id in sections)
    ]


def _usual_plans(sections: Sequence[SectionLink]) -> list[_Plan]:
    """What a site shows before anybody arranged its home page."""
    return [
        _Plan("lead", {}, 4),
        _Plan("newest", {}, 6),
        _Plan("winners", {}, 3),
        *(_Plan("section", {}, 4, section) for section in sections),
        _Plan("blogs", {}, 4),
        _Plan("hot_words", {}, 14),
        _Plan("notes", {}, 4),
        _Plan("comments", {}, 5),
    ]


def _candidates(edition: Edition, plans: Sequence[_Plan]) -> list[list[int]]:
    """For each block, more posts than it needs, in one query."""
    shapes = tuple(
        (one.kind, one.count, one.section.id if one.section else None, one.post_id) for one in plans
    )
    statement = _statement(edition.locale, shapes)
    found: list[list[int]] = [[] for _plan in plans]
    if statement is not None:
        for row in reversed(db.session.execute(statement).all()):
            found[row.block].append(row.id)
    for number, plan in enumerate(plans):
        if plan.kind == "winners":
            found[number] = list(current_app.extensions["parley_winners"](plan.count))
    return found


@lru_cache(maxsize=16)
def _statement(locale: str, shapes: tuple[tuple[str, int, int | None, int | None], ...]) -> Any:
    """Built once for an arrangement of blocks."""
    scope = Scope(prefer=locale)
    wanted = [(number, _select(scope, *shape)) for number, shape in enumerate(shapes)]
    blocks = [(number, one.subquery(f"block_{number}")) for number, one in wanted if one is not None]
    parts = [select(literal(number).label("block"), block.c.id, block.c.at) for number, block in blocks]
    return union_all(*parts).order_by("block", "at", "id") if parts else None


def _select(scope: Scope, kind: str, count: int, section_id: int | None, post_id: int | None) -> Any:
    limit = count + HEAD_ROOM
    if kind in ("lead", "newest"):
        newest = select_ids(Listing(), scope, limit=limit).where(Post.kind != "note")
        return (
            union_all(select(newest.subquery()), select(_chosen(post_id, scope.prefer).subquery()))
            if post_id
            else newest
        )
    if kind == "blogs":
        return select_ids(Listing(is_featured=True), scope, limit=limit)
    if kind == "notes":
        return select_ids(Listing(kind="note"), scope, limit=limit)
    if kind == "section" and section_id is not None:
        return select_ids(Listing(section_id=section_id), scope, limit=limit).where(Post.kind != "note")
    return None


def _chosen(post_id: int, locale: str | None) -> Any:
    """The story that an editor chose to lead, before all others, told in the reader's language where it is."""
    story = select(Post.story_id).where(Post.id == post_id).scalar_subquery()
    return (
        select(Post.id.label("id"), literal(BEFORE_ALL, Instant()).label("at"))
        .where(Post.story_id == story, visible_to(None, None))
        .order_by((Post.language == locale).desc(), Post.is_original.desc(), Post.id)
        .limit(1)
    )


def _choose(plans: Sequence[_Plan], candidates: Sequence[Sequence[int]]) -> list[list[int]]:
    """Fill the blocks from the top. A section that has nothing else may repeat what stands above it; who won a contest
    and what editors featured of blogs keeps to its own block when there is one."""
    used: set[int] = set()
    chosen: list[list[int]] = [[] for _plan in plans]
    first = ("winners", "blogs")
    for number in sorted(range(len(plans)), key=lambda place: plans[place].kind not in first):
        plan, unique = plans[number], list(dict.fromkeys(candidates[number]))
        fresh = [id_ for id_ in unique if id_ not in used]
        taken = (fresh or (unique if plan.kind == "section" else []))[: plan.count]
        used.update(taken)
        chosen[number] = taken
    return chosen


def _usual_title(plan: _Plan) -> dict[str, str]:
    if plan.section:
        return plan.section.name
    titles = {
        "newest": _("Newest"),
        "hot_words": _("Hot words"),
        "notes": _("Notes"),
        "blogs": _("Staff and members’ blogs"),
        "comments": _("Latest comments"),
        "winners": _("Contest winners"),
    }
    word = titles.get(plan.kind, "")
    return {"en": word, "zh": word} if word else {}


def _more(edition: Edition, plan: _Plan) -> str | None:
    if plan.section:
        return plan.section.url
    paths = {"newest": "/archive", "notes": "/notes", "hot_words": "/tags", "winners": "/contests/winners"}
    return edition.to(paths[plan.kind]) if plan.kind in paths else None
