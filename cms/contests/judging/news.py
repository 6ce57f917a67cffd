"""What jurors are told once they sit on a jury: an entry that was given to them, and the end that comes near.

That somebody asks them to judge is told by `cms.contests.news`, before there is a seat.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cms.contests.judging.models import JurySeat
from cms.contests.models import Contest
from cms.core.database import db
from cms.core.languages import localized
from cms.notices.kinds import NoticeKind
from cms.notices.services import notify
from cms.people.models import Person
from cms.people.rules import is_signed_in

GIVEN, ENDING = "contest.jury_entry", "contest.jury_deadline"


def tell_given(contest: Contest, seat: JurySeat, *, by: Person | None, at: datetime) -> None:
    """Tell a juror that an entry was given to them that was another juror's."""
    _tell(GIVEN, contest, seat, {}, by=by, at=at)


def tell_ending(contest: Contest, seat: JurySeat, *, count: int, hours: int, at: datetime) -> None:
    """Remind a juror of entries without their marks, `hours` before the jury ends."""
    _tell(ENDING, contest, seat, {"count": count, "hours": hours}, by=None, at=at)


def _tell(
    kind: str, contest: Contest, seat: JurySeat, detail: dict[str, Any], *, by: Person | None, at: datetime
) -> None:
    if seat.person_id is not None:
        said = {"title": contest.title, **detail}
        notify(kind, to=[seat.person_id], subject=f"seat:{seat.id}", by=by, at=at, detail=said)


def _given(detail: Mapping[str, Any]) -> str:
    return str(gettext("An entry of “%(title)s” is yours to judge now", title=localized(detail["title"])))


def _ending(detail: Mapping[str, Any]) -> str:
    title, hours = localized(detail["title"]), detail["hours"]
    return str(
        ngettext(
            "%(hours)s hours left to judge “%(title)s”: one entry has no marks of yours yet",
            "%(hours)s hours left to judge “%(title)s”: %(num)s entries have no marks of yours yet",
            detail["count"],
            hours=hours,
            title=title,
        )
    )


def _address(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("judging.show_seat", seat_id=int(subject.removeprefix("seat:")))


def _visible(person: Person, subjects: Collection[str]) -> set[str]:
    numbers = [int(one.removeprefix("seat:")) for one in subjects]
    found = select(JurySeat.id).where(
        JurySeat.id.in_(numbers), JurySeat.person_id == person.id, JurySeat.left_at.is_(None)
    )
    return {f"seat:{one}" for one in db.session.scalars(found)}


def _may_see(person: Person, subject: str) -> bool:
    return bool(_visible(person, [subject]))


NOTICES = [
    NoticeKind(
        key=GIVEN,
        label=_("An entry is given to me to judge"),
        sentence=_given,
        address=_address,
        may_see=_may_see,
        visible=_visible,
        concerns=is_signed_in,
    ),
    NoticeKind(
        key=ENDING,
        label=_("A jury ends soon and entries have no marks of mine"),
        sentence=_ending,
        address=_address,
        may_see=_may_see,
        visible=_visible,
        concerns=is_signed_in,
    ),
]
