"""What was told, as mail: what gathered for somebody goes out in one message, in their language.

The rows are claimed and the message is written in the same transaction, so two workers never send the same news twice.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale, ngettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import update

from cms.core.database import db
from cms.core.mail import queue_template
from cms.core.pages import absolute, config
from cms.notices.kinds import known_kinds
from cms.notices.models import Notice
from cms.notices.queries import visible_to
from cms.notices.services import GATHERING
from cms.people.models import Person

MOST_IN_ONE = 50  # the desk has the rest


def mail_notices(person_id: int, *, at: datetime) -> int:
    """Write one message with everything that is due for somebody; gives the number of notices in it.

    What they have read since, or may not see any more, is left out.
    """
    rows = _claim(person_id, at=at)
    person = db.session.get(Person, person_id)
    if not rows or person is None or not person.is_active or not person.email:
        return 0
    shown = visible_to(person, rows)
    if shown:
        _write(person, shown[:MOST_IN_ONE], more=len(shown[MOST_IN_ONE:]))
    for row in shown:
        row.mailed_at = at
    for row in rows:
        if not row.is_on_desk:  # this was the telling; the next one begins anew
            row.read_at = at
    db.session.flush()
    return len(shown)


def read_token(token: str) -> tuple[int, list[str]] | None:
    """Whose mail about which kinds a token of ours ends; None for anything we did not write."""
    try:
        person_id, kinds = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return person_id, kinds


def write_token(person_id: int, kinds: Sequence[str]) -> str:
    """What ends the mail to somebody about these kinds, without a sign-in. It does nothing else."""
    token: str = _signer().dumps([person_id, sorted(kinds)])
    return token


def _claim(person_id: int, *, at: datetime) -> list[Notice]:
    """Take what is due, and what would be a moment later: the second worker finds nothing left."""
    due = (
        update(Notice)
        .where(Notice.person_id == person_id, Notice.mail_due_at <= at + GATHERING, Notice.read_at.is_(None))
        .values(mail_due_at=None)
        .returning(Notice)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(db.session.scalars(due), key=lambda row: (row.told_at, row.id), reverse=True)


def _write(person: Person, rows: Sequence[Notice], *, more: int) -> None:
    kinds, locale = known_kinds(), person.locale
    with force_locale(locale):
        lines = [
            {
                "sentence": kinds[row.kind].sentence(row.detail),
                "times": row.times,
                "url": absolute(f"/{locale}/notices/{row.id}"),
            }
            for row in rows
        ]
        said = sorted({row.kind for row in rows}, key=list(kinds).index)
        stops = [
            {"label": str(kinds[key].label), "url": _stop_address(person, [key], locale)} for key in said
        ]
        subject = _subject(lines[0]["sentence"], len(rows) + more)
    stop = _stop_address(person, said, locale)
    queue_template(
        person.email or "",
        "notices",
        {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        subject=subject,
        locale=locale,
        name=person.name,
        lines=lines,
        more=more,
        stops=stops,
        choices_url=absolute(f"/{locale}/me/notices"),
        site=absolute("").split("://", 1)[1],
    )


def _subject(first: object, number: int) -> str:
    if number == 1:
        return str(first)
    return str(
        ngettext("%(first)s, and %(num)d more", "%(first)s, and %(num)d more", number - 1, first=first)
    )


def _stop_address(person: Person, kinds: Sequence[str], locale: str) -> str:
    return absolute(f"/{locale}/notices/mail/{write_token(person.id, kinds)}")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(config().secret_key, salt="notices by mail")
