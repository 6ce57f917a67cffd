"""Posts: list, begin, read, change, throw away, and their history."""

from typing import Any

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cms.api import campaigns, presenting, queries
from cms.api.answering import Made, answer, changing, expected_version, made_once, nothing_left
from cms.api.cursors import cut, read_number
from cms.api.operations import operation
from cms.api.rules import can_call
from cms.api.schemas.posts import (
    ChangedPost,
    File,
    NewPost,
    Post,
    PostFields,
    PostList,
    PostsAsked,
    RevisionList,
    RevisionsAsked,
)
from cms.api.views import bp
from cms.api.views.loading import POST, expect, get_post, people_credited, section_named
from cms.core.access import allowed, person
from cms.core.errors import Invalid, NotAllowed
from cms.core.pages import config
from cms.people import audit
from cms.people.queries import find_person
from cms.posts import models, rules
from cms.posts import queries as post_queries
from cms.posts import services as posts

TEXTS = {"title", "body", "summary", "cover", "cover_alt", "media", "transcript"}


@bp.get("/posts")
@allowed(can_call)
@operation("posts", _("List posts"), scope="posts:read", query=PostsAsked, answer=PostList)
def list_posts(asked: PostsAsked) -> Response:
    """Live posts, and for those who write or edit, their drafts."""
    by = person()
    credited = find_person(asked.person) if asked.person else None
    wanted = queries.Wanted(
        kind=asked.kind,
        language=asked.language,
        section=asked.section,
        tag=asked.tag,
        person_id=(credited.id if credited else 0) if asked.person else None,
        state=asked.state,
    )
    found = queries.posts(wanted, person=by, before=read_number("posts", asked.cursor), limit=asked.limit)
    rows, following = cut("posts", found, asked.limit, lambda one: one.id)
    serving = campaigns.slugs_of(row.id for row in rows)
    return answer(
        PostList(
            items=[
                presenting.post_in_list(
                    row, in_draft=rules.can_see_draft(by, row), campaign=serving.get(row.id)
                )
                for row in rows
            ],
            next=following,
        )
    )


@bp.post("/posts")
@allowed(rules.can_write)
@operation(
    "posts",
    _("Begin a post"),
    scope="posts:write",
    body=NewPost,
    answer=Post,
    status=201,
    once=True,
    conflicts=True,
)
def create_post(body: NewPost) -> Response:
    """A draft. Publishing it is another call."""
    ready = posts.prepare(**_texts(body))
    section_id, credits = section_named(body.section), people_credited(body.bylines)
    campaign_id = campaigns.campaign_named(body.campaign) if body.campaign else None
    if body.translation_of is not None:
        _refuse_unseen(body.translation_of)

    def make(by: Any, at: Any) -> Made:
        made = posts.create_post(
            ready,
            kind=body.kind,
            language=body.language or config().locale,
            section_id=section_id,
            tags=body.tags,
            bylines=credits,
            slug=body.slug,
            canonical_url=body.canonical_url,
            translation_of=body.translation_of,
            by=by,
            at=at,
        )
        audit.record("post.created", f"post:{made.id}", by=by, at=at)
        if campaign_id is not None:
            campaigns.assign(made.id, campaign_id, by=by, at=at)
        post = queries.get_post(made.id, person=by)
        told = presenting.post(post, in_draft=True, campaign=body.campaign)
        return Made(told, location=f"/api/v1/posts/{post.id}", version=post.version)

    return made_once(body.model_dump_json(), make)


@bp.get(POST)
@allowed(can_call, post=get_post)
@operation("posts", _("Read a post"), scope="posts:read", answer=Post)
def show_post(post_id: int, post: models.Post) -> Response:
    """Its newest text for those who may edit it, what is published for everybody else."""
    return tell(post)


@bp.patch(POST)
@allowed(rules.can_edit, post=get_post)
@operation(
    "posts",
    _("Change a post"),
    scope="posts:write",
    body=ChangedPost,
    answer=Post,
    if_match=True,
    conflicts=True,
)
def edit_post(post_id: int, post: models.Post, body: ChangedPost) -> Response:
    """Only what is named changes."""
    named = body.model_fields_set
    version = expected_version(post.version)
    ready = posts.prepare(**_merged(post, body)) if named & TEXTS else None
    details = _details(body)
    if details and not rules.can_edit_details(person(), post):
        raise NotAllowed(gettext("Readers see this post. An editor can change its details."))
    becomes_note = details.get("kind") == "note"
    if "campaign" in named and body.campaign == campaigns.slug_of(post_id):
        named = named - {"campaign"}
    campaign_id = campaigns.campaign_named(body.campaign) if "campaign" in named else None
    _refuse_nameless(post, body)
    with changing() as (by, at):
        expect(post_id, version)
        if details and becomes_note:  # a note may lose its title, and only a note may
            posts.set_details(post_id, by=by, at=at, **details)
        if ready is not None:
            posts.save_revision(post_id, ready, by=by, at=at)
        if details and not becomes_note:
            posts.set_details(post_id, by=by, at=at, **details)
        if "campaign" in named:
            campaigns.assign(post_id, campaign_id, by=by, at=at)
        audit.record("post.changed", f"post:{post_id}", by=by, at=at, detail={"fields": sorted(named)})
    return tell(get_post(post_id))


@bp.delete(POST)
@allowed(rules.can_trash, post=get_post)
@operation(
    "posts", _("Put a post in the trash"), scope="posts:write", status=204, if_match=True, conflicts=True
)
def trash_post(post_id: int, post: models.Post) -> Response:
    """It stays there for thirty days; the desk can take it out again."""
    version = expected_version(post.version)
    with changing() as (by, at):
        expect(post_id, version)
        posts.trash_post(post_id, by=by, at=at)
    return nothing_left()


@bp.get(f"{POST}/revisions")
@allowed(rules.can_see_draft, post=get_post)
@operation(
    "posts", _("List the revisions of a post"), scope="posts:read", query=RevisionsAsked, answer=RevisionList
)
def list_revisions(post_id: int, post: models.Post, asked: RevisionsAsked) -> Response:
    """For those who may see what is not published."""
    kind = f"revisions of {post_id}"
    before = read_number(kind, asked.cursor)
    found = post_queries.revisions(post_id, before=before, limit=asked.limit + 1)
    rows, following = cut(kind, found, asked.limit, lambda one: one.number)
    return answer(
        RevisionList(
            items=[presenting.revision(row, live_id=post.live_revision_id) for row in rows],
            next=following,
        )
    )


def tell(post: models.Post) -> Response:
    """A post, as this caller may see it."""
    in_draft = rules.can_see_draft(person(), post)
    told = presenting.post(post, in_draft=in_draft, campaign=campaigns.slug_of(post.id))
    return answer(told, version=post.version if in_draft else None)


def _texts(body: PostFields) -> dict[str, Any]:
    return {
        "title": body.title,
        "body": body.body,
        "summary": body.summary,
        "transcript": body.transcript,
        "cover_id": body.cover,
        "cover_alt": body.cover_alt,
        "media": [_attachment(one) for one in body.media],
    }


def _merged(post: models.Post, body: ChangedPost) -> dict[str, Any]:
    """The newest text with what is named in its place. A body that is sent is Markdown, whatever it was before."""
    latest, named = post.latest, body.model_fields_set
    assert latest is not None
    texts = _texts(body)
    kept: dict[str, Any] = {
        "title": latest.title,
        "body": latest.body,
        "summary": latest.summary,
        "transcript": latest.transcript,
        "cover_id": latest.cover_id,
        "cover_alt": latest.cover_alt,
        "media": [posts.Attachment(row.media_id, row.alt, row.caption) for row in latest.media],
    }
    sent = {"cover_id" if name == "cover" else name for name in named & TEXTS}
    merged = {name: texts[name] if name in sent else value for name, value in kept.items()}
    return {**merged, "format": "markdown" if "body" in named else latest.format}


def _details(body: ChangedPost) -> dict[str, Any]:
    named = body.model_fields_set
    details: dict[str, Any] = {
        name: getattr(body, name) for name in named & {"kind", "language", "tags", "canonical_url"}
    }
    if "section" in named:
        details["section_id"] = section_named(body.section)
    if "bylines" in named:
        details["bylines"] = people_credited(body.bylines)
    if body.slug is not None:
        details["slug"] = body.slug
    return details


def _refuse_nameless(post: models.Post, body: ChangedPost) -> None:
    """A note that becomes something else needs a title, which it may have had already."""
    assert post.latest is not None
    title = body.title if "title" in body.model_fields_set else post.latest.title
    if "kind" in body.model_fields_set and body.kind != "note" and not title.strip():
        raise Invalid(errors={"title": gettext("Please give it a title. Only notes go without one.")})


def _attachment(file: File) -> posts.Attachment:
    return posts.Attachment(file.id, file.alt, file.caption)


def _refuse_unseen(post_id: int) -> None:
    """A story is told again only by those who may see it."""
    if not queries.is_seen(post_id, person=person()):
        raise Invalid(errors={"translation_of": gettext("There is no such post.")})
