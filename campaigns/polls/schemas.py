"""Questions to readers as the API takes and tells them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cms.api.schemas.base import Asked, Number, PageAsked, Time, Told, _

Kind = Literal["choice", "nps"]
Said = Annotated[str, StringConstraints(max_length=200)]


class Question(Asked):
    """What is asked, in the languages of the interface; one is enough."""

    en: Said = Field("", description=_("In English."))
    zh: Said = Field("", description=_("In Chinese."))


class ChoiceFields(Asked):
    """One thing to choose, in the languages of the interface; one is enough."""

    en: Annotated[str, StringConstraints(max_length=80)] = Field("", description=_("In English."))
    zh: Annotated[str, StringConstraints(max_length=80)] = Field("", description=_("In Chinese."))


class NewPoll(Asked):
    """A question to ask: below a post, or on the public page of a campaign."""

    post: Number | None = Field(None, description=_("The post it stands below; or a campaign is named."))
    campaign: Number | None = Field(
        None, description=_("The campaign on whose page it stands; or a post is named.")
    )
    kind: Kind = Field(description=_("One of some answers, or 0 to 10 (NPS)."))
    question: Question = Field(description=_("What is asked."))
    choices: list[ChoiceFields] = Field(
        default=[], max_length=10, description=_("Of a choice: two to ten answers, in their order.")
    )
    asks_audience: bool = Field(
        False, description=_("Also ask whether they use it, buy it or decide about it.")
    )
    shows_results: bool = Field(False, description=_("Whether who answered sees the results."))


class ChangedPoll(Asked):
    """What is to change; fields left out stay. Words stay once somebody has answered."""

    kind: Kind | None = Field(None, description=_("One of some answers, or 0 to 10 (NPS)."))
    question: Question | None = Field(None, description=_("What is asked."))
    choices: list[ChoiceFields] | None = Field(
        None, max_length=10, description=_("Of a choice: two to ten answers, in their order.")
    )
    asks_audience: bool | None = Field(
        None, description=_("Also ask whether they use it, buy it or decide about it.")
    )
    shows_results: bool | None = Field(None, description=_("Whether who answered sees the results."))


class PollsAsked(PageAsked):
    """Which questions."""

    post: Number | None = Field(None, description=_("Only below this post."))
    campaign: Number | None = Field(None, description=_("Only on the page of this campaign."))
    state: Literal["open", "closed"] | None = Field(
        None, description=_("Only those that are asked, or are closed.")
    )


class PollChoice(Told):
    """One thing to choose."""

    id: Number = Field(description=_("The number of the answer."))
    label: dict[str, str] = Field(description=_("What it says, by language."))


class Poll(Told):
    """One question to readers."""

    id: Number = Field(description=_("The number of the question."))
    post: Number | None = Field(description=_("The post it stands below, or null."))
    campaign: Number | None = Field(description=_("The campaign on whose page it stands, or null."))
    url: str = Field(description=_("Its page of its own, for letters and links."))
    kind: Kind = Field(description=_("One of some answers, or 0 to 10 (NPS)."))
    question: dict[str, str] = Field(description=_("What is asked, by language."))
    choices: list[PollChoice] = Field(description=_("What can be chosen; nothing for an NPS."))
    asks_audience: bool = Field(description=_("Whether they are asked if they use, buy or decide."))
    shows_results: bool = Field(description=_("Whether who answered sees the results."))
    created_at: Time = Field(description=_("When it was asked first."))
    ended_at: Time | None = Field(description=_("Since when it is closed, or null."))


class PollList(Told):
    """One page of questions, the newest first."""

    items: list[Poll] = Field(description=_("The questions."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))


class PollPart(Told):
    """How often one answer was given."""

    choice: Number | None = Field(description=_("The number of the answer; null for an NPS."))
    score: int | None = Field(description=_("From 0 to 10; null for a choice."))
    count: int = Field(description=_("How many people."))
    percent: float | None = Field(description=_("Of all answers; null below ten answers."))
    low: float | None = Field(description=_("The lower bound (95 %, Wilson); null below ten answers."))
    high: float | None = Field(description=_("The upper bound (95 %, Wilson); null below ten answers."))


class PollNPS(Told):
    """Promoters (9 and 10) less detractors (0 to 6), in per cent of all."""

    promoters: int = Field(description=_("Who gave 9 or 10."))
    passives: int = Field(description=_("Who gave 7 or 8."))
    detractors: int = Field(description=_("Who gave 0 to 6."))
    score: float | None = Field(description=_("From -100 to 100; null below ten answers."))
    low: float | None = Field(description=_("The lower bound (95 %); null below ten answers."))
    high: float | None = Field(description=_("The upper bound (95 %); null below ten answers."))


class PollResults(Told):
    """What people answered: those who chose to, not all readers. Exact counts."""

    answers: int = Field(description=_("Of people."))
    left_out: int = Field(
        description=_("Answers by ourselves and by machines, which are in no other figure.")
    )
    parts: list[PollPart] = Field(description=_("By answer, in the order they are shown."))
    nps: PollNPS | None = Field(description=_("Of an NPS; null for a choice."))
    audiences: dict[str, int] = Field(
        description=_("Who they say they are: users, purchasers, decision_makers, others.")
    )
