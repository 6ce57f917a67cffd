"""Boxes that posts add to pages: where a section or a tag is used, what was typed and not saved, and what somebody
must decide about times."""

from datetime import timedelta

from flask import request

from cms.core import clock
from cms.core.access import person
from cms.core.pages import page
from cms.drafts import queries as drafts
from cms.drafts import rules as draft_rules
from cms.posts import queries, rules
from cms.posts.forms import EmptyForm
from cms.posts.queries import DeskFilter
from cms.topics.models import Section, Tag

SHOWN = 6
LATE = timedelta(minutes=5)  # after which something due and not out is a problem


def posts_in_section(section: Section) -> str:
    """The posts of a section that were edited last."""
    return _box(DeskFilter(section_id=section.id), {"section": section.id})


def posts_with_tag(tag: Tag) -> str:
    """The posts with a tag that were edited last."""
    return _box(DeskFilter(tag_id=tag.id), {"tag": tag.id})


def times_to_decide() -> str:
    """On the first page of the desk: releases, ends and plans that wait for somebody to decide."""
    if not rules.can_publish(person()):
        return ""
    at = clock.now()
    posts, releases = queries.stopped_posts(at), queries.stopped_releases(at - LATE)
    return page("cms/posts/_stopped.html", posts=posts, releases=releases) if posts or releases else ""


def _box(wanted: DeskFilter, address: dict[str, int]) -> str:
    posts = queries.desk_posts(wanted, person=person(), limit=SHOWN)
    return page("cms/posts/_used.html", posts=posts, address=address)


def unsaved_texts() -> str:
    """What one typed and did not save, and what was just thrown away, for Today."""
    by = person()
    rows = [one for one in drafts.unsaved_texts(by.id) if one.subject.startswith("post:")] if by else []
    asked = request.args.get("discarded", "")
    gone = drafts.find_by_id(int(asked)) if asked.isdecimal() and len(asked) < 10 else None
    if gone is not None and not (gone.discarded_at and draft_rules.is_own(by, gone)):
        gone = None
    if not rows and gone is None:
        return ""
    return page("cms/posts/_unsaved_texts.html", drafts=rows, discarded=gone, button=EmptyForm(formdata=None))
