"""The icons that browsers and phones ask for."""

from flask import Response

from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, speaks_one_language
from cms.site import icons
from cms.site.queries.site import site
from cms.site.views import bp


@bp.get("/favicon.ico")
@public
@cached_page
def show_icon() -> Response:
    """The logo, for browsers that ask for this address."""
    speaks_one_language()
    return Response(icons.icon_ico(site()), content_type="image/vnd.microsoft.icon")


@bp.get("/icon-<int:size>.png")
@public
@cached_page
def show_sized_icon(size: int) -> Response:
    """The logo in one of the sizes that pages name."""
    if size not in icons.SIZES:
        raise NotFound
    speaks_one_language()
    return Response(icons.icon_png(site(), size), content_type="image/png")
