"""Where a round stands: which steps have approved exactly this text, who is still asked, and who said what before.

Nothing here is stored. An approval counts while the text has the hash it was given to: a real change voids it, a save
without one does not, and going back to the approved text brings it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cms.people.models import Person
from cms.posts.models import Post
from cms.reviews.models import Decision, ReviewRound, RoundStep
from cms.reviews.rules import can_be_asked


@dataclass(frozen=True)
class StepStanding:
    """One step, seen against one text."""

    step: RoundStep
    reviewers: tuple[Person, ...]  # who is asked now, by name
    counted: tuple[Person, ...]  # of those, whose yes counts: the authors' own only when there is nobody else
    approvals: tuple[Decision, ...]  # of exactly this text
    voided: tuple[Decision, ...]  # each reviewer's last yes, given to another text and not repeated since
    decisions: tuple[Decision, ...]  # everything that was said in this step, oldest first

    @property
    def missing(self) -> tuple[Person, ...]:
        """Whose yes is still wanted; of a step that wants any, everybody who could give it."""
        if self.is_done:
            return ()
        said = {one.person_id for one in self.approvals}
        return tuple(one for one in self.counted if one.id not in said)

    @property
    def is_done(self) -> bool:
        """Whether enough of them approved exactly this text."""
        if not self.approvals:
            return False
        said = {one.person_id for one in self.approvals}
        return self.step.mode == "any" or all(one.id in said for one in self.counted)

    @property
    def is_stuck(self) -> bool:
        """Whether nobody is left who could decide."""
        return not self.is_done and not self.counted

    def last_word(self, person_id: int) -> Decision | None:
        """What this person said last in this step, about whatever text."""
        return next((one for one in reversed(self.decisions) if one.person_id == person_id), None)

    def last_approval(self, person_id: int) -> Decision | None:
        """The text this person approved last."""
        said = (one for one in reversed(self.decisions) if one.verdict == "approved")
        return next((one for one in said if one.person_id == person_id), None)


def author_ids(post: Post) -> frozenset[int]:
    """Whose text it is: who began it and who is credited as its author. Needs `post.bylines`."""
    credited = {one.person_id for one in post.bylines if one.role == "author"}
    return frozenset(credited | ({post.created_by_id} if post.created_by_id else set()))


def stand(
    round: ReviewRound,
    content_hash: str,
    *,
    authors: frozenset[int],
    by_role: Mapping[str, Sequence[Person]],
    decisions: Mapping[int, Sequence[Decision]],
) -> list[StepStanding]:
    """Every step of a round against the text of this hash. `decisions` are by step, oldest first."""
    return [
        _stand(step, content_hash, authors, by_role, tuple(decisions.get(step.id, ())))
        for step in round.steps
    ]


def is_agreed(standings: Sequence[StepStanding]) -> bool:
    """Whether every required step has approved."""
    return all(one.is_done for one in standings if one.step.is_required)


def reached(standings: Sequence[StepStanding]) -> list[StepStanding]:
    """The steps that may be decided in: those before which every required one is done, and those that once were."""
    open_steps, is_open = [], True
    for one in standings:
        if is_open or one.step.started_at is not None:
            open_steps.append(one)
        is_open = is_open and (one.is_done or not one.step.is_required)
    return open_steps


def _stand(
    step: RoundStep,
    content_hash: str,
    authors: frozenset[int],
    by_role: Mapping[str, Sequence[Person]],
    decisions: tuple[Decision, ...],
) -> StepStanding:
    asked = {one.person_id: one.person for one in step.people if can_be_asked(one.person)}
    asked |= {one.id: one for one in by_role.get(step.role or "", ()) if can_be_asked(one)}
    reviewers = tuple(sorted(asked.values(), key=lambda one: (one.name, one.id)))
    others = tuple(one for one in reviewers if one.id not in authors)
    approvals = _last_words(decisions, content_hash)
    return StepStanding(
        step=step,
        reviewers=reviewers,
        counted=others or reviewers,
        approvals=approvals,
        voided=_voided(decisions, content_hash),
        decisions=decisions,
    )


def _last_words(decisions: tuple[Decision, ...], content_hash: str) -> tuple[Decision, ...]:
    """Who says yes to this text: of each person the last yes or no about exactly it, when that was a yes."""
    last: dict[int, Decision] = {}
    for one in decisions:
        if one.content_hash == content_hash and one.verdict != "comment":
            last[one.person_id] = one
    return tuple(one for one in last.values() if one.verdict == "approved")


def _voided(decisions: tuple[Decision, ...], content_hash: str) -> tuple[Decision, ...]:
    last = {one.person_id: one for one in decisions if one.verdict != "comment"}
    return tuple(
        one for one in last.values() if one.verdict == "approved" and one.content_hash != content_hash
    )
