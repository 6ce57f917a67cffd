"""A certificate's own page, which says whether it holds, and the certificate on paper."""

from typing import TYPE_CHECKING

from flask import Response as FlaskResponse
from flask import make_response, url_for
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.contests.judging import queries
from cms.contests.judging.models import Certificate
from cms.contests.judging.views import bp
from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.languages import localized
from cms.core.later import later
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import absolute, page

if TYPE_CHECKING:
    from cms.contests.judging import paper
else:
    paper = later("cms.contests.judging.paper")


@bp.get("/certificates/<code>")
@public
@cached_page
def show_certificate(code: str) -> str:
    """What it says and whether it holds; a revoked one says why, and names the one in its place."""
    found = _get(code)
    return page("cms/contests/judging/certificate.html", certificate=found)


@bp.get("/certificates/<code>.pdf")
@public
@cached_page
def send_certificate(code: str) -> Response:
    """On paper, in the language it was issued in. A revoked one is not printed any more."""
    found = _get(code)
    if found.revoked_at is not None:
        raise NotFound
    with force_locale(found.language):
        response: FlaskResponse = make_response(paper.as_pdf(_words(found)))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="certificate-{found.code}.pdf"'
    return response


def _get(code: str) -> Certificate:
    found = queries.find_certificate(code)
    if found is None:
        raise NotFound
    depends_on(f"certificate:{found.code}", f"contest:{found.contest_id}")
    return found


def _words(found: Certificate) -> "paper.Words":
    prize = localized(found.prize, found.language) if found.prize else ""
    if found.place is not None:
        said = _("won “%(prize)s”, place %(place)s, with the entry", prize=prize, place=found.place)
    else:
        said = _("took part with the entry")
    return paper.Words(
        site=page("cms/contests/judging/_site_name.txt").strip(),
        heading=_("Certificate"),
        name=found.name,
        said=said,
        title=f"“{found.title}”" if found.language != "zh" else f"《{found.title}》",
        contest=localized(found.contest.title, found.language),
        day=format_date(found.issued_at, "long"),
        code=found.code,
        address=absolute(url_for("judging.show_certificate", code=found.code)),
        check=_("Whether this certificate holds:"),
    )
