"""The desk's pages about posts. A form can only POST, so ending something has a noun of its own: `…/publication`
publishes and `…/publication/removal` takes down (docs/decisions/0014)."""

from flask import Blueprint

bp = Blueprint("posts", __name__)

from cms.posts.views import (  # noqa: E402, F401
    board,
    bulk,
    corrections,
    editing,
    finding,
    keeping,
    lists,
    notes,
    planning,
    publishing,
    releases,
    revisions,
    today,
)
