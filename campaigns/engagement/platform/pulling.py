"""Asking a network for figures, and writing down what it said: one question, one transaction, while the seat is ours."""

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert, select, update

from campaigns.channels.adapter import Adapter, Data, Later, Paused, Seat, Told
from campaigns.channels.catalogue import adapter_for
from campaigns.channels.models import Account
from campaigns.channels.seats import seat_of
from campaigns.channels.services import pause_account
from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.engine.waits import until
from campaigns.deliveries.models import Delivery
from campaigns.engagement.platform.claiming import Claim, due_of
from campaigns.engagement.platform.definitions import VERSION, in_our_words, metrics_of
from campaigns.engagement.platform.models import FigureSeat, FigureWatch, PlatformFigure, PlatformFollowers
from campaigns.engagement.platform.schedule import FOLLOWERS, next_due
from cms.core.database import db, transaction
from cms.core.secrets import UnreadableSecret

log = logging.getLogger(__name__)
_dice = random.Random()  # noqa: S311 - so that those who wait do not all come back at once
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Work:
    """What is asked of one account: its deliveries with what the network calls them, and its followers."""

    adapter: Adapter
    seat: Seat
    watches: Sequence[tuple[int, datetime]]  # delivery, sent at
    remotes: Sequence[Data]  # of those that the network has a name for
    names: dict[int, str]  # that name, by delivery
    wants_followers: bool


def pull(claim: Claim) -> int:
    """Ask what is due of a claimed account; gives how many deliveries were asked about. Never raises for what a network
    does: what it did not tell stays due."""
    work = _prepare(claim)
    if isinstance(work, Later):
        _record(claim, lambda at: _put_off(claim, work, at))
        return 0
    told = _ask(work, lambda: work.adapter.metrics(work.seat, work.remotes)) if work.remotes else {}
    if isinstance(told, Later | Paused):
        _record(claim, lambda at: _not_told(claim, told, at))
        return 0
    followers = _ask(work, lambda: work.adapter.followers(work.seat)) if work.wants_followers else None

    def write(at: datetime) -> None:
        _write_figures(work, told, at)
        if isinstance(followers, Later | Paused):
            _not_told(claim, followers, at)
            return
        if work.wants_followers:
            db.session.add(PlatformFollowers(account_id=claim.account_id, captured_at=at, value=followers))
            _seat(claim, followers_at=at + FOLLOWERS)
        _seat(claim, tries=0, problem="", resume_at=None)

    _record(claim, write)
    return len(work.watches)


def _prepare(claim: Claim) -> _Work | Later:
    """Read what is due, and end the read: no transaction is open while a network is asked."""
    at = read_moment()
    account = db.session.get_one(Account, claim.account_id, populate_existing=True)
    adapter = adapter_for(account.channel)
    followers_at = db.session.scalar(
        select(FigureSeat.followers_at).where(FigureSeat.account_id == claim.account_id)
    )
    due = due_of(claim.account_id, at=at, most=adapter.most_counted)
    watches = sorted((one.delivery_id, one.sent_at) for one in due)  # the order in which all lock them
    rows = db.session.execute(
        select(Delivery.id, Delivery.remote, Delivery.remote_id, Delivery.remote_url).where(
            Delivery.id.in_([one for one, _ in watches]), Delivery.remote_id != ""
        )
    ).all()
    try:
        seat = seat_of(account, recipients=())
    except UnreadableSecret:
        return Later("", code="secrets")
    finally:
        db.session.rollback()
    return _Work(
        adapter,
        seat,
        watches,
        [{**(row.remote or {}), "remote_id": row.remote_id, "url": row.remote_url} for row in rows],
        {row.id: row.remote_id for row in rows},
        adapter.tells_followers and (followers_at is None or followers_at <= at),
    )


def _ask(work: _Work, question: Callable[[], Answer]) -> Answer | Later:
    try:
        return question()
    except Exception:  # the edge: an adapter's mistake is no reason to ask other accounts nothing
        log.exception("the adapter %s raised when it was asked for figures", work.adapter.key)
        return Later("", code="adapter_failed")
    finally:
        db.session.rollback()


def _record(claim: Claim, write: Callable[[datetime], None]) -> None:
    """Write down what came of it and give the seat back, if it is still ours; else change nothing."""
    with transaction():
        if _seat(claim, lease_until=None):
            write(read_moment())
        else:
            log.warning("account %d is not ours to count any more (lease %d)", claim.account_id, claim.lease)


def _write_figures(work: _Work, told: Told, at: datetime) -> None:
    """A row for every figure that the network can tell, and the next time. What was not told is missing, not nought."""
    metrics = metrics_of(work.adapter.key)
    rows: list[dict[str, Any]] = []
    for delivery_id, sent_at in work.watches:
        due_at = next_due(sent_at, at=at)
        if not _is_still_asked(delivery_id, due_at):
            continue  # it was frozen while the network was asked
        figures = in_our_words(told.get(work.names.get(delivery_id, ""), {}))
        rows += [
            {
                "delivery_id": delivery_id,
                "metric": metric,
                "definition_version": VERSION,
                "captured_at": at,
                "value": figures.get(metric),
                "source": work.adapter.key,
                "is_final": due_at is None,
            }
            for metric in metrics
        ]
    if rows:
        db.session.execute(insert(PlatformFigure), rows)


def _is_still_asked(delivery_id: int, due_at: datetime | None) -> bool:
    """Write the next time down, unless it is over: one update, which waits for whoever ends it."""
    changed = db.session.execute(
        update(FigureWatch)
        .where(FigureWatch.delivery_id == delivery_id, FigureWatch.due_at.is_not(None))
        .values(due_at=due_at)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def _not_told(claim: Claim, answer: Later | Paused, at: datetime) -> None:
    """A dead token pauses the account as sending would have; one that is paused already stays as it is."""
    if isinstance(answer, Paused):
        pause_account(claim.account_id, reason=answer.reason, code=answer.code or "paused", at=at)
    else:
        _put_off(claim, answer, at)


def _put_off(claim: Claim, later: Later, at: datetime) -> None:
    """As long as the network asked, else longer each time. Only questions wait: what is planned is sent as ever."""
    tries = db.session.scalar(select(FigureSeat.tries).where(FigureSeat.account_id == claim.account_id)) or 0
    resume_at = until(later, attempt=tries + 1, at=at, dice=_dice)
    _seat(claim, tries=tries + 1, resume_at=resume_at, problem=later.reason[:300])


def _seat(claim: Claim, **values: Any) -> bool:
    changed = db.session.execute(
        update(FigureSeat)
        .where(FigureSeat.account_id == claim.account_id, FigureSeat.lease == claim.lease)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]
