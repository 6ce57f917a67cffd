"""The editors' pages: who asks for a blog, which there are, what they hold, what is pitched."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.blogs import queries, rules, services
from cms.blogs.forms import EmptyForm, ReasonForm
from cms.blogs.models import STATES, Blog
from cms.blogs.views import bp
from cms.blogs.views.asked import Answer, done, me
from cms.blogs.wording import OUTCOME_NAMES, STATE_NAMES
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.paging import before, paged


@bp.get("/desk/blogs")
@allowed(rules.can_run_blogs)
def list_blogs() -> str:
    """Who asks for one first; then those in a state that was chosen."""
    state = request.args.get("state", "")
    state = state if state in STATES else "open"
    rows = queries.blogs(state, before=before(), limit=queries.PAGE + 1)
    shown, next_url = paged(rows, lambda one: (one.state_at, one.id), length=queries.PAGE)
    return page(
        "cms/blogs/desk/list.html",
        applied=queries.blogs("applied") if state != "applied" and before() is None else [],
        blogs=shown,
        state=state,
        next_url=next_url,
        is_first=before() is None,
        state_names=STATE_NAMES,
        **_around(),
    )


@bp.get("/desk/blogs/<int:blog_id>")
@allowed(rules.can_run_blogs, blog=queries.get_blog)
def show_blog(blog_id: int, blog: Blog) -> str:
    """One blog: what its owner said, what is in it, what can be done."""
    return _blog_page(blog)


@bp.post("/desk/blogs/<int:blog_id>/opening")
@allowed(rules.can_run_blogs, blog=queries.get_blog)
def open_blog(blog_id: int, blog: Blog) -> Response:
    """Let them write."""
    name = blog.person.name
    return done(
        lambda by: services.open_blog(blog_id, by=by, at=clock.now()),
        _("%(name)s can write now, and was told.", name=name),
        to=url_for(".show_blog", blog_id=blog_id),
    )


@bp.post("/desk/blogs/<int:blog_id>/refusal")
@allowed(rules.can_run_blogs, blog=queries.get_blog)
def refuse_blog(blog_id: int, blog: Blog) -> Answer:
    """Say no, and why."""
    return _with_reason(blog_id, "refuse_blog")


@bp.post("/desk/blogs/<int:blog_id>/closing")
@allowed(rules.can_run_blogs, blog=queries.get_blog)
def close_blog(blog_id: int, blog: Blog) -> Answer:
    """Nobody writes there any more."""
    return _with_reason(blog_id, "close_blog")


@bp.get("/desk/blogs/posts")
@allowed(rules.can_run_blogs)
def list_posts() -> str:
    """What readers see in all blogs, for editors to feature."""
    rows = queries.newest_posts(before=before(), limit=queries.PAGE + 1)
    shown, next_url = paged(
        rows, lambda one: (one.published_at or one.edited_at, one.id), length=queries.PAGE
    )
    return page(
        "cms/blogs/desk/posts.html",
        posts=shown,
        next_url=next_url,
        is_first=before() is None,
        button=EmptyForm(formdata=None),
        **_around(),
    )


@bp.post("/desk/blogs/posts/<int:post_id>/feature")
@allowed(rules.can_run_blogs)
def feature_post(post_id: int) -> Response:
    """Show it on the home page and in the main lists."""
    return done(
        lambda by: services.feature_post(post_id, by=by, at=clock.now()),
        _("It is on the home page now, and its writer was told."),
        to=request.referrer if _is_ours(request.referrer) else url_for(".list_posts"),
    )


@bp.post("/desk/blogs/posts/<int:post_id>/feature/removal")
@allowed(rules.can_run_blogs)
def unfeature_post(post_id: int) -> Response:
    """Leave it to its blog."""
    return done(
        lambda by: services.unfeature_post(post_id, by=by, at=clock.now()),
        _("It is in its blog only now."),
        to=request.referrer if _is_ours(request.referrer) else url_for(".list_posts"),
    )


@bp.get("/desk/blogs/pitches")
@allowed(rules.can_run_blogs)
def list_pitches() -> str:
    """What is offered to the main blog, and what became of earlier offers."""
    state = request.args.get("state", "")
    state = state if state in OUTCOME_NAMES else "waiting"
    number = request.args.get("before", "")
    last = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None
    rows = queries.pitches(state, before=last, limit=queries.PAGE + 1)
    shown = rows[: queries.PAGE]
    has_more = len(rows) > len(shown) and state != "waiting"
    return page(
        "cms/blogs/desk/pitches.html",
        pitches=shown,
        state=state,
        next_url=url_for(".list_pitches", state=state, before=shown[-1].id) if has_more else None,
        is_first=last is None,
        outcome_names=OUTCOME_NAMES,
        **_around(),
    )


def _with_reason(blog_id: int, act: str) -> Answer:
    form, by = ReasonForm(), me()
    try:
        if not form.validate():
            return _blog_page(queries.get_blog(blog_id), form), 422
        with transaction():
            getattr(services, act)(blog_id, reason=form.reason.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _blog_page(queries.get_blog(blog_id), form), problem.status
    return done(lambda by: None, _("Noted, and they were told."), to=url_for(".show_blog", blog_id=blog_id))


def _blog_page(blog: Blog, form: ReasonForm | None = None) -> str:
    posts = [one for one in queries.texts_of(blog.id) if one.first_published_at is not None]
    return page(
        "cms/blogs/desk/blog.html",
        blog=blog,
        posts=posts,
        form=form or ReasonForm(formdata=None),
        button=EmptyForm(formdata=None),
        state_names=STATE_NAMES,
        **_around(),
    )


def _around() -> dict[str, int]:
    applied, pitched = queries.count_waiting()
    return {"count_applied": applied, "count_pitched": pitched}


def _is_ours(address: str | None) -> bool:
    return (address or "").startswith(request.host_url)
