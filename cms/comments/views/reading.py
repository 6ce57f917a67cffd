"""Threads, permalinks and history. Threads of what everybody may see are kept whole and the same for all."""

from typing import Any
from urllib.parse import quote

from flask import redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from cms.comments import queries, rules
from cms.comments.on_posts import KIND
from cms.comments.subjects import Subject, get_subject
from cms.comments.views import bp
from cms.comments.views.asked import Answer, private, thread_link, to
from cms.comments.wording import HELD, REACTION_NAMES, REASONS
from cms.core import clock
from cms.core.access import person, public
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on, keep_for
from cms.core.pages import page
from cms.posts.models import Post
from cms.posts.queries import find_redirect


@bp.get("/posts/<slug>/comments")
@public
@cached_page
def show_of_post(slug: str) -> Answer:
    """What was said about a post, newest first."""
    return _of_post(slug, "newest")


@bp.get("/posts/<slug>/comments/best")
@public
@cached_page
def show_best_of_post(slug: str) -> Answer:
    """What was said about a post, what most react to first."""
    return _of_post(slug, "best")


@bp.get("/notes/<int:note_id>/comments")
@public
@cached_page
def show_of_note(note_id: int) -> Answer:
    """What was said about a note, newest first."""
    return _thread(_public(note_id), "newest")


@bp.get("/notes/<int:note_id>/comments/best")
@public
@cached_page
def show_best_of_note(note_id: int) -> Answer:
    """What was said about a note, what most react to first."""
    return _thread(_public(note_id), "best")


@bp.get("/comments/<kind>/<int:subject_id>")
@public
def show_thread(kind: str, subject_id: int) -> Answer:
    """What was said about anything else, for those who may see it."""
    subject = get_subject(kind, subject_id, person())
    if subject.thread_path:
        return redirect(thread_link(subject), 301)
    sort = "best" if request.args.get("sort") == "best" else "newest"
    return private("cms/comments/thread.html", **thread_context(subject, sort))


@bp.get("/comments/<int:comment_id>")
@public
def show_comment(comment_id: int) -> Answer:
    """The lasting address of a comment: its place in the thread; for its writer and who decides what became of it."""
    by = person()
    comment, subject = queries.get_seen_comment(comment_id, by)
    if comment.is_visible:
        place = queries.place_of(comment)
        return redirect(thread_link(subject, comment.id, f"?after={place}" if place else ""), 302)
    return private(
        "cms/comments/comment.html",
        comment=comment,
        subject=subject,
        thread=thread_link(subject),
        held=[HELD[one] for one in comment.held_for if one in HELD],
        reason=REASONS.get(comment.reason),
        is_own=rules.is_own(by, comment),
    )


@bp.get("/comments/<int:comment_id>/history")
@public
def show_history(comment_id: int) -> Answer:
    """What a comment said before it was changed."""
    comment, subject = queries.get_seen_comment(comment_id, person())
    versions = queries.history_of(comment_id)
    if not versions:
        raise NotFound
    return private("cms/comments/history.html", comment=comment, subject=subject, versions=versions)


def thread_context(subject: Subject, sort: str) -> dict[str, Any]:
    """What a page of a thread is made of."""
    shown = queries.thread_page(subject, sort=sort, after=queries.read_place(request.args.get("after")))
    base = to(subject.thread)
    sorts = {
        "newest": base,
        "best": f"{base}/best" if subject.thread_path else f"{base}?sort=best",
    }
    here = sorts[sort]
    joint = "&" if "?" in here else "?"
    return {
        "subject": subject,
        "subject_url": to(subject.path),
        "thread": shown,
        "thread_url": base,
        "sorts": sorts,
        "next_url": f"{here}{joint}after={shown.following}" if shown.following else None,
        "is_first_page": "after" not in request.args,
        "is_open": subject.policy.is_open(clock.now()),
        "reaction_names": REACTION_NAMES,
        "link": to,
        "feeds": _feeds(subject),
        "write_url": url_for("comments.write_comment", kind=subject.kind, subject_id=subject.id),
    }


def bound_life(subject: Subject) -> None:
    """A kept page that says how long one may comment ends with that."""
    closes_at = subject.policy.closes_at
    if closes_at is not None and closes_at > clock.now():
        keep_for((closes_at - clock.now()).total_seconds())


def _feeds(subject: Subject) -> list[tuple[str, str, str]]:
    """The feeds of a thread that everybody may see; `cms.site` makes them."""
    if subject.kind != KIND:
        return []
    title = gettext("Comments on “%(title)s”", title=subject.title)
    return [
        (f"{title} ({name})", to(f"{subject.thread}/{file}"), mime)
        for file, name, mime in (
            ("feed.xml", "RSS", "application/rss+xml"),
            ("atom.xml", "Atom", "application/atom+xml"),
            ("feed.json", "JSON Feed", "application/feed+json"),
        )
    ]


def _of_post(slug: str, sort: str) -> Answer:
    post_id = db.session.scalar(select(Post.id).where(Post.slug == slug))
    if post_id is None:
        moved = find_redirect(slug)
        if moved is None:
            raise NotFound
        return redirect(f"{request.script_root}/posts/{quote(moved)}/comments", 301)
    return _thread(_public(post_id), sort)


def _public(post_id: int) -> Subject:
    return get_subject(KIND, post_id, None)


def _thread(subject: Subject, sort: str) -> Answer | Response:
    depends_on(f"comments:{subject.name}", *subject.tags)
    bound_life(subject)
    return page("cms/comments/thread.html", layout="layouts/site.html", **thread_context(subject, sort))
