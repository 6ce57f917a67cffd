"""Alternative texts: of several files side by side, and of those that lack one, one after another."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.pages import page
from cms.media import queries, rules, services
from cms.media.forms import EmptyForm, clean_line
from cms.media.models import Media
from cms.media.views import asked, bp
from cms.media.views.asked import me
from cms.media.views.library import Answer, must_have


@bp.get("/desk/media/descriptions")
@allowed(rules.can_upload)
def show_descriptions() -> Answer:
    """Several files side by side, each with its alternative text."""
    return page("cms/media/descriptions.html", items=must_have(asked.chosen()), form=EmptyForm())


@bp.post("/desk/media/descriptions")
@allowed(rules.can_upload)
def describe() -> Answer:
    """Keep the alternative texts of several files."""
    items = must_have(asked.chosen())
    by = me()
    texts = {media.id: request.form.get(f"alt-{media.id}", "") for media in items}
    with transaction():
        services.describe_media(texts, by=by, at=clock.now())
    flash(ngettext("%(num)d file described.", "%(num)d files described.", len(texts)))
    return redirect(url_for(".list_media"), 303)


@bp.get("/desk/media/descriptions/next")
@allowed(rules.can_upload)
def show_missing() -> Answer:
    """The next picture without alternative text, large, with one field; `after` is the one that was passed over."""
    after = request.args.get("after", "")
    by = me()
    media = queries.next_missing_alt(
        after=int(after) if after.isdecimal() and len(after) < 19 else None,
        person_id=None if rules.can_edit_every_media(by) else by.id,
    )
    return page(
        "cms/media/missing.html", media=media, left=queries.count_missing_alt(), form=EmptyForm(), wrong=""
    )


@bp.post("/desk/media/<int:media_id>/description")
@allowed(rules.can_edit_media, media=queries.get_media)
def describe_one(media_id: int, media: Media) -> Answer:
    """Say what a picture shows, or that it is decoration; then the next one."""
    alt, is_decorative, by = clean_line(request.form.get("alt")), "decorative" in request.form, me()
    if not alt and not is_decorative:
        wrong = gettext("Please say what it shows, or that it is decoration.")
        left = queries.count_missing_alt()
        return page("cms/media/missing.html", media=media, left=left, form=EmptyForm(), wrong=wrong), 422
    with transaction():
        if is_decorative:
            services.mark_decorative(media_id, by=by, at=clock.now())
        else:
            services.describe_media({media_id: alt}, by=by, at=clock.now())
    return redirect(url_for(".show_missing", after=media_id), 303)
