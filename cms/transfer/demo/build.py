"""Fills an empty instance with the sample site, through the same services that everybody uses."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from tqdm import tqdm

from cms.core.database import db, transaction
from cms.core.errors import Conflict
from cms.core.pagecache import touch
from cms.media import services as media
from cms.people import passwords
from cms.people import services as people
from cms.people.models import GUEST, Person
from cms.posts import services as posts
from cms.posts.models import Post
from cms.site.models import HomeBlock, SiteSettings
from cms.topics import services as topics
from cms.transfer.demo.content import SamplePost, SampleSite, published_at, read_sample
from cms.transfer.demo.desk import fill_desk
from cms.transfer.demo.drawing import make_files
from cms.transfer.demo.site import DemoSite, makers

SIGN_INS = {  # role: (handle, password); the e-mail is ROLE@example.com
    "admin": ("nour", "parley-admin"),
    "editor": ("zhao-min", "parley-editor"),
    "author": ("tomas-berg", "parley-author"),
    "member": ("rae", "parley-member"),
}
CREDIT = "Veridane studio"
EXTRA = [
    {"handle": "nour", "name": "Nour Haddad", "role": "admin", "headline": {}, "bio": {}},
    {"handle": "rae", "name": "Rae Sato", "role": "member", "headline": {}, "bio": {}},
]


class NotEmpty(Conflict):
    """The sample site is for a new instance; it never mixes with somebody's work."""

    message = "There is something in this database already. The sample site goes only into an empty one."


def is_filled() -> bool:
    """Whether anybody or anything is here."""
    return any(db.session.scalar(select(func.count()).select_from(model)) for model in (Person, Post))


def build_demo(at: datetime, *, quiet: bool = False) -> dict[str, int]:
    """Make the whole site; all of it or nothing. Gives the number of people, files and posts.

    Files are drawn and encoded first. The rows are written in one transaction: nobody else is here yet, so it may
    take the seconds that rendering needs. A failure leaves files without rows, which the sweeper removes.
    """
    if is_filled():
        raise NotEmpty
    sample = read_sample()
    hashes = {role: passwords.make_hash(password) for role, (_, password) in SIGN_INS.items()}
    with tempfile.TemporaryDirectory() as folder:
        received = {
            name: media.receive_file(path)
            for name, path in make_files(sample.people, Path(folder), quiet=quiet)
        }
    with transaction():
        if is_filled():
            raise NotEmpty
        ids = _people(sample, hashes, at)
        admin = db.session.get_one(Person, ids["nour"])
        alts = {one.cover: one.cover_alt for one in sample.posts if one.language == "en"}
        alts |= {f"portrait-{one['handle']}": one["name"] for one in sample.people}
        kept = {
            name: media.keep_media(one, by=admin, at=at, alt=alts.get(name, ""), credit=CREDIT).id
            for name, one in received.items()
        }
        for person in sample.people:
            media.set_portrait(
                ids[person["handle"]], media_id=kept[f"portrait-{person['handle']}"], by=admin, at=at
            )
        sections = _topics(sample)
        stories = _posts(sample, ids, sections, kept, admin, at, quiet)
        _site(sample, sections, stories, at)
        drafts = fill_desk(
            sample.drafts,
            people={handle: db.session.get_one(Person, one) for handle, one in ids.items()},
            sections=sections,
            begin=lambda one: _begin(one, ids, sections, kept, at=published_at(one.published, at)),
            at=at,
        )
        whole = DemoSite(at=at, people=ids, files=kept, stories={**drafts, **stories})
        for make in makers():
            make(whole)
    return {"people": len(ids), "files": len(kept), "posts": len(sample.posts)}


def _people(sample: SampleSite, hashes: dict[str, str], at: datetime) -> dict[str, int]:
    roles = {handle: role for role, (handle, _) in SIGN_INS.items()}
    joined = at - timedelta(days=400)
    ids: dict[str, int] = {}
    for said in [*EXTRA, *sample.people]:
        handle, role = said["handle"], said["role"]
        if role == GUEST:
            person = people.add_guest(name=said["name"], handle=handle, at=joined)
        else:
            sign_in = roles.get(handle)
            person = people.add_account(
                email=f"{sign_in or handle}@example.com",
                name=said["name"],
                role=role,
                password_hash=hashes[sign_in] if sign_in else None,
                at=joined,
                by=None,
                handle=handle,
            )
        person.headline, person.bio = said["headline"], said["bio"]
        ids[handle] = person.id
    return ids


def _topics(sample: SampleSite) -> dict[str, int]:
    sections = {
        one["slug"]: topics.create_section(
            name=one["name"], slug=one["slug"], description=one["description"]
        ).id
        for one in sample.sections
    }
    labels = sample.site["hot_words"]
    for slug, name in sample.tags.items():
        tag = topics.create_tag(name=name, slug=slug)
        if slug in labels:
            topics.change_tag(tag.id, name=name, label=labels[slug])
    return sections


def _posts(
    sample: SampleSite,
    ids: dict[str, int],
    sections: dict[str, int],
    kept: dict[str, int],
    admin: Person,
    at: datetime,
    quiet: bool,
) -> dict[str, int]:
    """Oldest first, so that numbers and neighbours are as if they had been written one after the other."""
    stories: dict[str, int] = {}
    ordered = sorted(sample.posts, key=lambda one: (published_at(one.published, at), one.language))
    for one in tqdm(ordered, "Writing", unit=" posts", disable=quiet):
        when = published_at(one.published, at)
        post = _begin(one, ids, sections, kept, at=when, by=admin, translation_of=stories.get(one.story))
        posts.publish_post(post.id, by=admin, at=when, published_at=when)
        stories.setdefault(one.story, post.id)
    return stories


def _begin(
    one: SamplePost,
    ids: dict[str, int],
    sections: dict[str, int],
    kept: dict[str, int],
    *,
    at: datetime,
    by: Person | None = None,
    translation_of: int | None = None,
) -> Post:
    """A draft, begun by its first author unless somebody else is named."""
    return posts.create_post(
        _content(one, kept),
        kind=one.kind,
        language=one.language,
        section_id=sections[one.section] if one.section else None,
        tags=one.tags,
        bylines=[(ids[credit["handle"]], credit["role"]) for credit in one.bylines],
        slug=one.slug,
        translation_of=translation_of,
        by=by or db.session.get_one(Person, ids[one.bylines[0]["handle"]]),
        at=at,
    )


def _content(one: SamplePost, kept: dict[str, int]) -> posts.Content:
    pictures = [posts.Attachment(kept[shown["key"]], shown["alt"]) for shown in one.gallery]
    recording = [posts.Attachment(kept[one.media])] if one.media else []
    return posts.prepare(
        title=one.title,
        summary=one.summary,
        body=one.body,
        transcript=one.transcript,
        cover_id=kept[one.cover] if one.cover else None,
        cover_alt=one.cover_alt,
        media=[*pictures, *recording],
    )


def _site(sample: SampleSite, sections: dict[str, int], stories: dict[str, int], at: datetime) -> None:
    said = sample.site
    settings = db.session.get(SiteSettings, 1) or SiteSettings(id=1)
    settings.name, settings.tagline, settings.accent = said["name"], said["tagline"], said["accent"]
    settings.footer_links, settings.updated_at = said["footer_links"], at
    db.session.add(settings)
    for position, block in enumerate(said["home"]):
        db.session.add(
            HomeBlock(
                kind=block["kind"],
                title=block.get("title", {}),
                section_id=sections[block["section"]] if "section" in block else None,
                post_id=stories[block["story"]] if "story" in block else None,
                count=block.get("count", 6),
                position=position,
            )
        )
    touch("site")
