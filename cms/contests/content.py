"""What people say of a contest, made ready: checked, tidied, its times turned into instants, its texts rendered.

Making ready is pure and may be slow (Markdown), so it is done before the transaction that writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask_babel import gettext as _

from cms.contests import phases
from cms.contests.models import ELIGIBLE, PHASES
from cms.contests.wording import phase_name
from cms.core.config import LOCALES
from cms.core.errors import Invalid
from cms.core.markup import render_markdown
from cms.core.text import strip_control
from cms.core.walltime import AmbiguousTime, instant, zone_named

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_TEXT, LONGEST_CONSENT = 120, 500, 30_000, 2_000
MOST_PRIZES = 20
MOST_WORDS = 50_000
NEEDED = ("entries", "results")
Words = Mapping[str, str]


@dataclass(frozen=True)
class PhaseLine:
    """A phase as it was typed. `which` answers for a time that comes twice: for its beginning and its end."""

    kind: str
    starts: str
    ends: str = ""
    which: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class PrizeLine:
    """What can be won."""

    name: Words
    description: Words = field(default_factory=dict)
    places: int = 1


@dataclass(frozen=True)
class Plan:
    """Everything people say of a contest, besides its rules."""

    title: Words
    zone: str
    phases: Sequence[PhaseLine]
    summary: Words = field(default_factory=dict)
    brief: Words = field(default_factory=dict)
    prizes: Sequence[PrizeLine] = ()
    eligible: str = "everyone"
    eligibility: Words = field(default_factory=dict)
    least_age: int | None = None
    least_days: int = 0
    most_entries: int = 1
    most_authors: int = 1
    least_words: int = 0
    most_words: int | None = None
    takes_posts: bool = True
    grace_minutes: int = 0
    is_blind: bool = True
    theme_url: str = ""
    theme_by_id: int | None = None


@dataclass(frozen=True)
class ReadyPhase:
    """A phase with the instants that its wall times mean."""

    kind: str
    starts_wall: str
    starts_at: datetime
    ends_wall: str | None
    ends_at: datetime | None


@dataclass(frozen=True)
class ReadyPlan:
    """A plan that makes sense."""

    plan: Plan
    phases: Sequence[ReadyPhase]
    brief_html: dict[str, str]


@dataclass(frozen=True)
class ReadyRules:
    """A text of the rules, with what entrants agree to."""

    text: dict[str, str]
    html: dict[str, str]
    consent: dict[str, str]
    change: str


class TimesTwice(Invalid):
    """Some times come twice: `questions` holds both instants by the name of the field."""

    def __init__(self, questions: Mapping[str, tuple[datetime, datetime]]) -> None:
        self.questions = dict(questions)
        sentence = _("The clocks go back that night, so this time happens twice. Which one is meant?")
        super().__init__(sentence, errors=dict.fromkeys(questions, sentence))


def prepare(plan: Plan) -> ReadyPlan:
    """Tidy and check a plan. Raises `Invalid` with a sentence for each field: `phases.entries.ends`."""
    plan = _tidied(plan)
    errors = dict(_findings(plan))
    spans: list[ReadyPhase] = []
    if "zone" not in errors:
        spans, found, questions = _read_phases(plan)
        errors.update(found)
        if questions and not errors:
            raise TimesTwice(questions)
    if not errors:
        errors.update(_findings_in_order(spans))
    if errors:
        raise Invalid(errors=errors)
    return ReadyPlan(
        plan, spans, {language: render_markdown(text).html for language, text in plan.brief.items()}
    )


def prepare_rules(text: Words, consent: Words, change: str = "", *, is_new: bool = True) -> ReadyRules:
    """A text of the rules. A changed one must say what is new."""
    said, agreed, what = tidy_words(text), tidy_words(consent), _tidy(change)
    errors = {}
    for name, words, longest in (("rules", said, LONGEST_TEXT), ("consent", agreed, LONGEST_CONSENT)):
        if not words:
            errors[f"{name}_{LOCALES[0]}"] = _("Please write this, in one language at least.")
        for language, one in words.items():
            if len(one) > longest:
                errors[f"{name}_{language}"] = _("Please use at most %(count)d characters.", count=longest)
    if not is_new and not what:
        errors["change"] = _("Please say what is new: everybody who entered is told.")
    if len(what) > LONGEST_SUMMARY:
        errors["change"] = _("Please use at most %(count)d characters.", count=LONGEST_SUMMARY)
    if errors:
        raise Invalid(errors=errors)
    html = {language: render_markdown(one).html for language, one in said.items()}
    return ReadyRules(said, html, agreed, what)


def tidy_words(words: Words) -> dict[str, str]:
    """What was said in the languages of the interface, without empty ones."""
    tidied = {language: _tidy(words.get(language) or "") for language in LOCALES}
    return {language: text for language, text in tidied.items() if text}


def _tidied(plan: Plan) -> Plan:
    prizes = [
        replace(one, name=tidy_words(one.name), description=tidy_words(one.description))
        for one in plan.prizes
    ]
    return replace(
        plan,
        title=tidy_words(plan.title),
        summary=tidy_words(plan.summary),
        brief=tidy_words(plan.brief),
        eligibility=tidy_words(plan.eligibility),
        theme_url=_tidy(plan.theme_url),
        phases=[one for one in plan.phases if one.starts.strip() or one.ends.strip()],
        prizes=[one for one in prizes if one.name or one.description],
    )


def _tidy(text: str) -> str:
    return strip_control(text).replace("\r\n", "\n").strip()


def _findings(plan: Plan) -> Iterable[tuple[str, str]]:
    if not plan.title:
        yield f"title_{LOCALES[0]}", _("Please give it a name, in one language at least.")
    for name, words, longest in (
        ("title", plan.title, LONGEST_TITLE),
        ("summary", plan.summary, LONGEST_SUMMARY),
        ("brief", plan.brief, LONGEST_TEXT),
        ("eligibility", plan.eligibility, LONGEST_SUMMARY),
    ):
        for language, text in words.items():
            if len(text) > longest:
                yield f"{name}_{language}", _("Please use at most %(count)d characters.", count=longest)
    try:
        zone_named(plan.zone)
    except Invalid as problem:
        yield "zone", str(problem.errors["zone"])
    if plan.eligible not in ELIGIBLE:
        yield "eligible", _("Please choose who may enter.")
    if plan.theme_url and not plan.theme_url.startswith(("https://", "http://", "/")):
        yield "theme_url", _("Please give a web address that begins with https:// or http://.")
    yield from _findings_in_numbers(plan)
    if len(plan.prizes) > MOST_PRIZES:
        yield "prizes", _("Please keep to %(count)d lines at most.", count=MOST_PRIZES)
    for place, one in enumerate(plan.prizes):
        if not one.name:
            yield f"prizes.{place}", _("Please give the prize a name.")


def _findings_in_numbers(plan: Plan) -> Iterable[tuple[str, str]]:
    for name, value, least, most in (
        ("most_entries", plan.most_entries, 1, 20),
        ("most_authors", plan.most_authors, 1, 20),
        ("least_words", plan.least_words, 0, MOST_WORDS),
        ("most_words", plan.most_words, 1, MOST_WORDS),
        ("least_age", plan.least_age, 1, 99),
        ("least_days", plan.least_days, 0, 3650),
        ("grace_minutes", plan.grace_minutes, 0, 1440),
    ):
        if value is not None and not least <= value <= most:
            yield name, _("Please give a number from %(least)d to %(most)d.", least=least, most=most)
    if plan.most_words is not None and plan.most_words < plan.least_words:
        yield "most_words", _("This is less than the least number of words.")


def _read_phases(plan: Plan) -> tuple[list[ReadyPhase], dict[str, str], dict[str, tuple[datetime, datetime]]]:
    ready, errors, questions = [], {}, {}
    for line in plan.phases:
        times: list[datetime | None] = [None, None]
        for side, (wall, which) in enumerate(zip((line.starts, line.ends), line.which, strict=True)):
            name = f"phases.{line.kind}.{('starts', 'ends')[side]}"
            if line.kind == "results" and side == 1:
                continue
            try:
                times[side] = instant(wall.strip(), plan.zone, which=which)
            except AmbiguousTime as question:
                questions[name] = question.choices
            except Invalid as problem:
                errors[name] = str(next(iter(problem.errors.values())))
        if times[0] is not None and times[1] is not None and times[1] <= times[0]:
            errors[f"phases.{line.kind}.ends"] = _("It ends before it begins. Please choose a later time.")
        if times[0] is not None:
            ends_wall = line.ends.strip()[:16] if line.kind != "results" else None
            ready.append(ReadyPhase(line.kind, line.starts.strip()[:16], times[0], ends_wall, times[1]))
    for kind in NEEDED:
        if all(one.kind != kind for one in plan.phases):
            errors[f"phases.{kind}.starts"] = _("A contest needs this: please give a date and a time.")
    return ready, errors, questions


def _findings_in_order(spans: Sequence[ReadyPhase]) -> Iterable[tuple[str, str]]:
    for one in phases.clashes(spans):
        sentence = _("This begins before “%(earlier)s” is over.", earlier=phase_name(one.earlier))
        yield f"phases.{one.later}.starts", sentence


def in_order(spans: Iterable[ReadyPhase]) -> list[ReadyPhase]:
    """Phases as they follow each other."""
    return sorted(spans, key=lambda one: PHASES.index(one.kind))
