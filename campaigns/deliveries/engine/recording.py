"""From the answer of a network to rows: one transaction, and only while the row is ours."""

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import null, select, update

from campaigns.channels.adapter import (
    Data,
    Done,
    Later,
    Outcome,
    Paused,
    Pending,
    Refused,
    Sent,
    Step,
    Unsure,
)
from campaigns.channels.models import Account
from campaigns.channels.services import end_recipient, limit_account, pause_account
from campaigns.deliveries.engine import waits
from campaigns.deliveries.engine.claiming import Claim
from campaigns.deliveries.engine.fencing import LOST, NotOurs, lost, surely, write
from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.engine.preparing import Work
from campaigns.deliveries.engine.rows import Rows
from campaigns.deliveries.engine.together import write_together
from campaigns.deliveries.events import DeliverySent
from campaigns.deliveries.models import Delivery, DeliveryStep
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.telling import fail
from cms.core.database import db

log = logging.getLogger(__name__)
_dice = random.Random()  # noqa: S311 - so that those who wait do not all come back at once


def record(work: Work, step: Step, outcome: Outcome) -> str:
    """Write down how a call ended; gives the state the delivery is in now: `sending` when it goes on."""
    if isinstance(outcome, Done | Sent):
        return write_together(work.claim, lambda rows: _made(rows, work, step, outcome))
    return surely(lambda: _record(work, step, outcome))


def keep(work: Work, step: Step, data: Data) -> None:
    """Write down what is done of a step in the middle of it. Raises `NotOurs`: then nothing more of it may be done."""
    write_together(work.claim, lambda rows: _keep(rows, work.claim, step, data))


def refuse(claim: Claim, refused: Refused) -> str:
    """It cannot go out, and no network was asked."""
    return surely(lambda: refuse_in(claim, refused))


def pause(claim: Claim, paused: Paused) -> str:
    """Its account cannot send, and no network was asked."""
    return surely(lambda: _paused(claim, paused))


def leave(claim: Claim) -> str:
    """Let another worker go on with the next step: this one was asked to stop."""
    return surely(lambda: _leave(claim))


def finish_made(work: Work) -> str:
    """All its steps are made, as when a thread was shortened after its first parts went out: it is there."""
    last = work.before.get(work.steps[-1].key, {}) if work.steps else {}
    sent = Sent(str(last.get("remote_id", "")), str(last.get("url", "")), last)
    return write_together(work.claim, lambda rows: finish(rows, work.claim, sent))


def finish(rows: Rows, claim: Claim, sent: Sent) -> str:
    """Inside a transaction: it is there. Also for what was found there later."""
    row, at = rows.mine(claim), rows.at
    if row is None:
        return lost(claim)
    rows.change(
        claim,
        state="sent",
        lease_until=None,
        look_at=None,
        remote_id=sent.remote_id[:300],
        remote_url=sent.url[:1000],
        remote={**sent.data, "remote_id": sent.remote_id, "url": sent.url},
        is_draft=sent.is_draft,
        sent_at=at,
        crashes=0,
        code="",
        reason="",
        told_at=None,
    )
    for number, words in sent.no_addresses:
        end_recipient(number, because=words, at=at)
    told = {"remote_id": sent.remote_id, "url": sent.url, "draft": sent.is_draft}
    rows.note(row.id, "sent", **told)
    rows.facts.append(DeliverySent(row.id, row.post_id, claim.account_id, claim.channel, sent.remote_id, at))
    return "sent"


def end_step(
    claim: Claim, step: Step, state: str, *, at: datetime, result: Data | None = None, forget: bool = False
) -> None:
    """Inside a transaction: note how a step ended. `intended` with an end was surely not made. What was known of it is
    kept unless there is something newer, or it is to be forgotten."""
    values: dict[str, Any] = {"state": state, "ended_at": at}
    if result is not None or forget:
        values["result"] = dict(result) if result is not None else null()
    db.session.execute(
        update(DeliveryStep)
        .where(DeliveryStep.delivery_id == claim.delivery_id, DeliveryStep.key == step.key)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def told_by(outcome: Done | Sent) -> dict[str, Any]:
    """What later steps, editing and deleting need of a step that is made."""
    if isinstance(outcome, Done):
        return dict(outcome.data)
    return {**outcome.data, "remote_id": outcome.remote_id, "url": outcome.url}


def _record(work: Work, step: Step, outcome: Pending | Later | Refused | Paused | Unsure) -> str:
    claim = work.claim
    match outcome:
        case Pending():
            return _pending(work, step, outcome)
        case Later():
            return _later(work, step, outcome)
        case Refused():
            return refuse_in(claim, outcome, step, forget=work.is_asking(step))
        case Paused():
            return _paused(claim, outcome, step, is_asking=work.is_asking(step))
        case Unsure() if work.is_asking(step) or not step.publishes:
            return _later(
                work, step, Later(outcome.reason, outcome.code)
            )  # asking, or uploading, again is harmless
        case Unsure():
            return _unsure(work, step, outcome)


def _keep(rows: Rows, claim: Claim, step: Step, data: Data) -> None:
    known = rows.step(claim, step.key)
    if rows.mine(claim) is None or known is None:
        raise NotOurs
    rows.change_step(claim, step.key, result=dict(data))


def _made(rows: Rows, work: Work, step: Step, outcome: Done | Sent) -> str:
    claim, at = work.claim, rows.at
    known = rows.step(claim, step.key)
    if rows.mine(claim) is None:
        return lost(claim)
    assert known is not None  # its intent was written before the call
    is_known = known.state == "done"  # the answer to our commit was lost
    rows.change_step(claim, step.key, state="done", ended_at=at, result=told_by(outcome))
    if work.is_last(step):
        return finish(rows, claim, outcome if isinstance(outcome, Sent) else Sent(data=outcome.data))
    goes_on = {"crashes": 0, "code": "", "reason": ""}
    if step.publishes and not is_known:
        url = outcome.url if isinstance(outcome, Sent) else ""
        rows.note(claim.delivery_id, "made", step=step.key, url=url)
    if claim.state != "finishing":
        rows.change(claim, **goes_on)
        return "sending"
    # A step that was asked about goes on in a claim of its own: its row is due at once.
    rows.change(claim, state="scheduled", due_at=at, lease_until=None, **goes_on)
    return "scheduled"


def _pending(work: Work, step: Step, outcome: Pending) -> str:
    """Kept as the step's result: the network is asked about it, for a day at most; or the next share of it is done."""
    claim, at = work.claim, read_moment()
    if step.in_shares:
        due_at = at + timedelta(seconds=outcome.after)
        if not write(
            claim, state="scheduled", due_at=due_at, lease_until=None, crashes=0, code="", reason=""
        ):
            return LOST
        end_step(claim, step, "intended", at=at, result=outcome.data)
        return "scheduled"
    known = _step(claim, step)
    if at - known.intended_at > waits.LONGEST_FINISHING:
        return _never_finished(work, step)
    due_at = at + waits.next_asking(outcome.after, asked=known.tries)
    if not write(claim, state="finishing", due_at=due_at, lease_until=None, crashes=0, code="", reason=""):
        return LOST
    if not work.is_asking(step):
        note(claim.delivery_id, "finishing", by=None, at=at, step=step.key)
    known.result = dict(outcome.data)
    db.session.flush()
    return "finishing"


def _later(work: Work, step: Step, later: Later) -> str:
    claim, at = work.claim, read_moment()
    if later.whole_account:
        lock_account(claim)
    delivery = db.session.get(Delivery, claim.delivery_id, populate_existing=True)
    assert delivery is not None
    is_asking = work.is_asking(step)
    if is_asking and at - _step(claim, step).intended_at > waits.LONGEST_FINISHING:
        return _never_finished(work, step)
    if delivery.attempts >= waits.MOST_ATTEMPTS and not is_asking:
        reason = _("Given up after %(times)s tries: %(said)s", times=delivery.attempts, said=later.reason)
        return refuse_in(claim, Refused(reason, code="gave_up"), step)
    due_at = waits.until(later, attempt=delivery.attempts, at=at, dice=_dice)
    state = "finishing" if is_asking else "scheduled"
    told = {"code": later.code[:64], "reason": later.reason}
    if not write(claim, state=state, due_at=due_at, lease_until=None, crashes=0, **told):
        return LOST
    if not is_asking:
        end_step(claim, step, "intended", at=at)
    note(claim.delivery_id, "later", by=None, at=at, step=step.key, due=due_at.isoformat(), **told)
    if later.whole_account:
        limit_account(claim.account_id, until=due_at)
    return state


def refuse_in(claim: Claim, refused: Refused, step: Step | None = None, *, forget: bool = False) -> str:
    """Inside a transaction: it surely did not arrive, and does not go out by itself any more."""
    at = read_moment()
    told = {"code": refused.code[:64], "reason": refused.reason}
    if not write(claim, state="refused", lease_until=None, look_at=None, crashes=0, **told):
        return LOST
    if step is not None:
        end_step(claim, step, "intended", at=at, forget=forget)
    note(claim.delivery_id, "refused", by=None, at=at, step=step.key if step else None, **told)
    fail(claim.delivery_id, at=at)
    return "refused"


def _paused(claim: Claim, paused: Paused, step: Step | None = None, *, is_asking: bool = False) -> str:
    """The account is paused, and its post is kept as it was: not an attempt of its own."""
    at = read_moment()
    lock_account(claim)
    state = "finishing" if is_asking else "scheduled"
    told = {"code": paused.code[:64], "reason": paused.reason}
    attempts = Delivery.attempts - 1 if step is not None and not is_asking else Delivery.attempts
    if not write(claim, state=state, lease_until=None, crashes=0, attempts=attempts, **told):
        return LOST
    if step is not None and not is_asking:
        end_step(claim, step, "intended", at=at)
    note(claim.delivery_id, "paused", by=None, at=at, **told)
    pause_account(claim.account_id, reason=paused.reason, code=paused.code or "paused", at=at)
    return state


def _never_finished(work: Work, step: Step) -> str:
    return _unsure(work, step, Unsure(_("The network did not finish it within a day."), "never_finished"))


def _unsure(work: Work, step: Step, unsure: Unsure) -> str:
    claim, at = work.claim, read_moment()
    told = {"code": unsure.code[:64], "reason": unsure.reason}
    look_at = waits.next_look(0, at=at) if work.adapter.can_find else None
    if not write(claim, state="unsure", lease_until=None, look_at=look_at, lookups=0, **told):
        return LOST
    end_step(claim, step, "unsure", at=at, result=unsure.data or None, forget=not step.in_shares)
    note(claim.delivery_id, "unsure", by=None, at=at, step=step.key, **told)
    if look_at is None:
        fail(claim.delivery_id, at=at)
    return "unsure"


def _leave(claim: Claim) -> str:
    at = read_moment()
    if not write(
        claim, state="scheduled", due_at=at, lease_until=None, crashes=0, attempts=Delivery.attempts - 1
    ):
        return LOST
    note(claim.delivery_id, "handed_on", by=None, at=at)
    return "scheduled"


def _step(claim: Claim, step: Step) -> DeliveryStep:
    known = db.session.get(DeliveryStep, (claim.delivery_id, step.key), populate_existing=True)
    assert known is not None  # its intent was written before the call
    return known


def lock_account(claim: Claim) -> None:
    """Before the delivery itself: everybody locks them in this order."""
    db.session.execute(select(Account.id).where(Account.id == claim.account_id).with_for_update())
