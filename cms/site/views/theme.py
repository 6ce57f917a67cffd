"""The company's colour as a stylesheet of its own."""

from flask import Response

from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, speaks_one_language
from cms.site import theme
from cms.site.queries.site import site
from cms.site.views import bp


@bp.get("/theme-<accent>.css")
@public
@cached_page
def show_theme(accent: str) -> Response:
    """The accent tokens for a colour; its address changes with the colour, so it may be kept for ever."""
    if not theme.is_colour(f"#{accent}"):
        raise NotFound
    speaks_one_language()
    response = Response(theme.stylesheet(f"#{accent}"), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.get("/theme.css")
@public
@cached_page
def show_theme_now() -> Response:
    """The company's colour as it is now, at an address that stays."""
    speaks_one_language()
    return Response(theme.stylesheet(site().accent), content_type="text/css; charset=utf-8")
