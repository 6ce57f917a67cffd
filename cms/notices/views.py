"""What somebody was told: on the desk, among their own pages, and the links in mail that end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from cms.core import clock
from cms.core.access import allowed, person, public
from cms.core.database import transaction
from cms.core.errors import Invalid, NotFound
from cms.core.pages import page
from cms.core.paging import before, paged
from cms.notices import forms, mails, queries, services
from cms.notices.kinds import NoticeKind, known_kinds
from cms.notices.models import Notice
from cms.people.models import Person
from cms.people.queries import zone_of
from cms.people.rules import is_signed_in, is_staff

bp = Blueprint("notices", __name__)
Answer = Response | Redirect | str | tuple[str, int]
PAGE_LENGTH = 50
FEW = 20  # shown among one's own pages


@dataclass(frozen=True)
class Line:
    """One notice as it is shown."""

    notice: Notice
    kind: NoticeKind
    sentence: str
    local: datetime  # when it was told, on the reader's clock


@bp.after_request
def keep_private(response: Response) -> Response:
    """News for one person stays with them, and the address that ends mail is told to no other site."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@bp.app_context_processor
def bell() -> dict[str, Any]:
    """For the rail of the desk: how much is unread, asked only where it is shown."""
    by = person() if request.path.startswith("/desk") else None
    return {"unread_notices": lambda: queries.count_unread(by)} if by else {}


@bp.get("/desk/notices")
@allowed(is_staff)
def list_notices() -> str:
    """What one was told, by day; the unread, or one kind, when asked."""
    by = _me()
    is_unread, kind = "unread" in request.args, request.args.get("kind")
    kind = kind if kind in known_kinds() else None
    rows = queries.notices(by, is_unread=is_unread, kind=kind, before=before(), limit=PAGE_LENGTH + 1)
    shown, next_url = paged(rows, lambda row: (row.told_at, row.id), length=PAGE_LENGTH)
    return page(
        "cms/notices/notices.html",
        days=_by_day(_lines(by, shown)),
        until=_until(shown),
        next_url=next_url,
        is_first=before() is None,
        is_unread=is_unread,
        kind=kind,
        kinds=[one for one in known_kinds().values() if one.concerns(by)],
        plain=forms.PlainForm(formdata=None),
    )


@bp.get("/desk/notices/count")
@allowed(is_staff)
def count_notices() -> Response:
    """How much is unread, for the bell."""
    return jsonify(unread=queries.count_unread(_me()))


@bp.get("/notices/<int:notice_id>")
@allowed(is_signed_in)
def follow_notice(notice_id: int) -> Answer:
    """On to what a notice is about; it is read by that."""
    by = _me()
    notice = queries.get_notice(notice_id, person=by)
    address = known_kinds()[notice.kind].address(notice.subject, notice.detail)
    _read(by.id, [notice_id])
    return redirect(address, 303)


@bp.post("/notices/<int:notice_id>/reading")
@allowed(is_signed_in)
def read_notice(notice_id: int) -> Answer:
    """Mark one as read without going there."""
    by = _me()
    queries.get_notice(notice_id, person=by)
    home = _home(by)
    _read(by.id, [notice_id])
    return redirect(home, 303)


@bp.post("/notices/reading")
@allowed(is_signed_in)
def read_notices() -> Answer:
    """Mark all as read that were on the page; what came meanwhile stays new."""
    by, now = _me(), clock.now()
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        until = now
    if until.tzinfo is None:
        raise Invalid
    person_id, home = by.id, _home(by)
    with transaction():
        services.mark_read(person_id, until=min(until, now), at=now)
    flash(_("All read."), "good")
    return redirect(home, 303)


@bp.get("/me/notices")
@allowed(is_signed_in)
def show_choices() -> str:
    """How one is told about what; and for those without a desk, the news itself."""
    return _choices()


@bp.post("/me/notices")
@allowed(is_signed_in)
def save_choices() -> Answer:
    """Keep what was chosen about each kind."""
    by = _me()
    chosen = forms.read_choices(request.form, [one.kind for one in queries.choices(by)])
    if chosen is None:
        return _choices(error=_("Please choose for each kind how it comes by mail.")), 422
    person_id = by.id
    with transaction():
        for kind, by_mail, is_on_desk in chosen:
            services.choose(person_id, kind, by_mail=by_mail, is_on_desk=is_on_desk)
    flash(_("Saved. It counts from now on."), "good")
    return redirect(url_for(".show_choices"), 303)


@bp.get("/notices/mail/<token>")
@public
def ask_to_stop(token: str) -> str:
    """Ask before the mail ends: programs look at links in mail, and looking changes nothing."""
    _person_id, kinds = _meant(token)
    return page("cms/notices/stop.html", labels=_labels(kinds), is_done=False)


@bp.post("/notices/mail/<token>")
@public
def stop_mail(token: str) -> str:
    """End the mail about these kinds, without a sign-in and without a redirect, as RFC 8058 wants it."""
    person_id, kinds = _meant(token)
    with transaction():
        services.stop_mail(person_id, kinds)
    return page("cms/notices/stop.html", labels=_labels(kinds), is_done=True)


@bp.record_once
def need_no_csrf_token(state: BlueprintSetupState) -> None:
    """Mail programs press the button of a message themselves; the token in the address says who allowed it."""
    state.app.extensions["parley_csrf"].exempt(f"{__name__}.stop_mail")


def _me() -> Person:
    account = person()
    assert account is not None
    return account


def _home(by: Person) -> str:
    return url_for(".list_notices") if by.is_staff else url_for(".show_choices")


def _read(person_id: int, notice_ids: list[int]) -> None:
    now = clock.now()
    with transaction():
        services.mark_read(person_id, notice_ids=notice_ids, until=now, at=now)


def _lines(by: Person, rows: Sequence[Notice]) -> list[Line]:
    kinds, zone = known_kinds(), ZoneInfo(zone_of(by))
    return [
        Line(row, kinds[row.kind], str(kinds[row.kind].sentence(row.detail)), row.told_at.astimezone(zone))
        for row in queries.visible_to(by, rows)
    ]


def _by_day(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    grouped = groupby(lines, lambda line: line.local.date())
    return [(_day(of), day) for of, given in grouped if (day := list(given))]


def _day(of: date) -> str:
    chinese = str(get_locale()).startswith("zh")
    return str(format_date(of, "y年M月d日 EEEE" if chinese else "EEEE, d MMMM y", rebase=False))


def _until(rows: Sequence[Notice]) -> str:
    return rows[0].told_at.isoformat() if rows else ""


def _choices(error: str | None = None) -> str:
    by = _me()
    rows = [] if by.is_staff else queries.notices(by, limit=FEW)
    return page(
        "cms/notices/choices.html",
        account=by,
        days=_by_day(_lines(by, rows)),
        until=_until(rows),
        choices=queries.choices(by),
        by_mail=forms.BY_MAIL,
        error=error,
        plain=forms.PlainForm(formdata=None),
    )


def _meant(token: str) -> tuple[int, list[str]]:
    meant = mails.read_token(token)
    if meant is None:
        raise NotFound
    return meant


def _labels(kinds: list[str]) -> list[str]:
    known = known_kinds()
    return [str(known[key].label) for key in kinds if key in known]
