"""What was corrected in posts, as readers see it: below the article, and all of it in one list."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, literal, select, tuple_

from cms.core.database import Instant, db
from cms.posts.models import Correction, Post, Revision
from cms.posts.queries import in_main, visible_to
from cms.site.edition import Edition, Place, post_path

PAGE = 30
SHOWN = 50


class CorrectionLine(NamedTuple):
    """One line of the log: what was wrong, why, and when readers were told."""

    id: int
    at: datetime
    changed: str
    reason: str
    amends_id: int | None


class LoggedCorrection(NamedTuple):
    """A line of the log with its article."""

    line: CorrectionLine
    title: str
    language: str
    url: str


_LINE = (Correction.id, Correction.at, Correction.changed, Correction.reason, Correction.amends_id)
_BELOW = (
    select(*_LINE)
    .where(Correction.post_id == bindparam("post_id"), Correction.at.is_not(None))
    .order_by(Correction.at.desc(), Correction.id.desc())
    .limit(SHOWN)
)


def corrections_below(post_id: int) -> list[CorrectionLine]:
    """The lines about one post, newest first."""
    return [CorrectionLine(*row) for row in db.session.execute(_BELOW, {"post_id": post_id})]  # type: ignore[arg-type]


def corrections_page(
    edition: Edition, *, before: Place | None = None
) -> tuple[list[LoggedCorrection], Place | None]:
    """The lines about every live post of the main lists, newest first, and where the next page begins."""
    query = (
        select(*_LINE, Revision.title, Revision.beginning, Post.id, Post.kind, Post.slug, Post.language)
        .select_from(Correction)
        .join(Post, Post.id == Correction.post_id)
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(Correction.at.is_not(None), visible_to(None, None), in_main())
        .order_by(Correction.at.desc(), Correction.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        key = tuple_(Correction.at, Correction.id)
        query = query.where(key < tuple_(literal(before.at, Instant()), literal(before.id)))
    rows = [
        LoggedCorrection(
            CorrectionLine(*line),
            title or beginning[:60],
            language,
            edition.to(post_path(kind, post_id, slug)),
        )
        for *line, title, beginning, post_id, kind, slug, language in db.session.execute(query)
    ]
    if len(rows) <= PAGE:
        return rows, None
    last = rows[PAGE - 1].line
    return rows[:PAGE], Place(last.at, last.id)
