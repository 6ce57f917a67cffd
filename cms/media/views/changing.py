"""Another content for a file, a part of it, and the trash."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, Problem
from cms.core.pages import page
from cms.media import queries, rules, services
from cms.media.forms import CropForm, EditForm, ReplaceForm
from cms.media.models import Media
from cms.media.views import asked, bp
from cms.media.views.asked import me
from cms.media.views.library import Answer, media_page, must_have


@bp.post("/desk/media/<int:media_id>/replacement")
@allowed(rules.can_edit_media, media=queries.get_media)
def replace_media(media_id: int, media: Media) -> Answer:
    """Show another file in its place, everywhere; the old address leads to it."""
    form, by = ReplaceForm(), me()
    if form.validate():
        try:
            received = services.receive_upload(form.file.data.stream, form.file.data.filename or "")
            with transaction():
                gone = services.replace_media(media_id, received, by=by, at=clock.now())
        except Problem as problem:
            said = str(next(iter(problem.errors.values()), problem.message))
            form.file.errors = [*form.file.errors, said]
        else:
            services.discard_files(gone)
            flash(gettext("Replaced. Pages that show it are up to date; smaller sizes follow."), "good")
            return redirect(url_for(".show_media", media_id=media_id), 303)
    media = queries.get_media(media_id)
    return media_page(media, EditForm(formdata=None, obj=media), replacing=form), 422


@bp.get("/desk/media/<int:media_id>/crop")
@allowed(rules.can_edit_media, media=queries.get_media)
def show_crop(media_id: int, media: Media) -> Answer:
    """Choosing the part of a picture that is shown. The whole is kept; only its first crop is taken from what is shown."""
    return _crop_page(media, CropForm(formdata=None, x=0, y=0, width=100, height=100))


@bp.post("/desk/media/<int:media_id>/crop")
@allowed(rules.can_edit_media, media=queries.get_media)
def crop_media(media_id: int, media: Media) -> Answer:
    """Show only that part of what is shown now."""
    form, _by = CropForm(), me()
    if not form.validate():
        return _crop_page(media, form), 422
    try:
        return _cut(media_id, _within(media_id, form.box), gettext("Cropped. The whole picture is kept."))
    except (Invalid, Conflict) as problem:
        form.x.errors = [*form.x.errors, str(problem.message)]
        return _crop_page(queries.get_media(media_id), form), 422


@bp.post("/desk/media/<int:media_id>/crop/removal")
@allowed(rules.can_edit_media, media=queries.get_media)
def uncrop_media(media_id: int, media: Media) -> Answer:
    """Show the whole picture again."""
    try:
        return _cut(media_id, services.WHOLE, gettext("The whole picture is shown again."))
    except (Invalid, Conflict) as problem:
        flash(str(problem.message), "bad")
        return redirect(url_for(".show_media", media_id=media_id), 303)


@bp.post("/desk/media/<int:media_id>/removal")
@allowed(rules.can_delete_media, media=queries.get_media)
def delete_media(media_id: int, media: Media) -> Answer:
    """Throw a file away that nothing uses."""
    return _throw_away([media_id], back=url_for(".show_media", media_id=media_id))


@bp.post("/desk/media/trash")
@allowed(rules.can_upload)
def trash_media() -> Answer:
    """Throw several files away, all or none."""
    return _throw_away([media.id for media in must_have(asked.chosen())], back=url_for(".list_media"))


@bp.post("/desk/media/trash/removal")
@allowed(rules.can_upload)
def restore_media() -> Answer:
    """Take files out of the trash again."""
    ids, by = [media.id for media in must_have(asked.chosen())], me()
    with transaction():
        count = services.restore_media(ids, by=by, at=clock.now())
    flash(ngettext("%(num)d file is back.", "%(num)d files are back.", count), "good")
    return redirect(url_for(".list_media", only=request.form.get("only") or None), 303)


def _cut(media_id: int, box: tuple[float, float, float, float], said: str) -> Answer:
    by = me()
    made = services.cut_picture(media_id, box)
    with transaction():
        gone = services.keep_cut(media_id, made, by=by, at=clock.now())
    services.discard_files(gone)
    flash(said, "good")
    return redirect(url_for(".show_media", media_id=media_id), 303)


def _within(media_id: int, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A part of what is shown, as a part of the whole."""
    crop = queries.find_crop(media_id)
    if crop is None:
        return box
    x, y, width, height = box
    return crop.x + x * crop.width, crop.y + y * crop.height, width * crop.width, height * crop.height


def _crop_page(media: Media, form: CropForm) -> str:
    return page("cms/media/crop.html", media=media, form=form, crop=queries.find_crop(media.id))


def _throw_away(ids: list[int], *, back: str) -> Answer:
    by = me()
    try:
        with transaction():
            gone = services.trash_media(ids, by=by, at=clock.now())
    except Conflict as problem:
        flash(str(problem.message), "bad")
        return redirect(back, 303)
    return redirect(url_for(".list_media", undo=gone), 303)
