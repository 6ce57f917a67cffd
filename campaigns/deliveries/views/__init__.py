"""The desk's pages of this room."""

from flask import Blueprint

bp = Blueprint("deliveries", __name__)

from campaigns.deliveries.views import (  # noqa: E402, F401 - they add their routes to `bp`
    holds,
    importing,
    one,
    queue,
    sharing,
    tailoring,
)
from campaigns.deliveries.views.api import api  # noqa: E402 - it adds routes

__all__ = ["api", "bp"]
