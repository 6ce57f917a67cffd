"""The desk's pages about sections, tags and hot words."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.seams import panels
from cms.topics import queries, rules, services
from cms.topics.forms import (
    HOT_NAMES,
    EmptyForm,
    MergeForm,
    SectionForm,
    TagForm,
    TopicForm,
    from_section,
    from_tag,
)
from cms.topics.models import Section, Tag

bp = Blueprint("topics", __name__)
Answer = Response | str | tuple[str, int]
PAGE_LENGTH = 60


@bp.get("/desk/topics")
@allowed(rules.can_edit_topics)
def list_topics() -> str:
    """Sections in their order, what is hot now, and tags by address."""
    return _topics(SectionForm(formdata=None))


@bp.post("/desk/sections")
@allowed(rules.can_edit_topics)
def create_section() -> Answer:
    """Add a section at the end."""
    form = SectionForm()
    return _saved(
        form,
        lambda: services.create_section(
            name=form.words("name"), slug=form.slug.data or "", description=form.words("description")
        ),
        lambda: _topics(form),
        url_for(".list_topics"),
    )


@bp.post("/desk/sections/order")
@allowed(rules.can_edit_topics)
def order_sections() -> Answer:
    """Put sections in the order of the numbers typed beside them."""
    places = {one.id: request.form.get(f"place-{one.id}", type=int) for one in queries.sections()}
    known = [(place, number) for number, place in places.items() if place is not None]
    with transaction():
        services.order_sections([number for _place, number in sorted(known)])
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
    """Rename a section, in both languages."""
    form, section = SectionForm(), queries.get_section(section_id)
    return _saved(
        form,
        lambda: services.change_section(
            section_id, name=form.words("name"), slug=form.slug.data, description=form.words("description")
        ),
        lambda: _section(section, form),
        url_for(".list_topics"),
    )


@bp.post("/desk/sections/<int:section_id>/removal")
@allowed(rules.can_edit_topics)
def delete_section(section_id: int) -> Answer:
    """Remove a section that no post is in."""
    queries.get_section(section_id)
    try:
        with transaction():
            services.delete_section(section_id)
    except Conflict as problem:
        flash(str(problem.message), "bad")
        return redirect(url_for(".edit_section", section_id=section_id), 303)
    flash(_("The section is gone."), "good")
    return redirect(url_for(".list_topics"), 303)


@bp.post("/desk/tags")
@allowed(rules.can_edit_topics)
def create_tag() -> Answer:
    """Add a tag before any post carries it."""
    form = TopicForm()
    return _saved(
        form,
        lambda: services.create_tag(name=form.words("name"), slug=form.slug.data or ""),
        lambda: _topics(SectionForm(formdata=None), tag_form=form),
        url_for(".list_topics"),
    )


@bp.get("/desk/tags/<int:tag_id>")
@allowed(rules.can_edit_topics)
def edit_tag(tag_id: int) -> str:
    """The form of a tag."""
    tag = queries.get_tag(tag_id)
    return _tag(tag, TagForm(formdata=None, data=from_tag(tag)))


@bp.post("/desk/tags/<int:tag_id>")
@allowed(rules.can_edit_topics)
def save_tag(tag_id: int) -> Answer:
    """Rename a tag, and say how it runs as a hot word."""
    form, tag = TagForm(), queries.get_tag(tag_id)
    return _saved(
        form,
        lambda: services.change_tag(
            tag_id,
            name=form.words("name"),
            label=form.words("label"),
            hot=form.hot.data,
            slug=form.slug.data,
        ),
        lambda: _tag(tag, form),
        url_for(".edit_tag", tag_id=tag_id),
    )


@bp.post("/desk/tags/<int:tag_id>/merger")
@allowed(rules.can_edit_topics)
def merge_tag(tag_id: int) -> Answer:
    """Let another tag take over; every old address leads there."""
    form, tag = MergeForm(), queries.get_tag(tag_id)
    into = queries.find_tag((form.into.data or "").strip().lower())
    if not form.validate() or into is None:
        form.into.errors = [*form.into.errors, _("There is no tag at this address.")]
        return _tag(tag, TagForm(formdata=None, data=from_tag(tag)), merge=form), 422
    into_id = into.id
    try:
        with transaction():
            services.merge_tags(tag_id, into_id=into_id, at=clock.now())
    except Invalid as problem:
        form.into.errors = [str(problem.message)]
        return _tag(queries.get_tag(tag_id), TagForm(formdata=None, data=from_tag(tag)), merge=form), 422
    flash(_("Merged. Posts carry the tag that stays, and old addresses lead to it."), "good")
    return redirect(url_for(".edit_tag", tag_id=into_id), 303)


@bp.post("/desk/tags/<int:tag_id>/removal")
@allowed(rules.can_edit_topics)
def delete_tag(tag_id: int) -> Answer:
    """Take a tag off every post, and remove it."""
    queries.get_tag(tag_id)
    with transaction():
        services.delete_tag(tag_id)
    flash(_("The tag is gone."), "good")
    return redirect(url_for(".list_topics"), 303)


def _saved(form: TopicForm, save: Callable[[], object], again: Callable[[], str], then: str) -> Answer:
    if not form.validate():
        return again(), 422
    try:
        with transaction():
            save()
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return again(), 422
    flash(_("Saved."), "good")
    return redirect(then, 303)


def _topics(form: SectionForm, tag_form: TopicForm | None = None) -> str:
    search, after = request.args.get("q", "").strip().lower()[:80], request.args.get("after")
    rows = queries.tags(search=search, after=after, limit=PAGE_LENGTH + 1)
    tags = rows[:PAGE_LENGTH]
    has_more = len(rows) > PAGE_LENGTH
    return page(
        "cms/topics/topics.html",
        sections=queries.sections(),
        form=form,
        tag_form=tag_form or TopicForm(formdata=None),
        tags=tags,
        search=search,
        next_url=url_for(".list_topics", q=search or None, after=tags[-1].slug) if has_more else None,
        hot_words=queries.hot_words(),
        hot_names=HOT_NAMES,
        button=EmptyForm(formdata=None),
    )


def _section(section: Section, form: SectionForm) -> str:
    return page(
        "cms/topics/section.html",
        section=section,
        form=form,
        button=EmptyForm(formdata=None),
        panels=[render(section=section) for render in panels("desk.section")],
    )


def _tag(tag: Tag, form: TagForm, merge: MergeForm | None = None) -> str:
    return page(
        "cms/topics/tag.html",
        tag=tag,
        form=form,
        merge=merge or MergeForm(formdata=None),
        button=EmptyForm(formdata=None),
        panels=[render(tag=tag) for render in panels("desk.tag")],
    )
