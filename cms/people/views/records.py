"""What was done and what was sent: the audit log and the queue of mail."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Response, request, stream_with_context, url_for
from werkzeug.wrappers import Response as Redirect

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import config, iso, page
from cms.people import acts, audit, forms, queries, rules
from cms.people.models import AuditEntry
from cms.people.queries import AuditFilter
from cms.people.views import bp
from cms.people.views.desk import before, paged
from cms.people.views.me import me

ASKED = ("by", "act", "subject", "from", "to")
Answer = Response | Redirect | str | tuple[str, int]


@bp.get("/desk/audit")
@allowed(rules.can_read_audit)
def list_audit() -> Answer:
    """Who did what that needed trust, narrowed by who, act, subject and days; with `check=1`, whether the log is whole."""
    wanted = asked_for()
    kept = {name: value for name, value in request.args.items() if name in ASKED and value}
    rows, next_url = paged(
        queries.audit_entries(wanted=wanted, before=before()),
        lambda last: url_for(".list_audit", **kept, before=last),  # type: ignore[arg-type]
    )
    checked = "check" in request.args
    return page(
        "cms/people/desk/audit.html",
        entries=rows,
        next_url=next_url,
        is_first=before() is None,
        is_narrowed=wanted != AuditFilter(),
        kept=kept,
        people=queries.who_acted(),
        known_acts=queries.acts_done(),
        acts=acts,
        role_names=forms.ROLE_NAMES,
        zone=queries.zone_of(me()),
        checked=checked,
        broken_at=audit.first_break() if checked else None,
    )


@bp.get("/desk/audit.csv")
@allowed(rules.can_read_audit)
def export_audit() -> Response:
    """The same entries as a file, all of them."""
    day = f"{clock.now():%Y-%m-%d}"
    response = Response(stream_with_context(audit_lines(asked_for())), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{day}.csv"'
    return response


@bp.get("/desk/mail")
@allowed(rules.can_see_mail)
def list_mail() -> Answer:
    """What is waiting to be sent, what was sent, what was refused and why."""
    rows, next_url = paged(
        queries.outgoing_mail(before=before()), lambda last: url_for(".list_mail", before=last)
    )
    return page("cms/people/desk/mail.html", mail=rows, next_url=next_url, has_server=bool(config().smtp_url))


# Helpers --------------------------------------------------------------------------------------------------------


def asked_for() -> AuditFilter:
    """What the address narrows the log to; days are days on the clock of who asks."""
    asked, zone = request.args, ZoneInfo(queries.zone_of(me()))
    by = asked.get("by", "")
    first, last = asked_day("from"), asked_day("to")
    return AuditFilter(
        subject=asked.get("subject", "").strip()[:80] or None,
        by_id=int(by) if by.isdecimal() and len(by) < 10 else None,
        act=asked.get("act", "")[:60] or None,
        since=midnight(first, zone) if first else None,
        until=midnight(last + timedelta(days=1), zone) if last and last < date.max else None,
    )


def asked_day(name: str) -> date | None:
    """A day of the address, `2026-11-21`; anything else narrows nothing."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins there."""
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def audit_lines(wanted: AuditFilter) -> Iterator[str]:
    """The log as CSV, newest first, a few hundred entries at a time; with a mark that tells spreadsheets it is UTF-8."""
    yield "\ufeff" + csv_line("number", "at", "by", "act", "subject", "said", "detail")
    last: int | None = None
    while entries := list(queries.audit_entries(wanted=wanted, before=last, limit=499)):
        yield "".join(csv_entry(one) for one in entries)
        last = entries[-1].id
        if len(entries) < 500:
            return


def csv_entry(one: AuditEntry) -> str:
    """One entry as a line."""
    who = f"{one.by.name} (@{one.by.handle})" if one.by else ""
    return csv_line(one.id, iso(one.at), who, one.act, one.subject, acts.act_name(one.act), one.detail)


def csv_line(*values: object) -> str:
    """One line of CSV."""
    line = io.StringIO()
    csv.writer(line).writerow([acts.csv_cell(value) for value in values])
    return line.getvalue()
