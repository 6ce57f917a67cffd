"""What the site says about itself: name, logo, colour, menus, languages; and the habits of its feeds."""

from typing import Any
from zoneinfo import available_timezones

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.config import LOCALES
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.core.pages import config, page
from cms.site import forms, theme
from cms.site.menus import MENUS, TypedMenu, read_menu, stored_menu
from cms.site.models import SiteSettings
from cms.site.queries import desk as queries
from cms.site.queries.site import get_settings, site
from cms.site.rules import can_arrange_site
from cms.site.services.settings import change_settings
from cms.site.views import bp

Answer = Response | str | tuple[str, int]
FEEDS = ("feed_content", "feed_items", "hold_back_minutes")
PODCAST = ("title", "description", "author", "email", "category", "artwork", "explicit", "guid")


@bp.get("/desk/site")
@allowed(can_arrange_site)
def show_settings() -> str:
    """Name, logo, colour, languages."""
    return _identity(_identity_form(get_settings()))


@bp.post("/desk/site")
@allowed(can_arrange_site)
def save_settings() -> Answer:
    """Change them."""
    form = _with_logos(forms.IdentityForm(), get_settings().logo_id)
    if not form.validate():
        return _identity(form), 422
    wanted = {
        "name": _in_both(form, "name"),
        "tagline": _in_both(form, "tagline"),
        "description": _in_both(form, "description"),
        "logo_id": form.logo_id.data or None,
        "accent": str(form.accent.data).lower(),
        "contact_email": form.contact_email.data or "",
        "languages": [one for one in LOCALES if one in (form.languages.data or ())],
        "timezone": form.timezone.data or "",
    }
    return _saved(wanted, url_for(".show_settings"))


@bp.get("/desk/site/colours")
@allowed(can_arrange_site)
def show_colours() -> str:
    """What pages would make of a colour, for the form to show while one chooses."""
    accent = request.args.get("accent", "")
    if not theme.is_colour(accent):
        raise NotFound
    return page("cms/site/desk/_colours.html", pairs=theme.pairs(accent))


@bp.get("/desk/site/menus")
@allowed(can_arrange_site)
def show_menus() -> str:
    """The links on every page."""
    row = get_settings()
    return _menus([stored_menu(menu, getattr(row, menu.name)) for menu in MENUS])


@bp.post("/desk/site/menus")
@allowed(can_arrange_site)
def save_menus() -> Answer:
    """Change them."""
    typed = [read_menu(menu, request.form) for menu in MENUS]
    if not all(one.is_good for one in typed):
        return _menus(typed), 422
    return _saved({one.menu.name: one.links() for one in typed}, url_for(".show_menus"))


@bp.get("/desk/site/feeds")
@allowed(can_arrange_site)
def show_feed_settings() -> str:
    """What feeds carry, and the podcast."""
    row = get_settings()
    data = {
        "feed_content": row.feed_content or "full",
        "feed_items": row.feed_items or 30,
        "hold_back_minutes": row.hold_back_minutes or 0,
        **{f"podcast_{name}": value for name, value in (row.podcast or {}).items()},
    }
    return page("cms/site/desk/feeds.html", form=_with_artwork(forms.FeedsForm(formdata=None, data=data)))


@bp.post("/desk/site/feeds")
@allowed(can_arrange_site)
def save_feed_settings() -> Answer:
    """Change them."""
    form = _with_artwork(forms.FeedsForm())
    if not form.validate():
        return page("cms/site/desk/feeds.html", form=form), 422
    podcast = {name: form[f"podcast_{name}"].data for name in PODCAST}
    wanted: dict[str, Any] = {name: form[name].data for name in FEEDS}
    wanted["podcast"] = {name: value for name, value in podcast.items() if value}
    return _saved(wanted, url_for(".show_feed_settings"))


def _saved(wanted: dict[str, Any], then: str) -> Response:
    by = person()
    with transaction():
        changed = change_settings(wanted, by=by, at=clock.now())
    flash(_("Saved. Readers see it now.") if changed else _("Nothing was changed."), "good")
    return redirect(then, 303)


def _identity(form: forms.IdentityForm) -> str:
    typed = form.accent.data or ""
    return page(
        "cms/site/desk/identity.html",
        form=form,
        logos={one.id: one for one in queries.pictures_for_logos(form.logo_id.data)},
        pairs=theme.pairs(typed if theme.is_colour(typed) else site().accent),
        zones=sorted(available_timezones()),
        usual_zone=config().timezone,
        usual_locale=config().locale,
    )


def _identity_form(row: SiteSettings) -> forms.IdentityForm:
    data = {
        f"{field}_{one}": (getattr(row, field) or {}).get(one, "")
        for field in ("name", "tagline", "description")
        for one in LOCALES
    }
    data |= {"accent": row.accent, "contact_email": row.contact_email, "timezone": row.timezone}
    form = forms.IdentityForm(
        formdata=None, data={**data, "languages": row.languages, "logo_id": row.logo_id or 0}
    )
    return _with_logos(form, row.logo_id)


def _with_logos(form: forms.IdentityForm, chosen: int | None) -> forms.IdentityForm:
    form.logo_id.choices = [
        SelectChoice(0, _("None: only the name")),
        *(SelectChoice(one.id, one.alt or one.filename) for one in queries.pictures_for_logos(chosen)),
    ]
    return form


def _menus(typed: list[TypedMenu]) -> str:
    return page("cms/site/desk/menus.html", menus=typed, plain=forms.PlainForm(formdata=None))


def _with_artwork(form: forms.FeedsForm) -> forms.FeedsForm:
    choices = [
        SelectChoice(one.id, f"{one.alt or one.filename or one.id} ({one.width} × {one.height})")
        for one in queries.pictures_for_podcasts()
    ]
    form.podcast_artwork.choices = [SelectChoice(0, _("Drawn in the colour of the site")), *choices]
    return form


def _in_both(form: forms.IdentityForm, field: str) -> dict[str, str]:
    return {one: form[f"{field}_{one}"].data for one in LOCALES if form[f"{field}_{one}"].data}
