"""Words about passages: threads, answers, suggestions that are taken with one click."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.notices.services import notify
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.models import Post, Revision
from cms.posts.services import Attachment, Content
from cms.reviews import passages
from cms.reviews.models import PassageComment
from cms.reviews.queries.loading import find_open_round
from cms.reviews.services.claims import checked_quote
from cms.reviews.services.problems import AlreadyResolved, CannotApply, TextChanged
from cms.reviews.services.rounds import checked_words
from cms.reviews.services.settling import load_post, naming
from cms.reviews.standing import author_ids


def comment_on(
    post_id: int,
    *,
    words: str,
    quote: str = "",
    prefix: str = "",
    suffix: str = "",
    suggestion: str = "",
    by: Person,
    at: datetime,
) -> PassageComment:
    """Say something about a passage of the newest text, or without a quote about all of it.

    With a `suggestion`, what the passage could say instead; then words may be left out.
    """
    post = load_post(post_id)
    assert post.latest is not None
    said, instead = checked_words(words), checked_words(suggestion)
    if not said and not (instead and quote):
        raise Invalid(errors={"words": _("Please write what you want to say.")})
    around = ("", "")
    if quote.strip():
        found = passages.surroundings(
            checked_quote(quote), passages.whole_text(post.latest), prefix=prefix, suffix=suffix
        )
        if found is None:
            raise Invalid(errors={"quote": _("These words do not stand in the newest text.")})
        around = found
    comment = PassageComment(
        post_id=post_id,
        revision_id=post.latest.id,
        person_id=by.id,
        quote=passages.flat(quote),
        prefix=around[0],
        suffix=around[1],
        words=said,
        suggestion=instead or None,
        created_at=at,
    )
    db.session.add(comment)
    db.session.flush()
    _tell(post, comment, by=by, at=at)
    return comment


def answer_comment(comment_id: int, *, words: str, by: Person, at: datetime) -> PassageComment:
    """Answer in a thread. An answer to an answer belongs to the same thread; a resolved one is opened again."""
    first = _load(comment_id)
    if first.parent_id is not None:
        first = _load(first.parent_id)
    post = load_post(first.post_id)
    said = checked_words(words)
    if not said:
        raise Invalid(errors={"words": _("Please write what you want to say.")})
    first.resolved_at = first.resolved_by_id = None
    answer = PassageComment(
        post_id=first.post_id,
        revision_id=post.latest_revision_id,
        parent_id=first.id,
        person_id=by.id,
        words=said,
        created_at=at,
    )
    db.session.add(answer)
    db.session.flush()
    _tell(post, answer, by=by, at=at)
    return answer


def resolve_comment(comment_id: int, *, by: Person, at: datetime) -> None:
    """Close a thread; it stays readable."""
    comment = _load(comment_id)
    if comment.resolved_at is not None:
        raise AlreadyResolved
    comment.resolved_at, comment.resolved_by_id = at, by.id
    db.session.flush()


def reopen_comment(comment_id: int, *, by: Person, at: datetime) -> None:
    """Open a closed thread again."""
    comment = _load(comment_id)
    comment.resolved_at = comment.resolved_by_id = None
    db.session.flush()


def suggested_content(comment: PassageComment, latest: Revision) -> Content:
    """The newest text with the suggestion in it, made ready to be saved: call it before the transaction.

    Raises `CannotApply` when the passage does not stand in the source exactly once.
    """
    fields = {"title": latest.title, "summary": latest.summary, "body": latest.body}
    for name, text in fields.items():
        changed = passages.replaced(text, comment.quote, comment.suggestion or "")
        if changed is not None:
            fields[name] = changed
            break
    else:
        raise CannotApply
    return posts.prepare(
        **fields,
        format=latest.format,
        transcript=latest.transcript,
        cover_id=latest.cover_id,
        cover_alt=latest.cover_alt,
        media=[Attachment(row.media_id, row.alt, row.caption) for row in latest.media],
    )


def apply_suggestion(
    comment_id: int, content: Content, *, base_revision_id: int, by: Person, at: datetime
) -> None:
    """Save the text with the suggestion in it as a revision of whoever takes it, and close the thread.

    Raises `TextChanged` when `base_revision_id`, which the content was made from, is not the newest any more.
    """
    comment = _load(comment_id)
    post = load_post(comment.post_id)
    if comment.applied_revision_id is not None:
        raise AlreadyResolved
    if post.latest_revision_id != base_revision_id:
        raise TextChanged
    revision = posts.save_revision(post.id, content, by=by, at=at)
    comment.applied_revision_id = revision.id
    comment.resolved_at, comment.resolved_by_id = at, by.id
    db.session.flush()


def _load(comment_id: int) -> PassageComment:
    comment = db.session.get(PassageComment, comment_id, populate_existing=True)
    if comment is None:
        raise NotFound
    return comment


def _tell(post: Post, comment: PassageComment, *, by: Person, at: datetime) -> None:
    """Whose text it is, who sent it for review, and who spoke in the same thread."""
    round = find_open_round(post.id)
    people = set(author_ids(post))
    if round is not None and round.asked_by_id:
        people.add(round.asked_by_id)
    thread = comment.parent_id or comment.id
    spoke = select(PassageComment.person_id).where(
        (PassageComment.id == thread) | (PassageComment.parent_id == thread)
    )
    people.update(db.session.scalars(spoke))
    detail = {**naming(post), "who": by.name}
    notify("review.commented", to=people, subject=f"post:{post.id}", by=by, at=at, detail=detail)
