"""Sections and tags."""

from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _

from cms.api import presenting
from cms.api import queries as own_queries
from cms.api.answering import Made, answer, changing, made_once, nothing_left, refuse_stale
from cms.api.cursors import cut, read_cursor
from cms.api.operations import operation
from cms.api.rules import can_call, can_edit_topic
from cms.api.schemas.topics import (
    ChangedSection,
    ChangedTag,
    NewSection,
    NewTag,
    Section,
    SectionList,
    Tag,
    TagList,
    TagsAsked,
)
from cms.api.views import bp
from cms.api.views.loading import SECTION, TAG
from cms.core.access import allowed
from cms.people import audit
from cms.topics import models, queries, services
from cms.topics.rules import can_edit_topics

READ, WRITE = "topics:read", "topics:write"


@bp.get("/sections")
@allowed(can_call)
@operation("sections", _("List sections"), scope=READ, answer=SectionList)
def list_sections() -> Response:
    """In the order an editor gave them."""
    return answer(SectionList(items=[presenting.section(row) for row in queries.every_section()], next=None))


@bp.post("/sections")
@allowed(can_edit_topics)
@operation(
    "sections",
    _("Add a section"),
    scope=WRITE,
    body=NewSection,
    answer=Section,
    status=201,
    once=True,
    conflicts=True,
)
def create_section(body: NewSection) -> Response:
    """At the end of the list."""

    def make(by: Any, at: Any) -> Made:
        description = body.description.model_dump() if body.description else None
        row = services.create_section(
            name=body.name.model_dump(), slug=body.slug or "", description=description
        )
        audit.record("section.created", f"section:{row.id}", by=by, at=at)
        return Made(presenting.section(row), location=f"/api/v1/sections/{row.id}")

    return made_once(body.model_dump_json(), make)


@bp.get(SECTION)
@allowed(can_call, section=queries.get_section)
@operation("sections", _("Read a section"), scope=READ, answer=Section)
def show_section(section_id: int, section: models.Section) -> Response:
    """By its number."""
    return answer(presenting.section(section))


@bp.patch(SECTION)
@allowed(can_edit_topic, section=queries.get_section)
@operation(
    "sections",
    _("Change a section"),
    scope=WRITE,
    body=ChangedSection,
    answer=Section,
    if_match=True,
    conflicts=True,
)
def edit_section(section_id: int, section: models.Section, body: ChangedSection) -> Response:
    """Only what is named changes."""
    with changing() as (by, at):
        row = own_queries.locked_section(section_id)
        refuse_stale(presenting.section(row))
        services.change_section(
            section_id,
            name=body.name.model_dump() if body.name else row.name,
            slug=body.slug,
            description=body.description.model_dump() if body.description else None,
        )
        detail = {"fields": sorted(body.model_fields_set)}
        audit.record("section.changed", f"section:{section_id}", by=by, at=at, detail=detail)
    return answer(presenting.section(queries.get_section(section_id)))


@bp.delete(SECTION)
@allowed(can_edit_topic, section=queries.get_section)
@operation("sections", _("Remove a section"), scope=WRITE, status=204, if_match=True, conflicts=True)
def delete_section(section_id: int, section: models.Section) -> Response:
    """One that holds posts is refused."""
    with changing() as (by, at):
        refuse_stale(presenting.section(own_queries.locked_section(section_id)))
        services.delete_section(section_id)
        audit.record("section.deleted", f"section:{section_id}", by=by, at=at)
    return nothing_left()


@bp.get("/tags")
@allowed(can_call)
@operation("tags", _("List tags"), scope=READ, query=TagsAsked, answer=TagList)
def list_tags(asked: TagsAsked) -> Response:
    """By slug."""
    after = read_cursor("tags", asked.cursor)
    found = queries.tags(after=after, search=asked.search or "", limit=asked.limit + 1)
    rows, following = cut("tags", found, asked.limit, lambda one: one.slug)
    return answer(TagList(items=[presenting.tag(row) for row in rows], next=following))


@bp.post("/tags")
@allowed(can_edit_topics)
@operation(
    "tags", _("Add a tag"), scope=WRITE, body=NewTag, answer=Tag, status=201, once=True, conflicts=True
)
def create_tag(body: NewTag) -> Response:
    """Posts add the tags they name by themselves."""

    def make(by: Any, at: Any) -> Made:
        row = services.create_tag(name=_words(body.name.model_dump()), slug=body.slug or "")
        audit.record("tag.created", f"tag:{row.id}", by=by, at=at)
        return Made(presenting.tag(row), location=f"/api/v1/tags/{row.id}")

    return made_once(body.model_dump_json(), make)


@bp.get(TAG)
@allowed(can_call, tag=queries.get_tag)
@operation("tags", _("Read a tag"), scope=READ, answer=Tag)
def show_tag(tag_id: int, tag: models.Tag) -> Response:
    """By its number."""
    return answer(presenting.tag(tag))


@bp.patch(TAG)
@allowed(can_edit_topic, tag=queries.get_tag)
@operation("tags", _("Change a tag"), scope=WRITE, body=ChangedTag, answer=Tag, if_match=True, conflicts=True)
def edit_tag(tag_id: int, tag: models.Tag, body: ChangedTag) -> Response:
    """Only what is named changes."""
    with changing() as (by, at):
        row = own_queries.locked_tag(tag_id)
        refuse_stale(presenting.tag(row))
        services.change_tag(
            tag_id,
            name=body.name.model_dump() if body.name else row.name,
            label=body.label.model_dump() if body.label else None,
            hot=body.hot,
            slug=body.slug,
        )
        detail = {"fields": sorted(body.model_fields_set)}
        audit.record("tag.changed", f"tag:{tag_id}", by=by, at=at, detail=detail)
    return answer(presenting.tag(queries.get_tag(tag_id)))


@bp.delete(TAG)
@allowed(can_edit_topic, tag=queries.get_tag)
@operation("tags", _("Remove a tag"), scope=WRITE, status=204, if_match=True)
def delete_tag(tag_id: int, tag: models.Tag) -> Response:
    """Also from every post that carries it."""
    with changing() as (by, at):
        refuse_stale(presenting.tag(own_queries.locked_tag(tag_id)))
        services.delete_tag(tag_id)
        audit.record("tag.deleted", f"tag:{tag_id}", by=by, at=at)
    return nothing_left()


def _words(words: dict[str, str]) -> dict[str, str]:
    return {language: text for language, text in words.items() if text.strip()}
