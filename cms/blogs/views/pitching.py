"""Pitches: a member offers a text, editors take it or say why not."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.blogs import queries, rules, services
from cms.blogs.forms import AcceptanceForm, PitchForm, ReasonForm
from cms.blogs.models import Pitch
from cms.blogs.queries import BlogPost
from cms.blogs.views import bp
from cms.blogs.views.asked import Answer, done, me
from cms.blogs.wording import OUTCOME_NAMES
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.posts.models import Revision
from cms.posts.queries import get_revision
from cms.reviews.queries.loading import find_open_round
from cms.site.asked import edition
from cms.site.queries.site import site


@bp.post("/me/blog/posts/<int:post_id>/pitch")
@allowed(rules.can_publish, post=queries.get_blog_post)
def pitch_post(post_id: int, post: BlogPost) -> Answer:
    """Offer it to the main blog."""
    form = PitchForm()
    words = (form.words.data or "") if form.validate() else ""
    return done(
        lambda by: services.pitch_post(post_id, words=words, by=by, at=clock.now()),
        _("The editors know. You will hear from them."),
        to=url_for(".edit_text", post_id=post_id),
    )


@bp.post("/me/blog/posts/<int:post_id>/pitch/removal")
@allowed(rules.can_publish, post=queries.get_blog_post)
def withdraw_pitch(post_id: int, post: BlogPost) -> Response:
    """Not wanted any more."""
    pitch = queries.find_pitch(post_id, "waiting")
    pitch_id = pitch.id if pitch else 0
    return done(
        lambda by: services.withdraw(pitch_id, by=by, at=clock.now()),
        _("Withdrawn. It stays in your blog."),
        to=url_for(".edit_text", post_id=post_id),
    )


@bp.get("/desk/blogs/pitches/<int:pitch_id>")
@allowed(rules.can_decide_pitch, pitch=queries.get_pitch)
def show_pitch(pitch_id: int, pitch: Pitch) -> str:
    """The text that was offered, what was said with it, and the two answers."""
    return _pitch_page(pitch)


@bp.post("/desk/blogs/pitches/<int:pitch_id>/acceptance")
@allowed(rules.can_decide_pitch, pitch=queries.get_pitch)
def accept_pitch(pitch_id: int, pitch: Pitch) -> Answer:
    """Take it over."""
    form, by, post_id = _acceptance(), me(), pitch.post_id
    try:
        if not form.validate():
            return _pitch_page(pitch, accepting=form), 422
        with transaction():
            services.accept(pitch_id, section_id=form.section_id, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _pitch_page(queries.get_pitch(pitch_id), accepting=form), problem.status
    flash(_("It is the main blog’s now, with its writer’s name."), "good")
    return redirect(url_for("posts.edit_post", post_id=post_id), 303)


@bp.post("/desk/blogs/pitches/<int:pitch_id>/refusal")
@allowed(rules.can_decide_pitch, pitch=queries.get_pitch)
def decline_pitch(pitch_id: int, pitch: Pitch) -> Answer:
    """Say why not, or what should change."""
    form, by = ReasonForm(), me()
    try:
        if not form.validate():
            return _pitch_page(pitch, declining=form), 422
        with transaction():
            services.decline(pitch_id, reason=form.reason.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _pitch_page(queries.get_pitch(pitch_id), declining=form), problem.status
    flash(_("Noted, and they were told."), "good")
    return redirect(url_for(".list_pitches"), 303)


def _acceptance(*, is_fresh: bool = False) -> AcceptanceForm:
    form = AcceptanceForm(formdata=None) if is_fresh else AcceptanceForm()
    form.offer([one for one in site().sections if not one.is_archived])
    return form


def _pitch_page(
    pitch: Pitch, *, accepting: AcceptanceForm | None = None, declining: ReasonForm | None = None
) -> str:
    text: Revision = get_revision(pitch.post_id, pitch.revision_id)
    return page(
        "cms/blogs/desk/pitch.html",
        pitch=pitch,
        text=text,
        is_changed=pitch.post.latest_revision_id != pitch.revision_id,
        in_review=find_open_round(pitch.post_id) is not None,
        accepting=accepting or _acceptance(is_fresh=True),
        declining=declining or ReasonForm(formdata=None),
        outcome_names=OUTCOME_NAMES,
        public_url=edition().to(f"/@{pitch.blog.person.handle}"),
    )
