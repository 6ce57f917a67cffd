"""Publishing a story in the languages that were chosen, all of them or none."""

from collections.abc import Sequence
from datetime import datetime

from cms.core.mail import queue_template
from cms.people.models import Person
from cms.posts import services as posts


def publish_tellings(chosen: Sequence[tuple[int, int]], *, by: Person | None, at: datetime) -> None:
    """Publish these (post, revision) pairs in one transaction. Raises what `publish_post` raises for the first that
    cannot go out; then none does."""
    for post_id, revision_id in chosen:
        posts.publish_post(post_id, revision_id=revision_id, by=by, at=at)


def mail_telling(letter: dict[str, object], *, title: str, locale: str, to: Person) -> None:
    """Send one telling to a colleague as the letter that a reader would get."""
    assert to.email is not None
    queue_template(to.email, "story", subject=title, locale=locale, **letter)
