"""Writing in one's own blog: the desk's editor on a page of its own."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.blogs import queries, rules, services
from cms.blogs.forms import EmptyForm, PitchForm, TextForm, from_post
from cms.blogs.models import Blog
from cms.blogs.queries import BlogPost
from cms.blogs.services import Text
from cms.blogs.services.writing import KINDS
from cms.blogs.views import bp
from cms.blogs.views.asked import Answer, done, me
from cms.blogs.views.keeping import asked_draft, discarded_draft, kept_form, mark_saved, revision_of
from cms.blogs.wording import OUTCOME_NAMES
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotAllowed, NotFound
from cms.core.pages import page
from cms.core.throttle import throttle
from cms.drafts.models import Draft
from cms.posts.models import Post, Revision
from cms.posts.services import ChangedMeanwhile
from cms.reviews.queries.loading import find_open_round
from cms.site.asked import edition, host
from cms.site.heads import post_head
from cms.site.queries.reading import get_preview_page
from cms.site.queries.site import site

MOST_A_DAY = 30  # texts that one person puts before readers


@bp.get("/me/blog/posts/new")
@allowed(rules.can_have_blog)
def new_text() -> str:
    """An empty page."""
    return _page(None, _open_blog(), kind=_kind())


@bp.post("/me/blog/posts")
@allowed(rules.can_have_blog)
def create_text() -> Answer:
    """Begin a text; published at once when asked."""
    blog, form, kind, by = _open_blog(), TextForm(), _kind(), me()
    blog_id, own = blog.id, blog.language
    try:
        if not form.validate():
            return _page(None, blog, form, kind=kind), 422
        text = _text(form, kind, own_language=own, latest=None)
        with transaction():
            post_id = services.begin_text(text, blog_id=blog_id, by=by, at=clock.now()).id
            _publish_if_asked(post_id)
            mark_saved(by.id, None, request.form.get("tab", ""))
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(None, _open_blog(), form, kind=kind), problem.status
    return _saved(post_id)


@bp.get("/me/blog/posts/<int:post_id>")
@allowed(rules.can_see_text, post=queries.get_blog_post)
def edit_text(post_id: int, post: BlogPost) -> str:
    """One text: to write on; to read when the blog is closed, or the main blog has it."""
    return _page(post, post.blog, kind=post.post.kind)


@bp.post("/me/blog/posts/<int:post_id>")
@allowed(rules.can_edit, post=queries.get_blog_post)
def save_text(post_id: int, post: BlogPost) -> Answer:
    """Keep what was written, and publish it when asked. On top of somebody else's save: 409 with both."""
    form, kind, by = TextForm(), post.post.kind, me()
    try:
        if not form.validate():
            return _page(post, post.blog, form, kind=kind), 422
        text = _text(form, kind, own_language=post.blog.language, latest=post.post.latest)
        with transaction():
            services.save_text(post_id, text, base_id=form.base_id, by=by, at=clock.now())
            _publish_if_asked(post_id)
            mark_saved(by.id, post_id, request.form.get("tab", ""))
    except ChangedMeanwhile:
        return _conflict(post_id, form), 409
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        again = queries.get_blog_post(post_id)
        return _page(again, again.blog, form, kind=kind), problem.status
    return _saved(post_id)


@bp.post("/me/blog/posts/<int:post_id>/publication/removal")
@allowed(rules.can_publish, post=queries.get_blog_post)
def take_down_text(post_id: int, post: BlogPost) -> Response:
    """Readers lose it."""
    return done(
        lambda by: services.take_down_text(post_id, by=by, at=clock.now()),
        _("Readers do not see it any more."),
        to=url_for(".edit_text", post_id=post_id),
    )


@bp.post("/me/blog/posts/<int:post_id>/removal")
@allowed(rules.can_edit, post=queries.get_blog_post)
def discard_text(post_id: int, post: BlogPost) -> Response:
    """Throw it away."""
    return done(
        lambda by: services.discard_text(post_id, by=by, at=clock.now()),
        _("Thrown away. The editors can bring it back for thirty days."),
        to=url_for(".show_own_blog"),
    )


@bp.get("/me/blog/posts/<int:post_id>/preview")
@allowed(rules.can_see_text, post=queries.get_blog_post)
def preview_text(post_id: int, post: BlogPost) -> str:
    """The real page with the newest text."""
    revision_id = post.post.latest_revision_id or 0
    found = get_preview_page(edition(), host(), post_id, revision_id=revision_id, at=clock.now())
    return page(
        "cms/site/post.html",
        post=found.post,
        related=found.related,
        previous=found.previous,
        next=found.next,
        head=post_head(edition(), host(), site(), found.post),
        feeds=[],
        is_preview=True,
    )


def _open_blog() -> Blog:
    blog = queries.find_blog_of(me().id)
    if blog is None:
        raise NotFound
    if not rules.can_write(me(), blog):
        raise NotAllowed(_("This blog is not open, so nothing new can be written there."))
    return blog


def _kind() -> str:
    asked = request.values.get("kind", "")
    return asked if asked in KINDS else "article"


def _text(form: TextForm, kind: str, *, own_language: str, latest: Revision | None) -> Text:
    return services.prepare(
        kind,
        title=form.title.data or "",
        summary=form.summary.data or "",
        body=form.body.data or "",
        language=form.language.data or "",
        tags=form.tag_words,
        own_language=own_language,
        latest=latest,
    )


def _publish_if_asked(post_id: int) -> None:
    if "publish" in request.form:
        by = me()
        throttle(f"blog publications {by.id}", limit=MOST_A_DAY, per=timedelta(days=1))
        services.publish_text(post_id, by=by, at=clock.now())


def _saved(post_id: int) -> Response:
    flash(_("Published.") if "publish" in request.form else _("Saved."), "good")
    return redirect(url_for(".edit_text", post_id=post_id), 303)


def _conflict(post_id: int, form: TextForm) -> str:
    theirs = queries.get_blog_post(post_id)
    form.version.data = str(theirs.post.latest_revision_id)
    keeping = kept_form(theirs.post, is_typed=True, draft=None)
    return page("cms/blogs/conflict.html", one=theirs, form=form, keeping=keeping)


def _page(one: BlogPost | None, blog: Blog, form: TextForm | None = None, *, kind: str) -> str:
    post = one.post if one else None
    draft, is_typed = asked_draft(post) if form is None else None, form is not None
    form = form or TextForm(formdata=None, data=_values(post, blog) | _typed_in(draft))
    form.title.flags.required = kind != "note"
    return page(
        "cms/blogs/write.html",
        one=one,
        post=post,
        blog=blog,
        kind=kind,
        handle=me().handle,
        form=form,
        may_edit=one is None or rules.can_edit(me(), one),
        draft=draft,
        discarded=discarded_draft(post),
        keeping=kept_form(post, is_typed=is_typed, draft=draft, kind=kind),
        pitch=queries.find_pitch(post.id) if post else None,
        pitching=PitchForm(formdata=None),
        in_review=post is not None and find_open_round(post.id) is not None,
        outcome_names=OUTCOME_NAMES,
        button=EmptyForm(formdata=None),
    )


def _values(post: Post | None, blog: Blog) -> dict[str, Any]:
    return from_post(post) if post else {"language": blog.language}


def _typed_in(draft: Draft | None) -> dict[str, Any]:
    """The fields of an unsaved text, with the revision it was written on."""
    if draft is None:
        return {}
    fields = draft.fields or {}
    names = ("title", "summary", "body", "tags", "language")
    return {**{name: fields[name] for name in names if name in fields}, "version": revision_of(draft.base)}
