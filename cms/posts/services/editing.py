"""One save of the desk's form, or one change through the API: text and details together, and perhaps published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cms.people.models import Person
from cms.posts.services.content import Content
from cms.posts.services.details import set_details
from cms.posts.services.publishing import publish_post
from cms.posts.services.writing import save_revision


def edit_post(
    post_id: int,
    content: Content,
    *,
    details: Mapping[str, Any],
    by: Person | None,
    at: datetime,
    expected_version: int | None = None,
    publish: bool = False,
    wish: str = "",
) -> bool:
    """Save a text and these details (see `set_details`), and publish when asked; says whether anything changed.

    For `wish` see `save_revision`.
    """
    changed = set_details(post_id, by=by, at=at, expected_version=expected_version, **details)
    revision = save_revision(post_id, content, by=by, at=at, wish=wish)
    if publish:
        publish_post(post_id, revision_id=revision.id, by=by, at=at)
    return changed or publish or revision.created_at == at
