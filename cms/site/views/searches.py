"""What readers look for."""

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.site.queries import desk as queries
from cms.site.rules import can_arrange_site
from cms.site.views import bp


@bp.get("/desk/search")
@allowed(can_arrange_site)
def show_searches() -> str:
    """What readers looked for: first what they did not find, which asks to be written."""
    today = clock.now().date()
    return page(
        "cms/site/desk/search.html",
        in_vain=queries.searches_in_vain(today),
        most=queries.most_searched(today),
        days=queries.REPORT_DAYS,
    )
