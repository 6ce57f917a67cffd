"""Pages of accounts: signing in and up, what somebody sees of themselves, and the desk's view of people."""

from flask import Blueprint, Response

bp = Blueprint("people", __name__)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Nothing here may be kept by a cache, nor its address told to another site."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


from cms.people.views import desk, invitations, leaving, me, records, signing  # noqa: E402, F401 - they add their routes to `bp`
