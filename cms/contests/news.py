"""What followers of a contest and entrants are told: its course, the coming deadline, and what becomes of an entry."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select, union

from cms.contests.models import Contest, ContestFollower, ContestRole, Entry, EntryAuthor
from cms.core.database import db
from cms.core.languages import localized
from cms.notices.kinds import NoticeKind
from cms.notices.services import notify
from cms.people.models import Person
from cms.people.rules import is_signed_in

COURSE, DEADLINE, ENTRY, JURY = "contest.course", "contest.deadline", "contest.entry", "contest.jury"
AT_ONCE = 500


def tell_everybody(contest: Contest, what: str, *, by: Person | None, at: datetime) -> None:
    """Tell who follows a contest or entered it."""
    followers = select(ContestFollower.person_id).where(ContestFollower.contest_id == contest.id)
    authors = select(EntryAuthor.person_id).where(
        EntryAuthor.contest_id == contest.id, EntryAuthor.accepted_at.is_not(None)
    )
    _tell(COURSE, contest, db.session.scalars(union(followers, authors)), {"what": what}, by=by, at=at)


def tell_unfinished(contest: Contest, hours: int, *, at: datetime) -> int:
    """Remind who began and did not hand in, and who asked to be reminded and did not begin; gives their number."""
    mine = select(EntryAuthor.person_id).join(Entry, Entry.id == EntryAuthor.entry_id)
    mine = mine.where(EntryAuthor.contest_id == contest.id, EntryAuthor.accepted_at.is_not(None))
    open_ones = mine.where(Entry.submitted_at.is_(None), Entry.withdrawn_at.is_(None))
    done = mine.where(Entry.submitted_at.is_not(None))
    followers = select(ContestFollower.person_id).where(
        ContestFollower.contest_id == contest.id, ContestFollower.person_id.not_in(done)
    )
    people = sorted(set(db.session.scalars(union(open_ones, followers))))
    _tell(DEADLINE, contest, people, {"hours": hours}, by=None, at=at)
    return len(people)


def tell_authors(
    entry: Entry, what: str, *, by: Person | None, at: datetime, to: Iterable[int] | None = None
) -> None:
    """Tell the authors of an entry, or some of them."""
    people = [one.person_id for one in entry.authors if one.accepted_at is not None] if to is None else to
    detail = {"what": what, "title": entry.contest.title, "who": by.name if by and what == "invited" else ""}
    notify(ENTRY, to=people, subject=f"entry:{entry.id}", by=by, at=at, detail=detail)


def tell_juror(contest: Contest, person_id: int, *, by: Person | None, at: datetime) -> None:
    """Tell somebody that they are asked to judge a contest, announced or not."""
    _tell(JURY, contest, [person_id], {"who": by.name if by else ""}, by=by, at=at)


def _tell(
    kind: str,
    contest: Contest,
    people: Iterable[int],
    detail: dict[str, Any],
    *,
    by: Person | None,
    at: datetime,
) -> None:
    said = {"title": contest.title, "slug": contest.slug, **detail}
    for some in _in_parts(people):
        notify(kind, to=some, subject=f"contest:{contest.id}", by=by, at=at, detail=said)


def _in_parts(people: Iterable[int]) -> Iterable[list[int]]:
    everybody = list(people)
    return [everybody[start : start + AT_ONCE] for start in range(0, len(everybody), AT_ONCE)]


def _course(detail: Mapping[str, Any]) -> str:
    title = localized(detail["title"])
    sentences = {
        "extended": gettext("The contest “%(title)s” has a later deadline", title=title),
        "rules_changed": gettext("The contest “%(title)s” has new rules", title=title),
        "cancelled": gettext("The contest “%(title)s” was called off", title=title),
        "entries_open": gettext("The contest “%(title)s” takes entries now", title=title),
        "vote_open": gettext("The contest “%(title)s”: the public vote has begun", title=title),
        "results_open": gettext("The contest “%(title)s”: the results are near", title=title),
        "preliminary": gettext("The contest “%(title)s” has preliminary results", title=title),
        "final": gettext("The contest “%(title)s” has its results", title=title),
    }
    return str(sentences[detail["what"]])


def _deadline(detail: Mapping[str, Any]) -> str:
    title = localized(detail["title"])
    return str(
        ngettext(
            "%(num)s hour left for the contest “%(title)s”",
            "%(num)s hours left for the contest “%(title)s”",
            detail["hours"],
            title=title,
        )
    )


def _entry(detail: Mapping[str, Any]) -> str:
    title = localized(detail["title"])
    sentences = {
        "invited": gettext("%(who)s asks you to enter “%(title)s” together", who=detail["who"], title=title),
        "accepted": gettext("Your entry for “%(title)s” was accepted", title=title),
        "asked": gettext("A change of your entry for “%(title)s” is asked for", title=title),
        "refused": gettext("Your entry for “%(title)s” was refused", title=title),
        "upheld": gettext("Your appeal about “%(title)s” was upheld", title=title),
        "rejected": gettext("Your appeal about “%(title)s” was rejected", title=title),
        "feedback": gettext("There is feedback on your entry for “%(title)s”", title=title),
        "won": gettext("Your entry for “%(title)s” won a prize", title=title),
        "published": gettext("Your entry for “%(title)s” was published", title=title),
    }
    return str(sentences[detail["what"]])


def _jury(detail: Mapping[str, Any]) -> str:
    title = localized(detail["title"])
    if not detail["who"]:
        return str(gettext("You are asked to judge the contest “%(title)s”", title=title))
    return str(gettext("%(who)s asks you to judge the contest “%(title)s”", who=detail["who"], title=title))


def _contest_address(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("contests.show_contest", slug=detail["slug"])


def _entry_address(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("contests.show_own_entry", entry_id=int(subject.removeprefix("entry:")))


def _visible_contests(person: Person, subjects: Collection[str]) -> set[str]:
    numbers = [int(one.removeprefix("contest:")) for one in subjects]
    found = select(Contest.id).where(Contest.id.in_(numbers), Contest.announced_at.is_not(None))
    return {f"contest:{one}" for one in db.session.scalars(found)}


def _visible_juries(person: Person, subjects: Collection[str]) -> set[str]:
    numbers = [int(one.removeprefix("contest:")) for one in subjects]
    found = select(ContestRole.contest_id).where(
        ContestRole.contest_id.in_(numbers),
        ContestRole.person_id == person.id,
        ContestRole.role == "juror",
    )
    return {f"contest:{one}" for one in db.session.scalars(found)}


def _visible_entries(person: Person, subjects: Collection[str]) -> set[str]:
    numbers = [int(one.removeprefix("entry:")) for one in subjects]
    found = select(EntryAuthor.entry_id).where(
        EntryAuthor.entry_id.in_(numbers),
        EntryAuthor.person_id == person.id,
        EntryAuthor.declined_at.is_(None),
    )
    return {f"entry:{one}" for one in db.session.scalars(found)}


NOTICES = [
    NoticeKind(
        key=COURSE,
        label=_("A contest that I follow or entered goes on"),
        sentence=_course,
        address=_contest_address,
        may_see=lambda person, subject: bool(_visible_contests(person, [subject])),
        visible=_visible_contests,
        by_mail="digest",
        concerns=is_signed_in,
    ),
    NoticeKind(
        key=DEADLINE,
        label=_("The deadline of a contest comes near"),
        sentence=_deadline,
        address=_contest_address,
        may_see=lambda person, subject: bool(_visible_contests(person, [subject])),
        visible=_visible_contests,
        concerns=is_signed_in,
    ),
    NoticeKind(
        key=ENTRY,
        label=_("Something about my entry in a contest"),
        sentence=_entry,
        address=_entry_address,
        may_see=lambda person, subject: bool(_visible_entries(person, [subject])),
        visible=_visible_entries,
        concerns=is_signed_in,
    ),
    NoticeKind(
        key=JURY,
        label=_("Somebody asks me to judge a contest"),
        sentence=_jury,
        address=lambda subject, detail: url_for("judging.list_juries"),
        may_see=lambda person, subject: bool(_visible_juries(person, [subject])),
        visible=_visible_juries,
        concerns=is_signed_in,
    ),
]
