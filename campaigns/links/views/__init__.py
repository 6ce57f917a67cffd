"""What readers follow, and the desk's pages of this room."""

from flask import Blueprint

bp = Blueprint("links", __name__)

from campaigns.links.views import codes, editing, following, inbound, lists, values  # noqa: E402, F401 - they add routes
from campaigns.links.views.api import api  # noqa: E402

__all__ = ["api", "bp"]
