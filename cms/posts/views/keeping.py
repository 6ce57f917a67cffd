"""What is typed and not yet saved: pages call here a moment after each edit, and every ten seconds besides.

The answer also says who else is at the post and whether somebody saved it since. Nothing is rendered on this way.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Response, jsonify, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.core.pages import iso, page
from cms.core.problems import wants_json
from cms.drafts import queries as drafts
from cms.drafts import rules as draft_rules
from cms.drafts import services as keeping
from cms.drafts.models import Draft
from cms.people.models import Person
from cms.posts import comparing, forms, queries, rules
from cms.posts.models import Post
from cms.posts.views import bp
from cms.posts.views.asked import Answer, me, my_zone
from cms.posts.views.revisions import shown_parts

NEW = "post:new"
LEFT_OUT = {"csrf_token", "tab", "version", "wish", "publish", "apart"}


@bp.get("/desk/posts/new/draft")
@allowed(rules.can_write)
def show_new_draft() -> Response:
    """What one's tabs hold of posts that were never saved."""
    return _known(NEW, None)


@bp.post("/desk/posts/new/draft")
@allowed(rules.can_write)
def keep_new_draft() -> Response:
    """Keep what is typed into the form of a new post."""
    return _kept(NEW, None)


@bp.get("/desk/posts/<int:post_id>/draft")
@allowed(rules.can_edit, post=queries.get_post_in_brief)
def show_draft(post_id: int, post: Post) -> Response:
    """What one's tabs hold of a post, who else is there, and a fresh CSRF token for a page that outlived its own."""
    return _known(subject_of(post), post)


@bp.post("/desk/posts/<int:post_id>/draft")
@allowed(rules.can_edit, post=queries.get_post_in_brief)
def keep_draft(post_id: int, post: Post) -> Response:
    """Keep what is typed into the form of a post; without fields, only say that one is there."""
    return _kept(subject_of(post), post)


@bp.get("/desk/posts/<int:post_id>/drafts/<int:draft_id>")
@allowed(rules.can_edit, post=queries.get_post)
def show_unsaved(post_id: int, draft_id: int, post: Post) -> str:
    """What somebody typed and did not save, to read and to go on with."""
    draft = drafts.get_draft(draft_id)
    if draft.subject != subject_of(post) or not draft.has_text:
        raise NotFound
    assert post.latest is not None
    typed = forms.PostForm(formdata=typed_in(draft), data=forms.from_post(post, post.latest, zone=my_zone()))
    parts = comparing.compare(comparing.wording(post.latest), typed.content)
    return page("cms/posts/unsaved.html", post=post, draft=draft, **shown_parts(parts))


@bp.post("/desk/posts/drafts/<int:draft_id>/removal")
@allowed(draft_rules.is_own, draft=drafts.get_draft)
def discard_draft(draft_id: int, draft: Draft) -> Answer:
    """Throw an unsaved text of one's own away; it can be taken back for a day."""
    subject, has_text = draft.subject, draft.has_text
    with transaction():
        keeping.discard(draft_id, at=clock.now())
    if wants_json():
        return jsonify({"id": draft_id, "is_discarded": has_text})
    if request.form.get("back") == "today":
        return redirect(url_for(".show_today", discarded=draft_id), 303)
    return redirect(_page_of(subject, discarded=draft_id), 303)


@bp.post("/desk/posts/drafts/<int:draft_id>/restoration")
@allowed(draft_rules.is_own, draft=drafts.get_draft)
def take_draft_back(draft_id: int, draft: Draft) -> Answer:
    """Undo that."""
    subject = draft.subject
    with transaction():
        keeping.take_back(draft_id, at=clock.now())
    if wants_json():
        return jsonify({"id": draft_id})
    return redirect(_page_of(subject, draft=draft_id), 303)


def asked_draft(post: Post | None) -> Draft | None:
    """The unsaved text that `?draft=` of a form names, when it is of this post, or one's own of a new one."""
    draft = _named("draft", post)
    return draft if draft is not None and draft.has_text else None


def discarded_draft(post: Post | None) -> Draft | None:
    """The text of one's own that was just thrown away, named by `?discarded=`, to offer it again."""
    draft = _named("discarded", post)
    is_gone = draft is not None and draft.discarded_at is not None and draft_rules.is_own(me(), draft)
    return draft if is_gone else None


def typed_in(draft: Draft | None) -> MultiDict[str, str] | None:
    """An unsaved text as a form takes it."""
    if draft is None:
        return None
    version = "" if draft.subject == NEW else str(draft.base)
    return MultiDict({**(draft.fields or {}), "version": version})


def kept_form(post: Post | None, version: Any, *, is_typed: bool, draft: Draft | None) -> dict[str, Any]:
    """What the form says about where and as what it is kept; see `cms/drafts/_keep.html`."""
    base = int(version) if str(version or "").isdecimal() else 0
    number = post.latest.number if post and post.latest and base == post.version else ""
    here: dict[str, Any] = {"post_id": post.id} if post else {}
    return {
        "url": url_for(".keep_draft" if post else ".keep_new_draft", **here),
        "subject": subject_of(post),
        "person_id": me().id,
        "page": url_for(".edit_post" if post else ".new_post", **here),
        "base": base,
        "number": number,
        "is_typed": is_typed,
        "draft": draft,
        "compare": url_for(".edit_post", **here) + "/drafts" if post else "",
        "discard": url_for(".discard_draft", draft_id=0),
    }


def keep_apart(post_id: int, *, version: int | None, by_id: int, at: datetime) -> None:
    """Keep what a form holds as an unsaved text; as older than what is saved, so that it is never put back unasked."""
    lists = request.form.lists()
    fields = {name: texts if len(texts) > 1 else texts[0] for name, texts in lists if name not in LEFT_OUT}
    tab = f"apart-{uuid4().hex[:20]}"
    base = max(0, (version or 0) - 1)
    sent = keeping.read_sent({"tab": tab, "base": base, "sequence": 1, "fields": fields, "is_leaving": True})
    keeping.keep(by_id, f"post:{post_id}", sent, at=at)
    keeping.mark_saved(by_id, f"post:{post_id}", request.form.get("tab", ""), at=at)


def mark_saved(post: Post | None, *, by: Person, at: datetime) -> None:
    """What the sending tab held is saved now; for the transaction that saves it."""
    keeping.mark_saved(by.id, subject_of(post), request.form.get("tab", ""), at=at)


def subject_of(post: Post | None) -> str:
    """What the room of drafts calls a post."""
    return f"post:{post.id}" if post is not None else NEW


def _kept(subject: str, post: Post | None) -> Response:
    sent, at, by_id = keeping.read_sent(request.get_json(silent=True)), clock.now(), me().id
    latest, post_id = _latest(post), post.id if post else None  # now: the transaction ends every read
    with transaction():
        draft = keeping.keep(by_id, subject, sent, at=at)
        kept_at = iso(draft.kept_at) if draft.kept_at else None
        answer = {"id": draft.id, "sequence": draft.sequence, "kept_at": kept_at}
    here = _here(subject, post_id, by_id=by_id, tab=sent.tab)
    return jsonify({**answer, "here": here, "latest": latest})


def _known(subject: str, post: Post | None) -> Response:
    by_id = me().id
    response = jsonify(
        me=by_id,
        csrf=generate_csrf(),
        mine=[_as_json(one) for one in drafts.own_tabs(by_id, subject)],
        here=_here(subject, post.id if post else None, by_id=by_id, tab=request.args.get("tab", "")),
        latest=_latest(post),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _as_json(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "tab": draft.tab,
        "base": draft.base,
        "sequence": draft.sequence,
        "kept_at": iso(draft.kept_at) if draft.has_text and draft.kept_at else None,
        "is_open": draft.left_at is None and draft.seen_at > clock.now() - drafts.QUIET_AFTER,
        "fields": draft.fields if draft.has_text else None,
    }


def _latest(post: Post | None) -> dict[str, Any] | None:
    if post is None or post.latest is None:
        return None
    by = post.latest.saved_by
    return {
        "version": post.version,
        "number": post.latest.number,
        "by": by.name if by else "",
        "is_mine": by is not None and by.id == me().id,
        "at": iso(post.latest.created_at),
    }


def who_is_here(post: Post | None) -> list[dict[str, Any]]:
    """Everybody at a post, for the page itself; its script goes on from there."""
    return _here(subject_of(post), post.id if post else None, by_id=me().id, tab="")


def _here(subject: str, post_id: int | None, *, by_id: int, tab: str) -> list[dict[str, Any]]:
    """Everybody else at a post, and one's own other tabs. New posts are nobody else's business."""
    if post_id is None:
        return []
    return [
        {
            "name": one.name,
            "state": one.state,
            "since": iso(one.since),
            "has_unsaved": one.has_unsaved,
            "is_me": one.person_id == by_id,
            "url": url_for(".show_unsaved", post_id=post_id, draft_id=one.draft_id)
            if one.has_unsaved
            else None,
        }
        for one in drafts.present(subject, tab=tab, at=clock.now())
    ]


def _named(name: str, post: Post | None) -> Draft | None:
    number = request.args.get(name, "")
    draft = drafts.find_by_id(int(number)) if number.isdecimal() and len(number) < 10 else None
    if draft is None or draft.subject != subject_of(post):
        return None
    return draft if post is not None or _may_continue_new(draft) else None


def _may_continue_new(draft: Draft) -> bool:
    """One's own beginning; an editor's also when it is of somebody who may not write any more."""
    by = me()
    return draft_rules.is_own(by, draft) or (
        rules.can_see_every_draft(by) and not rules.can_write(draft.person)
    )


def _page_of(subject: str, **query: Any) -> str:
    number = subject.partition(":")[2]
    if number.isdecimal():
        return url_for(".edit_post", post_id=int(number), **query)
    return url_for(".new_post", **query)
