"""The library: what was uploaded, uploading, describing one file."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.core.pages import config, page
from cms.media import holders, queries, rules, services
from cms.media.forms import EditForm, EmptyForm, ReplaceForm, UploadForm
from cms.media.licences import offered_licences
from cms.media.models import Media
from cms.media.views import asked, bp
from cms.media.views.asked import me

Answer = Response | str | tuple[str, int]


@bp.get("/desk/media")
@allowed(rules.can_see_library)
def list_media() -> Answer:
    """Everything uploaded, newest first: by words, kind and month, what lacks something, and the trash."""
    found, kept = asked.found(), _kept_arguments()
    return page(
        "cms/media/list.html",
        items=found.items,
        next_url=found.next_before and url_for(".list_media", before=found.next_before, **kept),
        kept=kept,
        search=asked.words(),
        kind=asked.kind(),
        only=asked.only(),
        month=request.args.get("month", "") if asked.month() else "",
        months=queries.months(config().timezone),
        is_table=request.args.get("view") == "table",
        lacking=queries.count_missing_alt(),
        thrown_away=[int(one) for one in request.args.getlist("undo")[:100] if one.isdecimal()],
        mine={one.id for one in found.items if rules.can_edit_media(person(), one)},
        form=EmptyForm(),
    )


@bp.get("/desk/media/new")
@allowed(rules.can_upload)
def show_upload() -> Answer:
    """The form for uploading."""
    return _upload_page(UploadForm(formdata=None))


@bp.post("/desk/media")
@allowed(rules.can_upload)
def upload() -> Answer:
    """Take one or several files; what is refused is said file by file, and the others are kept."""
    form = UploadForm()
    if not form.validate():
        return _upload_page(form), 422
    files = [file for file in form.files.data if file.filename]
    kept, refused = [], []
    for file in files:
        try:
            kept.append(_take(file, form, is_only=len(files) == 1))
        except services.Refused as error:
            refused.append((file.filename, error.message))
    if refused:
        return _upload_page(form, kept=queries.media_by_ids(kept), refused=refused), 422
    if len(kept) == 1:
        return redirect(url_for(".show_media", media_id=kept[0]), 303)
    return redirect(url_for(".show_descriptions", id=kept), 303)


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
        licence_ends_on=media.licence_ends_on,
        is_decorative=media.is_decorative,
        focal_x=round(media.focal_x * 100),
        focal_y=round(media.focal_y * 100),
    )
    return media_page(media, form)


@bp.post("/desk/media/<int:media_id>")
@allowed(rules.can_edit_media, media=queries.get_media)
def edit_media(media_id: int, media: Media) -> Answer:
    """Change what is said about a file."""
    form, by = EditForm(), me()
    if not form.validate():
        return media_page(media, form), 422
    with transaction():
        services.edit_media(
            media_id,
            alt=form.alt.data or "",
            credit=form.credit.data or "",
            licence=form.licence.data or "",
            licence_ends_on=form.licence_ends_on.data,
            is_decorative=bool(form.is_decorative.data),
            focal_x=(form.focal_x.data or 0) / 100,
            focal_y=(form.focal_y.data or 0) / 100,
            by=by,
            at=clock.now(),
        )
    flash(gettext("Saved."))
    return redirect(url_for(".show_media", media_id=media_id), 303)


def media_page(media: Media, form: EditForm, *, replacing: ReplaceForm | None = None) -> str:
    """The page of one file, also of one whose forms were just sent back."""
    named = {place for source in holders.sources() for place in source.places}
    return page(
        "cms/media/media.html",
        media=media,
        form=form,
        replacing=replacing or ReplaceForm(formdata=None),
        crop=queries.find_crop(media.id),
        holdings=[(source.label, source.find(media.id, person())) for source in holders.sources()],
        uses=[use for use in queries.uses_of(media.id) if use.place not in named],
        licences=offered_licences(),
        may_edit=rules.can_edit_media(person(), media),
        empty_form=EmptyForm(),
    )


def _take(file: FileStorage, form: UploadForm, *, is_only: bool) -> int:
    received = services.receive_upload(file.stream, file.filename or "")
    by = me()
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


def _upload_page(form: UploadForm, **more: Any) -> str:
    shown: dict[str, Any] = {"kept": [], "refused": [], **more}
    return page("cms/media/upload.html", form=form, licences=offered_licences(), **shown)


def _kept_arguments() -> dict[str, Any]:
    """What the list is narrowed by, for the links that keep it."""
    given = {name: request.args.get(name, "") for name in ("q", "kind", "only", "month", "view")}
    return {name: value for name, value in given.items() if value}


def must_have(items: list[Media]) -> list[Media]:
    """These files, of which there must be some."""
    if not items:
        raise NotFound
    return items
