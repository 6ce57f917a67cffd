"""Pictures that somebody from outside puts into the text, as JSON for the editor."""

from datetime import timedelta

from flask import Response, jsonify, request
from flask_babel import gettext as _

from cms.contributions import services
from cms.contributions.queries import LinkIsDead, get_by_token
from cms.contributions.views import bp
from cms.contributions.views.asked import opened
from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.throttle import throttle
from cms.media import queries as media
from cms.media import services as keeping

LARGEST = 15 * 1024 * 1024
_UPLOADS = ("contributions.take_picture", "contributions.set_portrait")


@bp.url_value_preprocessor
def let_pictures_in(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Before anything reads the form (the CSRF check does): whoever holds a link that works may send a picture."""
    if endpoint not in _UPLOADS or request.method != "POST" or not values:
        return
    try:
        get_by_token(str(values["token"]), at=clock.now())
    except LinkIsDead:
        return
    request.max_content_length = LARGEST


@bp.post("/contribute/<token>/pictures")
@public
def take_picture(token: str) -> Response | tuple[Response, int]:
    """Take the picture of `file`, described by `alt`. 201 with what it is now; else a sentence."""
    one, file = opened(token), request.files.get("file")
    if file is None or not file.filename:
        return jsonify(message=_("Please choose a picture.")), 422
    contribution_id, alt = one.id, " ".join(request.form.get("alt", "").split())[:1000]
    try:
        services.refuse_pictures(one)
        with transaction():
            throttle(f"contribution pictures {contribution_id}", limit=60, per=timedelta(days=1))
        received = keeping.receive_upload(file.stream, file.filename, only="image")
        with transaction():
            media_id = services.take_picture(contribution_id, received, alt=alt, at=clock.now())
    except Problem as problem:
        return jsonify(message=str(problem.message)), problem.status
    return jsonify(media.offered(media.get_media(media_id))), 201
