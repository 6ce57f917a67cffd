"""Notes, the microblog: what was typed becomes a post like any other, with its tags, its people and its card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cms.core.errors import Invalid
from cms.people.models import Person
from cms.posts import wording
from cms.posts.cards import keeping
from cms.posts.mentions import handles_among
from cms.posts.models import Post
from cms.posts.services.content import Attachment, Content, prepare
from cms.posts.services.details import set_details
from cms.posts.services.loading import load
from cms.posts.services.publishing import publish_post
from cms.posts.services.scheduling import schedule_post
from cms.posts.services.writing import create_post, save_revision

MOST_PICTURES = 4
GOOD_LENGTH = 500  # characters; a longer text is kept, and its writer told that it is an article by now


@dataclass(frozen=True)
class Note:
    """A note made ready to be saved. `card_url` is the page whose card it shows."""

    content: Content
    language: str
    tags: list[str]
    card_url: str | None


@dataclass(frozen=True)
class Plan:
    """What becomes of a note once it is saved: a draft, published, or published when clocks in `zone` show `wall`."""

    act: str = "draft"  # or "publish", "schedule"
    wall: str = ""
    zone: str = "UTC"
    which: int | None = None


def prepare_note(
    text: str,
    *,
    own_language: str,
    pictures: Sequence[Attachment] = (),
    tags: Sequence[str] = (),
    language: str = "",
    with_card: bool = True,
) -> Note:
    """Read what was typed. Words behind # are tags, before those of the field. Call it before a transaction."""
    if len(pictures) > MOST_PICTURES:
        raise Invalid(errors={"pictures": _("A note shows at most %(count)d pictures.", count=MOST_PICTURES)})
    people = handles_among(wording.mentioned(text))
    content = prepare(body=wording.as_markdown(text, people), media=pictures)
    return Note(
        content=content,
        language=language or wording.guess_language(text, own=own_language),
        tags=list(dict.fromkeys([*wording.tagged(text), *tags])),
        card_url=wording.first_address(text) if with_card else None,
    )


def create_note(note: Note, plan: Plan, *, by: Person, at: datetime) -> Post:
    """Begin a note by this person, and publish it as planned."""
    post = create_post(
        note.content,
        kind="note",
        language=note.language,
        tags=note.tags,
        bylines=[(by.id, "author")],
        by=by,
        at=at,
    )
    keeping.show_card(post.id, note.card_url, at=at)
    _carry_out(post, plan, by=by, at=at)
    return post


def save_note(
    post_id: int, note: Note, plan: Plan, *, by: Person, at: datetime, expected_version: int | None = None
) -> None:
    """Save a note anew, and publish it as planned; one that readers see already as it is stays as it is."""
    set_details(
        post_id, language=note.language, tags=note.tags, by=by, at=at, expected_version=expected_version
    )
    save_revision(post_id, note.content, by=by, at=at)
    keeping.show_card(post_id, note.card_url, at=at)
    if plan.act != "draft":
        _carry_out(load(post_id), plan, by=by, at=at)


def _carry_out(post: Post, plan: Plan, *, by: Person, at: datetime) -> None:
    if plan.act == "publish" and post.live_revision_id != post.latest_revision_id:
        publish_post(post.id, by=by, at=at)
    elif plan.act == "schedule":
        schedule_post(post.id, wall=plan.wall, zone=plan.zone, which=plan.which, by=by, at=at)
