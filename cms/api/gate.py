"""The way into the API. Before any call: who calls, with what scope, how often, and whether we speak their language.

A room adds its resources to `/api/v1` with a blueprint from `resources`, listed in `wiring.py` like any other:

    bp = resources("plans_api", {"campaigns": _("Campaigns")})

    @bp.get("/campaigns")
    @allowed(can_call)
    @operation("campaigns", _("List campaigns"), scope="campaigns:read", query=CampaignsAsked, answer=CampaignList)
    def list_campaigns(asked: CampaignsAsked) -> Response: ...

What is declared there is checked, answered and described in the OpenAPI document and on its page with the others. The
names of schemas and of view functions must be the only ones of their name in the whole API.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.exceptions import NotAcceptable
from werkzeug.routing import BaseConverter

from cms.api.limits import count_call
from cms.api.operations import operation_of
from cms.api.schemas.base import LARGEST_ID
from cms.core.access import SignInNeeded, person
from cms.core.errors import NotAllowed, NotFound
from cms.media.sniffing import MEGABYTE, MOST_VIDEO
from cms.people.identity import current_scopes

PREFIX = "/api/v1"
LARGEST_BODY = MEGABYTE
LARGEST_UPLOAD = MOST_VIDEO + MEGABYTE
_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


class TokenNeeded(SignInNeeded):
    """No token, or one that is unknown, expired or revoked: the three look alike."""

    message = lazy_gettext(
        "This needs an API token: send it in the header “Authorization: Bearer …”. If you did, it is not valid any more."
    )


class AnyIntegerConverter(BaseConverter):
    """The number of a thing. What cannot be one becomes 0, which nothing has: so it is 404 for every method."""

    def to_python(self, value: str) -> int:
        """Read it from the address."""
        is_number = value.isascii() and value.isdecimal() and len(value) <= 10
        return int(value) if is_number and int(value) <= LARGEST_ID else 0


def resources(name: str, groups: Mapping[str, Any]) -> Blueprint:
    """A blueprint under `/api/v1` whose calls are let in, answered and described as all others are.

    `groups` names the groups of its operations, in the order of the documentation.
    """
    bp = Blueprint(name, __name__, url_prefix=PREFIX)

    def prepare(state: BlueprintSetupState) -> None:
        state.app.url_map.converters["number"] = AnyIntegerConverter  # for `/posts/<number:post_id>`
        # Under /api/ a cookie never says who is asking, so a foreign page can make nobody's browser change anything.
        state.app.extensions["parley_csrf"].exempt(bp)
        state.app.extensions.setdefault("parley_api_groups", {}).update(groups)

    bp.record_once(prepare)
    bp.before_request(look_at_caller)
    bp.after_request(finish)
    return bp


def group_names(app: Flask) -> Mapping[str, Any]:
    """What the groups of operations are called."""
    names: Mapping[str, Any] = app.extensions.get("parley_api_groups", {})
    return names


def look_at_caller() -> None:
    """401 without a token, 403 without its scope, 429 too often, 406 when they do not take JSON."""
    operation = operation_of(current_app, request.endpoint)
    if operation is None:
        return
    by = person()
    if by is None:
        raise TokenNeeded
    if operation.scope not in current_scopes():
        raise NotAllowed(
            _("This token may not do this: it lacks the scope %(scope)s.", scope=operation.scope)
        )
    count_call(request.headers["Authorization"], is_change=request.method in _UNSAFE)
    if request.accept_mimetypes and not request.accept_mimetypes["application/json"]:
        raise NotAcceptable(_("The answer is JSON. Please accept application/json."))
    request.max_content_length = LARGEST_UPLOAD if operation.upload else LARGEST_BODY
    if any(not _is_plain(value) for value in (request.view_args or {}).values()):
        raise NotFound


def finish(response: Response) -> Response:
    """What is said to one token is kept by nobody else."""
    if operation_of(current_app, request.endpoint) is None:
        return response  # the documents are for everybody
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("Vary", "Authorization, Accept-Language")
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Parley"'
    return response


def _is_plain(value: object) -> bool:
    """Whether a database could have it."""
    return not any(ord(one) < 32 or 0xD800 <= ord(one) < 0xE000 for one in str(value))
