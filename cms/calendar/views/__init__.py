"""The pages of this room."""

from flask import Blueprint

bp = Blueprint("calendar", __name__)

from cms.calendar.views import feeds, kept, pages  # noqa: E402, F401
