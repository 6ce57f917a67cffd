"""The pages of this room: at the desk, and in the API."""

from flask import Blueprint

bp = Blueprint("goals", __name__)

from campaigns.goals.views import editing  # noqa: E402, F401 - it adds routes
from campaigns.goals.views.api import api  # noqa: E402

__all__ = ["api", "bp"]
