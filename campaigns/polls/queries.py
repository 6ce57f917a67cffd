"""Questions, and what was answered."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from campaigns.polls.figures import NPS, Part, nps, part
from campaigns.polls.models import Poll, PollAnswer
from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Post

PAGE_LENGTH = 50
AT_ONCE = 1000


@dataclass(frozen=True)
class Results:
    """What people answered. Machines and ourselves are counted apart."""

    answers: int
    left_out: int  # by ourselves, or by what is no browser
    parts: dict[int, Part]  # by choice, or by score
    nps: NPS | None
    audiences: dict[str, int] = field(default_factory=dict)  # as they say of themselves


@dataclass(frozen=True)
class Place:
    """A campaign, its posts, and the moments between which answers are looked for."""

    campaign_id: int
    post_ids: Collection[int]
    since: datetime
    until: datetime


def get_poll(poll_id: int) -> Poll:
    """A question with its choices and place; raises `NotFound`."""
    found = db.session.scalars(_whole().where(Poll.id == poll_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_public_poll(poll_id: int) -> Poll:
    """The same, where readers can see the page it stands on."""
    poll = get_poll(poll_id)
    if not (
        (poll.post is not None and poll.post.is_live)
        or (poll.campaign is not None and poll.campaign.is_public)
    ):
        raise NotFound
    return poll


def polls(
    *,
    before: int | None = None,
    limit: int = PAGE_LENGTH,
    post_id: int | None = None,
    campaign_id: int | None = None,
    is_open: bool | None = None,
) -> Sequence[Poll]:
    """The newest first: every question, or those of one page, or those that are asked or closed."""
    query = _whole().order_by(Poll.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Poll.id < before)
    if post_id is not None:
        query = query.where(Poll.post_id == post_id)
    if campaign_id is not None:
        query = query.where(Poll.campaign_id == campaign_id)
    if is_open is not None:
        query = query.where(Poll.ended_at.is_(None) if is_open else Poll.ended_at.is_not(None))
    return db.session.scalars(query).all()


def open_polls(*, post_id: int | None = None, campaign_id: int | None = None) -> Sequence[Poll]:
    """The questions that stand on a page now."""
    place = Poll.post_id == post_id if post_id is not None else Poll.campaign_id == campaign_id
    return db.session.scalars(_whole().where(place, Poll.ended_at.is_(None)).order_by(Poll.id)).all()


def counts_of(poll_ids: Sequence[int]) -> dict[int, int]:
    """How many people answered each of them; those that nobody answered are left out."""
    counted = (
        select(PollAnswer.poll_id, func.count())
        .where(PollAnswer.poll_id.in_(poll_ids), PollAnswer.verdict == "human")
        .group_by(PollAnswer.poll_id)
    )
    return dict(db.session.execute(counted).all())


def results_of(poll: Poll) -> Results:
    """What was answered so far. Needs its choices."""
    answer = PollAnswer.choice_id if poll.kind == "choice" else PollAnswer.score
    grouped = (answer, PollAnswer.audience, PollAnswer.verdict)
    rows = db.session.execute(
        select(*grouped, func.count()).where(PollAnswer.poll_id == poll.id).group_by(*grouped)
    ).all()
    keys = [one.id for one in poll.choices] if poll.kind == "choice" else list(range(11))
    counts, audiences, left_out = dict.fromkeys(keys, 0), dict[str, int](), 0
    for key, audience, verdict, count in rows:
        if verdict != "human":
            left_out += count
            continue
        counts[key or 0] += count
        if audience:
            audiences[audience] = audiences.get(audience, 0) + count
    answers = sum(counts.values())
    return Results(
        answers,
        left_out,
        {key: part(count, answers) for key, count in counts.items()},
        nps(counts) if poll.kind == "nps" else None,
        audiences,
    )


def declared(places: Sequence[Place]) -> dict[int, dict[str, int]]:
    """By campaign, how many people said in answers what they are; "" for those who were asked and did not say.

    One query for all of them.
    """
    said = func.coalesce(PollAnswer.audience, "")
    each = [
        select(literal(one.campaign_id), said, func.count())
        .join(Poll, Poll.id == PollAnswer.poll_id)
        .where(
            or_(Poll.campaign_id == one.campaign_id, Poll.post_id.in_(one.post_ids)),
            Poll.asks_audience,
            PollAnswer.verdict == "human",
            PollAnswer.at >= one.since,
            PollAnswer.at < one.until,
        )
        .group_by(said)
        for one in places
    ]
    found: dict[int, dict[str, int]] = {one.campaign_id: {} for one in places}
    for campaign, audience, count in db.session.execute(union_all(*each)) if each else ():
        found[campaign][audience] = count
    return found


def answers_of(poll_id: int) -> Iterator[PollAnswer]:
    """All of them in the order they came, some at a time."""
    last = 0
    while True:
        query = select(PollAnswer).where(PollAnswer.poll_id == poll_id, PollAnswer.id > last)
        some = db.session.scalars(query.order_by(PollAnswer.id).limit(AT_ONCE)).all()
        if not some:
            return
        yield from some
        last = some[-1].id


def _whole() -> Select[Poll]:
    named = joinedload(Poll.post).joinedload(Post.latest)
    options = (selectinload(Poll.choices), named, joinedload(Poll.campaign))
    return select(Poll).options(*options)
