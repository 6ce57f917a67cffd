"""The desk's pages about sections, tags and hot words."""

from flask import Blueprint

bp = Blueprint("topics", __name__)

from cms.topics.views import sections, tags  # noqa: E402, F401 - they add their routes to `bp`
