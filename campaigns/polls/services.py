"""Asking, closing, answering."""

from datetime import datetime, timedelta
from hashlib import blake2b

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from campaigns.engagement.visitors import window_at, windows_needed
from campaigns.plans.models import Campaign
from campaigns.polls.models import AUDIENCES, Poll, PollAnswer, PollChoice
from campaigns.polls.queries import get_poll
from campaigns.polls.terms import PollTerms
from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.pagecache import touch
from cms.people.models import Person
from cms.posts.models import Post

MOST_ON_A_PAGE = 3
LATE = timedelta(days=2)


class PollEnded(Conflict):
    """Somebody had the page open since before."""

    message = lazy_gettext("This question is closed, so your answer was not counted. Thank you all the same.")


class AnsweredAlready(Conflict):
    """From the same browser and address in this window."""

    message = lazy_gettext("An answer from here was counted already. Each reader is asked once.")


class HasAnswers(Conflict):
    """What people answered was an answer to these words."""

    message = lazy_gettext(
        "People answered this question already, so its words stay. Close it and ask another one."
    )


def is_place(*, post_id: int | None, campaign_id: int | None) -> bool:
    """Whether this names one post or one campaign, and it is there."""
    if (post_id is None) == (campaign_id is None):
        return False
    return db.session.get(Post if post_id is not None else Campaign, post_id or campaign_id or 0) is not None


def ask(terms: PollTerms, *, post_id: int | None, campaign_id: int | None, by: Person, at: datetime) -> Poll:
    """Put a question on a page. Terms are ready. Raises `Invalid` when there is no such page, or three stand there."""
    if not is_place(post_id=post_id, campaign_id=campaign_id):
        raise Invalid(errors={"question_en": _("Please open this form from a post or a campaign.")})
    place = Poll.post_id == post_id if post_id is not None else Poll.campaign_id == campaign_id
    standing = db.session.scalar(select(func.count()).where(place, Poll.ended_at.is_(None)))
    if (standing or 0) >= MOST_ON_A_PAGE:
        raise Invalid(
            errors={"question_en": _("Three questions stand there already. Close one of them first.")}
        )
    poll = Poll(post_id=post_id, campaign_id=campaign_id, created_at=at, created_by_id=by.id, kind=terms.kind)
    _write(poll, terms)
    db.session.add(poll)
    db.session.flush()
    _changed(poll)
    return poll


def change_poll(poll_id: int, terms: PollTerms) -> None:
    """Other words while nobody has answered; whether results are shown at any time. Raises `HasAnswers`."""
    poll = get_poll(poll_id)
    said = (poll.kind, poll.question, [one.label for one in poll.choices], poll.asks_audience)
    is_same = said == (
        terms.kind,
        dict(terms.question),
        [dict(one) for one in terms.choices],
        terms.asks_audience,
    )
    if not is_same:
        if db.session.scalar(select(func.count()).where(PollAnswer.poll_id == poll_id)):
            raise HasAnswers
        poll.kind = terms.kind
        _write(poll, terms)
    poll.shows_results = terms.shows_results
    _changed(poll)


def end_poll(poll_id: int, *, at: datetime) -> None:
    """It disappears from its page. Twice is once."""
    poll = get_poll(poll_id)
    poll.ended_at = poll.ended_at or at
    _changed(poll)


def resume_poll(poll_id: int) -> None:
    """It stands on its page again."""
    poll = get_poll(poll_id)
    poll.ended_at = None
    _changed(poll)


def answer_poll(
    poll_id: int, said: str, audience: str, *, visitor: int, window: int, verdict: str, at: datetime
) -> PollAnswer:
    """Count an answer. `visitor` is the number of who answers in this window.

    Raises `Invalid` for no answer, `PollEnded`, or `AnsweredAlready`.
    """
    poll = get_poll(poll_id)
    if poll.ended_at is not None:
        raise PollEnded
    number = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else -1
    if number not in ([one.id for one in poll.choices] if poll.kind == "choice" else range(11)):
        raise Invalid(errors={"answer": _("Please choose one of the answers.")})
    answer = PollAnswer(
        poll_id=poll_id,
        choice_id=number if poll.kind == "choice" else None,
        score=number if poll.kind == "nps" else None,
        audience=audience if poll.asks_audience and audience in AUDIENCES else None,
        verdict=verdict,
        at=at,
        window=window,
        once=blake2b(f"{poll_id}:{window}:{visitor}".encode(), digest_size=16).hexdigest(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(answer)
    except IntegrityError as error:
        raise AnsweredAlready from error
    return answer


def forget_who_answered(*, at: datetime, length: str) -> int:
    """In windows that are over nobody can answer again, so what told them apart is dropped. Says how many."""
    kept = {window_at(at - LATE, length), *windows_needed(at, length)}
    drop = update(PollAnswer).where(PollAnswer.once.is_not(None), PollAnswer.window.not_in(kept))
    return int(db.session.execute(drop.values(once=None)).rowcount)  # type: ignore[attr-defined]


def _write(poll: Poll, terms: PollTerms) -> None:
    poll.question, poll.asks_audience = dict(terms.question), terms.asks_audience
    poll.shows_results = terms.shows_results
    poll.choices = [
        PollChoice(position=place, label=dict(label)) for place, label in enumerate(terms.choices)
    ]


def _changed(poll: Poll) -> None:
    touch(
        f"post:{poll.post_id}" if poll.post_id is not None else f"campaign:{poll.campaign_id}",
        f"poll:{poll.id}",
    )
