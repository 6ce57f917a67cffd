"""Topics: beginning one, sharing a post, changing, hiding, keeping on top."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, services
from cms.circles.forms import TopicForm
from cms.circles.models import Topic
from cms.circles.queries import gate, inside, listing
from cms.circles.rules import Standing
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me, number
from cms.circles.views.public import topic_page
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotAllowed, NotFound
from cms.core.pages import page
from cms.people.rules import is_signed_in

Answer = Response | str | tuple[str, int]


@bp.get("/circles/<slug>/topics/new")
@in_circle(rules.can_write)
def new_topic(standing: Standing) -> str:
    """An empty form, or one that begins with a post of the site."""
    form = TopicForm(formdata=None, data={"audience": standing.circle.content_default})
    form.post.data = request.args.get("post", "")
    shared = _shared(form)
    if shared is not None:
        form.title.data = shared.title[:200]
    return _form(standing, form)


@bp.post("/circles/<slug>/topics")
@in_circle(rules.can_write)
def create_topic(standing: Standing) -> Answer:
    """Begin it."""
    form, by, circle_id, slug = TopicForm(), me(), standing.circle.id, standing.circle.slug
    if not form.validate():
        return _form(standing, form), 422
    try:
        ready = services.prepare_topic(title=form.title.data or "", body=form.body.data or "")
        with transaction():
            topic_id = services.start_topic(
                circle_id,
                ready,
                audience=form.audience.data,
                post_id=number(form.post.data),
                by=by,
                at=clock.now(),
            ).id
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _form(gate.get_standing(circle_id, me()), form), problem.status
    return redirect(url_for(".show_topic", slug=slug, topic_id=topic_id), 303)


@bp.get("/circles/<slug>/topics/<int:topic_id>/edit")
@in_circle(rules.can_write)
def edit_topic(standing: Standing, topic_id: int) -> str:
    """One's own topic in the form."""
    topic = _own(standing, topic_id)
    given = {"title": topic.title, "body": topic.body, "audience": topic.audience}
    return _form(standing, TopicForm(formdata=None, data=given), topic)


@bp.post("/circles/<slug>/topics/<int:topic_id>/edit")
@in_circle(rules.can_write)
def save_topic(standing: Standing, topic_id: int) -> Answer:
    """Keep what was changed."""
    form, by, topic = TopicForm(), me(), _own(standing, topic_id)
    if not form.validate():
        return _form(standing, form, topic), 422
    slug = standing.circle.slug
    try:
        ready = services.prepare_topic(title=form.title.data or "", body=form.body.data or "")
        with transaction():
            services.change_topic(topic_id, ready, audience=form.audience.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _form(gate.find_standing(slug, me()), form, gate.get_topic(topic_id, me())), problem.status
    return redirect(url_for(".show_topic", slug=slug, topic_id=topic_id), 303)


@bp.get("/circles/<slug>/topics/<int:topic_id>/inside")
@in_circle(rules.can_know)
def show_topic_inside(standing: Standing, topic_id: int) -> Answer:
    """A topic with what one may do about it: the page that everybody sees holds none of that."""
    return topic_page(standing, gate.get_topic(topic_id, me(), circle_id=standing.circle.id))


@bp.post("/circles/<slug>/topics/<int:topic_id>/hiding")
@in_circle(rules.can_moderate)
def hide_topic(standing: Standing, topic_id: int) -> Response:
    """Take it from readers, with a reason."""
    by, slug = me(), standing.circle.slug
    gate.get_topic(topic_id, by, circle_id=standing.circle.id)
    with transaction():
        services.hide_topic(topic_id, why=request.form.get("why", ""), by=by, at=clock.now())
    flash(_("It is hidden. Who wrote it reads why."), "good")
    return _to(slug, topic_id)


@bp.post("/circles/<slug>/topics/<int:topic_id>/hiding/removal")
@in_circle(rules.can_moderate)
def unhide_topic(standing: Standing, topic_id: int) -> Response:
    """Undo that."""
    by, slug = me(), standing.circle.slug
    gate.get_topic(topic_id, by, circle_id=standing.circle.id)
    with transaction():
        services.show_topic(topic_id, by=by, at=clock.now())
    return _to(slug, topic_id)


@bp.post("/circles/<slug>/topics/<int:topic_id>/pin")
@in_circle(rules.can_moderate)
def pin_topic(standing: Standing, topic_id: int) -> Response:
    """Keep it on top, or not any more."""
    by, slug = me(), standing.circle.slug
    is_pinned = gate.get_topic(topic_id, by, circle_id=standing.circle.id).pinned_at is not None
    with transaction():
        if is_pinned:
            services.unpin_topic(topic_id)
        else:
            services.pin_topic(topic_id, at=clock.now())
    return _to(slug, topic_id)


@bp.get("/me/circles/share")
@allowed(is_signed_in)
def choose_circle() -> str:
    """Where to share a post: the circles one is in."""
    post_id = number(request.args.get("post"))
    shared = inside.shared_posts([post_id]).get(post_id) if post_id else None
    if shared is None:
        raise NotFound
    return page("cms/circles/share.html", post=shared, post_id=post_id, joined=listing.mine(me()))


def _own(standing: Standing, topic_id: int) -> Topic:
    topic = gate.get_topic(topic_id, standing.person, circle_id=standing.circle.id)
    if standing.person is None or topic.by_id != standing.person.id:
        raise NotAllowed
    return topic


def _form(standing: Standing, form: TopicForm, topic: Topic | None = None) -> str:
    return page(
        "cms/circles/topic_form.html", circle=standing.circle, form=form, topic=topic, post=_shared(form)
    )


def _shared(form: TopicForm) -> inside.SharedPost | None:
    post_id = number(form.post.data)
    return inside.shared_posts([post_id]).get(post_id) if post_id else None


def _to(slug: str, topic_id: int) -> Response:
    return redirect(url_for(".show_topic_inside", slug=slug, topic_id=topic_id), 303)
