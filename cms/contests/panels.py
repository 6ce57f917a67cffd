"""What this room adds to pages of rooms above it."""

from cms.comments.models import Comment
from cms.contests import rules
from cms.core.access import person
from cms.core.pages import page


def theme_of_comment(comment: Comment) -> str:
    """At the desk, beside a comment: beginning a contest with it."""
    if not rules.can_make_contests(person()) or not comment.is_visible:
        return ""
    return page("cms/contests/desk/_from_comment.html", comment=comment)
