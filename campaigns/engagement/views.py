"""The public page that says what is counted, and how."""

from flask import Blueprint

from campaigns.engagement.classify import RULES
from campaigns.engagement.definitions import CLASS_NAMES, FIGURES
from cms.core.access import public
from cms.core.pagecache import cached_page
from cms.core.pages import config, page

bp = Blueprint("engagement", __name__)


@bp.get("/what-we-count")
@public
@cached_page
def show_definitions() -> str:
    """Made of the definitions and rules that the program counts by."""
    settings = config()
    return page(
        "campaigns/engagement/definitions.html",
        figures=FIGURES,
        rules=RULES,
        class_names=CLASS_NAMES,
        window=settings.visitor_window,
        do_not_track=settings.do_not_track,
        raw_days=settings.raw_days,
    )
