"""Bringing a round in step with its decisions, its people and the newest text: which steps wait, since when and until
when, and who is told. The one place that does so."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import joinedload, selectinload

from cms.core import walltime
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pages import config
from cms.notices.services import notify
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.services.loading import load
from cms.reviews.models import ReviewRound, RoundStep
from cms.reviews.queries.loading import find_open_round, standings_of
from cms.reviews.services.problems import NotInReview
from cms.reviews.standing import StepStanding, author_ids, is_agreed, reached

# A day before a step is due, when it is, and then every three days, three times.
REMINDED = (timedelta(days=-1), timedelta(0), *(timedelta(days=3 * count) for count in (1, 2, 3)))
CLOSING_TIME = time(18, 0)  # a step is due at the end of a working day, in the site's zone


def load_post(post_id: int) -> Post:
    """The post with its newest text, locked, so that no decision and no save cross each other."""
    load(post_id)
    post = db.session.get(
        Post, post_id, options=[joinedload(Post.latest), selectinload(Post.bylines)], populate_existing=True
    )
    if post is None or post.latest is None:
        raise NotFound
    return post


def load_step(step_id: int) -> tuple[Post, ReviewRound, StepStanding]:
    """A step of an open round with its post, locked. Raises `NotInReview` when the round is over."""
    step = db.session.get(RoundStep, step_id, options=[joinedload(RoundStep.round)], populate_existing=True)
    if step is None:
        raise NotFound
    post = load_post(step.round.post_id)
    round = find_open_round(post.id)
    if round is None or round.id != step.round_id:
        raise NotInReview
    return post, round, next(one for one in standings(post, round) if one.step.id == step_id)


def standings(post: Post, round: ReviewRound) -> list[StepStanding]:
    """How a loaded round stands against the newest text of its loaded post."""
    assert post.latest is not None
    return standings_of([round], {post.id: post.latest.content_hash}, [post])[round.id]


def settle(
    post: Post, round: ReviewRound, *, by: Person | None, at: datetime, again: bool = False
) -> list[StepStanding]:
    """Write down which steps wait now, and tell whoever is newly asked (`again`: everybody who is)."""
    now = standings(post, round)
    open_steps = {one.step.id for one in reached(now)}
    for one in now:
        before = one.step.state
        one.step.state = "done" if one.is_done else "waiting" if one.step.id in open_steps else "later"
        if one.step.state == "waiting" and (before != "waiting" or again):
            _begin(one.step, at=at)
            _ask(post, one, by=by, at=at)
    agreed = is_agreed(now)
    if agreed and round.approved_at is None:
        tell_authors(post, round, "approved", by=by, at=at)
    round.approved_at = (round.approved_at or at) if agreed else None
    db.session.flush()
    return now


def tell_authors(
    post: Post, round: ReviewRound, verdict: str, *, by: Person | None, at: datetime, step: str = ""
) -> None:
    """Tell who asked, and whose text it is, what was decided."""
    people = author_ids(post) | ({round.asked_by_id} if round.asked_by_id else set())
    detail = {**naming(post), "verdict": verdict, "who": by.name if by else "", "step": step}
    notify("review.decided", to=people, subject=f"post:{post.id}", by=by, at=at, detail=detail)


def naming(post: Post) -> dict[str, object]:
    """What every notice about a review needs: how the post is called. Needs `post.latest`."""
    assert post.latest is not None
    return {"title": post.latest.title or post.latest.beginning[:60]}


def set_due(step: RoundStep, wall: str, zone: str, due_at: datetime, *, at: datetime) -> None:
    """Give a step a due time; reminders begin anew, with the next one that is still to come."""
    step.due_at, step.due_wall, step.due_zone = due_at, wall[:16], zone
    step.reminders, step.reminded_at = passed_reminders(due_at, at), None


def passed_reminders(due_at: datetime, at: datetime) -> int:
    """How many of the times to remind of something due have passed."""
    return sum(1 for after in REMINDED if due_at + after <= at)


def _begin(step: RoundStep, *, at: datetime) -> None:
    zone = config().timezone
    day = at.astimezone(walltime.zone_named(zone)).date() + timedelta(days=step.days)
    wall = datetime.combine(day, CLOSING_TIME).strftime(walltime.WALL)
    due_at = walltime.instant(wall, zone, which=0)
    if due_at <= at:  # asked after hours, due the same day
        due_at = due_at + timedelta(days=1)
        wall = walltime.wall_time(due_at, zone)
    step.started_at = at
    set_due(step, wall, zone, due_at, at=at)


def _ask(post: Post, standing: StepStanding, *, by: Person | None, at: datetime) -> None:
    detail = {**naming(post), "step_id": standing.step.id, "who": by.name if by else ""}
    people = [one.id for one in standing.missing]
    notify("review.asked", to=people, subject=f"post:{post.id}", by=by, at=at, detail=detail)
