"""One's own blog: asking for it, what is in it, what it says of itself, closing it."""

from flask import flash, redirect, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.blogs import queries, rules, services
from cms.blogs.forms import ApplicationForm, EmptyForm, FaceForm
from cms.blogs.models import Blog
from cms.blogs.views import bp
from cms.blogs.views.asked import Answer, done, me
from cms.blogs.wording import OUTCOME_NAMES
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import page


@bp.get("/me/blog")
@allowed(rules.can_have_blog)
def show_own_blog() -> str:
    """How it stands, and what is in it; without one, the form that asks for it."""
    blog = queries.find_blog_of(me().id)
    if blog is None or blog.state in ("applied", "refused"):
        return _application_page(blog)
    return _own_page(blog)


@bp.post("/me/blog")
@allowed(rules.can_have_blog)
def apply_for_blog() -> Answer:
    """Ask for one, or ask again."""
    form, by = ApplicationForm(), me()
    try:
        if not form.validate():
            return _application_page(queries.find_blog_of(by.id), form), 422
        with transaction():
            blog = services.apply(form.face, wish=form.wish.data or "", by=by, at=clock.now())
            is_open = blog.is_open
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _application_page(queries.find_blog_of(me().id), form), problem.status
    flash(_("Your blog is open.") if is_open else _("The editors know. You will hear from them."), "good")
    return redirect(url_for(".show_own_blog"), 303)


@bp.post("/me/blog/application/removal")
@allowed(rules.can_have_blog)
def withdraw_application() -> Response:
    """Not wanted any more."""
    blog = _own_blog()
    return done(
        lambda by: services.withdraw_application(blog.id, by=by, at=clock.now()),
        _("Withdrawn."),
        to=url_for(".show_own_blog"),
    )


@bp.post("/me/blog/face")
@allowed(rules.can_have_blog)
def change_face() -> Answer:
    """Another title, other words about it."""
    blog, form, by = _own_blog(), FaceForm(), me()
    blog_id = blog.id
    try:
        if not form.validate():
            return _own_page(blog, form), 422
        with transaction():
            services.change_face(blog_id, form.face, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _own_page(_own_blog(), form), problem.status
    flash(_("Saved."), "good")
    return redirect(url_for(".show_own_blog"), 303)


@bp.post("/me/blog/closing")
@allowed(rules.can_have_blog)
def close_own_blog() -> Response:
    """Write there no more, for now."""
    blog_id = _own_blog().id
    return done(
        lambda by: services.close_blog(blog_id, reason="", by=by, at=clock.now()),
        _("Closed. What readers see stays; you can open it again."),
        to=url_for(".show_own_blog"),
    )


@bp.post("/me/blog/opening")
@allowed(rules.can_have_blog)
def open_own_blog() -> Response:
    """Open it again: what one closed oneself."""
    blog = _own_blog()
    if not blog.is_own_closing:
        raise NotFound
    blog_id = blog.id
    return done(
        lambda by: services.open_blog(blog_id, by=by, at=clock.now()),
        _("Your blog is open."),
        to=url_for(".show_own_blog"),
    )


def _own_blog() -> Blog:
    blog = queries.find_blog_of(me().id)
    if blog is None:
        raise NotFound
    return blog


def _application_page(blog: Blog | None, form: ApplicationForm | None = None) -> str:
    values = ApplicationForm.values_of(blog) if blog else {"language": str(get_locale())[:2]}
    return page(
        "cms/blogs/apply.html",
        blog=blog,
        form=form or ApplicationForm(formdata=None, data=values),
        button=EmptyForm(formdata=None),
    )


def _own_page(blog: Blog, form: FaceForm | None = None) -> str:
    posts = queries.texts_of(blog.id)
    return page(
        "cms/blogs/own.html",
        blog=blog,
        handle=me().handle,
        posts=posts,
        pitches=queries.pitches_of([one.id for one in posts]),
        outcome_names=OUTCOME_NAMES,
        form=form or FaceForm(formdata=None, data=FaceForm.values_of(blog)),
        button=EmptyForm(formdata=None),
    )
