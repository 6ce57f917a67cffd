"""Campaigns compared, in the API: the same figures from the same function as the page."""

from datetime import date

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.reports import queries, rules, schemas
from campaigns.reports.shapes import FEWEST, ComparisonQuery
from campaigns.reports.telling import told
from cms.api.answering import answer
from cms.api.gate import resources
from cms.api.operations import operation
from cms.core import clock
from cms.core.access import allowed
from cms.core.errors import Invalid, NotFound

api = resources("reports_api", {"reports": _("Reports")})


@api.get("/reports/comparison")
@allowed(rules.can_read_reports)
@operation(
    "reports",
    _("Compare campaigns"),
    scope="reports:read",
    query=schemas.ComparisonAsked,
    answer=schemas.ComparisonTold,
)
def read_comparison(asked: schemas.ComparisonAsked) -> Response:
    """Two to six campaigns side by side, with intervals, verdicts and what is missing."""
    campaign_ids = tuple(dict.fromkeys(asked.campaign))
    if len(campaign_ids) < FEWEST:
        raise Invalid(errors={"campaign": gettext("Choose at least two campaigns.")})
    since, until = _day("from", asked.since), _day("to", asked.until)
    if since and until and since > until:
        raise Invalid(errors={"to": gettext("The last day is before the first one.")})
    query = ComparisonQuery(
        campaign_ids, since, until, asked.align, asked.mode, asked.cut, asked.split, asked.measure
    )
    try:
        compared = queries.compare_campaigns(query, at=clock.now())
    except NotFound as missing:
        raise Invalid(errors={"campaign": gettext("There is no such campaign.")}) from missing
    return answer(told(compared))


def _day(name: str, said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Invalid(errors={name: gettext("There is no such day.")}) from error
