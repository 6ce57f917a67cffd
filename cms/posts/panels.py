"""Boxes that posts add to pages of the rooms above: where a section or a tag is used."""

from cms.core.access import person
from cms.core.pages import page
from cms.posts import queries
from cms.posts.queries import DeskFilter
from cms.topics.models import Section, Tag

SHOWN = 6


def posts_in_section(section: Section) -> str:
    """The posts of a section that were edited last."""
    return _box(DeskFilter(section_id=section.id), {"section": section.id})


def posts_with_tag(tag: Tag) -> str:
    """The posts with a tag that were edited last."""
    return _box(DeskFilter(tag_id=tag.id), {"tag": tag.id})


def _box(wanted: DeskFilter, address: dict[str, int]) -> str:
    posts = queries.desk_posts(wanted, person=person(), limit=SHOWN)
    return page("cms/posts/_used.html", posts=posts, address=address)
