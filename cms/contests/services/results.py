"""Results: preliminary, checked, final, with prizes by place; and what comes after: posts of entries, corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from cms.contests import phases
from cms.contests.events import ResultsReached
from cms.contests.models import Contest, ContestPlace, Entry
from cms.contests.news import tell_authors, tell_everybody
from cms.contests.services.loading import load, load_entry, note, shown
from cms.contests.services.making import NotInThisState
from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.people import audit
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.models import Post


@dataclass(frozen=True)
class Placing:
    """Where one entry came out. Equal places are equal numbers, and the next one is skipped: 1, 2, 2, 4."""

    entry_id: int
    place: int
    points: str = ""
    disqualified_for: str = ""


def set_places(
    contest_id: int, placings: Sequence[Placing], *, reason: str = "", by: Person | None, at: datetime
) -> Contest:
    """Preliminary results, or a correction of results with its reason. Entries that are not named have no place.

    A jury may award nothing, or no first prize: that has its reason, too. Who moves up once results are final is told.
    """
    contest = load(contest_id)
    _refuse_early(contest, at)
    entries = {one.id: one for one in _taking_part(contest_id)}
    _refuse_wrong(placings, entries)
    if not reason.strip() and not any(one.place == 1 and not one.disqualified_for for one in placings):
        raise Invalid(
            errors={"reason": _("Please say why nobody has the first place: everybody can read it.")}
        )
    was = contest.results_state
    had = {one.id for one in _won(contest_id)} if was == "final" else set()
    if was is not None and not reason.strip():
        raise Invalid(errors={"reason": _("Please say what was wrong: everybody can read it.")})
    db.session.execute(delete(ContestPlace).where(ContestPlace.contest_id == contest_id))
    prizes = _prizes(contest, placings)
    db.session.add_all(
        ContestPlace(
            contest_id=contest_id,
            entry_id=one.entry_id,
            place=one.place,
            points=one.points[:20] or None,
            prize_id=prizes.get(one.entry_id),
            disqualified_for=one.disqualified_for.strip(),
        )
        for one in placings
    )
    act = "preliminary" if was is None else "corrected"
    if was != "final":
        contest.results_state, contest.preliminary_at, contest.checked_at = "preliminary", at, None
    note(contest, act, by=by, at=at, words=reason.strip())
    detail = {"count": len(placings)}
    audit.record(
        "contest.results_preliminary" if was is None else "contest.results_corrected",
        f"contest:{contest_id}",
        by=by,
        at=at,
        detail=detail,
    )
    if was is None:
        tell_everybody(contest, "preliminary", by=by, at=at)
    if was == "final":
        db.session.flush()
        for one in _won(contest_id):
            if one.id not in had:
                tell_authors(one, "won", by=by, at=at)
    announce(ResultsReached(contest_id, contest.results_state or "preliminary", at))
    shown(contest)
    touch("posts")  # the home page, which names winners
    return contest


def check_results(contest_id: int, *, by: Person | None, at: datetime) -> None:
    """Somebody looked at every place. They can still be corrected."""
    contest = load(contest_id)
    if contest.results_state != "preliminary":
        raise NotInThisState(_("Only preliminary results can be checked."))
    waits = select(Entry.id).where(
        Entry.contest_id == contest_id,
        Entry.appealed_at.is_not(None),
        Entry.appeal_decided_at.is_(None),
        Entry.withdrawn_at.is_(None),
    )
    if db.session.scalar(waits.limit(1)) is not None:
        raise NotInThisState(_("An objection waits for its answer. Please decide it first."))
    contest.results_state, contest.checked_at = "checked", at
    note(contest, "checked", by=by, at=at)
    audit.record("contest.results_checked", f"contest:{contest_id}", by=by, at=at)
    announce(ResultsReached(contest_id, "checked", at))
    shown(contest)


def finish_results(contest_id: int, *, by: Person | None, at: datetime) -> None:
    """Final: winners stand on the home page, authors are told."""
    contest = load(contest_id)
    if contest.results_state != "checked":
        raise NotInThisState(_("Results are checked before they are final."))
    if not phases.is_over(contest, "appeal", at) and phases.find_phase(contest, "appeal") is not None:
        raise NotInThisState(_("The time to object is not over yet."))
    if not phases.is_open(contest, "results", at):
        raise NotInThisState(_("The phase for results has not begun yet."))
    contest.results_state, contest.final_at = "final", at
    note(contest, "final", by=by, at=at)
    audit.record("contest.results_final", f"contest:{contest_id}", by=by, at=at)
    tell_everybody(contest, "final", by=by, at=at)
    for one in _won(contest_id):
        tell_authors(one, "won", by=by, at=at)
    announce(ResultsReached(contest_id, "final", at))
    shown(contest)
    touch("posts")  # the home page, which names winners


def content_of(entry: Entry) -> posts.Content:
    """What is published of an entry: exactly what was sealed. Rendered here, outside the transaction."""
    assert entry.snapshot is not None
    return posts.prepare(title=entry.snapshot.title, body=entry.snapshot.body)


def publish_entry(entry_id: int, content: posts.Content, *, by: Person | None, at: datetime) -> Post:
    """Make the sealed text a post with its authors' names, if they agreed to that and the names are open."""
    entry = load_entry(entry_id)
    contest = entry.contest
    if not entry.may_republish:
        raise Conflict(_("Its authors did not agree that it is published."))
    if not entry.is_accepted or contest.results_state != "final":
        raise Conflict(_("Entries are published once the results are final."))
    if entry.published_id is not None or entry.post_id is not None:
        raise Conflict(_("It is published already."))
    authors = [(one.person_id, "author") for one in entry.authors if one.accepted_at is not None]
    post = posts.create_post(
        content,
        kind="article",
        language=entry.language,
        section_id=None,
        tags=[],
        bylines=authors,
        by=by,
        at=at,
    )
    posts.publish_post(post.id, revision_id=post.latest_revision_id, by=by, at=at)
    entry.published_id = post.id
    detail = {"entry_id": entry_id, "post_id": post.id}
    audit.record("contest.entry_published", f"contest:{contest.id}", by=by, at=at, detail=detail)
    tell_authors(entry, "published", by=by, at=at)
    shown(contest)
    return post


def ranked(scores: Sequence[tuple[int, object]]) -> list[tuple[int, int]]:
    """Places of entries that come best first with what decides: equal is equal, and the next place is skipped."""
    placed: list[tuple[int, int]] = []
    for number, (entry_id, score) in enumerate(scores, 1):
        is_equal = number > 1 and scores[number - 2][1] == score
        placed.append((entry_id, placed[-1][1] if is_equal else number))
    return placed


def _refuse_early(contest: Contest, at: datetime) -> None:
    if contest.cancelled_at is not None or contest.announced_at is None:
        raise NotInThisState(_("There are no results of a contest that does not take place."))
    if contest.sealed_at is None:
        raise NotInThisState(_("Entries are not closed yet."))
    for kind in ("jury", "vote"):
        if phases.find_phase(contest, kind) is not None and not phases.is_over(contest, kind, at):
            raise NotInThisState(_("The jury or the public vote is not over yet."))


def _taking_part(contest_id: int) -> Sequence[Entry]:
    took_part = (Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None))
    rows = db.session.scalars(select(Entry).where(Entry.contest_id == contest_id, *took_part)).all()
    return [one for one in rows if one.is_accepted]


def _refuse_wrong(placings: Sequence[Placing], entries: dict[int, Entry]) -> None:
    if len({one.entry_id for one in placings}) != len(placings):
        raise Invalid(errors={"places": _("An entry has one place.")})
    if any(one.entry_id not in entries for one in placings):
        raise Invalid(errors={"places": _("Only accepted entries have places.")})
    places = sorted(one.place for one in placings if not one.disqualified_for)
    expected = [places.index(one) + places[0] for one in places]
    if places != expected:
        sentence = _("Places go 1, 2, 3; equal ones share a place, and the next is skipped: 1, 2, 2, 4.")
        raise Invalid(errors={"places": sentence})


def _prizes(contest: Contest, placings: Sequence[Placing]) -> dict[int, int]:
    """Which prize each entry wins. Who shares a place shares the best prize that is left for it."""
    left = [one.id for one in contest.prizes for _each in range(one.places)]
    return {
        one.entry_id: left[one.place - 1]
        for one in placings
        if not one.disqualified_for and one.place <= len(left)
    }


def _won(contest_id: int) -> Sequence[Entry]:
    return db.session.scalars(
        select(Entry)
        .join(ContestPlace, ContestPlace.entry_id == Entry.id)
        .where(
            Entry.contest_id == contest_id,
            ContestPlace.prize_id.is_not(None),
            ContestPlace.disqualified_for == "",
            Entry.withdrawn_at.is_(None),
        )
        .options(selectinload(Entry.authors), selectinload(Entry.contest))
        .order_by(Entry.id)
    ).all()
