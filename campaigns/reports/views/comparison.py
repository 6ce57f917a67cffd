"""Campaigns side by side."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from campaigns.plans.models import Campaign
from campaigns.plans.queries import campaigns
from campaigns.reports import keeping, presenting, queries, rules, wording
from campaigns.reports.addressing import arguments
from campaigns.reports.forms import ComparisonForm
from campaigns.reports.shapes import FEWEST, MEASURES, Comparison, ComparisonQuery
from campaigns.reports.views import bp
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.pages import page

ALL_STATES = ("planned", "running", "paused", "finished", "archived")
MOST_OFFERED = 300
USUAL = 3  # campaigns, when nobody says which


@bp.get("/desk/reports/comparison")
@allowed(rules.can_read_reports)
def show_comparison() -> tuple[str, int]:
    """Two to six campaigns; where nobody says which, the newest that run and the newest that are over."""
    offered = campaigns(states=ALL_STATES, limit=MOST_OFFERED)
    asked = request.args
    if not any(asked.getlist("campaign")) and len(offered) >= FEWEST:
        asked = MultiDict([*asked.items(multi=True), *(("campaign", str(one)) for one in usual(offered))])
    form = ComparisonForm(asked, known=[one.id for one in offered])
    compared = queries.compare_campaigns(form.query, at=clock.now()) if form.query else None
    html = page(
        "campaigns/reports/comparison.html",
        offered=offered,
        form=form,
        chosen=[one for number in form.campaigns for one in offered if one.id == number],
        removals=_removals(form),
        measures=measures(),
        wording=wording,
        compared=compared,
        **(_told(compared) if compared else {}),
    )
    return html, 422 if form.errors and len(offered) >= FEWEST else 200


def usual(offered: Sequence[Campaign]) -> list[int]:
    """The two newest that run and the newest that are over, else what there is; `offered` are the newest first."""
    running = [one.id for one in offered if one.state in ("running", "paused")][: USUAL - 1]
    over = [one.id for one in offered if one.state in ("finished", "archived")]
    rest = [one.id for one in offered if one.id not in (*running, *over)]
    return [*running, *over, *rest][:USUAL]


def measures() -> list[tuple[str, str]]:
    """What charts show and verdicts are about."""
    return [(key, wording.column_name(key)) for key in MEASURES]


def opener(query: ComparisonQuery) -> Callable[..., str]:
    """Addresses of figures: of a campaign, of a column, in all or for each of something."""
    asked = arguments(query)

    def opened(of: int, figure: str, per: str = "total", **more: Any) -> str:
        return url_for("reports.show_figure", **asked, of=of, figure=figure, per=per, **more)

    return opened


def _told(compared: Comparison) -> dict[str, Any]:
    query = compared.query
    happened = keeping.happened(compared.subjects, person())
    return {
        **presenting.laid_out(compared, happened),
        "asked": arguments(query),
        "opened": opener(query),
        "ways": _ways(query),
    }


def _ways(query: ComparisonQuery) -> dict[str, list[tuple[str, str, bool]]]:
    """The same question, with one choice changed: what it is called, where it is, whether it is the one shown."""
    choices: dict[str, list[tuple[str, Any]]] = {
        "measure": list(measures()),
        "align": list(wording.ALIGNS.items()),
        "mode": list(wording.MODES.items()),
    }
    return {
        name: [
            (
                label,
                url_for("reports.show_comparison", **arguments(query, **{name: key})),
                getattr(query, name) == key,
            )
            for key, label in some
        ]
        for name, some in choices.items()
    }


def _removals(form: ComparisonForm) -> dict[int, str]:
    """Where to go for the same without one campaign; everything else that was said stays."""
    asked: dict[str, Any] = {
        name: value for name, value in form.asked.items() if name != "campaign" and value
    }
    return {
        number: url_for(
            "reports.show_comparison", campaign=[one for one in form.campaigns if one != number], **asked
        )
        for number in form.campaigns
    }
