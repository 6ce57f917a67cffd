"""Addresses of the system a site came from: they lead on for ever, when nothing of ours answers there."""

from flask import redirect, request
from werkzeug.exceptions import NotFound as NoRoute
from werkzeug.wrappers import Response

from cms.site.queries.old import find_target
from cms.site.views import bp

BY_NUMBER = frozenset({"p", "page_id", "attachment_id", "cat", "tag", "author", "m", "feed"})


@bp.before_app_request
def lead_on() -> Response | None:
    """Redirect an address we know from before; say nothing about any other."""
    if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
        return None
    has_no_page = isinstance(request.routing_exception, NoRoute)
    asks_by_number = request.path == "/" and bool(request.args.keys() & BY_NUMBER)
    if not has_no_page and not asks_by_number:
        return None
    query = request.query_string.decode("utf-8", "replace")
    prefix = request.environ.get("parley.prefix")  # the old site may have said its language in the same place
    target = (find_target(f"/{prefix}{request.path}", query) if prefix else None) or find_target(
        request.path, query
    )
    return redirect(target, 301) if target else None
