"""Findings about what else goes to the same account: the same words lately, another post in the same hour, a hold."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from campaigns.channels.counting import links_in
from campaigns.channels.messages import Message
from campaigns.deliveries.composing import Tailored
from campaigns.deliveries.models import OPEN, Delivery, Hold
from campaigns.deliveries.preflight.moments import Moment, spoken
from campaigns.plans.models import CampaignPost
from cms.core.database import db
from cms.core.seams import Finding

LATELY = timedelta(days=30)
CLOSE = timedelta(hours=1)
MOST = 300  # sent deliveries whose words are compared, of all accounts together


@dataclass(frozen=True)
class Neighbours:
    """By account: what was said lately and when, what is planned and when; and what holds."""

    said: dict[int, list[tuple[int, str, datetime]]]  # delivery, words, when
    planned: dict[int, list[tuple[int, str, datetime]]]  # delivery, title, when
    holds: dict[int, str]  # reason


def neighbours_of(
    post_id: int, account_ids: Sequence[int], *, at: datetime, but: Sequence[int]
) -> Neighbours:
    """Four queries."""
    said: dict[int, list[tuple[int, str, datetime]]] = defaultdict(list)
    planned: dict[int, list[tuple[int, str, datetime]]] = defaultdict(list)
    sent = select(Delivery.id, Delivery.account_id, Delivery.payload, Delivery.sent_at).where(
        Delivery.account_id.in_(account_ids),
        Delivery.sent_at >= at - LATELY,
        Delivery.payload.is_not(None),
        Delivery.deleted_at.is_(None),
        Delivery.id.not_in(but),
    )
    for row in db.session.execute(sent.order_by(Delivery.sent_at.desc()).limit(MOST)):
        said[row.account_id].append((row.id, _words_of(row.payload), row.sent_at))
    coming = select(Delivery.id, Delivery.account_id, Delivery.title, Delivery.due_at).where(
        Delivery.account_id.in_(account_ids),
        Delivery.state.in_(OPEN),
        Delivery.due_at >= at - CLOSE,
        Delivery.id.not_in(but),
    )
    for row in db.session.execute(coming.order_by(Delivery.due_at).limit(5000)):
        planned[row.account_id].append((row.id, row.title, row.due_at))
    return Neighbours(said, planned, _holds(post_id, account_ids))


def beside(draft: Tailored, moment: Moment, neighbours: Neighbours) -> Iterator[Finding]:
    """What stands beside it on this account."""
    account = draft.account
    words = _words([one.text for one in draft.draft.parts], draft.draft.title)
    for number, said, when in neighbours.said.get(account.id, ()):
        if said == words:
            sentence = _("The same words went there on %(when)s.", when=spoken(when, account.zone))
            url = url_for("deliveries.show_delivery", delivery_id=number)
            yield Finding("text.repeated", sentence, url=url)
            break
    for number, title, when in neighbours.planned.get(account.id, ()):
        if moment.at is not None and abs(when - moment.at) < CLOSE:
            sentence = _(
                "“%(title)s” goes there within the same hour, at %(when)s.",
                title=title,
                when=spoken(when, account.zone),
            )
            url = url_for("deliveries.show_delivery", delivery_id=number)
            yield Finding("time.clash", sentence, url=url)
            break
    if account.id in neighbours.holds:
        sentence = _("On hold: %(reason)s", reason=neighbours.holds[account.id])
        yield Finding("hold", sentence, url=url_for("deliveries.list_holds"))


def _holds(post_id: int, account_ids: Sequence[int]) -> dict[int, str]:
    campaign = select(CampaignPost.campaign_id).where(CampaignPost.post_id == post_id).scalar_subquery()
    rows = db.session.scalars(
        select(Hold).where(
            Hold.lifted_at.is_(None),
            or_(Hold.scope == "everything", Hold.account_id.in_(account_ids), Hold.campaign_id == campaign),
        )
    ).all()
    found = {}
    for one in rows:
        covered = [one.account_id] if one.account_id is not None else account_ids
        found.update(dict.fromkeys(covered, one.reason))
    return found


def _words_of(payload: str) -> str:
    message = Message.from_json(payload)
    return _words([one.text for one in message.parts], message.title)


def _words(texts: Sequence[str], title: str) -> str:
    """The words alone: links differ from one delivery to the next, and spaces say nothing."""
    pieces = [title]
    for text in texts:
        at = 0
        for start, end in links_in(text):
            pieces.append(text[at:start])
            at = end
        pieces.append(text[at:])
    return re.sub(r"\s+", " ", " ".join(pieces)).strip()
