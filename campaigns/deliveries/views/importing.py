"""Planning many deliveries from a table: given, tried with a sentence for every line, then done."""

from zoneinfo import available_timezones

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.deliveries import rules
from campaigns.deliveries.forms import TableForm
from campaigns.deliveries.importing import (
    COLUMNS,
    MOST_ROWS,
    Report,
    Sheet,
    import_sheet,
    read_sheet,
    try_sheet,
)
from campaigns.deliveries.views import bp
from campaigns.deliveries.views.asked import Answer, me, my_zone
from cms.core import clock
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.core.pages import page


@bp.get("/desk/deliveries/import")
@allowed(rules.can_plan)
def show_import() -> Answer:
    """What a table has to look like, and where to give it."""
    return _page(TableForm(formdata=None, zone=my_zone()))


@bp.post("/desk/deliveries/import")
@allowed(rules.can_plan)
def take_table() -> Answer:
    """Try a table that was given, or do what was tried: `doing` says which."""
    form, by = TableForm(), me()
    if not form.validate():
        return _page(form), 422
    try:
        data = form.bytes
        sheet = read_sheet(data, zone=form.zone.data or "UTC")
    except Invalid as problem:
        form.complain(problem)
        return _page(form), 422
    table = data.decode(sheet.encoding)
    if not form.doing.data:
        return _page(form, sheet=sheet, report=try_sheet(sheet, at=clock.now()), table=table)
    report = import_sheet(sheet, by=by, at=clock.now())
    counts = report.counts
    if counts["wrong"]:
        return _page(form, sheet=sheet, report=report, table=table, is_done=True)
    done = counts["planned"] + counts["moved"]
    flash(
        ngettext("%(num)d delivery is planned.", "%(num)d deliveries are planned.", done)
        if done
        else _("Nothing changed: all of it was planned before."),
        "good",
    )
    return redirect(url_for(".list_deliveries"), 303)


def _page(
    form: TableForm,
    *,
    sheet: Sheet | None = None,
    report: Report | None = None,
    table: str = "",
    is_done: bool = False,
) -> str:
    return page(
        "campaigns/deliveries/import.html",
        form=form,
        sheet=sheet,
        report=report,
        table=table,
        is_done=is_done,
        columns=list(COLUMNS),
        most=MOST_ROWS,
        zones=sorted(available_timezones()),
    )
