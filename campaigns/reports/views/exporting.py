"""A comparison as a file, with the same address as its page."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flask import Response, request
from flask_babel import get_locale

from campaigns.plans.queries import campaigns
from campaigns.reports import queries, rules
from campaigns.reports.exporting.content import Content, content_of
from campaigns.reports.exporting.tables import as_csv, as_xlsx
from campaigns.reports.forms import ComparisonForm
from campaigns.reports.shapes import Comparison
from campaigns.reports.views import bp
from campaigns.reports.views.comparison import ALL_STATES, MOST_OFFERED
from cms.core import clock
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.core.later import later

if TYPE_CHECKING:
    from campaigns.reports.exporting import paper
else:
    paper = later("campaigns.reports.exporting.paper")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, tuple[str, Callable[[Content], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", lambda content: as_csv(content, with_bom="bom" in request.args)),
    "xlsx": (XLSX, as_xlsx),
    "pdf": ("application/pdf", lambda content: paper.as_pdf(content)),
    "png": ("image/png", lambda content: paper.as_png(content)),
}


@bp.get("/desk/reports/comparison.<any(csv, xlsx, pdf, png):form>")
@allowed(rules.can_read_reports)
def export_comparison(form: str) -> Response:
    """The figures of the page, of this moment. `bom=1` marks CSV as UTF-8 for spreadsheets that do not ask."""
    offered = campaigns(states=ALL_STATES, limit=MOST_OFFERED)
    asked = ComparisonForm(request.args, known=[one.id for one in offered])
    if asked.query is None:
        raise Invalid("; ".join(asked.errors.values()))
    return file_of(queries.compare_campaigns(asked.query, at=clock.now()), form)


def file_of(compared: Comparison, form: str) -> Response:
    """A comparison as a file to be kept, never in a cache on the way."""
    kind, write = FORMATS[form]
    answer = Response(write(content_of(compared)), content_type=kind)
    name = f"comparison-{compared.at:%Y-%m-%d}-{get_locale()}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
