"""Sentences that need a source, and the words that make one ask."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.config import LOCALES
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import page
from cms.reviews import forms, queries, rules, services
from cms.reviews.queries import ReviewedPost
from cms.reviews.views import bp
from cms.reviews.views.asked import Answer, done, me, review_url

PAGE_LENGTH = 30


@bp.get("/desk/reviews/claims")
@allowed(rules.can_see_claims)
def list_claims() -> str:
    """The register: open ones first of all, or those that ran out, have a source, or were withdrawn."""
    asked, number = request.args.get("state", ""), request.args.get("before", "")
    state = asked if asked in queries.CLAIM_STATES else "open"
    before = int(number) if number.isdecimal() and len(number) < 10 else None
    rows = queries.claims(state, at=clock.now(), before=before, limit=PAGE_LENGTH + 1)
    shown = rows[:PAGE_LENGTH]
    return page(
        "cms/reviews/claims.html",
        claims=shown,
        state=state,
        state_names=forms.CLAIM_STATE_NAMES,
        next_url=url_for(".list_claims", state=state, before=shown[-1].id)
        if len(rows) > PAGE_LENGTH
        else None,
        first_url=url_for(".list_claims", state=state) if before else None,
    )


@bp.post("/desk/posts/<int:post_id>/review/claims/<int:claim_id>/source")
@allowed(rules.can_settle_claims, post=queries.get_review)
def source_claim(post_id: int, claim_id: int, post: ReviewedPost) -> Answer:
    """Say where it is from."""
    _expect_claim(post_id, claim_id)
    form = forms.SourceForm()
    back = redirect(review_url(post_id, _anchor="claims"), 303)
    if not form.validate():
        flash(str(next(one for errors in form.errors.values() for one in errors)), "bad")
        return back
    try:
        with transaction():
            services.source_claim(
                claim_id,
                source=form.source.data or "",
                expires_on=form.expires_on.data,
                by=me(),
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
        return back
    flash(_("The source is on the record."), "good")
    return back


@bp.post("/desk/posts/<int:post_id>/review/claims/<int:claim_id>/removal")
@allowed(rules.can_settle_claims, post=queries.get_review)
def withdraw_claim(post_id: int, claim_id: int, post: ReviewedPost) -> Answer:
    """Say that it needs none."""
    _expect_claim(post_id, claim_id)
    return done(
        lambda by: services.withdraw_claim(claim_id, by=by, at=clock.now()),
        _("Withdrawn. The text does not wait for it any more."),
        to=review_url(post_id, _anchor="claims"),
    )


@bp.get("/desk/reviews/words")
@allowed(rules.can_set_steps)
def edit_claim_words() -> str:
    """The words that want a source."""
    words = queries.claim_words()
    values = {f"words_{locale}": "\n".join(words.get(locale, [])) for locale in LOCALES}
    return page("cms/reviews/words.html", form=forms.WordsForm(formdata=None, data=values))


@bp.post("/desk/reviews/words")
@allowed(rules.can_set_steps)
def save_claim_words() -> Answer:
    """Replace them."""
    form = forms.WordsForm()
    try:
        with transaction():
            services.set_claim_words(form.by_language, by=me(), at=clock.now())
    except Invalid as problem:
        form.complain(problem)
        return page("cms/reviews/words.html", form=form), 422
    flash(_("Saved."), "good")
    return redirect(url_for(".edit_claim_words"), 303)


def _expect_claim(post_id: int, claim_id: int) -> None:
    if queries.get_claim(claim_id).post_id != post_id:
        raise NotFound
