"""What posts have in the calendar: texts that go out, updates of live ones, ends, embargoes, and what just went out.

A month may hold thousands of them, so each source is three queries for columns alone, whatever it finds: the posts by
the index of their time, then their credits and the names of sections. Addresses are written from one pattern.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, case, exists, func, null, or_, select

from cms.calendar.sources import Act, Entry, Source, Wanted
from cms.core.database import db
from cms.core.languages import localized
from cms.people.models import Person
from cms.posts import queries, rules
from cms.posts.models import Byline, Post, Release, Revision
from cms.posts.queries import in_main, open_to, visible_to
from cms.topics.models import Section

MOST = 2_000  # entries of one kind in one view
_NUMBER, _TEXT = 2_147_483_647, 2_147_483_646  # stand for numbers of posts and texts in patterns of addresses
_CALLED = (
    case(  # the title, or the first words of a note; long texts are read only where there is nothing else
        (Revision.title != "", Revision.title),
        (Revision.summary != "", func.substr(Revision.summary, 1, 60)),
        else_=func.substr(Revision.plain, 1, 60),
    )
)


@dataclass(frozen=True)
class _Time:
    """The columns that say when something happens to a post, by which clock, and what to say of it."""

    at: Any
    zone: Any = null()  # noqa: RUF009
    problem: Any = null()  # noqa: RUF009
    note: Any = null()  # noqa: RUF009


_DUE = _Time(Post.due_at, Post.due_zone, Post.due_problem)
_REMOVAL = _Time(Post.removal_at, Post.removal_zone, Post.removal_problem)
_EMBARGO = _Time(Post.embargo_until, Post.embargo_zone, note=Post.embargo_reason)
_PUBLISHED = _Time(Post.published_at)


def publications(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Posts that go out for the first time, or again after they were taken down."""
    fresh = and_(Post.kind != "note", Post.due_base_revision_id.is_(None))
    return _planned("publication", fresh, person, start, end, wanted)


def updates(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Newer texts of posts that were live when they were planned."""
    return _planned("update", Post.due_base_revision_id.is_not(None), person, start, end, wanted)


def notes(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Notes that go out."""
    fresh = and_(Post.kind == "note", Post.due_base_revision_id.is_(None))
    return _planned("note", fresh, person, start, end, wanted)


def removals(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Posts that readers lose."""
    rows = _rows(_REMOVAL, open_to(person), start, end, wanted)
    move = _pattern("posts.plan_removal") if rules.can_publish(person) else None
    return _entries("removal", rows, wanted, move=move)


def embargoes(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """When embargoes lapse. They are not dragged about: changing one is an act on the page of its post."""
    return _entries("embargo", _rows(_EMBARGO, open_to(person), start, end, wanted), wanted)


def published(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """What readers see since then."""
    rows = _rows(_PUBLISHED, and_(visible_to(person, None), in_main()), start, end, wanted)
    return _entries("published", rows, wanted, state="done")


def releases(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Changes of several posts that go out together; narrowed, those with a post that fits."""
    if not rules.can_change_release(person) or wanted.campaign_id is not None:
        return []
    return [_release_entry(one) for one in queries.releases_between(start, end) if _fits(one, wanted)]


SOURCES = [
    Source("publication", _("Publication"), "article", publications),
    Source("update", _("Update"), "refresh", updates),
    Source("note", _("Note"), "note", notes),
    Source("removal", _("End of publication"), "down", removals),
    Source("release", _("Release"), "layers", releases),
    Source("embargo", _("Embargo"), "lock", embargoes),
    Source("published", _("Published"), "check", published),
]


def _planned(
    kind: str, condition: ColumnElement[bool], person: Person, start: datetime, end: datetime, wanted: Wanted
) -> list[Entry]:
    rows = _rows(_DUE, and_(open_to(person), condition), start, end, wanted)
    if not rules.can_publish(person):
        return _entries(kind, rows, wanted)
    acts = [] if wanted.is_brief else _acts()
    return _entries(kind, rows, wanted, move=_pattern("posts.move_schedule"), acts=acts)


def _acts() -> list[tuple[Any, str]]:
    """What can be done with a plan: let it go out now, or call it off."""
    return [
        (_("Publish it now"), _pattern("posts.publish_post", revision_id=_TEXT)),
        (_("Do not publish it then"), _pattern("posts.cancel_schedule")),
    ]


def _rows(
    time: _Time, condition: ColumnElement[bool], start: datetime, end: datetime, wanted: Wanted
) -> Sequence[Any]:
    query = (
        select(
            time.at.label("at"),
            time.zone.label("zone"),
            time.problem.label("problem"),
            time.note.label("note"),
            Post.id,
            Post.language,
            Post.section_id,
            Post.due_revision_id,
            _CALLED.label("title"),
            (null() if wanted.is_brief else Post.edited_at).label("changed_at"),
        )
        .outerjoin(Revision, Revision.id == Post.latest_revision_id)
        .where(time.at >= start, time.at < end, condition, *_narrowed(wanted))
        .order_by(time.at, Post.id)
        .limit(MOST)
    )
    return db.session.execute(query).all()


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.campaign_id is not None:
        conditions.append(Post.id.in_(wanted.post_ids))
    if wanted.section_id is not None:
        conditions.append(Post.section_id == wanted.section_id)
    if wanted.person_id is not None:
        credited = exists().where(Byline.post_id == Post.id, Byline.person_id == wanted.person_id)
        conditions.append(or_(Post.created_by_id == wanted.person_id, credited))
    return conditions


def _entries(
    kind: str,
    rows: Sequence[Any],
    wanted: Wanted,
    *,
    state: str = "planned",
    move: str | None = None,
    acts: Sequence[tuple[Any, str]] = (),
) -> list[Entry]:
    """Entries of what was found; `move` and `acts` are patterns of addresses, where this reader may do that."""
    if not rows:
        return []
    credits = {} if wanted.is_brief else _credits([row.id for row in rows])
    page, sections = _pattern("posts.edit_post"), _section_names()
    return [
        Entry(
            key=f"post:{post_id}:{kind}",
            kind=kind,
            title=title or str(post_id),
            at=at,
            url=page.format(post=post_id),
            zone=zone,
            language=language,
            section_id=section_id,
            section=sections.get(section_id, ""),
            people=tuple(credits.get(post_id, ())),
            state="missed" if problem else state,
            note=problem or note or "",
            move_url=move.format(post=post_id) if move else None,
            changed_at=changed_at,
            acts=tuple([Act(label, act.format(post=post_id, revision=revision_id)) for label, act in acts]),
        )
        for at, zone, problem, note, post_id, language, section_id, revision_id, title, changed_at in rows
    ]


def _section_names() -> dict[int, str]:
    return {number: localized(name) for number, name in db.session.execute(select(Section.id, Section.name))}


def _credits(ids: Sequence[int]) -> dict[int, list[str]]:
    """Names by the number of the post, in their order."""
    found: dict[int, list[str]] = defaultdict(list)
    query = (
        select(Byline.post_id, Person.name)
        .join(Person, Person.id == Byline.person_id)
        .where(Byline.post_id.in_(ids))
        .order_by(Byline.post_id, Byline.position)
    )
    for post_id, name in db.session.execute(query):
        found[post_id].append(name)
    return found


def _pattern(endpoint: str, **more: Any) -> str:
    """The address of an act, to be filled in for each post: building thousands of them one by one takes long."""
    address = url_for(endpoint, post_id=_NUMBER, **more)
    return address.replace(str(_NUMBER), "{post}").replace(str(_TEXT), "{revision}")


def _fits(release: Release, wanted: Wanted) -> bool:
    if wanted.section_id is not None:
        return any(item.post.section_id == wanted.section_id for item in release.items)
    if wanted.person_id is not None:
        mine = {wanted.person_id}
        return any(mine & {item.post.created_by_id, item.revision.saved_by_id} for item in release.items)
    return True


def _release_entry(release: Release) -> Entry:
    assert release.due_at is not None
    return Entry(
        key=f"release:{release.id}",
        kind="release",
        title=release.name,
        at=release.due_at,
        url=url_for("posts.show_release", release_id=release.id),
        zone=release.due_zone,
        state="missed" if release.due_problem else "planned",
        note=release.due_problem or "",
        move_url=url_for("posts.schedule_release", release_id=release.id),
        acts=(
            Act(_("Publish everything now"), url_for("posts.publish_release", release_id=release.id)),
            Act(_("Do not publish it then"), url_for("posts.cancel_release", release_id=release.id)),
        ),
    )
