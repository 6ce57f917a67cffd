"""The desk's pages about accounts, and the public address that ends letters."""

from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState

bp = Blueprint("channels", __name__)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Pages about accounts, and addresses that end letters, stay with whoever asked for them."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@bp.record_once
def need_no_csrf_token(state: BlueprintSetupState) -> None:
    """Mail programs press the button of a letter themselves; the token in the address says who allowed it."""
    state.app.extensions["parley_csrf"].exempt("campaigns.channels.views.letters.stop_letters")


from campaigns.channels.views import account, connecting, letters, lists, recipients  # noqa: E402, F401 - add routes
from campaigns.channels.views.api import api  # noqa: E402 - it adds routes

__all__ = ["api", "bp"]
