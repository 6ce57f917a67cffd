"""QR codes of links, to look at, to take away and to print."""

from flask import Response, request

from campaigns.links import qr, queries, rules
from campaigns.links.models import Link
from campaigns.links.queries import get_link
from campaigns.links.views import bp
from cms.core.access import allowed
from cms.core.pages import page


@bp.get("/desk/links/<int:link_id>/qr.svg")
@allowed(rules.can_change_link, link=get_link)
def show_svg(link_id: int, link: Link) -> Response:
    """For print: it scales."""
    return _file(link, qr.as_svg(queries.short_url(link), _choice()), "svg", "image/svg+xml")


@bp.get("/desk/links/<int:link_id>/qr.png")
@allowed(rules.can_change_link, link=get_link)
def show_png(link_id: int, link: Link) -> Response:
    """For slides and posts."""
    return _file(link, qr.as_png(queries.short_url(link), _choice()), "png", "image/png")


@bp.get("/desk/links/<int:link_id>/sheet")
@allowed(rules.can_change_link, link=get_link)
def show_sheet(link_id: int, link: Link) -> str:
    """A sheet of paper: the code, large, and the address for those who type."""
    return page("campaigns/links/sheet.html", link=link, address=queries.short_url(link))


def _choice() -> qr.QRChoice:
    """What was asked for, and what is good for most where that is nothing we make."""
    asked, usual = request.args, qr.QRChoice()
    correction = asked.get("correction", "")
    size, border = asked.get("size", type=int), asked.get("border", type=int)
    return qr.QRChoice(
        correction=correction if correction in qr.CORRECTIONS else usual.correction,
        size=size if size in qr.SIZES else usual.size,
        border=border if border in qr.BORDERS else usual.border,
    )


def _file(link: Link, body: bytes, ending: str, mime: str) -> Response:
    answer = Response(body, mimetype=mime)
    answer.headers["Cache-Control"] = "private, no-store"
    if "download" in request.args:
        answer.headers["Content-Disposition"] = f'attachment; filename="{link.code}.{ending}"'
    return answer
