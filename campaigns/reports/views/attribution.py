"""How the order of channels and campaigns changes with the model that parts the credit."""

from datetime import date, timedelta

from flask import request
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

from campaigns.reports import rules
from campaigns.reports.crediting import By, attribute
from campaigns.reports.figures.attribution import FEW, MODELS
from campaigns.reports.views import bp
from campaigns.reports.views.kept import me
from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import config, page
from cms.core.walltime import zone_named
from cms.people.queries import zone_of

NAMES = {
    "first": lazy_pgettext("model of attribution", "First"),
    "last": lazy_pgettext("model of attribution", "Last"),
    "linear": _("Linear"),
    "position": _("Position (40–20–40)"),
    "decay": _("Time decay (7 days)"),
}
DAYS = (7, 30, 90)


@bp.get("/desk/reports/attribution")
@allowed(rules.can_read_reports)
def show_attribution() -> str:
    """Of the last days, as many as are kept one by one at most."""
    by: By = "campaign" if request.args.get("by") == "campaign" else "channel"
    asked = request.args.get("days", 30, type=int)
    days = asked if asked in DAYS else 30
    until = _today() + timedelta(days=1)
    return page(
        "campaigns/reports/attribution.html",
        found=attribute(by, since=until - timedelta(days=days), until=until),
        by=by,
        days=days,
        choices=DAYS,
        models=MODELS,
        names=NAMES,
        few=FEW,
        window=config().visitor_window,
    )


def _today() -> date:
    return clock.now().astimezone(zone_named(zone_of(me()))).date()
