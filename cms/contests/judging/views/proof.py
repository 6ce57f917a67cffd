"""How a result can be checked by anybody: the seals, the list of places, and the bundle."""

from flask import Response as FlaskResponse
from flask import make_response
from werkzeug.wrappers import Response

from cms.contests.judging import queries, services
from cms.contests.judging.bundle import write_bundle
from cms.contests.judging.models import Judging
from cms.contests.judging.views import bp
from cms.contests.judging.wording import BREAK_NAMES, METHOD_NAMES
from cms.contests.models import Contest
from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import page
from cms.core.secrets import fingerprint


@bp.get("/contests/<slug>/proof")
@public
@cached_page
def show_proof(slug: str) -> str:
    """The seals from the moment they are set; places and how sure they are, once names are open."""
    contest, judging = _find(slug)
    is_open = judging is not None and judging.opened_at is not None
    contents = services.contents_of(judging, contest) if judging is not None and is_open else None
    result = contents.result() if contents is not None else None
    return page(
        "cms/contests/judging/proof.html",
        contest=contest,
        judging=judging,
        seed_hash=fingerprint(judging.seed) if judging is not None else "",
        result=result,
        reopened=contents.reopened if contents is not None else (),
        titles=queries.titles_of(contest.id) if result else {},
        methods=METHOD_NAMES,
        breaks=BREAK_NAMES,
    )


@bp.get("/contests/<slug>/results.zip")
@public
@cached_page
def send_bundle(slug: str) -> Response:
    """Everything the result is worked out from. Nothing of it before names are open."""
    contest, judging = _find(slug)
    if judging is None or judging.opened_at is None:
        raise NotFound
    response: FlaskResponse = make_response(write_bundle(services.contents_of(judging, contest)))
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="contest-{contest.id}-results.zip"'
    return response


def _find(slug: str) -> tuple[Contest, Judging | None]:
    """The contest, and how it is judged where somebody said so."""
    contest = queries.find_contest(slug)
    if contest is None:
        raise NotFound
    depends_on("contests", f"contest:{contest.id}")
    return contest, queries.find_judging(contest.id)
