"""The page that somebody from outside has by link: read, agree, write, hand in, answer, approve."""

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.contributions import queries, services, states
from cms.contributions.forms import AboutForm, DecisionForm, EmptyForm, TextForm, WordsForm
from cms.contributions.models import Contribution, ContributionEntry
from cms.contributions.queries import LinkIsDead
from cms.contributions.rows import deadline
from cms.contributions.views import bp
from cms.contributions.views.asked import Answer, opened
from cms.contributions.views.keeping import asked_draft, discarded_draft, kept_form, mark_saved, revision_of
from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.markup import content_hash
from cms.core.pages import page
from cms.core.problems import problem_document, wants_json
from cms.drafts.models import Draft
from cms.media import queries as media
from cms.posts import services as posts
from cms.posts.comparing import Part, compare, wording
from cms.posts.models import Revision
from cms.posts.queries import get_revision
from cms.posts.services import Attachment, ChangedMeanwhile, Content
from cms.site.asked import edition, host
from cms.site.heads import post_head
from cms.site.queries.reading import get_preview_page
from cms.site.queries.site import site

SEEN_EVERY = 60  # seconds


@bp.errorhandler(LinkIsDead)
def show_dead_link(problem: LinkIsDead) -> Response:
    """One calm page for every link that opens nothing; what was just typed stands on it, so that it can be kept."""
    if wants_json():
        return problem_document(404, str(problem.message))
    typed = {name: request.form.get(name, "") for name in ("title", "summary", "body", "words")}
    return make_response(page("cms/contributions/dead.html", typed=typed), 404)


@bp.get("/contribute/<token>")
@public
def show_contribution(token: str) -> Answer:
    """Everything on one page: what is asked for, the terms, the text, what was said."""
    one = opened(token)
    if one.seen_at is None or (clock.now() - one.seen_at).total_seconds() > SEEN_EVERY:
        contribution_id = one.id
        with transaction():
            services.note_seen(contribution_id, at=clock.now())
        one = opened(token)
    return own_page(token, one)


@bp.post("/contribute/<token>/consent")
@public
def consent(token: str) -> Answer:
    """Agree to the terms as they were read."""
    contribution_id, form = opened(token).id, AboutForm()
    return _done(token, lambda: services.consent(contribution_id, to=form.about.data or "", at=clock.now()))


@bp.post("/contribute/<token>")
@public
def save_text(token: str) -> Answer:
    """Keep what was written; with `hand_in`, give it to the editors. On top of somebody else's save: 409 with both."""
    one, form = opened(token), TextForm()
    if not form.validate():
        return own_page(token, one, form), 422
    contribution_id, person_id, post_id = one.id, one.person_id, one.post_id
    hand_in = "hand_in" in request.form
    try:
        content = _content(one, form)
        with transaction():
            services.save_text(
                contribution_id, content, base_id=form.base_id, at=clock.now(), hand_in=hand_in
            )
            mark_saved(person_id, post_id, request.form.get("tab", ""))
    except ChangedMeanwhile:
        theirs = opened(token)
        form.version.data = str(theirs.post.latest_revision_id)
        keeping = kept_form(token, theirs, is_typed=True, draft=None)
        return page(
            "cms/contributions/conflict.html", token=token, one=theirs, form=form, keeping=keeping
        ), 409
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return own_page(token, opened(token), form), problem.status
    flash(_("Handed in. Thank you: the editors know.") if hand_in else _("Saved."), "good")
    return redirect(url_for(".show_contribution", token=token), 303)


@bp.post("/contribute/<token>/messages")
@public
def say(token: str) -> Answer:
    """Write to the editors."""
    one, form = opened(token), WordsForm()
    contribution_id = one.id
    try:
        if not form.validate():
            return own_page(token, one, words=form), 422
        with transaction():
            services.say(contribution_id, words=form.words.data or "", at=clock.now())
    except Invalid as problem:
        form.complain(problem)
        return own_page(token, opened(token), words=form), 422
    flash(_("Sent to the editors."), "good")
    return redirect(url_for(".show_contribution", token=token) + "#messages", 303)


@bp.post("/contribute/<token>/decision")
@public
def decide(token: str) -> Answer:
    """Approve or refuse exactly the text that was read."""
    one, form = opened(token), DecisionForm()
    contribution_id = one.id
    decision = "approved" if request.form.get("decision") == "approved" else "refused"
    try:
        if not form.validate():
            return own_page(token, one, decision=form), 422
        with transaction():
            services.decide(
                contribution_id,
                decision=decision,
                about=form.about.data or "",
                words=form.words.data or "",
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return own_page(token, opened(token), decision=form), problem.status
    flash(_("Thank you. Your answer is noted."), "good")
    return redirect(url_for(".show_contribution", token=token), 303)


@bp.post("/contribute/<token>/byline")
@public
def approve_byline(token: str) -> Answer:
    """Agree to name, profile and picture as readers will see them."""
    contribution_id, form = opened(token).id, AboutForm()
    return _done(
        token, lambda: services.approve_byline(contribution_id, about=form.about.data or "", at=clock.now())
    )


@bp.get("/contribute/<token>/preview")
@public
def preview(token: str) -> Answer:
    """The real page with the newest text."""
    one = opened(token)
    revision_id = one.post.latest_revision_id or 0
    found = get_preview_page(edition(), host(), one.post_id, revision_id=revision_id, at=clock.now())
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


@bp.get("/contribute/<token>/reminders")
@public
def show_reminders(token: str) -> Answer:
    """Ask whether reminders should stop; opening this page changes nothing, as mail scanners open links too."""
    return page("cms/contributions/reminders.html", token=token, one=opened(token), button=EmptyForm())


@bp.post("/contribute/<token>/reminders")
@public
def stop_reminders(token: str) -> Answer:
    """No more reminders about this text."""
    contribution_id = opened(token).id
    with transaction():
        services.stop_reminders(contribution_id, at=clock.now())
    flash(_("No more reminders will be sent."), "good")
    return redirect(url_for(".show_contribution", token=token), 303)


def own_page(
    token: str,
    one: Contribution,
    form: TextForm | None = None,
    *,
    words: WordsForm | None = None,
    decision: DecisionForm | None = None,
) -> str:
    """The page as it is, or with what was just sent back."""
    at, latest = clock.now(), one.post.latest
    assert latest is not None
    shown, entries = services.byline_hash(one, one.person), queries.entries(one.id)
    draft, is_typed = asked_draft(one) if form is None else None, form is not None
    form = form or TextForm(formdata=None, data=_text_values(latest) | _typed_in(draft))
    form.title.flags.required = one.post.kind != "note"
    return page(
        "cms/contributions/own.html",
        token=token,
        one=one,
        latest=latest,
        state=states.state_of(one, latest.content_hash, at),
        state_names=states.NAMES,
        role_names=states.ROLE_NAMES,
        deadline=deadline(one, at),
        is_late=states.is_late(one, at),
        may_write=states.may_write(one),
        may_decide=states.may_decide(one),
        is_approved=states.is_approved(one, latest.content_hash),
        entries=[entry for entry in entries if entry.act in ("said", "handed_back")],
        parts=_since(one, entries) if states.may_decide(one) else [],
        portrait=media.portraits_of([one.person_id]).get(one.person_id),
        byline_about=shown,
        is_byline_approved=one.byline_hash == shown,
        rights_about=content_hash(one.rights),
        form=form,
        draft=draft,
        discarded=discarded_draft(one),
        keeping=kept_form(token, one, is_typed=is_typed, draft=draft),
        words=words or WordsForm(formdata=None),
        decision=decision or DecisionForm(formdata=None, about=latest.content_hash),
        button=EmptyForm(formdata=None),
    )


def _since(one: Contribution, entries: Sequence[ContributionEntry]) -> list[Part]:
    """What is different from the text they answered about last or, before that, from the one they handed in."""
    handed_in = [entry.revision_id for entry in entries if entry.act == "handed_in"]
    known = one.decided_revision_id or (handed_in[-1] if handed_in else None)
    if known is None or known == one.post.latest_revision_id or one.post.latest is None:
        return []
    parts = compare(wording(get_revision(one.post_id, known)), wording(one.post.latest))
    return [part for part in parts if part.name not in ("cover", "files")]


def _text_values(revision: Revision) -> dict[str, Any]:
    return {name: getattr(revision, name) for name in ("title", "summary", "body")} | {"version": revision.id}


def _typed_in(draft: Draft | None) -> dict[str, Any]:
    """The fields of an unsaved text, with the revision it was written on."""
    if draft is None:
        return {}
    fields = draft.fields or {}
    typed: dict[str, Any] = {name: fields[name] for name in ("title", "summary", "body") if name in fields}
    return {**typed, "version": revision_of(draft.base)}


def _content(one: Contribution, form: TextForm) -> Content:
    """What they wrote, with the files of the newest text, which are not theirs to change."""
    latest = one.post.latest
    assert latest is not None
    return posts.prepare(
        title=form.title.data or "",
        summary=form.summary.data or "",
        body=form.body.data or "",
        format=latest.format,
        transcript=latest.transcript,
        cover_id=latest.cover_id,
        cover_alt=latest.cover_alt,
        media=[Attachment(row.media_id, row.alt, row.caption) for row in latest.media],
    )


def _done(token: str, act: Any) -> Answer:
    """Do one thing; what does not make sense any more is said on the page."""
    try:
        with transaction():
            act()
    except Conflict as problem:
        flash(str(problem.message), "bad")
    return redirect(url_for(".show_contribution", token=token), 303)
