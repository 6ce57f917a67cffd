"""What a reader asks for. Every page here is the same for everybody, so it is made once and kept."""

from flask import Blueprint

from cms.site.asked import site_context

bp = Blueprint("site", __name__)
bp.app_context_processor(site_context)

from cms.site.views import desk, discovery, feeds, lists, looking, old, preview, reading, styles, theme  # noqa: E402, F401
