"""What a reader asks for. Every page here is the same for everybody, so it is made once and kept."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from cms.site.asked import keep_to_languages, site_context, site_zone

bp = Blueprint("site", __name__)
bp.app_context_processor(site_context)
bp.before_request(keep_to_languages)


@bp.record_once
def set_the_clock(state: BlueprintSetupState) -> None:
    """Dates on public pages are in the zone of the site, once somebody chose one."""
    state.app.extensions["parley_zone"] = site_zone


from cms.site.views import (  # noqa: E402, F401
    arranging,
    circles,
    comments,
    corrections,
    discovery,
    experts,
    feeds,
    icons,
    identity,
    lists,
    looking,
    old,
    outgoing,
    preview,
    reading,
    searches,
    settings,
    styles,
    theme,
)
