"""Pages of circles. What everybody sees is kept; what belongs to one person never is."""

from flask import Blueprint, Response, request

bp = Blueprint("circles", __name__)


@bp.after_request
def keep_private(response: Response) -> Response:
    """What is not the same for everybody stays with whom it was made for, and its address with this site."""
    if not request.environ.get("parley.cacheable"):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


from cms.circles.views import (  # noqa: E402, F401 - they add routes
    belonging,
    calling,
    desk,
    hours,
    inviting,
    keeping,
    picturing,
    public,
    queue,
    reporting,
    talking,
)

__all__ = ["bp"]
