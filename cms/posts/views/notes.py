"""Writing notes: one page that is also the dialog of every page of the desk, and what its script asks for.

With `part=1` the form comes without the page around it; a saved note is answered with JSON then (201).
"""

from datetime import timedelta

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound, Problem
from cms.core.languages import request_locale
from cms.core.pages import page
from cms.core.throttle import throttle
from cms.media import queries as media
from cms.media import services as uploads
from cms.media.sniffing import MOST_IMAGE
from cms.posts import forms, mentions, queries, rules, services, wording
from cms.posts.cards import keeping
from cms.posts.cards.models import LinkCard
from cms.posts.models import Post
from cms.posts.note_form import NoteForm, PictureRow, from_note
from cms.posts.services import notes
from cms.posts.views import bp
from cms.posts.views.asked import Answer, me, my_zone

CARDS_AN_HOUR, _HOUR = 120, timedelta(hours=1)  # addresses that one person may have fetched


@bp.url_value_preprocessor
def let_pictures_in(endpoint: str | None, values: object) -> None:
    """Before anything reads the form: who may write may send four pictures with it."""
    if endpoint in ("posts.create_note", "posts.save_note") and rules.can_write(person()):
        request.max_content_length = notes.MOST_PICTURES * MOST_IMAGE


def get_note(post_id: int) -> Post:
    """A post that is a note. Anything else has its form elsewhere."""
    post = queries.get_post(post_id)
    if post.kind != "note":
        raise NotFound
    return post


@bp.get("/desk/notes/new")
@allowed(rules.can_write)
def new_note() -> Answer:
    """An empty note."""
    return _composer(None, NoteForm(formdata=None, text=request.args.get("text", "")[:10_000]))


@bp.post("/desk/notes")
@allowed(rules.can_write)
def create_note() -> Answer:
    """Keep a new note, and publish it now or later when asked and allowed."""
    return _take(None)


@bp.get("/desk/notes/<int:post_id>")
@allowed(rules.can_see_draft, post=get_note)
def edit_note(post_id: int, post: Post) -> Answer:
    """A note as it is, to be written on."""
    return _composer(post)


@bp.post("/desk/notes/<int:post_id>")
@allowed(rules.can_edit_details, post=get_note)
def save_note(post_id: int, post: Post) -> Answer:
    """Keep a note anew; on top of somebody else's save: 409 with what was typed."""
    return _take(post)


@bp.post("/desk/notes/cards")
@allowed(rules.can_write)
def ask_for_card() -> Answer:
    """Have the page fetched that the text of `text` links first: the card as far as it is known."""
    by, url = me(), wording.first_address(request.form.get("text", "")[:20_000])
    if url is None:
        return _said(422, message=_("There is no address in this text."))
    with transaction():
        throttle(f"link cards {by.id}", limit=CARDS_AN_HOUR, per=_HOUR)
        card_id = keeping.ask_for_card(url, at=clock.now()).id
    return jsonify(_told(keeping.get_card(card_id)))


@bp.get("/desk/notes/cards/<int:card_id>")
@allowed(rules.can_write)
def show_card(card_id: int) -> Answer:
    """A card as far as it is known: `state` is waiting, ready or failed."""
    return jsonify(_told(keeping.get_card(card_id)))


@bp.get("/desk/notes/people")
@allowed(rules.can_write)
def suggest_people() -> Answer:
    """Whom `q` may be the beginning of."""
    found = mentions.suggest_people(request.args.get("q", "")[:40]) if request.args.get("q") else []
    return jsonify(people=[{"handle": one.handle, "name": one.name} for one in found])


def _take(post: Post | None) -> Answer:
    form, by, zone = NoteForm(), me(), my_zone()
    form.offer(forms.LANGUAGE_NAMES)
    post_id = post.id if post else None
    plan = form.plan(request.form.get("act", "draft"), zone)
    if plan.act != "draft" and not rules.can_publish(by, post):
        plan = form.plan("draft", zone)
    is_sound = form.validate()
    is_sound = _take_files(form) and is_sound
    if not is_sound or (plan.act != "draft" and _asks_for_alt(form)):
        return _composer(_again(post_id), form), 422
    try:
        note = notes.prepare_note(
            form.text.data or "",
            own_language=request_locale() or "en",
            pictures=form.attachments,
            tags=form.tag_words,
            language=form.language.data or "",
            with_card=bool(form.with_card.data),
        )
        with transaction():
            post_id = _write(post_id, note, plan, form.expected_version)
    except services.ChangedMeanwhile as problem:
        form.complain(problem)
        return _composer(_again(post_id), form), 409
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _composer(_again(post_id), form), 422
    return _done(post_id, plan)


def _write(post_id: int | None, note: notes.Note, plan: notes.Plan, version: int | None) -> int:
    by, at = me(), clock.now()
    if post_id is None:
        return notes.create_note(note, plan, by=by, at=at).id
    notes.save_note(post_id, note, plan, by=by, at=at, expected_version=version)
    return post_id


def _take_files(form: NoteForm) -> bool:
    """Take what was chosen as a file, and write its number into the form, so that it need not be sent again."""
    return all(_take_file(row.form) for row in form.pictures)


def _take_file(row: PictureRow) -> bool:
    file = row.file.data
    if not isinstance(file, FileStorage) or not file.filename:
        return _is_picture(row)
    by = me()
    try:
        received = uploads.receive_upload(file.stream, file.filename, only="image")
        with transaction():
            kept = uploads.keep_media(received, by=by, at=clock.now(), alt=row.alt.data or "")
            row.media_id.data = kept.id
    except Problem as problem:
        row.file.errors = [*row.file.errors, str(problem.message)]
        return False
    return True


def _is_picture(row: PictureRow) -> bool:
    if not row.media_id.data:
        return True
    known = media.find_media(row.media_id.data)
    if known is not None and known.kind == "image":
        return True
    row.media_id.errors = [*row.media_id.errors, _("There is no picture with this number.")]
    return False


def _asks_for_alt(form: NoteForm) -> bool:
    """Whether pictures lack their alternative text, and nobody was asked yet whether they shall."""
    numbers = [one.media_id for one in form.attachments if not one.alt]
    silent = [one for one in media.media_by_ids(numbers) if one.needs_alt]
    if not silent or form.asked.data == "alt":
        return False
    form.asked.data = "alt"
    for row in form.pictures:
        if row.media_id.data in {one.id for one in silent}:
            row.alt.errors = [
                *row.alt.errors,
                _("Say what somebody would miss who cannot see it. Publish again to go without."),
            ]
    return True


def _done(post_id: int, plan: notes.Plan) -> Answer:
    said = {"publish": _("Published."), "schedule": _("Planned."), "draft": _("Saved as a draft.")}[plan.act]
    edit_url = url_for(".edit_note", post_id=post_id)
    if not _is_part():
        flash(said, "good")
        return redirect(edit_url, 303)
    url = url_for("site.show_note", note_id=post_id) if plan.act == "publish" else edit_url
    return _said(201, message=said, url=url, edit_url=edit_url)


def _said(status: int, **words: str) -> Response:
    answer = jsonify(words)
    answer.status_code = status
    return answer


def _composer(post: Post | None, form: NoteForm | None = None) -> str:
    by, zone = me(), my_zone()
    card = keeping.card_of(post.id) if post else None
    if form is None:
        assert post is not None
        assert post.latest is not None
        wall = forms.shown_time(post.due_at, zone)
        form = NoteForm(
            formdata=None, data=from_note(post, post.latest, has_card=card is not None, wall=wall)
        )
    form.offer(forms.LANGUAGE_NAMES)
    chosen = [row.media_id.data for row in form.pictures if row.media_id.data]
    return page(
        "cms/posts/_note_form.html" if _is_part() else "cms/posts/note.html",
        post=post,
        form=form,
        files={one.id: one for one in media.media_by_ids(chosen)},
        card=card,
        zone=zone,
        good_length=notes.GOOD_LENGTH,
        may_edit=post is None or rules.can_edit_details(by, post),
        may_publish=rules.can_publish(by, post),
        is_part=_is_part(),
    )


def _again(post_id: int | None) -> Post | None:
    """The post as it is now: what was loaded before is stale after a transaction."""
    return queries.get_post(post_id) if post_id else None


def _is_part() -> bool:
    return request.values.get("part") == "1"


def _told(card: LinkCard) -> dict[str, object]:
    picture = card.picture
    return {
        "id": card.id,
        "url": card.url,
        "state": card.state,
        "title": card.title,
        "description": card.description,
        "site": card.site_name,
        "picture": picture.thumb if picture else None,
    }
