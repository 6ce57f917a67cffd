"""What readers answer, and the desk's pages of this room."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

bp = Blueprint("polls", __name__)


@bp.record_once
def take_forms_without_token(state: BlueprintSetupState) -> None:
    """Public pages carry no token. Where the form comes from is asked of the browser, by `refuse_cross_site`."""
    state.app.extensions["parley_csrf"].exempt("campaigns.polls.views.answering.answer_poll")


from campaigns.polls.views import answering, desk  # noqa: E402, F401 - they add routes
from campaigns.polls.views.api import api  # noqa: E402

__all__ = ["api", "bp"]
