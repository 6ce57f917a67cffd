"""The pages of this room: at the desk, for readers, and in the API."""

from flask import Blueprint

from cms.site.asked import keep_to_languages

bp = Blueprint("plans", __name__)
bp.before_request(keep_to_languages)

from campaigns.plans.views import editing, lists, posts, public, showing  # noqa: E402, F401 - they add routes
from campaigns.plans.views.api import api  # noqa: E402

__all__ = ["api", "bp"]
