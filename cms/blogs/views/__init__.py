"""Pages of blogs: one's own at `/me/blog`, the editors' at the desk. What readers see is the site's."""

from flask import Blueprint, Response

bp = Blueprint("blogs", __name__)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Nothing here may be kept by a cache."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


from cms.blogs.views import desk, keeping, own, pictures, pitching, writing  # noqa: E402 - they add routes

__all__ = ["bp", "desk", "keeping", "own", "pictures", "pitching", "writing"]
