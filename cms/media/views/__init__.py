"""Pages of media: the library at the desk, portraits, and the files themselves under `/media/`."""

from flask import Blueprint, Response, request

from cms.core.access import person
from cms.media import rules
from cms.media.sniffing import MEGABYTE, MOST_VIDEO

bp = Blueprint("media", __name__)

MOST_REQUEST = MOST_VIDEO + 100 * MEGABYTE  # one long video, or many pictures
MOST_PORTRAIT = 15 * MEGABYTE
_LIMITS = {
    "media.upload": (rules.can_upload, MOST_REQUEST),
    "media.replace_media": (rules.can_upload, MOST_REQUEST),
    "media.take_upload": (rules.can_upload, MOST_REQUEST),
    "media.set_my_portrait": (rules.can_set_own_portrait, MOST_PORTRAIT),
    "media.set_portrait": (rules.can_set_portraits, MOST_PORTRAIT),
}


@bp.url_value_preprocessor
def let_uploads_in(endpoint: str | None, values: object) -> None:
    """Before anything reads the form (the CSRF check does): who may upload here may send more than others."""
    rule, limit = _LIMITS.get(endpoint or "", (None, 0))
    if rule is not None and request.method == "POST" and rule(person()):
        request.max_content_length = limit


@bp.after_request
def keep_private(response: Response) -> Response:
    """Pages of the desk may not be kept by a cache."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


from cms.media.views import changing, describing, library, portraits, uploads  # noqa: E402, F401 - they add their routes to `bp`
