"""The desk's pages about people from outside, and the page that each of them has by link."""

from flask import Blueprint, Response, request

bp = Blueprint("contributions", __name__)
BY_LINK = "/contribute/"


@bp.after_request
def keep_private(response: Response) -> Response:
    """A page by link is for one person: kept by no cache, found by no search engine, told to no other site."""
    if request.path.startswith(BY_LINK):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


from cms.contributions.views import (  # noqa: E402, F401 - they add their routes to `bp`
    by_link,
    desk,
    inviting,
    keeping,
    pictures,
    profile,
)
