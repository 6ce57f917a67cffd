"""What each account says of a post: one original, a version for each, counted and shown as its network would."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from campaigns.channels import queries as channels
from campaigns.channels.messages import Draft, DraftPart
from campaigns.channels.models import Account
from campaigns.channels.threads import CannotSplit, ThreadTooLong, split
from campaigns.deliveries import rules, services
from campaigns.deliveries.composing import Body, Tailored, prepare_body, tailored, tailored_drafts
from campaigns.deliveries.forms import EmptyForm, VariantForm
from campaigns.deliveries.preflight import Proposed, preflight
from campaigns.deliveries.previews import differences, host, part_views
from campaigns.deliveries.services.tailoring import Kept, VariantChanged
from campaigns.deliveries.timing import WithPost
from campaigns.deliveries.views import bp
from campaigns.deliveries.views.asked import Answer, done, me
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.media import queries as media
from cms.media.models import Media
from cms.posts.models import Post
from cms.posts.queries import get_post

MOST = 50  # parts of one request


@bp.get("/desk/posts/<int:post_id>/variants")
@allowed(rules.can_plan, post=get_post)
def tailor_all(post_id: int, post: Post) -> Answer:
    """Every account side by side: those that fit the post's language first."""
    accounts = _accounts(post)
    found = tailored_drafts(post_id, [one.id for one in accounts]) if accounts else []
    pictures = _pictures_of(found)
    return page(
        "campaigns/deliveries/variants.html",
        post=get_post(post_id),  # composing read it afresh, without what a page shows
        shown=[_shown(one, pictures) for one in found if one.account.language in ("", post.language)],
        others=[_shown(one, pictures) for one in found if one.account.language not in ("", post.language)],
    )


@bp.get("/desk/posts/<int:post_id>/variants/<int:account_id>")
@allowed(rules.can_plan, post=get_post, account=channels.get_account)
def tailor(post_id: int, account_id: int, post: Post, account: Account) -> Answer:
    """One account's version: its texts, their length, how it looks, and what is different."""
    return _page(post, tailored(post_id, account_id))


@bp.post("/desk/posts/<int:post_id>/variants/<int:account_id>")
@allowed(rules.can_plan, post=get_post, account=channels.get_account)
def save_variant(post_id: int, account_id: int, post: Post, account: Account) -> Answer:
    """Keep it; or part and join texts first, which keeps nothing yet."""
    form, by, one = VariantForm(), me(), tailored(post_id, account_id)
    typed = _typed(form, one)
    if "split" in request.form or "join" in request.form:
        return _page(
            post, replace(one, draft=replace(typed, parts=_rearranged(typed.parts, one, form))), form
        )
    if not form.validate():
        return _page(post, replace(one, draft=typed), form), 422
    own = _own(typed, one)
    try:
        body = _own_body(form, one)
        with transaction():
            services.save_variant(
                post_id,
                account_id,
                **own,
                body=body,
                expected_version=form.expected_version,
                by=by,
                at=clock.now(),
            )
    except VariantChanged as problem:
        form.version.data = str(problem.theirs.version) if problem.theirs else ""
        form.form_errors.append(str(problem.message))
        return _page(
            post, replace(tailored(post_id, account_id), draft=typed), form, theirs=problem.theirs
        ), 409
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(
            get_post(post_id), replace(tailored(post_id, account_id), draft=typed), form
        ), problem.status
    flash(_("Saved. What goes to this account from now on says this."), "good")
    return redirect(url_for(".tailor", post_id=post_id, account_id=account_id), 303)


@bp.post("/desk/posts/<int:post_id>/variants/<int:account_id>/original")
@allowed(rules.can_plan, post=get_post, account=channels.get_account)
def reset_variant(post_id: int, account_id: int, post: Post, account: Account) -> Answer:
    """Back to the original."""
    by = me()
    return done(
        url_for(".tailor", post_id=post_id, account_id=account_id),
        lambda: services.reset_variant(post_id, account_id, by=by, at=clock.now()),
        _("Back to the original. It follows the post again."),
    )


@bp.post("/desk/posts/<int:post_id>/variants/<int:account_id>/preview")
@allowed(rules.can_plan, post=get_post, account=channels.get_account)
def preview_variant(post_id: int, account_id: int, post: Post, account: Account) -> Answer:
    """How what is being typed would look, and how long it is there. Keeps nothing."""
    form, one = VariantForm(), tailored(post_id, account_id)
    typed = replace(one, draft=_typed(form, one))
    try:
        body = _own_body(form, one)
    except Invalid:
        body = None  # saving says what is wrong with it
    typed = typed.saying(body) if body else replace(typed, draft=replace(typed.draft, html=one.original.html))
    shown = _shown(typed, _pictures_of([typed]))
    return jsonify(
        html=page("campaigns/deliveries/_preview.html", one=shown),
        counts=[
            {"words": part.count.words, "state": part.count.state, "share": part.count.share}
            for part in shown["parts"]
        ],
    )


def _page(post: Post, one: Tailored, form: VariantForm | None = None, *, theirs: Kept | None = None) -> str:
    form = form or VariantForm(
        formdata=None,
        version=str(one.version or ""),
        title=one.draft.title,
        summary=one.draft.summary,
        body=one.body,
    )
    proposed = [Proposed(one.account.id, WithPost())]
    found = preflight(post.id, proposed, at=clock.now()).get(one.account.id, [])
    return page(
        "campaigns/deliveries/variant.html",
        found=found,
        post=get_post(post.id),  # composing read it afresh, without what a page shows
        one=_shown(one, _pictures_of([one])),
        accounts=_accounts(post),
        pictures=_media(one.own_pictures),
        form=form,
        theirs=theirs,
        button=EmptyForm(formdata=None),
    )


def _pictures_of(versions: Sequence[Tailored]) -> dict[int, Media]:
    """The pictures and covers of all of them. Two queries."""
    numbers = {number for one in versions for part in one.draft.parts for number, _alt in part.media}
    return {one.id: one for one in media.media_by_ids(numbers | {one.story.cover or 0 for one in versions})}


def _shown(one: Tailored, pictures: dict[int, Media]) -> dict[str, Any]:
    """One account's version as templates show it."""
    return {
        "account": one.account,
        "network": one.adapter,
        "limits": one.limits,
        "story": one.story,
        "draft": one.draft,
        "format": one.source.revision.format,
        "original": one.original,
        "is_own": one.variant is not None,
        "parts": part_views(one.draft.parts, one.limits, pictures),
        "differences": differences(one),
        "cover": pictures.get(one.story.cover or 0),
        "host": host(one.story.url),
    }


def _typed(form: VariantForm, one: Tailored) -> Draft:
    """What stands in the form as a draft; a network that carries the article keeps its words."""
    texts = request.form.getlist("text")[:MOST]
    parts = one.draft.parts
    if texts:
        parts = tuple(
            DraftPart(text.replace("\r\n", "\n"), _pictures(place)) for place, text in enumerate(texts)
        )
    title = one.draft.title if form.title.data is None else form.title.data
    summary = one.draft.summary if form.summary.data is None else form.summary.data
    return replace(one.draft, parts=parts, title=title, summary=summary.replace("\r\n", "\n"))


def _pictures(place: int) -> tuple[tuple[int, str], ...]:
    """Pictures ticked for one part, with the words for those who do not see them."""
    chosen = [one for one in request.form.getlist(f"picture-{place}") if one.isdecimal() and len(one) < 10]
    return tuple((int(one), request.form.get(f"alt-{place}-{one}", "").strip()) for one in chosen)


def _own(typed: Draft, one: Tailored) -> dict[str, Any]:
    """Only what is not the original: the rest goes on following the post."""
    same = [(part.text.strip(), part.media) for part in typed.parts] == [
        (part.text.strip(), part.media) for part in one.original.parts
    ]
    return {
        "parts": None if same else typed.parts,
        "title": None if typed.title.strip() == one.original.title.strip() else typed.title,
        "summary": None if typed.summary.strip() == one.original.summary.strip() else typed.summary,
    }


def _own_body(form: VariantForm, one: Tailored) -> Body | None:
    """The body that was typed, where the network carries one and it is not the post's own. Raises `Invalid`."""
    typed = (form.body.data or "").replace("\r\n", "\n").strip()
    if not one.limits.carries_html or form.body.data is None or typed == one.original_body.strip():
        return None
    return prepare_body(typed, form=one.source.revision.format)


def _rearranged(parts: tuple[DraftPart, ...], one: Tailored, form: VariantForm) -> tuple[DraftPart, ...]:
    """A part cut in two where the cursor stood, else by the network's own rule; or joined with the next."""
    asked = request.form.get("split") or request.form.get("join") or ""
    place = int(asked) if asked.isdecimal() and len(asked) < 4 else -1
    if not 0 <= place < len(parts):
        return parts
    part = parts[place]
    if "join" in request.form:
        if place + 1 == len(parts):
            return parts
        after = parts[place + 1]
        joined = DraftPart(f"{part.text.rstrip()}\n\n{after.text.lstrip()}", part.media + after.media)
        return (*parts[:place], joined, *parts[place + 2 :])
    texts = _cut(part.text, place) or _by_rule(part.text, one, form)
    made = (DraftPart(text, () if number else part.media) for number, text in enumerate(texts))
    return (*parts[:place], *made, *parts[place + 1 :])


def _cut(text: str, place: int) -> list[str]:
    caret = request.form.get(f"caret-{place}", "")
    at = int(caret) if caret.isdecimal() and len(caret) < 7 else 0
    before, after = text[:at].strip(), text[at:].strip()
    return [before, after] if before and after else []


def _by_rule(text: str, one: Tailored, form: VariantForm) -> list[str]:
    try:
        texts = list(split(text, one.limits))
    except ThreadTooLong as problem:
        form.form_errors.append(str(problem.message))
        texts = list(problem.parts[:MOST])
    except CannotSplit as problem:
        form.form_errors.append(str(problem.message))
        return [text]
    if len(texts) < 2:
        form.form_errors.append(
            _("It fits into one part. To part it all the same, put the cursor where the next begins.")
        )
    return texts or [text]


def _accounts(post: Post) -> list[Account]:
    """Those whose language fits first."""
    return sorted(channels.accounts(), key=lambda one: (one.language not in ("", post.language), one.id))


def _media(pictures: tuple[tuple[int, str], ...]) -> list[tuple[Any, str]]:
    found = {one.id: one for one in media.media_by_ids([number for number, _alt in pictures])}
    return [(found[number], alt) for number, alt in pictures if number in found]
