"""Arranging the home page: the whole of it in one form, with the real page beside it, before anybody sees it."""

from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import frameable, page
from cms.site import forms
from cms.site.asked import edition, host
from cms.site.heads import list_head
from cms.site.models import BLOCK_KINDS
from cms.site.queries import desk as queries
from cms.site.queries.home import Arranged, home_blocks, stored_arrangement, usual_arrangement
from cms.site.queries.site import in_words, sections_by_id, site
from cms.site.rules import can_arrange_site
from cms.site.services.home import MOST_BLOCKS, fingerprint, save_arrangement
from cms.site.views import bp

Answer = Response | str | tuple[str, int]


@dataclass
class TypedBlock:
    """One block as it stands in the form: stored under its number, new ones under a name of their own."""

    key: str
    kind: str
    id: int | None
    place: int
    form: forms.BlockForm
    post_id: int | None = None

    def arranged(self) -> Arranged:
        """As it would be stored."""
        typed = self.form
        title = {one: typed[f"title_{one}"].data for one in ("en", "zh") if typed[f"title_{one}"].data}
        return Arranged(
            self.kind,
            title,
            typed.count.data or 1,
            typed.section_id.data or None,
            self.post_id,
            typed.is_shown.data,
            self.id,
        )


@bp.get("/desk/home")
@allowed(can_arrange_site)
def show_arrangement() -> str:
    """The blocks of the home page; the usual ones as long as nobody arranged it."""
    stored = stored_arrangement()
    leads = queries.lead_addresses([one.post_id for one in stored])
    usual = usual_arrangement(site().sections)
    blocks = [_stored(one, place, leads) for place, one in enumerate(stored or usual, 1)]
    return _arrangement(blocks, base=fingerprint())


@bp.post("/desk/home")
@allowed(can_arrange_site)
def save_home() -> Answer:
    """Make it what readers see; or add a block to the form, which saves nothing."""
    blocks, base = _typed(), request.form.get("base", "")
    if request.form.get("act") == "add":
        return _arrangement([*blocks, _new(len(blocks) + 1)], base=base)
    if not all(_is_valid(one) for one in blocks):
        return _arrangement(blocks, base=base), 422
    wanted = [one.arranged() for one in blocks if not one.form.is_gone.data]
    try:
        with transaction():
            save_arrangement(wanted, base=base, by=person(), at=clock.now())
    except Conflict as problem:
        return _arrangement(blocks, base=fingerprint(), problem=str(problem.message)), 409
    except Invalid as problem:
        return _arrangement(blocks, base=base, problem=str(problem.message)), 422
    flash(_("Saved. Readers see it now."), "good")
    return redirect(url_for(".show_arrangement"), 303)


@bp.post("/desk/home/preview")
@allowed(can_arrange_site)
def preview_home() -> Response:
    """The real home page in the arrangement that was sent, which nobody else sees; a wrong block is left out."""
    kept = [one for one in _typed() if _is_valid(one) and not one.form.is_gone.data]
    wanted, shown = edition(), site()
    html = page(
        "cms/site/home.html",
        blocks=home_blocks(wanted, [one.arranged() for one in kept]),
        head=list_head(wanted, host(), shown, path="/", title=in_words(shown.name, wanted.locale)),
        feeds=[],
        is_preview=True,
    )
    response = frameable(make_response(html))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def block_names() -> dict[str, str]:
    """What each kind of block is called."""
    return {
        "lead": _("Lead story"),
        "newest": _("Newest"),
        "section": _("Section"),
        "notes": _("Notes"),
        "hot_words": _("Hot words"),
        "blogs": _("Staff and members’ blogs"),
        "comments": _("Latest comments"),
        "winners": _("Contest winners"),
    }


def _arrangement(blocks: list[TypedBlock], *, base: str, problem: str | None = None) -> str:
    return page(
        "cms/site/desk/home.html",
        blocks=blocks,
        base=base,
        problem=problem,
        names=block_names(),
        sections=_sections(),
        is_wrong=any(one.form.errors for one in blocks),
        is_usual=all(one.id is None for one in blocks),
        plain=forms.PlainForm(formdata=None),
    )


def _stored(one: Arranged, place: int, leads: dict[int, str]) -> TypedBlock:
    key = f"b{one.id}" if one.id else f"u{place}"
    data = {
        "title_en": one.title.get("en", ""),
        "title_zh": one.title.get("zh", ""),
        "section_id": one.section_id or 0,
        "count": one.how_many,
        "lead": leads.get(one.post_id or 0, ""),
        "is_shown": one.is_shown,
    }
    form = _with_sections(forms.BlockForm(formdata=None, data=data, prefix=key))
    return TypedBlock(key, one.kind, one.id, place, form, one.post_id)


def _new(place: int) -> TypedBlock:
    kind = request.form.get("new-kind", "")
    kind = kind if kind in BLOCK_KINDS else "newest"
    section = next((one.id for one in site().sections), 0) if kind == "section" else 0
    data = {"count": 4, "is_shown": True, "section_id": section}
    key = f"n{place}-{clock.now():%f}"
    form = _with_sections(forms.BlockForm(formdata=None, data=data, prefix=key))
    return TypedBlock(key, kind, None, place, form)


def _typed() -> list[TypedBlock]:
    """The blocks that were sent, in the order of their numbers."""
    keys = list(dict.fromkeys(request.form.getlist("block")))[: MOST_BLOCKS + 1]
    blocks = [_block(key, number) for number, key in enumerate(keys, 1)]
    return sorted((one for one in blocks if one.kind in BLOCK_KINDS), key=lambda one: one.place)


def _block(key: str, number: int) -> TypedBlock:
    block_id = int(key[1:]) if key.startswith("b") and key[1:].isdecimal() and len(key) < 11 else None
    place = request.form.get(f"{key}-place", type=int)
    form = _with_sections(forms.BlockForm(prefix=key))
    return TypedBlock(
        key, request.form.get(f"{key}-kind", ""), block_id, number if place is None else place, form
    )


def _is_valid(block: TypedBlock) -> bool:
    form = block.form
    is_valid = form.validate()
    if block.kind == "section" and not form.section_id.data:
        form.section_id.errors = [*form.section_id.errors, _("Please choose a section.")]
        is_valid = False
    if block.kind == "lead" and form.lead.data:
        block.post_id = queries.find_post_at(form.lead.data)
        if block.post_id is None:
            form.lead.errors = [*form.lead.errors, _("No published post has this address.")]
            is_valid = False
    return bool(is_valid)


def _with_sections(form: Any) -> Any:
    sections = [SelectChoice(section_id, name) for section_id, name in _sections().items()]
    form.section_id.choices = [SelectChoice(0, "–"), *sections]
    return form


def _sections() -> dict[int, str]:
    locale = edition().locale
    return {one.id: in_words(one.name, locale) for one in sections_by_id(edition()).values()}
