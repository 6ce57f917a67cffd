"""The desk's pages about reviews. A form can only POST, so ending something has a noun of its own (`…/removal`)."""

from flask import Blueprint

bp = Blueprint("reviews", __name__)

from cms.reviews.views import claims, comments, deciding, plans, quality, queue, record, review  # noqa: E402, F401
