"""Contests, their phases, entries and results."""

from typing import Any, Literal

from pydantic import Field

from cms.api.schemas.base import Asked, Name, Number, PageAsked, Slug, Time, Told, Words, _, as_words

Phase = Literal["announce", "entries", "check", "jury", "vote", "appeal", "results"]
ResultState = Literal["preliminary", "checked", "final"]
Which = Literal[0, 1]


class LongWords(Asked):
    """Text in the languages of the interface, in Markdown."""

    en: str = Field("", max_length=30_000, description=_("In English."))
    zh: str = Field("", max_length=30_000, description=_("In Chinese."))


class PhaseTimes(Asked):
    """When a phase begins and ends, on the clock of the contest's zone."""

    starts: str = Field(max_length=16, description=_("Its first minute, such as 2027-03-01T09:00."))
    ends: str = Field("", max_length=16, description=_("Its end; left out for results, which stay."))
    starts_which: Which | None = Field(
        None, description=_("Which one is meant when a time comes twice: 0 the first, 1 the second.")
    )
    ends_which: Which | None = Field(
        None, description=_("Which one is meant when a time comes twice: 0 the first, 1 the second.")
    )


class Prize(Asked):
    """What can be won."""

    name: Name = Field(description=_("In one language at least."))
    description: Words | None = Field(None, description=_("What it is."))
    places: int = Field(1, ge=1, le=100, description=_("How many get it."))


class NewContest(Asked):
    """A contest to make. Only the desk sees it until it is announced."""

    title: Name = Field(description=_("In one language at least."))
    summary: Words | None = Field(None, description=_("In one sentence."))
    brief: LongWords | None = Field(None, description=_("The theme, in Markdown."))
    slug: Slug | None = Field(
        None, description=_("The last part of its address; made from the title when left out.")
    )
    zone: str = Field(max_length=64, description=_("The zone of its clock, such as Asia/Shanghai."))
    phases: dict[Phase, PhaseTimes] = Field(
        description=_("Its phases by name; entries and results are needed.")
    )
    prizes: list[Prize] = Field(default_factory=list, max_length=20, description=_("Best first."))
    rules: LongWords = Field(description=_("The rules, in Markdown."))
    consent: Words = Field(description=_("What entrants agree to."))
    eligible: Literal["everyone", "members", "staff"] = Field("everyone", description=_("Who may enter."))
    most_entries: int = Field(1, ge=1, le=20, description=_("Entries of one person."))
    most_authors: int = Field(1, ge=1, le=20, description=_("Authors of one entry."))
    least_words: int = Field(0, ge=0, le=50_000, description=_("Words at least."))
    most_words: int | None = Field(None, ge=1, le=50_000, description=_("Words at most."))
    grace_minutes: int = Field(
        0, ge=0, le=1440, description=_("Minutes after the deadline for what was begun before.")
    )
    is_blind: bool = Field(True, description=_("Whether the jury reads without names."))


class ChangedContest(Asked):
    """What is to change; fields left out stay. Once it is announced its phases stay: those move by an extension."""

    title: Name | None = Field(None, description=_("In every language at once."))
    summary: Words | None = Field(None, description=_("In one sentence."))
    brief: LongWords | None = Field(None, description=_("The theme, in Markdown."))
    phases: dict[Phase, PhaseTimes] | None = Field(None, description=_("All of its phases by name."))
    prizes: list[Prize] | None = Field(None, max_length=20, description=_("All of them, best first."))


class Extension(Asked):
    """A phase that ends later. What follows moves by as much, it is logged, and everybody is told."""

    phase: Phase = Field(description=_("Which phase."))
    ends: str = Field(max_length=16, description=_("Its new end, on the clock of the contest's zone."))
    which: Which | None = Field(
        None, description=_("Which one is meant when a time comes twice: 0 the first, 1 the second.")
    )
    reason: str = Field(min_length=1, max_length=500, description=_("Why; readers read it."))


class ContestPhase(Told):
    """A phase as instants, and as the clock shows them there."""

    kind: Phase = Field(description=_("Which phase."))
    starts_at: Time = Field(description=_("Its first instant."))
    ends_at: Time | None = Field(description=_("The instant it is over; null for results, which stay."))
    starts: str = Field(description=_("The same on the clock of the contest's zone."))
    ends: str | None = Field(description=_("The same on the clock of the contest's zone."))
    is_open: bool = Field(description=_("Whether it is open now."))


class ContestPrize(Told):
    """What can be won."""

    name: dict[str, str] = Field(description=_("By language."))
    description: dict[str, str] = Field(description=_("By language."))
    places: int = Field(description=_("How many get it."))


class Contest(Told):
    """A contest that the caller may know of."""

    id: int = Field(description=_("Its number, for good."))
    slug: str = Field(description=_("The last part of its address."))
    url: str = Field(description=_("Its page."))
    title: dict[str, str] = Field(description=_("By language."))
    summary: dict[str, str] = Field(description=_("By language."))
    brief: dict[str, str] = Field(description=_("The theme, in Markdown, by language."))
    stage: str = Field(
        description=_("Where it stands: draft, coming, the open phase, between, finished, cancelled.")
    )
    zone: str = Field(description=_("The zone of its clock."))
    phases: list[ContestPhase] = Field(description=_("In the order they begin."))
    prizes: list[ContestPrize] = Field(description=_("Best first."))
    rules: dict[str, str] = Field(description=_("The newest rules, in Markdown, by language."))
    rules_number: int = Field(description=_("The number of these rules."))
    entries: int = Field(description=_("How many entries take part."))
    announced_at: Time | None = Field(description=_("Since when readers know of it; null before."))
    cancelled_at: Time | None = Field(description=_("When it was called off."))
    sealed_hash: str | None = Field(description=_("The SHA-256 of all sealed entries, once entries closed."))
    results_state: ResultState | None = Field(
        description=_("How final the results are; null before there are any.")
    )


class ContestList(Told):
    """One page of contests, those made last first."""

    items: list[Contest] = Field(description=_("The contests."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))


class ContestsAsked(PageAsked):
    """Which contests."""


class ContestEntry(Told):
    """An entry as this caller may see it now."""

    id: int = Field(description=_("Its number, for good."))
    title: str = Field(description=_("The title."))
    language: str = Field(description=_("The language it is in."))
    words: int = Field(description=_("How many words it has."))
    authors: list[str] | None = Field(
        description=_("The handles of its authors; null while the caller reads without names.")
    )
    sealed_hash: str = Field(description=_("The SHA-256 of the text that was handed in."))
    verdict: str | None = Field(description=_("What its check said; for who runs the contest, else null."))


class ContestEntryList(Told):
    """The entries that this caller may see now. None before they are public, to who does not run the contest."""

    items: list[ContestEntry] = Field(description=_("The entries."))
    is_blind: bool = Field(description=_("Whether names and order are hidden, as on the page of the vote."))


class ContestPlace(Told):
    """Where an entry came out."""

    place: int | None = Field(description=_("Equal entries share a place; null for a disqualified one."))
    entry: int = Field(description=_("The number of the entry."))
    title: str = Field(description=_("The title."))
    authors: list[str] = Field(description=_("The handles of its authors."))
    points: str | None = Field(description=_("As shown, a rounded decimal."))
    prize: dict[str, str] | None = Field(description=_("What it won, by language."))
    post: Number | None = Field(description=_("The number of the post it was published as."))
    disqualified_for: str | None = Field(description=_("Why it was disqualified."))


class ContestResults(Told):
    """The results, and where anybody checks them."""

    state: ResultState = Field(description=_("How final they are."))
    places: list[ContestPlace] = Field(description=_("Best first."))
    proof: str = Field(description=_("The page with the seals."))
    bundle: str | None = Field(
        description=_("The file that the results are worked out from; null until names are open.")
    )


def words(said: Any) -> dict[str, str]:
    """What was said in each language."""
    return as_words(said.model_dump() if said else None)
