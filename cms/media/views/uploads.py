"""For scripts of the desk: one file taken at once, and files to choose from, both as JSON."""

from flask import jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.media import queries, rules, services
from cms.media.forms import clean_line
from cms.media.views import bp
from cms.media.views.asked import before, kind, me, words

Told = Response | tuple[Response, int]
OFFERED = 24


@bp.post("/desk/media/uploads")
@allowed(rules.can_upload)
def take_upload() -> Told:
    """Take the file of `file`, described by `alt`. 201 with what it is now; 200 when the same bytes were there."""
    file, by = request.files.get("file"), me()
    if file is None or not file.filename:
        return jsonify(message=_("Please choose a file.")), 422
    alt = clean_line(request.form.get("alt"))
    if len(alt) > 2000:
        return jsonify(message=_("Please keep it under 2,000 characters.")), 422
    try:
        received = services.receive_upload(file.stream, file.filename)
        with transaction():
            media_id = services.keep_media(received, by=by, at=clock.now(), alt=alt).id
    except Problem as problem:
        return jsonify(message=str(problem.message)), problem.status
    status = 200 if received.existing_id else 201
    return jsonify(queries.offered(queries.get_media(media_id))), status


@bp.get("/desk/media/choices/words")
@allowed(rules.can_see_library)
def tell_words() -> Told:
    """What the dialog of files says, in the language of the page."""
    return jsonify(
        title=_("Choose a file"),
        search=_("Name, alternative text, credit"),
        upload=_("Upload another"),
        more=_("Older files"),
        nothing=_("No file matches this."),
        alt=_("What does it show?"),
        use=_("Use it"),
    )


@bp.get("/desk/media/choices")
@allowed(rules.can_see_library)
def offer_media() -> Told:
    """Files to choose from, newest first: `items`, and `next_before`, the `before` of the next page or null."""
    found = queries.media_page(before=before(), search=words(), kind=kind(), size=OFFERED)
    return jsonify(items=[queries.offered(media) for media in found.items], next_before=found.next_before)
