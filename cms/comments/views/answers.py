"""Answered questions, for everybody."""

from cms.comments import queries
from cms.comments.services.answering import FAQ
from cms.comments.views import bp
from cms.comments.views.asked import to
from cms.core.access import public
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import page


@bp.get("/answers")
@public
@cached_page
def list_answers() -> str:
    """What readers asked and the company answered, newest first."""
    entries = queries.answered_questions()
    depends_on(FAQ, *(f"comment:{one.id}" for one in entries))
    for one in entries:
        depends_on(*one.subject.tags)
    return page("cms/comments/answers.html", entries=entries, link=to)
