"""Plain functions that make rows and commit them, and the named cast: Nadia edits, Tom manages, Ivy is an
outsider, Rae reads. Each takes only what a test cares about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeVar
from uuid import uuid4

from flask.testing import FlaskClient

from campaigns.plans import services as plans
from campaigns.plans.content import Plan
from campaigns.plans.models import Campaign
from cms.core import clock
from cms.core.database import db, transaction
from cms.media import search
from cms.media.models import Media, MediaVariant
from cms.people import handles, identity, passwords
from cms.people import services as people
from cms.people.models import SCOPES, Person
from cms.people.queries import find_token
from cms.posts import services as posts
from cms.posts.models import Post
from cms.topics import services as topics
from cms.topics.models import Section, Tag

Row = TypeVar("Row")
PASSWORD = "correct horse battery staple"


def save(row: Row) -> Row:
    """Add a row and commit."""
    with transaction():
        db.session.add(row)
    return row


def make_person(name: str = "Nadia Rahimi", role: str = "editor", **fields: object) -> Person:
    """Somebody. Guests have no email."""
    handle = str(fields.pop("handle", name.split()[0].lower()))
    email = None if role == "guest" else f"{handle}@example.com"
    defaults: dict[str, object] = {
        "email": email,
        "created_at": clock.now(),
        "handle_key": handles.key(handle),
    }
    return save(Person(name=name, handle=handle, role=role, **{**defaults, **fields}))


def nadia() -> Person:
    """Edits."""
    return make_person("Nadia Rahimi", "editor")


def tom() -> Person:
    """Manages."""
    return make_person("Tom Okafor", "manager")


def ivy() -> Person:
    """Is an outsider: a member who has nothing to do with what is being tested."""
    return make_person("Ivy Lindqvist", "member")


def rae() -> Person:
    """Reads, and has an account."""
    return make_person("Rae Sato", "member")


@lru_cache(maxsize=1)
def password_hash() -> str:
    """What is stored of PASSWORD; worked out once."""
    return passwords.make_hash(PASSWORD)


def sign_in(client: FlaskClient, person: Person) -> None:
    """Sign a browser in, without its having to know the password."""
    with transaction():
        token = people.start_sign_in(person.id, agent="a test", at=clock.now())
    with client.session_transaction() as session:
        session[identity.SESSION_KEY] = token


def make_token(person: Person, *scopes: str) -> str:
    """An API token, for everything when nothing is named."""
    with transaction():
        token = people.create_token(
            person.id, name="a test", scopes=scopes or SCOPES, expires_at=None, by=person, at=clock.now()
        )
        people.note_used(find_token(token, at=clock.now())[0].id, at=clock.now())  # type: ignore[index]
    return token


def token_headers(person: Person, *scopes: str) -> dict[str, str]:
    """The headers of a program that acts for somebody."""
    return {"Authorization": f"Bearer {make_token(person, *scopes)}"}


def make_section(slug: str = "hot-focus", **fields: object) -> Section:
    """A section."""
    return save(Section(slug=slug, **{"name": {"en": "Hot focus", "zh": "热点"}, **fields}))


def make_tag(slug: str = "5g", **fields: object) -> Tag:
    """A tag."""
    with transaction():
        tag = topics.create_tag(name={"en": slug.upper()}, slug=slug)
        for name, value in fields.items():
            setattr(tag, name, value)
    return tag


# Posts ----------------------------------------------------------------------------------------------------------


def make_post(
    title: str = "Spring notes",
    *,
    body: str = "The network is **quiet** in spring.",
    publish: bool = True,
    kind: str = "article",
    language: str = "en",
    bylines: Sequence[Person | tuple[Person, str]] = (),
    section: Section | None = None,
    tags: Sequence[Tag | str] = (),
    translation_of: Post | None = None,
    published_at: datetime | None = None,
    due_at: datetime | None = None,
    trashed: bool = False,
    **content: object,
) -> Post:
    """A post, live unless `publish=False`, `due_at=` or `trashed=True`. `content` goes to `prepare` and `create_post`."""
    at = clock.now()
    rest = {
        name: content.pop(name)
        for name in ("slug", "guid", "source", "canonical_url", "by")
        if name in content
    }
    ready = posts.prepare(title=title, body=body, **content)  # type: ignore[arg-type]
    with transaction():
        post = posts.create_post(
            ready,
            kind=kind,
            language=language,
            section_id=section.id if section else None,
            tags=[tag if isinstance(tag, str) else tag.id for tag in tags],
            bylines=[
                (one.id, "author") if isinstance(one, Person) else (one[0].id, one[1]) for one in bylines
            ],
            translation_of=translation_of.id if translation_of else None,
            **{"by": None, "at": at, **rest},  # type: ignore[arg-type]
        )
        post_id = post.id
        if due_at is not None:
            wall = due_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
            posts.schedule_post(post_id, wall=wall, zone="UTC", by=None, at=at)
        elif publish or trashed:
            posts.publish_post(post_id, by=None, at=at, published_at=published_at)
        if trashed:
            posts.trash_post(post_id, by=None, at=at)
    return read_again(Post, post_id)


def make_note(body: str = "Rain on the mast, signal fine.", **fields: object) -> Post:
    """A live note."""
    return make_post("", body=body, kind="note", **fields)  # type: ignore[arg-type]


def revise(post: Post, *, publish: bool = True, by: Person | None = None, **content: object) -> Post:
    """Save a newer text of a post, and publish it."""
    post_id = post.id
    ready = posts.prepare(**{"title": "Spring notes", "body": "Rewritten.", **content})  # type: ignore[arg-type]
    with transaction():
        posts.save_revision(post_id, ready, by=by, at=clock.now())
        if publish:
            posts.publish_post(post_id, by=by, at=clock.now())
    return read_again(Post, post_id)


def make_media(kind: str = "image", **fields: object) -> Media:
    """An uploaded file, ready, of which only the row exists; a picture has two sizes."""
    digest = uuid4().hex * 2
    media = Media(
        kind=kind,
        **{
            "state": "ready",
            "digest": digest,
            "file": f"{digest[:16]}.{'webp' if kind == 'image' else 'bin'}",
            "mime": {"image": "image/webp", "audio": "audio/mpeg", "video": "video/mp4"}[kind],
            "byte_size": 12_345,
            "width": None if kind == "audio" else 1600,
            "height": None if kind == "audio" else 900,
            "duration_seconds": None if kind == "image" else 247.0,
            "alt": "A mast in the rain" if kind == "image" else "",
            "created_at": clock.now(),
            **fields,
        },
    )
    if kind == "image":
        media.variants = [
            MediaVariant(
                file=f"{digest[:16]}-{width}.webp",
                mime="image/webp",
                width=width,
                height=width * 9 // 16,
                byte_size=width,
            )
            for width in (480, 960)
        ]
    save(media)
    if media.filename:
        with transaction():
            search.index_media([media.id])
    return media


# Campaigns ------------------------------------------------------------------------------------------------------


def make_campaign(
    name: str | dict[str, str] = "Quiet networks", *, posts: Sequence[Post] = (), **said: object
) -> Campaign:
    """A campaign that runs through November 2026 in Shanghai. `said` goes to `Plan`, but `slug`, `by` and `state`."""
    at, post_ids = clock.now(), [one.id for one in posts]
    slug, by, state = str(said.pop("slug", "")), said.pop("by", None), said.pop("state", None)
    defaults: dict[str, object] = {
        "name": {"en": name} if isinstance(name, str) else name,
        "kind": "brand",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 30),
        "zone": "Asia/Shanghai",
        "currency": "CNY",
    }
    ready = plans.prepare(Plan(**{**defaults, **said}))  # type: ignore[arg-type]
    with transaction():
        campaign_id = plans.create_campaign(ready, slug=slug, by=by, at=at).id  # type: ignore[arg-type]
        plans.add_posts(campaign_id, post_ids, by=None, at=at)
        if state is not None:
            db.session.get_one(Campaign, campaign_id).state = str(state)
    return read_again(Campaign, campaign_id)


def read_again(model: type[Row], row_id: int) -> Row:
    """The row as the database has it now."""
    db.session.expire_all()
    row = db.session.get(model, row_id)
    assert row is not None
    return row
