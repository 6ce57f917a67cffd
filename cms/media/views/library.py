"""The library: what was uploaded, uploading, describing, deleting."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, NotFound
from cms.core.pages import page
from cms.media import queries, rules, services
from cms.media.forms import EditForm, EmptyForm, UploadForm
from cms.media.models import Media
from cms.media.views import bp
from cms.people.models import Person

Answer = Response | str | tuple[str, int]
KINDS = ("image", "audio", "video")


@bp.get("/desk/media")
@allowed(rules.can_see_library)
def list_media() -> Answer:
    """Everything uploaded, newest first; by words, by kind, or what lacks an alternative text."""
    search, kind = request.args.get("q", "").strip()[:200], request.args.get("kind", "")
    before = request.args.get("before", "")
    missing_alt = "missing" in request.args
    found = queries.media_page(
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        search=search,
        kind=kind if kind in KINDS else "",
        missing_alt=missing_alt,
    )
    next_url = found.next_before and url_for(
        ".list_media",
        before=found.next_before,
        q=search or None,
        kind=kind or None,
        missing="alt" if missing_alt else None,
    )
    return page(
        "cms/media/list.html",
        items=found.items,
        next_url=next_url,
        search=search,
        kind=kind,
        missing_alt=missing_alt,
        lacking=queries.count_missing_alt(),
    )


@bp.get("/desk/media/new")
@allowed(rules.can_upload)
def show_upload() -> Answer:
    """The form for uploading."""
    return page("cms/media/upload.html", form=UploadForm(formdata=None), kept=[], refused=[])


@bp.post("/desk/media")
@allowed(rules.can_upload)
def upload() -> Answer:
    """Take one or several files; what is refused is said file by file, and the others are kept."""
    form = UploadForm()
    if not form.validate():
        return page("cms/media/upload.html", form=form, kept=[], refused=[]), 422
    files = [file for file in form.files.data if file.filename]
    kept, refused = [], []
    for file in files:
        try:
            kept.append(_take(file, form, is_only=len(files) == 1))
        except services.Refused as error:
            refused.append((file.filename, error.message))
    if refused:
        shown = queries.media_by_ids(kept)
        return page("cms/media/upload.html", form=form, kept=shown, refused=refused), 422
    if len(kept) == 1:
        return redirect(url_for(".show_media", media_id=kept[0]), 303)
    return redirect(url_for(".show_descriptions", id=kept), 303)


@bp.get("/desk/media/descriptions")
@allowed(rules.can_upload)
def show_descriptions() -> Answer:
    """Several files side by side, each with its alternative text."""
    return page("cms/media/descriptions.html", items=_chosen(request.args.getlist("id")), form=EmptyForm())


@bp.post("/desk/media/descriptions")
@allowed(rules.can_upload)
def describe() -> Answer:
    """Keep the alternative texts of several files."""
    items = _chosen(request.values.getlist("id"))
    by = _me()
    texts = {media.id: request.form.get(f"alt-{media.id}", "") for media in items}
    with transaction():
        services.describe_media(texts, by=by, at=clock.now())
    flash(ngettext("%(num)d file described.", "%(num)d files described.", len(texts)))
    return redirect(url_for(".list_media"), 303)


@bp.get("/desk/media/<int:media_id>")
@allowed(rules.can_see_library)
def show_media(media_id: int) -> Answer:
    """One file: how it looks, what is said about it, where it is used."""
    media = queries.get_media(media_id)
    form = EditForm(
        formdata=None,
        alt=media.alt,
        credit=media.credit,
        licence=media.licence,
        focal_x=round(media.focal_x * 100),
        focal_y=round(media.focal_y * 100),
    )
    return _media_page(media, form)


@bp.post("/desk/media/<int:media_id>")
@allowed(rules.can_edit_media, media=queries.get_media)
def edit_media(media_id: int, media: Media) -> Answer:
    """Change what is said about a file."""
    form, by = EditForm(), _me()
    if not form.validate():
        return _media_page(media, form), 422
    with transaction():
        services.edit_media(
            media_id,
            alt=form.alt.data or "",
            credit=form.credit.data or "",
            licence=form.licence.data or "",
            focal_x=(form.focal_x.data or 0) / 100,
            focal_y=(form.focal_y.data or 0) / 100,
            by=by,
            at=clock.now(),
        )
    flash(gettext("Saved."))
    return redirect(url_for(".show_media", media_id=media_id), 303)


@bp.post("/desk/media/<int:media_id>/removal")
@allowed(rules.can_delete_media, media=queries.get_media)
def delete_media(media_id: int, media: Media) -> Answer:
    """Delete a file that nothing uses."""
    by = _me()
    try:
        with transaction():
            names = services.delete_media(media_id, by=by, at=clock.now())
    except Conflict as error:
        flash(str(error.message))
        return redirect(url_for(".show_media", media_id=media_id), 303)
    services.discard_files(names)
    flash(gettext("Deleted."))
    return redirect(url_for(".list_media"), 303)


def _take(file: FileStorage, form: UploadForm, *, is_only: bool) -> int:
    received = services.receive_upload(file.stream, file.filename or "")
    by = _me()
    with transaction():
        media = services.keep_media(
            received,
            by=by,
            at=clock.now(),
            alt=(form.alt.data or "") if is_only else "",
            credit=form.credit.data or "",
            licence=form.licence.data or "",
        )
        return media.id


def _media_page(media: Media, form: EditForm) -> str:
    return page(
        "cms/media/media.html",
        media=media,
        form=form,
        uses=queries.uses_of(media.id),
        may_edit=rules.can_edit_media(person(), media),
    )


def _chosen(ids: list[str]) -> list[Media]:
    """The named files, as far as this person may change them."""
    wanted = [int(one) for one in ids[:100] if one.isdecimal() and len(one) < 19]
    found = [media for media in queries.media_by_ids(wanted) if rules.can_edit_media(person(), media)]
    if not found:
        raise NotFound
    return found


def _me() -> Person:
    by = person()
    assert by is not None  # the rule let nobody else in
    return by
