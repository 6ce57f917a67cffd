"""`/media/…`: stored files for readers, with ranges and validators. Touches neither session nor database, but for
names that are not there: one that a file had before it was replaced leads to the one it has now.

A name never changes its content, so an answer is good for ever. The policy on it lets nothing run, whatever a
file may hold.
"""

import re
from pathlib import PurePosixPath

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.storage import storage
from cms.media.queries import find_alias

bp = Blueprint("media_files", __name__)

MIMES = {
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",  # feed readers and podcast players show it elsewhere
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "bytes",
}
_ONE_RANGE = re.compile(r"bytes=(?:(?P<first>\d{1,18})-(?P<last>\d{0,18})|-(?P<last_bytes>\d{1,18}))")
_CHUNK = 256 * 1024


@bp.get("/media/<path:name>")
@public
def show_file(name: str) -> Response:
    """One stored file, or the part of it that was asked for."""
    mime = MIMES.get(PurePosixPath(name).suffix)
    if mime is None:
        raise NotFound
    try:
        size = storage().size(name)
        file = storage().open(name)
    except ValueError as error:  # no name that we ever gave
        raise NotFound from error
    except FileNotFoundError as error:
        now = find_alias(name)
        if now is None:
            raise NotFound from error
        return _moved(now)
    response = Response(wrap_file(request.environ, file, _CHUNK), mimetype=mime, direct_passthrough=True)
    response.call_on_close(file.close)
    response.headers.update(_HEADERS)
    response.content_length = size
    response.set_etag(PurePosixPath(name).stem)
    try:
        response.make_conditional(_environ(size), accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        return Response(status=416, headers={**_HEADERS, "Content-Range": f"bytes */{size}"})
    return response


def _moved(now: str) -> Response:
    """The file was replaced or cropped; it may be again, so this answer is soon forgotten."""
    headers = {"Location": f"/media/{now}", "Cache-Control": "public, max-age=60"}
    return Response(status=302, headers={**_HEADERS, **headers})


def _environ(size: int) -> dict[str, object]:
    """What was asked for; a Range we do not do (several parts, other units) is no Range (RFC 9110, 14.2)."""
    environ = dict(request.environ)
    asked = _ONE_RANGE.fullmatch(environ.pop("HTTP_RANGE", "").strip())
    if asked and asked["last_bytes"]:
        environ["HTTP_RANGE"] = f"bytes=-{min(int(asked['last_bytes']), size)}"
    elif asked and (not asked["last"] or int(asked["last"]) >= int(asked["first"])):
        environ["HTTP_RANGE"] = asked[0]
    return environ
