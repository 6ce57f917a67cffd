"""One figure of a comparison, opened down to its rows."""

from datetime import date
from typing import Any, get_args

from flask import request, url_for
from sqlalchemy import select

from campaigns.plans.models import Campaign
from campaigns.plans.wording import day_word
from campaigns.reports import rules, wording
from campaigns.reports.addressing import arguments
from campaigns.reports.definitions import WORDS
from campaigns.reports.forms import ComparisonForm
from campaigns.reports.opening import Opened, open_figure
from campaigns.reports.presenting import said
from campaigns.reports.shapes import Per
from campaigns.reports.views import bp
from campaigns.reports.views.comparison import opener
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.pages import config, page


@bp.get("/desk/reports/figure")
@allowed(rules.can_read_reports)
def show_figure() -> str:
    """Formula, definition, clock, as-of, and the rows it is made of, fifty at a time."""
    numbers = list(db.session.scalars(select(Campaign.id)))
    form = ComparisonForm(request.args, known=numbers)
    if form.query is None:
        raise Invalid(errors=form.errors)
    per: Per = next((one for one in get_args(Per) if one == request.args.get("per", "total")), "total")
    told = open_figure(
        form.query,
        of=request.args.get("of", 0, type=int),
        figure=request.args.get("figure", ""),
        per=per,
        kind=request.args.get("rows", ""),
        number=request.args.get("page", 1, type=int),
        at=clock.now(),
    )
    opened = opener(form.query)

    def at(**more: Any) -> str:
        return opened(told.subject.id, told.column.key, told.per, **more)

    return page(
        "campaigns/reports/figure.html",
        told=told,
        definition=WORDS[told.column.key],
        wording=wording,
        unit=wording.unit_of(told.column.key, told.per),
        whole_unit=told.column.unit,
        said=said,
        row_name=lambda row: _row_name(told, row.key, row.name),
        at=at,
        opened=opened,
        window=config().visitor_window,
        back=url_for("reports.show_comparison", **arguments(form.query)),
    )


def _row_name(told: Opened, key: str, name: str) -> str:
    if told.kind == "channel":
        return wording.part_name("channel", key, name)
    if told.kind in ("post", "account"):
        return name or key
    day = day_word(date.fromisoformat(key)) if key else ""
    return " · ".join(filter(None, (day, wording.fact_name(name) if told.kind == "fact" else name)))
