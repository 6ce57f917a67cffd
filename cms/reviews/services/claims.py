"""Sentences that need a source: marked, settled, withdrawn."""

from datetime import date, datetime

from flask_babel import gettext as _

from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.text import strip_control
from cms.people import audit
from cms.people.models import Person
from cms.reviews import passages
from cms.reviews.models import Claim, ClaimWords
from cms.reviews.queries.claims import day_of
from cms.reviews.services.problems import ClaimSettled
from cms.reviews.services.rounds import checked_words
from cms.reviews.services.settling import load_post

MOST_WORDS = 300
LONGEST_WORD = 80


def raise_claim(
    post_id: int,
    *,
    quote: str,
    words: str = "",
    prefix: str = "",
    suffix: str = "",
    by: Person | None,
    at: datetime,
) -> Claim:
    """Mark a passage of the newest text as needing a source. From now on the text waits for it."""
    post = load_post(post_id)
    assert post.latest is not None
    text = passages.whole_text(post.latest)
    around = passages.surroundings(checked_quote(quote), text, prefix=prefix, suffix=suffix)
    if around is None:
        raise Invalid(errors={"quote": _("These words do not stand in the newest text.")})
    claim = Claim(
        post_id=post_id,
        revision_id=post.latest.id,
        quote=passages.flat(quote),
        prefix=around[0],
        suffix=around[1],
        words=checked_words(words),
        raised_by_id=by.id if by else None,
        raised_at=at,
    )
    db.session.add(claim)
    db.session.flush()
    return claim


def source_claim(
    claim_id: int, *, source: str, expires_on: date | None = None, by: Person | None, at: datetime
) -> None:
    """Say where it is from, and until when that holds. A source that ran out is renewed in the same way."""
    claim = _load(claim_id)
    said = checked_words(source)
    errors = {}
    if not said:
        errors["source"] = _("Please say where this is from: an address, or where it is written.")
    if expires_on is not None and expires_on < day_of(at):
        errors["expires_on"] = _("This day has passed. Please choose a later one, or none.")
    if errors:
        raise Invalid(errors=errors)
    if claim.state == "withdrawn":
        raise ClaimSettled
    claim.expires_on = expires_on
    _settle(claim, "sourced", said, by=by, at=at)


def withdraw_claim(claim_id: int, *, by: Person | None, at: datetime) -> None:
    """Say that no source is needed, for example because the sentence is gone. The row stays, with who said so."""
    claim = _load(claim_id)
    if claim.state == "withdrawn":
        raise ClaimSettled
    _settle(claim, "withdrawn", claim.source, by=by, at=at)


def set_claim_words(words: dict[str, list[str]], *, by: Person | None, at: datetime) -> None:
    """Replace the words that want a source, by language; an empty list means that none does."""
    for language, typed in words.items():
        if language not in LOCALES:
            raise NotFound
        kept = list(dict.fromkeys(" ".join(strip_control(one).split()) for one in typed))
        kept = [one for one in kept if one]
        if len(kept) > MOST_WORDS or any(len(one) > LONGEST_WORD for one in kept):
            sentence = _(
                "Please use at most %(count)d words of %(length)d characters.",
                count=MOST_WORDS,
                length=LONGEST_WORD,
            )
            raise Invalid(errors={f"words_{language}": sentence})
        row = db.session.get(ClaimWords, language) or ClaimWords(language=language)
        row.words = kept
        db.session.add(row)
    db.session.flush()
    audit.record("review.words_changed", "site:claim_words", by=by, at=at)


def checked_quote(quote: str) -> str:
    """A passage that somebody chose. Raises `Invalid` when there is none, or it is too long."""
    said = passages.flat(quote)
    if not said or len(said) > passages.LONGEST_QUOTE:
        raise Invalid(
            errors={
                "quote": _(
                    "Please quote the passage: at least a word, at most %(count)d characters.",
                    count=passages.LONGEST_QUOTE,
                )
            }
        )
    return said


def _load(claim_id: int) -> Claim:
    claim = db.session.get(Claim, claim_id, populate_existing=True)
    if claim is None:
        raise NotFound
    load_post(claim.post_id)
    return claim


def _settle(claim: Claim, state: str, source: str, *, by: Person | None, at: datetime) -> None:
    claim.state, claim.source = state, source
    claim.settled_at, claim.settled_by_id = at, by.id if by else None
    db.session.flush()
    detail = {"claim": claim.id, "state": state}
    audit.record("review.claim_settled", f"post:{claim.post_id}", by=by, at=at, detail=detail)
