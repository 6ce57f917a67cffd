"""The form of a post: begin, save, and what happens when two people save. Nothing typed is ever lost."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.languages import request_locale
from cms.core.pages import page
from cms.core.seams import panels
from cms.drafts.models import Draft
from cms.media import queries as media
from cms.people import services as people
from cms.posts import comparing, forms, queries, rules, services
from cms.posts.forms import MomentForm, PostForm
from cms.posts.models import Post
from cms.posts.views import bp
from cms.posts.views.asked import Answer, me, my_zone
from cms.posts.views.boxes import time_boxes
from cms.posts.views.keeping import (
    asked_draft,
    discarded_draft,
    keep_apart,
    kept_form,
    mark_saved,
    typed_in,
    who_is_here,
)
from cms.posts.views.revisions import shown_parts
from cms.topics import queries as topics

RECENT_PICTURES = 11


@bp.get("/desk/posts/new")
@allowed(rules.can_write)
def new_post() -> str:
    """An empty form; with `?translation_of=`, one filled with the text to translate."""
    values: dict[str, Any] = {"language": request_locale() or "en", "credits": [_my_credit()]}
    kind = request.args.get("kind", "")
    if kind in forms.KIND_NAMES:
        values["kind"] = kind
    original = _original(request.args.get("translation_of", ""))
    if original is not None and original.latest is not None:
        values = forms.from_post(original, original.latest, zone=my_zone())
        values |= {"translation_of": original.id, "language": _untold_language(original), "version": ""}
        values |= {"slug": "", "canonical_url": "", "published_at": ""}
    draft = asked_draft(None)
    form = PostForm(formdata=typed_in(draft), data=values)
    if draft is not None:
        original = _original(form.translation_of.data or "")
    return editor(None, form, original=original, draft=draft)


@bp.post("/desk/posts")
@allowed(rules.can_write)
def create_post() -> Answer:
    """Save a new post, and publish it when asked and allowed."""
    form, by = _filled(None), me()
    original = _original(form.translation_of.data or "")
    if not form.validate():
        return editor(None, form, original=original), 422
    try:
        content = services.prepare(**form.content)
        with transaction():
            post = services.create_post(
                content,
                kind=form.kind.data,
                translation_of=original.id if original else None,
                by=by,
                at=clock.now(),
                **_details(form),
            )
            post_id = post.id
            mark_saved(None, by=by, at=clock.now())
            if _wants_publishing() and rules.can_publish(by):
                services.publish_post(post_id, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return editor(None, form, original=original), 422
    flash(_("Published.") if _wants_publishing() else _("Saved."), "good")
    return redirect(url_for(".edit_post", post_id=post_id), 303)


@bp.get("/desk/posts/<int:post_id>")
@allowed(rules.can_see_draft, post=queries.get_post)
def edit_post(post_id: int, post: Post) -> str:
    """The form of a post, and what can be done with it; with `?draft=`, filled with a text that was not saved."""
    draft = asked_draft(post) if rules.can_edit(me(), post) else None
    if draft is None:
        return editor(post)
    assert post.latest is not None
    saved = forms.from_post(post, post.latest, zone=my_zone())
    return editor(post, PostForm(formdata=typed_in(draft), data=saved), draft=draft)


@bp.post("/desk/posts/<int:post_id>")
@allowed(rules.can_edit, post=queries.get_post)
def save_post(post_id: int, post: Post) -> Answer:
    """Save text and details. On top of somebody else's save: 409 with both texts."""
    form, by = _filled(post), me()
    if "apart" in request.form:
        return _keep_apart(post_id, form)
    if not form.validate():
        return editor(post, form), 422
    publish = _wants_publishing() and rules.can_publish(by, post)
    try:
        content = services.prepare(**form.content, format=_format_of(post))
        with transaction():
            services.edit_post(
                post_id,
                content,
                details=_details(form, post) if rules.can_edit_details(by, post) else {},
                expected_version=form.expected_version,
                publish=publish,
                wish=request.form.get("wish", "")[:80],
                by=by,
                at=clock.now(),
            )
            mark_saved(post, by=by, at=clock.now())
    except services.ChangedMeanwhile:
        theirs = queries.get_post(post_id)
        form.version.data = str(theirs.version)
        return editor(theirs, form, is_conflict=True), 409
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return editor(queries.get_post(post_id), form), 422
    flash(_("Published.") if publish else _("Saved."), "good")
    return redirect(url_for(".edit_post", post_id=post_id), 303)


def _keep_apart(post_id: int, form: PostForm) -> Answer:
    """What is saved stays; what was typed waits for its writer as unsaved text."""
    by_id, at = me().id, clock.now()
    with transaction():
        keep_apart(post_id, version=form.expected_version, by_id=by_id, at=at)
    flash(_("What is saved stays. Yours is kept apart; you can go on with it at any time."), "good")
    return redirect(url_for(".edit_post", post_id=post_id), 303)


def editor(
    post: Post | None,
    form: PostForm | None = None,
    *,
    original: Post | None = None,
    boxes: Mapping[str, MomentForm] | None = None,
    is_conflict: bool = False,
    draft: Draft | None = None,
) -> str:
    """The page with the form: of a new post, of one as it is, as it was just sent back, or as it was never saved."""
    by, zone = me(), my_zone()
    is_typed = draft is not None or (form is not None and request.method == "POST")
    if form is None:
        assert post is not None
        assert post.latest is not None
        form = PostForm(formdata=None, data=forms.from_post(post, post.latest, zone=zone))
    pictures = _pictures(form)
    form.offer(
        topics.sections(also=form.section_id.data),
        {one.id: one.alt or one.filename for one in pictures},
        language=form.language.data,
    )
    form.add_empty_rows()
    story = queries.story_posts(post.story_id) if post else ([original] if original else [])
    return page(
        "cms/posts/edit.html",
        post=post,
        form=form,
        pictures={one.id: one for one in pictures},
        people=queries.creditable_people(),
        zone=zone,
        story=[one for one in story if post is None or one.id != post.id],
        original=original,
        is_conflict=is_conflict,
        **(_differences(post, form) if is_conflict and post else {}),
        here=who_is_here(post),
        draft=draft,
        discarded=discarded_draft(post),
        keeping=kept_form(post, form.version.data, is_typed=is_typed, draft=draft),
        language_names=forms.LANGUAGE_NAMES,
        kind_names=forms.KIND_NAMES,
        button=forms.EmptyForm(formdata=None),
        may_edit=post is None or rules.can_edit(by, post),
        may_edit_details=post is None or rules.can_edit_details(by, post),
        may_publish=rules.can_publish(by, post),
        may_trash=post is not None and rules.can_trash(by, post),
        panels=[render(post=post) for render in panels("desk.post")] if post else [],
        **(time_boxes(post, zone, boxes or {}) if post else {}),
    )


def _differences(post: Post, form: PostForm) -> dict[str, Any]:
    assert post.latest is not None
    return shown_parts(comparing.compare(comparing.wording(post.latest), form.content))


def _filled(post: Post | None) -> PostForm:
    """The form as it was sent, with everything in its lists that it may name."""
    kept = None
    if post is not None and not rules.can_edit_details(me(), post):
        assert post.latest is not None
        kept = forms.from_post(post, post.latest, zone=my_zone())  # details are not on the page, so not sent
    form = PostForm(data=kept)
    sections = topics.sections(also=post.section_id if post else None)
    form.offer(sections, {}, language=post.language if post else None)
    return form


def _details(form: PostForm, post: Post | None = None) -> dict[str, Any]:
    """What services take as details. Creates the guest who is named, inside the caller's transaction."""
    details: dict[str, Any] = {
        "language": form.language.data,
        "section_id": form.section_id.data or None,
        "tags": form.tag_words,
        "bylines": _bylines(form),
        "canonical_url": form.canonical_url.data or None,
    }
    if form.slug.data or post is None:
        details["slug"] = form.slug.data or None
    if post is not None:
        details["kind"] = form.kind.data
        zone = my_zone()
        typed, before = form.published_at.data, forms.shown_time(post.published_at, zone)
        if typed and typed[:16] != before:
            details["published_at"] = form.published_instant(zone)
    return details


def _bylines(form: PostForm) -> list[tuple[int, str]]:
    """Who was named, by number. Somebody unknown or ambiguous is an error, never somebody else."""
    named = queries.people_named([who for who, _role in form.credited])
    credits: list[tuple[int, str]] = []
    for who, role in form.credited:
        if len(named[who]) != 1:
            sentence = (
                _(
                    "Nobody is called %(who)s. To credit somebody without an account, name them as a guest.",
                    who=who,
                )
                if not named[who]
                else _("Several people are called %(who)s. Please choose one by the @handle.", who=who)
            )
            raise Invalid(errors={"bylines": sentence})
        credits.append((named[who][0], role))
    guest = " ".join((form.guest_name.data or "").split())
    if guest:
        credits.append((people.add_guest(name=guest, at=clock.now()).id, form.guest_role.data))
    return credits


def _my_credit() -> dict[str, Any]:
    return {"who": forms.spelled(me()), "role": "author", "place": 1}


def _original(number: str) -> Post | None:
    """The post to translate, when there is one and it may be read."""
    if not (number.isdecimal() and len(number) < 19):
        return None
    post = queries.get_post(int(number))
    return post if rules.can_see_draft(me(), post) else None


def _untold_language(original: Post) -> str:
    told = {one.language for one in queries.story_posts(original.story_id)}
    return next((one for one in forms.LANGUAGE_NAMES if one not in told), "en")


def _pictures(form: PostForm) -> list[Any]:
    """The newest pictures, and the chosen cover when it is older."""
    recent = media.media_page(kind="image", size=RECENT_PICTURES).items
    chosen = form.cover.data
    if chosen and chosen not in {one.id for one in recent}:
        recent = [*media.media_by_ids([chosen]), *recent]
    return recent


def _format_of(post: Post) -> str:
    """A text that came as HTML stays HTML; everything begun here is Markdown."""
    return post.latest.format if post.latest is not None else "markdown"


def _wants_publishing() -> bool:
    return "publish" in request.form
