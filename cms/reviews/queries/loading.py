"""What reads and writes of rounds both need: a round with its steps, and how it stands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.core.database import db
from cms.people.models import Person
from cms.posts.models import Post, Revision
from cms.reviews.models import DEFAULT, Decision, ReviewPlan, ReviewRound, RoundStep, StepPerson, Waiver
from cms.reviews.standing import StepStanding, author_ids, stand

NUMBERS = (Revision.id, Revision.post_id, Revision.number, Revision.content_hash)


def plan_for(section_id: int | None) -> ReviewPlan | None:
    """The plan that a post of this section goes through: the section's own, else the default; None when neither is."""
    own = scope_of(section_id)
    found = {
        one.scope: one
        for one in db.session.scalars(select(ReviewPlan).where(ReviewPlan.scope.in_({own, DEFAULT})))
    }
    return found.get(own) or found.get(DEFAULT)


def scope_of(section_id: int | None) -> str:
    """The name of a section's own plan."""
    return DEFAULT if section_id is None else f"section:{section_id}"


def find_open_round(post_id: int) -> ReviewRound | None:
    """The round a post is in now, with its steps and who is named in them."""
    return db.session.scalar(
        select(ReviewRound)
        .where(ReviewRound.post_id == post_id, ReviewRound.closed_at.is_(None))
        .options(*with_steps())
        .execution_options(populate_existing=True)
    )


def find_waiver(post_id: int, content_hash: str) -> Waiver | None:
    """The word of an admin that this text may go out without its review."""
    return db.session.scalar(
        select(Waiver)
        .where(Waiver.post_id == post_id, Waiver.content_hash == content_hash)
        .order_by(Waiver.id.desc())
        .limit(1)
        .options(joinedload(Waiver.by))
    )


def with_steps() -> tuple[_AbstractLoad, ...]:
    """Load options of a round: its steps, and the people named in them."""
    steps = selectinload(ReviewRound.steps)
    return (
        steps.selectinload(RoundStep.people).joinedload(StepPerson.person),
        joinedload(ReviewRound.asked_by),
    )


def standings_of(
    rounds: Sequence[ReviewRound], hashes: dict[int, str], posts: Iterable[Post]
) -> dict[int, list[StepStanding]]:
    """How each of these rounds stands, by its id, in two queries; `hashes` are by post, `posts` have their bylines."""
    steps = [step for one in rounds for step in one.steps]
    by_role = _people_by_role({one.role for one in steps if one.role})
    decisions = _decisions([one.id for one in steps])
    authors = {post.id: author_ids(post) for post in posts}
    return {
        one.id: stand(
            one,
            hashes[one.post_id],
            authors=authors[one.post_id],
            by_role=by_role,
            decisions=decisions,
        )
        for one in rounds
    }


def _people_by_role(roles: set[str]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    if roles:
        wanted = select(Person).where(Person.role.in_(roles), Person.disabled_at.is_(None))
        for one in db.session.scalars(wanted.order_by(Person.id)):
            found[one.role].append(one)
    return found


def _decisions(step_ids: list[int]) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = defaultdict(list)
    wanted = (
        select(Decision)
        .where(Decision.step_id.in_(step_ids))
        .order_by(Decision.id)
        .options(joinedload(Decision.person), joinedload(Decision.revision).load_only(*NUMBERS))
    )
    for one in db.session.scalars(wanted):
        found[one.step_id].append(one)
    return found
