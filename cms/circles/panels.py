"""What this room adds to pages of rooms above it."""

from cms.circles.forms import EmptyForm
from cms.circles.queries import inside
from cms.circles.rules import looks_after_circles
from cms.comments.wording import REASONS
from cms.core.access import person
from cms.core.pages import page


def reported_at_desk() -> str:
    """On the desk's queue of what readers reported: topics of all circles."""
    topics = inside.reported_topics() if looks_after_circles(person()) else []
    if not topics:
        return ""
    plain = EmptyForm(formdata=None)
    return page("cms/circles/desk/_reported.html", topics=topics, reasons=REASONS, plain=plain)
