"""`/l/CODE`: what readers follow, and `/l/CODE+`: where it leads, before they do."""

from typing import TYPE_CHECKING

from flask import Response, current_app, make_response, request
from werkzeug.datastructures import Headers

from campaigns.links import codes, shelf
from campaigns.links.clicks import new_click_id, tell
from campaigns.links.queries.addresses import address_of
from campaigns.links.queries.destinations import Destination
from campaigns.links.targets import CLICK_PARAMETER, address_for
from campaigns.links.views import bp
from cms.core import clock
from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pages import page

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Elsewhere(Response):
    """A redirect whose `Location` leaves as it was written: the library would quote and drop parts of some addresses."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """All as usual, but that one."""
        headers = super().get_wsgi_headers(environ)
        headers["Location"] = self.headers["Location"]
        return headers


@bp.get("/l/<code>")
@public
def follow_link(code: str) -> Response:
    """Send the visitor on, and tell who counts. Nothing is written to the database, and usually nothing is read: most are
    led there before this is asked (`campaigns/links/ahead.py`)."""
    destination = _destination(code)
    way = destination.way(clock.now())
    if way is None:
        return _said("campaigns/links/over.html", 410, destination)
    if CLICK_PARAMETER in request.args:  # we sent them here: the target leads back
        return _said("campaigns/links/circle.html", 508, destination)
    click_id = new_click_id()
    answer = Elsewhere(status=302)
    answer.headers["Location"] = f"{way[0]}{click_id}{way[1]}"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    if request.environ.get("parley.method", request.method) != "HEAD":
        listeners = current_app.extensions["parley_clicks"]
        tell(listeners, destination.link_id, click_id, request.environ, is_scan="qr" in request.args)
    return answer


@bp.get("/l/<code>+")
@public
def preview_link(code: str) -> Response:
    """Where a link leads, and who made it. It leads nobody there."""
    return _said("campaigns/links/preview.html", 200, _destination(code))


def _destination(code: str) -> Destination:
    read = codes.read_code(code)
    found = shelf.find(read) if read else None
    if found is None:
        raise NotFound
    return found


def _said(template: str, status: int, destination: Destination) -> Response:
    at = clock.now()
    target = destination.leads_to(at)
    answer = make_response(
        page(
            template,
            destination=destination,
            address=address_of(destination.code),
            target=target,
            host=target.partition("://")[2].partition("/")[0],
            added=address_for("", destination.utm)[1:].split("&"),
            click_parameter=CLICK_PARAMETER,
            is_over=destination.is_over(at),
        ),
        status,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
