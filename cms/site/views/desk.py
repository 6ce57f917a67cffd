"""The desk's side of the site: settings, the arrangement of the home page, what readers look for."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Invalid
from cms.core.pages import page
from cms.people.models import Person
from cms.site import forms
from cms.site.models import BLOCK_KINDS, HomeBlock, SiteSettings
from cms.site.queries import desk as queries
from cms.site.queries.home import usual_shapes
from cms.site.queries.site import get_settings, in_words, site
from cms.site.rules import can_arrange_site
from cms.site.services import home as arranging
from cms.site.services.settings import Wanted, change_settings
from cms.site.views import bp

Answer = Response | str | tuple[str, int]


# Settings -------------------------------------------------------------------------------------------------------


@bp.get("/desk/site")
@allowed(can_arrange_site)
def show_settings() -> Answer:
    """The settings of the site."""
    return _settings_page(_settings_form(get_settings()))


@bp.post("/desk/site")
@allowed(can_arrange_site)
def save_settings() -> Answer:
    """Change them."""
    form = _with_artwork(forms.SettingsForm())
    if not form.validate():
        return _settings_page(form), 422
    with transaction():
        changed = change_settings(_wanted(form), by=person(), at=clock.now())
    flash(_("Saved. Readers see it now.") if changed else _("Nothing was changed."))
    return redirect(url_for(".show_settings"), 303)


def _settings_page(form: forms.SettingsForm) -> str:
    return page("cms/site/desk/settings.html", form=form)


def _settings_form(row: SiteSettings) -> forms.SettingsForm:
    podcast = row.podcast or {}
    form = forms.SettingsForm(
        data={
            **{f"name_{one}": row.name.get(one, "") for one in ("en", "zh")},
            **{f"tagline_{one}": row.tagline.get(one, "") for one in ("en", "zh")},
            "accent": row.accent,
            "footer_links": forms.write_links(row.footer_links or []),
            "feed_content": row.feed_content or "full",
            "feed_items": row.feed_items or 30,
            "hold_back_minutes": row.hold_back_minutes or 0,
            **{f"podcast_{name}": value for name, value in podcast.items()},
        }
    )
    return _with_artwork(form)


def _with_artwork(form: forms.SettingsForm) -> forms.SettingsForm:
    choices = [
        SelectChoice(one.id, f"{one.alt or one.filename or one.id} ({one.width} × {one.height})")
        for one in queries.pictures_for_podcasts()
    ]
    form.podcast_artwork.choices = [SelectChoice(0, _("Drawn in the colour of the site")), *choices]
    return form


def _wanted(form: forms.SettingsForm) -> Wanted:
    podcast = {
        name: getattr(form, f"podcast_{name}").data
        for name in ("title", "description", "author", "email", "category", "artwork", "explicit", "guid")
    }
    return Wanted(
        name=_in_both(form.name_en.data, form.name_zh.data),
        tagline=_in_both(form.tagline_en.data, form.tagline_zh.data),
        accent=str(form.accent.data).lower(),
        footer_links=[one for one in forms.read_links(form.footer_links.data or "") if one],
        feed_content=form.feed_content.data,
        feed_items=int(form.feed_items.data or 30),
        hold_back_minutes=int(form.hold_back_minutes.data or 0),
        podcast={name: value for name, value in podcast.items() if value},
    )


# The home page --------------------------------------------------------------------------------------------------


@bp.get("/desk/home")
@allowed(can_arrange_site)
def show_arrangement() -> Answer:
    """The blocks of the home page, each with its form."""
    return _home_page()


@bp.post("/desk/home")
@allowed(can_arrange_site)
def begin_arrangement() -> Answer:
    """Take the usual arrangement over, to change it."""
    return _done(lambda by: arranging.begin_arrangement(usual_shapes(site().sections), by=by, at=clock.now()))


@bp.post("/desk/home/blocks")
@allowed(can_arrange_site)
def add_block() -> Answer:
    """Add a block at the end."""
    form = _new_block_form()
    if not form.validate():
        return _home_page(new=form), 422
    section_id = form.section_id.data or None
    try:
        return _done(
            lambda by: arranging.add_block(form.kind.data, section_id=section_id, by=by, at=clock.now())
        )
    except Invalid as problem:
        _mark(form, problem)
        return _home_page(new=form), 422


@bp.post("/desk/home/blocks/<int:block_id>")
@allowed(can_arrange_site)
def change_block(block_id: int) -> Answer:
    """Change what a block shows."""
    form = _with_sections(forms.BlockForm(prefix=f"b{block_id}"))
    lead = queries.find_post_at(form.lead.data) if form.lead.data else None
    is_valid = form.validate()
    if form.lead.data and lead is None:
        form.lead.errors = [*form.lead.errors, _("No published post has this address.")]
        is_valid = False
    if not is_valid:
        return _home_page(changed=(block_id, form)), 422
    try:
        return _done(
            lambda by: arranging.change_block(
                block_id,
                title=_in_both(form.title_en.data, form.title_zh.data),
                count=form.count.data,
                section_id=form.section_id.data or None,
                post_id=lead,
                is_shown=form.is_shown.data,
                by=by,
                at=clock.now(),
            )
        )
    except Invalid as problem:
        _mark(form, problem)
        return _home_page(changed=(block_id, form)), 422


@bp.post("/desk/home/blocks/<int:block_id>/place")
@allowed(can_arrange_site)
def move_block(block_id: int) -> Answer:
    """Move a block up or down."""
    up = request.form.get("to") == "up"
    return _done(lambda by: arranging.move_block(block_id, up=up, by=by, at=clock.now()))


@bp.post("/desk/home/blocks/<int:block_id>/removal")
@allowed(can_arrange_site)
def remove_block(block_id: int) -> Answer:
    """Take a block off the page."""
    return _done(lambda by: arranging.remove_block(block_id, by=by, at=clock.now()))


def block_names() -> dict[str, str]:
    """What each kind of block is called."""
    return {
        "lead": _("Lead story"),
        "newest": _("Newest"),
        "section": _("Section"),
        "notes": _("Notes"),
        "hot_words": _("Hot words"),
        "comments": _("Latest comments"),
        "winners": _("Contest winners"),
    }


def _home_page(
    *, new: forms.NewBlockForm | None = None, changed: tuple[int, forms.BlockForm] | None = None
) -> str:
    rows = queries.blocks()
    leads = queries.lead_addresses([one.post_id for one in rows])
    shown = [
        (row, changed[1] if changed and changed[0] == row.id else _block_form(row, leads)) for row in rows
    ]
    return page(
        "cms/site/desk/home.html",
        blocks=shown,
        names=block_names(),
        usual=usual_shapes(site().sections),
        sections={one.id: in_words(one.name, None) for one in site().sections},
        new=new or _new_block_form(),
        plain=forms.PlainForm(),
    )


def _block_form(row: HomeBlock, leads: dict[int, str]) -> forms.BlockForm:
    data = {
        "title_en": row.title.get("en", ""),
        "title_zh": row.title.get("zh", ""),
        "section_id": row.section_id or 0,
        "count": row.count,
        "lead": leads.get(row.post_id or 0, ""),
        "is_shown": row.is_shown,
    }
    form: forms.BlockForm = _with_sections(forms.BlockForm(formdata=None, data=data, prefix=f"b{row.id}"))
    return form


def _new_block_form() -> forms.NewBlockForm:
    form: forms.NewBlockForm = _with_sections(forms.NewBlockForm(prefix="new"))
    names = block_names()
    form.kind.choices = [SelectChoice(kind, names[kind]) for kind in BLOCK_KINDS]
    return form


def _with_sections(form: Any) -> Any:
    sections = [SelectChoice(one.id, in_words(one.name, None)) for one in site().sections]
    form.section_id.choices = [SelectChoice(0, "–"), *sections]
    return form


# Search ---------------------------------------------------------------------------------------------------------


@bp.get("/desk/search")
@allowed(can_arrange_site)
def show_searches() -> Answer:
    """What readers looked for: first what they did not find, which asks to be written."""
    today = clock.now().date()
    return page(
        "cms/site/desk/search.html",
        in_vain=queries.searches_in_vain(today),
        most=queries.most_searched(today),
        days=queries.REPORT_DAYS,
    )


def _done(act: Callable[[Person | None], object]) -> Response:
    by, at_home = person(), url_for(".show_arrangement")
    with transaction():
        act(by)
    flash(_("Saved. Readers see it now."))
    return redirect(at_home, 303)


def _mark(form: Any, problem: Invalid) -> None:
    for name, sentence in (problem.errors or {"": problem.message}).items():
        given = next((one for one in form if one.short_name == name), form.section_id)
        given.errors = [*given.errors, str(sentence)]


def _in_both(english: str | None, chinese: str | None) -> dict[str, str]:
    return {language: words for language, words in (("en", english), ("zh", chinese)) if words}
