"""Finding what a request names, for whoever asks."""

from collections.abc import Sequence

from flask_babel import gettext as _

from cms.api import queries
from cms.api.answering import Stale
from cms.api.schemas.posts import Credit
from cms.core.access import person
from cms.core.errors import Invalid, NotFound
from cms.people.queries import find_person
from cms.posts.models import Post
from cms.posts.services import ChangedMeanwhile, expect_version
from cms.reviews import queries as reviews
from cms.reviews.queries import ReviewedPost
from cms.reviews.rules import can_see_review
from cms.topics.queries import find_section

POST = "/posts/<number:post_id>"
MEDIA = "/media/<number:media_id>"
SECTION = "/sections/<number:section_id>"
TAG = "/tags/<number:tag_id>"


def get_post(post_id: int) -> Post:
    """A post that this caller may see."""
    return queries.get_post(post_id, person=person())


def get_review(post_id: int) -> ReviewedPost:
    """A post with its review, if this caller may see what is not published of it or is asked."""
    found = reviews.get_review(post_id)
    if not can_see_review(person(), found):
        raise NotFound
    return found


def expect(post_id: int, version: int | None) -> None:
    """Refuse, inside the transaction, to change a post that has another version than If-Match said."""
    if version is None:
        return
    try:
        expect_version(post_id, version)
    except ChangedMeanwhile as problem:
        raise Stale from problem


def section_named(slug: str | None) -> int | None:
    """The number of the section with this slug."""
    if slug is None:
        return None
    section = find_section(slug)
    if section is None:
        raise Invalid(errors={"section": _("There is no section with this slug.")})
    return section.id


def people_credited(credits: Sequence[Credit]) -> list[tuple[int, str]]:
    """Whom these credits mean. Somebody unknown is an error, never somebody else."""
    found: list[tuple[int, str]] = []
    errors = {}
    for place, credit in enumerate(credits):
        who = find_person(credit.handle)
        if who is None:
            errors[f"bylines.{place}.handle"] = _("Nobody has this handle.")
        else:
            found.append((who.id, credit.role))
    if errors:
        raise Invalid(errors=errors)
    return found
