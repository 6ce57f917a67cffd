"""The pages and the API of this room."""

from flask import Blueprint

bp = Blueprint("reports", __name__)

from campaigns.reports.views import (  # noqa: E402 - they add routes
    attribution,  # noqa: F401
    comparison,  # noqa: F401
    dashboards,  # noqa: F401
    exporting,  # noqa: F401
    figure,  # noqa: F401
    kept,  # noqa: F401
    outside,  # noqa: F401
)
from campaigns.reports.views.api import api  # noqa: E402

__all__ = ["api", "bp"]
