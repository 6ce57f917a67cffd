"""Pictures that a member puts into a text of their blog, as JSON for the editor."""

from datetime import timedelta

from flask import Response, jsonify, request
from flask_babel import gettext as _

from cms.blogs import queries, rules
from cms.blogs.services import BlogNotOpen
from cms.blogs.views import bp
from cms.blogs.views.asked import me
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.throttle import throttle
from cms.media import queries as media
from cms.media import services as keeping

LARGEST = 15 * 1024 * 1024
MOST_A_DAY = 60


@bp.url_value_preprocessor
def let_pictures_in(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Before anything reads the form (the CSRF check does): who has an open blog may send a picture."""
    if endpoint != "blogs.take_picture" or request.method != "POST":
        return
    by = person()
    if by is not None and rules.can_write(by, queries.find_blog_of(by.id)):
        request.max_content_length = LARGEST


@bp.post("/me/blog/pictures")
@allowed(rules.can_have_blog)
def take_picture() -> Response | tuple[Response, int]:
    """Take the picture of `file`, described by `alt`. 201 with what it is now; else a sentence."""
    by, file = me(), request.files.get("file")
    if file is None or not file.filename:
        return jsonify(message=_("Please choose a picture.")), 422
    alt = " ".join(request.form.get("alt", "").split())[:1000]
    try:
        if not rules.can_write(by, queries.find_blog_of(by.id)):
            raise BlogNotOpen
        with transaction():
            throttle(f"blog pictures {by.id}", limit=MOST_A_DAY, per=timedelta(days=1))
        received = keeping.receive_upload(file.stream, file.filename, only="image")
        with transaction():
            media_id = keeping.keep_media(received, by=by, at=clock.now(), alt=alt).id
    except Problem as problem:
        return jsonify(message=str(problem.message)), problem.status
    return jsonify(media.offered(media.get_media(media_id))), 201
