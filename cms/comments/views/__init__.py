"""What readers and members see and send, and the desk's pages of this room."""

from flask import Blueprint

bp = Blueprint("comments", __name__)

from cms.comments.views import (  # noqa: E402, F401 - they add routes
    answers,
    deciding,
    own,
    people,
    policy,
    questions,
    queue,
    reading,
    writing,
)

__all__ = ["bp"]
