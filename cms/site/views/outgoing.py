"""One page before publishing: everything that will go out, what is wrong with it, and one button."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.posts import queries, rules
from cms.posts.models import Post
from cms.site.asked import edition, host
from cms.site.forms import PlainForm
from cms.site.outgoing import tellings
from cms.site.queries.site import site
from cms.site.services import outgoing
from cms.site.views import bp


@bp.get("/desk/posts/<int:post_id>/outgoing")
@allowed(rules.can_see_draft, post=queries.get_post)
def show_outgoing(post_id: int, post: Post) -> str:
    """What will go out, in each language."""
    return _outgoing(post)


@bp.post("/desk/posts/<int:post_id>/outgoing")
@allowed(rules.can_publish, post=queries.get_post)
def publish_outgoing(post_id: int, post: Post) -> Response | tuple[str, int]:
    """Publish the languages that were ticked, as they were shown: `12-40` is revision 40 of post 12."""
    story = {one.id for one in queries.story_posts(post.story_id)}
    chosen = [pair for pair in map(_pair, request.form.getlist("telling")) if pair and pair[0] in story]
    if not chosen:
        return _outgoing(post, problem=_("Please choose at least one language.")), 422
    try:
        with transaction():
            outgoing.publish_tellings(chosen, by=person(), at=clock.now())
    except (Invalid, Conflict) as problem:
        return _outgoing(queries.get_post(post_id), problem=str(problem.message)), 422
    flash(
        ngettext("Published.", "Published in %(num)d languages.", len(chosen)),
        "good",
    )
    return redirect(url_for("posts.edit_post", post_id=post_id), 303)


@bp.post("/desk/posts/<int:post_id>/outgoing/mail")
@allowed(rules.can_see_draft, post=queries.get_post)
def mail_outgoing(post_id: int, post: Post) -> Response:
    """Send this language to whoever asks, to be read as a letter."""
    by = person()
    assert by is not None
    found = tellings(post, edition=edition(), host=host(), site=site(), by=by, at=clock.now())
    mine = next(one for one in found if one.post.id == post_id)
    with transaction():
        outgoing.mail_telling(mine.letter, title=mine.entry.title, locale=mine.locale, to=by)
    flash(_("On its way to %(address)s.", address=by.email), "good")
    return redirect(url_for(".show_outgoing", post_id=post_id), 303)


def _outgoing(post: Post, *, problem: str = "") -> str:
    by = person()
    found = tellings(post, edition=edition(), host=host(), site=site(), by=by, at=clock.now())
    return page(
        "cms/site/desk/outgoing.html",
        post=post,
        tellings=found,
        form=PlainForm(formdata=None),
        problem=problem,
        may_publish=rules.can_publish(by, post),
        hold_back=site().hold_back_minutes,
    )


def _pair(text: str) -> tuple[int, int] | None:
    """A post and the revision of it that was on the page."""
    post_id, _dash, revision_id = text.partition("-")
    if not (post_id.isdecimal() and revision_id.isdecimal() and len(text) < 38):
        return None
    return int(post_id), int(revision_id)
