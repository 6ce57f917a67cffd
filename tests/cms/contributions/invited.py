"""Somebody from outside, asked, with the link they were given."""

from datetime import timedelta

from cms.contributions import services
from cms.contributions.models import Contribution
from cms.core import clock
from cms.core.database import transaction
from cms.core.markup import content_hash
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.models import Post
from cms.posts.queries import get_post
from tests.conftest import NOW
from tests.factories import make_person, make_post, read_again

RIGHTS = "You may print it."
WALL = "2026-12-01T18:00"


def ask(
    post: Post | None = None,
    *,
    purpose: str = "write",
    name: str = "Ana Writer",
    by: Person | None = None,
    **terms: object,
) -> tuple[Contribution, str]:
    """An invitation and its token."""
    post_id = (post or make_post("Salt and signal", body="An outline.", publish=False)).id
    editor = by or make_person("Nadia Rahimi", "editor")
    role = "author" if purpose == "write" else "legal"
    wanted = {"role": role, "locale": "en", "rights": RIGHTS, "wall": WALL, "zone": "UTC", **terms}
    with transaction():
        one, token = services.invite(
            post_id,
            services.Terms(**wanted),  # type: ignore[arg-type]
            purpose=purpose,
            name=name,
            by=editor,
            at=clock.now(),
        )
        contribution_id = one.id
    return again(contribution_id), token


def agree(one: Contribution) -> Contribution:
    """They agree to the terms."""
    contribution_id, about = one.id, content_hash(one.rights)
    with transaction():
        services.consent(contribution_id, to=about, at=clock.now())
    return again(contribution_id)


def hand_in(
    one: Contribution, body: str = "Salt eats copper.", *, title: str = "Salt and signal"
) -> Contribution:
    """They agree, write and hand in."""
    contribution_id = agree(one).id
    content = posts.prepare(title=title, body=body)
    base = read_again(Post, one.post_id).latest_revision_id
    with transaction():
        services.save_text(contribution_id, content, base_id=base, at=clock.now(), hand_in=True)
    return again(contribution_id)


def asked_to_approve(one: Contribution, by: Person) -> Contribution:
    """Handed in, and asked to approve what became of it."""
    contribution_id = hand_in(one).id
    with transaction():
        services.ask_approval(contribution_id, by=by, at=clock.now())
    return again(contribution_id)


def again(contribution_id: int) -> Contribution:
    """The row as the database has it now."""
    return read_again(Contribution, contribution_id)


def latest_hash(post_id: int) -> str:
    """What the newest text is called."""
    latest = get_post(post_id).latest
    assert latest is not None
    return latest.content_hash


LATER = NOW + timedelta(days=60)  # after every usual link has ended
