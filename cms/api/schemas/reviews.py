"""Reviews of a post: rounds, their steps, and what was decided."""

from typing import Literal

from pydantic import Field

from cms.api.schemas.base import Asked, Number, Time, Told, _

Verdict = Literal["approved", "changes", "comment"]


class ReviewAsked(Asked):
    """What is said to the reviewers."""

    words: str = Field("", max_length=5000, description=_("A word to the reviewers."))


class NewDecision(Asked):
    """What somebody decides about one text in one step."""

    step: Number = Field(description=_("The number of a step of the running round."))
    revision: Number = Field(
        description=_(
            "The number of the text that was read; approving one that is not the newest is refused."
        )
    )
    verdict: Verdict = Field(description=_("What is said about it."))
    words: str = Field("", max_length=5000, description=_("Needed unless the text is approved."))


class DecisionTold(Told):
    """What somebody said, for good."""

    handle: str = Field(description=_("Who."))
    role: str = Field(description=_("The role they had then."))
    verdict: Verdict = Field(description=_("What they said."))
    revision: int = Field(description=_("About which text."))
    content_hash: str = Field(description=_("The name of exactly that text."))
    counts: bool = Field(description=_("Whether it approves the newest text."))
    words: str = Field(description=_("In their words."))
    at: Time = Field(description=_("When."))


class StepTold(Told):
    """One step of a round."""

    id: int = Field(description=_("Its number, for good."))
    name: dict[str, str] = Field(description=_("What it is called, by language."))
    mode: Literal["any", "all"] = Field(description=_("Whether any or all of them must approve."))
    is_required: bool = Field(description=_("Whether the text waits for it."))
    is_done: bool = Field(description=_("Whether enough of them approved exactly the newest text."))
    waits_for: list[str] = Field(description=_("The handles of those whose approval is missing."))
    due_at: Time | None = Field(description=_("When it is due, once it was reached."))
    decisions: list[DecisionTold] = Field(description=_("What was said in it, oldest first."))


class Review(Told):
    """One round of a post through its steps."""

    number: int = Field(description=_("Counted from 1 in each post."))
    state: Literal["running", "returned", "agreed", "published", "withdrawn"] = Field(
        description=_("Where it stands; agreed means that the newest text may go out.")
    )
    asked_by: str | None = Field(description=_("The handle of who sent it for review."))
    asked_at: Time = Field(description=_("When that was."))
    words: str = Field(description=_("What was said to the reviewers."))
    steps: list[StepTold] = Field(description=_("Its steps, in order."))


class ReviewList(Told):
    """The rounds of a post, the newest first."""

    items: list[Review] = Field(description=_("The rounds, at most fifty."))
