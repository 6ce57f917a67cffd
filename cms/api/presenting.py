"""Rows as the API tells them. Each field is named: nothing gets out because it happens to be in a row."""

from collections.abc import Sequence

from cms.api.schemas import media as media_schemas
from cms.api.schemas import people as people_schemas
from cms.api.schemas import posts as post_schemas
from cms.api.schemas import reviews as review_schemas
from cms.api.schemas import topics as topic_schemas
from cms.api.schemas.base import as_words
from cms.core.pages import absolute
from cms.media.models import Media, media_url
from cms.people.models import Person
from cms.posts.models import Post, Revision
from cms.reviews.models import ReviewRound
from cms.reviews.standing import StepStanding, is_agreed
from cms.site.edition import Edition, post_path
from cms.topics.models import Section, Tag


def post_in_list(post: Post, *, in_draft: bool, campaign: str | None = None) -> post_schemas.PostInList:
    """A post without its text; `in_draft` for those who may see what is not published of it, `campaign` as the caller
    may know it."""
    return post_schemas.PostInList.model_validate(_about(post, in_draft=in_draft, campaign=campaign))


def post(post: Post, *, in_draft: bool, campaign: str | None = None) -> post_schemas.Post:
    """A post with its text."""
    shown = _shown(post, in_draft=in_draft)
    files = [
        {
            "id": row.media_id,
            "url": absolute(row.media.src),
            "alt": row.alt or row.media.alt,
            "caption": row.caption,
        }
        for row in shown.media
    ]
    return post_schemas.Post.model_validate(
        {
            **_about(post, in_draft=in_draft, campaign=campaign),
            "format": shown.format,
            "body": shown.body,
            "html": shown.html,
            "transcript": shown.transcript,
            "cover_alt": shown.cover_alt,
            "media": files,
            "word_count": shown.word_count,
            "reading_minutes": shown.reading_minutes,
        }
    )


def revision(row: Revision, *, live_id: int | None) -> post_schemas.Revision:
    """One text of a post, without its words. Needs `saved_by`."""
    return post_schemas.Revision(
        number=row.number,
        title=row.title,
        word_count=row.word_count,
        saved_by=row.saved_by.handle if row.saved_by else None,
        created_at=row.created_at,
        is_live=row.id == live_id,
    )


def review(round: ReviewRound, steps: Sequence[StepStanding], *, content_hash: str) -> review_schemas.Review:
    """One round as it stands against the text of this hash."""
    return review_schemas.Review.model_validate(
        {
            "number": round.number,
            "state": _review_state(round, steps),
            "asked_by": round.asked_by.handle if round.asked_by else None,
            "asked_at": round.asked_at,
            "words": round.words,
            "steps": [_review_step(one, content_hash) for one in steps],
        }
    )


def media(row: Media) -> media_schemas.Media:
    """A file with its sizes. Needs `variants`."""
    return media_schemas.Media.model_validate(
        {
            **{name: getattr(row, name) for name in _SAME_IN_MEDIA},
            "url": absolute(row.src),
            "type": row.mime,
            "sources": [
                {
                    "url": absolute(media_url(one.file)),
                    "type": one.mime,
                    "width": one.width,
                    "height": one.height,
                }
                for one in row.variants
            ],
        }
    )


def section(row: Section) -> topic_schemas.Section:
    """A section."""
    return topic_schemas.Section(
        id=row.id,
        slug=row.slug,
        url=_link(f"/sections/{row.slug}"),
        name=as_words(row.name),
        description=as_words(row.description),
        position=row.position,
    )


def tag(row: Tag) -> topic_schemas.Tag:
    """A tag."""
    return topic_schemas.Tag.model_validate(
        {
            "id": row.id,
            "slug": row.slug,
            "url": _link(f"/tags/{row.slug}"),
            "name": as_words(row.name),
            "label": as_words(row.label),
            "hot": row.hot,
        }
    )


def person(row: Person, *, portrait: Media | None, with_role: bool) -> people_schemas.Person:
    """Somebody, as their profile page shows them."""
    return people_schemas.Person.model_validate(
        {
            "handle": row.handle,
            "name": row.name,
            "url": _link(f"/@{row.handle}"),
            "headline": as_words(row.headline),
            "bio": as_words(row.bio),
            "portrait": portrait.id if portrait else None,
            "role": row.role if with_role else None,
        }
    )


_SAME_IN_MEDIA = """
    id kind state byte_size width height duration_seconds colour alt credit licence filename created_at
""".split()
_SAME_IN_POST = """
    id kind language slug canonical_url is_live first_published_at published_at updated_at created_at
""".split()


def _shown(post: Post, *, in_draft: bool) -> Revision:
    shown = post.latest if in_draft else post.live
    assert shown is not None, f"post {post.id} has no text to show"
    return shown


def _about(post: Post, *, in_draft: bool, campaign: str | None) -> dict[str, object]:
    shown = _shown(post, in_draft=in_draft)
    return {
        **{name: getattr(post, name) for name in _SAME_IN_POST},
        "url": _address(post),
        "title": shown.title,
        "summary": shown.summary,
        "section": post.section.slug if post.section else None,
        "tags": [row.tag.slug for row in post.tags],
        "bylines": [
            {"handle": row.person.handle, "name": row.person.name, "role": row.role} for row in post.bylines
        ],
        "cover": shown.cover_id,
        "campaign": campaign,
        "story": post.story_id,
        "revision": shown.number,
        "live_revision": post.live.number if post.live else None,
        "schedule": _schedule(post) if in_draft else None,
        "edited_at": post.edited_at if in_draft else None,
    }


def _schedule(post: Post) -> dict[str, object] | None:
    if post.due_at is None:
        return None
    return {"at": post.due_at, "wall": post.due_wall, "zone": post.due_zone, "problem": post.due_problem}


def _address(post: Post) -> str | None:
    if not post.is_live:
        return None
    return _link(post_path(post.kind, post.id, post.slug))


def _link(path: str) -> str:
    return Edition("", absolute("")).to(path)


def _review_state(round: ReviewRound, steps: Sequence[StepStanding]) -> str:
    if round.outcome is not None:
        return round.outcome
    if round.returned_at is not None:
        return "returned"
    return "agreed" if is_agreed(steps) else "running"


def _review_step(one: StepStanding, content_hash: str) -> dict[str, object]:
    return {
        "id": one.step.id,
        "name": one.step.name,
        "mode": one.step.mode,
        "is_required": one.step.is_required,
        "is_done": one.is_done,
        "waits_for": [person.handle for person in one.missing],
        "due_at": one.step.due_at,
        "decisions": [
            {
                "handle": said.person.handle,
                "role": said.role,
                "verdict": said.verdict,
                "revision": said.revision.number,
                "content_hash": said.content_hash,
                "counts": said.verdict == "approved" and said.content_hash == content_hash,
                "words": said.words,
                "at": said.at,
            }
            for said in one.decisions
        ],
    }
