"""Sections: their order, names, addresses, and those that are put away; and what is hot."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict
from cms.core.pages import page
from cms.core.seams import panels
from cms.topics import queries, rules, services
from cms.topics.forms import EmptyForm, SectionForm, from_section
from cms.topics.models import Section
from cms.topics.views import bp
from cms.topics.views.saving import Answer, do, done, saved


@bp.get("/desk/topics")
@allowed(rules.can_edit_topics)
def list_topics() -> str:
    """Sections in their order, those put away, and what is hot now."""
    return _topics(SectionForm(formdata=None))


@bp.post("/desk/sections")
@allowed(rules.can_edit_topics)
def create_section() -> Answer:
    """Add a section at the end."""
    form = SectionForm()
    return saved(
        form,
        "section.created",
        None,
        lambda at: services.create_section(
            name=form.words("name"), slug=form.slug.data or "", description=form.words("description")
        ),
        again=lambda: _topics(form),
        then=url_for(".list_topics"),
    )


@bp.post("/desk/sections/order")
@allowed(rules.can_edit_topics)
def order_sections() -> Answer:
    """Put sections in the order of the numbers typed beside them."""
    places = {one.id: request.form.get(f"place-{one.id}", type=int) for one in queries.sections()}
    known = [(place, number) for number, place in places.items() if place is not None]
    with transaction():
        services.order_sections([number for _place, number in sorted(known)])
    flash(_("The order is saved."), "good")
    return redirect(url_for(".list_topics"), 303)


@bp.get("/desk/sections/<int:section_id>")
@allowed(rules.can_edit_topics)
def edit_section(section_id: int) -> str:
    """The form of a section."""
    section = queries.get_section(section_id)
    return _section(section, SectionForm(formdata=None, data=from_section(section)))


@bp.post("/desk/sections/<int:section_id>")
@allowed(rules.can_edit_topics)
def save_section(section_id: int) -> Answer:
    """Rename a section, in both languages; readers who come to its old address are led on."""
    form, section = SectionForm(), queries.get_section(section_id)
    return saved(
        form,
        "section.changed",
        f"section:{section_id}",
        lambda at: services.change_section(
            section_id, name=form.words("name"), slug=form.slug.data, description=form.words("description")
        ),
        again=lambda: _section(section, form),
        then=url_for(".edit_section", section_id=section_id),
    )


@bp.post("/desk/sections/<int:section_id>/archive")
@allowed(rules.can_edit_topics)
def archive_section(section_id: int) -> Response:
    """Put a section away."""
    return done(
        "section.archived",
        f"section:{section_id}",
        lambda at: services.archive_section(section_id, at=at),
        said=_("Put away. Readers still find its posts; nothing new goes in."),
        then=url_for(".edit_section", section_id=section_id),
    )


@bp.post("/desk/sections/<int:section_id>/archive/removal")
@allowed(rules.can_edit_topics)
def restore_section(section_id: int) -> Response:
    """Bring it back."""
    return done(
        "section.restored",
        f"section:{section_id}",
        lambda at: services.restore_section(section_id),
        said=_("The section is back in the navigation."),
        then=url_for(".edit_section", section_id=section_id),
    )


@bp.post("/desk/sections/<int:section_id>/removal")
@allowed(rules.can_edit_topics)
def delete_section(section_id: int) -> Answer:
    """Remove a section that no post is in."""
    queries.get_section(section_id)
    try:
        do("section.deleted", f"section:{section_id}", lambda at: services.delete_section(section_id))
    except Conflict as problem:
        flash(str(problem.message), "bad")
        return redirect(url_for(".edit_section", section_id=section_id), 303)
    flash(_("The section is gone."), "good")
    return redirect(url_for(".list_topics"), 303)


def _topics(form: SectionForm) -> str:
    every = queries.every_section()
    return page(
        "cms/topics/topics.html",
        sections=[one for one in every if one.archived_at is None],
        archived=[one for one in every if one.archived_at is not None],
        form=form,
        hot_words=queries.hot_words(),
        button=EmptyForm(formdata=None),
    )


def _section(section: Section, form: SectionForm) -> str:
    return page(
        "cms/topics/section.html",
        section=section,
        former=queries.former_slugs(section.id),
        form=form,
        button=EmptyForm(formdata=None),
        panels=[render(section=section) for render in panels("desk.section")],
    )
