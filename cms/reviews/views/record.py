"""Who approved which text in which role, to take along."""

import csv
import io

from flask import make_response
from werkzeug.wrappers import Response

from cms.core.access import allowed
from cms.core.languages import localized
from cms.core.pages import iso
from cms.people.models import Person
from cms.reviews import queries, rules
from cms.reviews.models import Decision, ReviewRound, RoundStep, Waiver
from cms.reviews.queries import ReviewedPost
from cms.reviews.views import bp

COLUMNS = ("round", "step", "verdict", "person", "handle", "role", "revision", "content_hash", "at", "words")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("/desk/posts/<int:post_id>/review/record.csv")
@allowed(rules.can_see_review, post=queries.get_review)
def export_record(post_id: int, post: ReviewedPost) -> Response:
    """Every decision about a post, oldest first, as CSV (UTF-8 with a mark, as spreadsheets want it)."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for said in queries.record_of(post_id):
        rows.writerow([_safe(one) for one in _line(*said)])
    response = make_response("\ufeff" + text.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="review-{post_id}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _line(round: ReviewRound | None, step: RoundStep | None, said: Decision | Waiver) -> list[str]:
    who: Person | None
    if isinstance(said, Decision):
        who, verdict, role, words = said.person, said.verdict, said.role, said.words
    else:
        who, verdict, role, words = said.by, "set_aside", "admin", said.reason
    return [
        str(round.number) if round else "",
        localized(step.name) if step else "",
        verdict,
        who.name if who else "",
        who.handle if who else "",
        role,
        str(said.revision.number),
        said.content_hash,
        iso(said.at),
        words,
    ]


def _safe(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
