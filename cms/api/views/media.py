"""Uploaded files: list, read, upload."""

from typing import Any, BinaryIO, cast

from flask import Response, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cms.api import presenting
from cms.api.answering import Made, answer, made_once
from cms.api.cursors import read_number, write_cursor
from cms.api.operations import operation
from cms.api.rules import can_see_file
from cms.api.schemas.media import Media, MediaAsked, MediaList, NewMedia
from cms.api.views import bp
from cms.api.views.loading import MEDIA
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.media import models, queries, rules, services
from cms.people import audit


@bp.get("/media")
@allowed(rules.can_see_library)
@operation("media", _("List files"), scope="media:read", query=MediaAsked, answer=MediaList)
def list_media(asked: MediaAsked) -> Response:
    """Newest first."""
    before = read_number("media", asked.cursor)
    page = queries.media_page(before=before, kind=asked.kind or "", size=asked.limit)
    following = write_cursor("media", page.next_before) if page.next_before else None
    return answer(MediaList(items=[presenting.media(row) for row in page.items], next=following))


@bp.post("/media")
@allowed(rules.can_upload)
@operation(
    "media", _("Upload a file"), scope="media:write", upload=NewMedia, answer=Media, status=201, once=True
)
def upload_media(form: NewMedia) -> Response:
    """The same bytes are one file: uploading them again answers 200 with what is there."""
    file = request.files["file"]
    received = services.receive_upload(cast(BinaryIO, file.stream), file.filename or "")
    known = queries.find_media_by_digest(received.digest)
    kind = known.kind if known is not None else received.kind
    if kind == "image" and form.alt is None and known is None:
        services.discard_files(received.files)
        sentence = gettext(
            "Please say what the picture shows, for those who cannot see it; empty means decoration."
        )
        raise Invalid(errors={"alt": sentence})

    def make(by: Any, at: Any) -> Made:
        row = services.keep_media(
            received, alt=form.alt or "", credit=form.credit, licence=form.licence, by=by, at=at
        )
        if known is None:
            audit.record("media.uploaded", f"media:{row.id}", by=by, at=at)
        told = presenting.media(queries.get_media(row.id))
        return Made(told, location=f"/api/v1/media/{row.id}", status=201 if known is None else 200)

    return made_once(f"{received.digest} {form.model_dump_json()}", make)


@bp.get(MEDIA)
@allowed(can_see_file, media=queries.get_media)
@operation("media", _("Read about a file"), scope="media:read", answer=Media)
def show_media(media_id: int, media: models.Media) -> Response:
    """Its sizes, and what is said of it."""
    return answer(presenting.media(media))
