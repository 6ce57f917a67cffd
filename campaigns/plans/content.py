"""What people say of a campaign, made ready: checked, tidied, money in its smallest unit, its story rendered.

Making ready is pure and may be slow (Markdown), so it is done before the transaction that writes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from campaigns.plans.goals import MOST_TARGETS, TARGETS
from campaigns.plans.models import AUDIENCES, KINDS, RESOURCES
from campaigns.plans.money import DIGITS, LARGEST, to_smallest
from cms.core.config import LOCALES
from cms.core.errors import Invalid
from cms.core.markup import render_markdown
from cms.core.text import strip_control
from cms.core.walltime import zone_named

LONGEST_NAME, LONGEST_SUMMARY, LONGEST_CAUSE, LONGEST_STORY = 120, 500, 300, 20_000
MOST_ROWS = 60  # of one kind
LARGEST_NUMBER = 10**12
MEASURES = ("reach", "views", "engaged", "verified_clicks", "comments", "sign_ups", "other")
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)
Words = Mapping[str, str]


@dataclass(frozen=True)
class AudienceLine:
    """Whom it is for. Without a size nobody knows how many they are."""

    kind: str
    description: str = ""
    size: int | None = None
    source: str = ""


@dataclass(frozen=True)
class MoneyLine:
    """A line of the budget or of the costs; `amount` in the main unit, such as yuan."""

    side: str  # "budget" or "cost"
    amount: Decimal
    currency: str
    channel: str | None = None
    description: str = ""
    spent_on: date | None = None


@dataclass(frozen=True)
class TargetLine:
    """A number of something by a day."""

    measure: str
    number: int
    label: str = ""
    by_on: date | None = None


@dataclass(frozen=True)
class PartnerLine:
    """A partner, or a medium that carries it."""

    resource: str
    name: str
    url: str = ""
    description: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class PageLine:
    """A page elsewhere that belongs to it."""

    url: str
    label: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class Plan:
    """Everything people say of a campaign. `prepare` makes one fit to be written."""

    name: Words
    kind: str
    starts_on: date | None
    ends_on: date | None
    zone: str
    currency: str
    summary: Words = field(default_factory=dict)
    story: Words = field(default_factory=dict)
    purpose: str = ""
    cause: Words = field(default_factory=dict)
    sdg_targets: Sequence[str] = ()
    owner_id: int | None = None
    cover_id: int | None = None
    is_public: bool = False
    audiences: Sequence[AudienceLine] = ()
    money: Sequence[MoneyLine] = ()
    targets: Sequence[TargetLine] = ()
    partners: Sequence[PartnerLine] = ()
    pages: Sequence[PageLine] = ()


@dataclass(frozen=True)
class ReadyPlan:
    """A plan that makes sense, with its story as readers get it."""

    plan: Plan
    story_html: dict[str, str]


def prepare(plan: Plan) -> ReadyPlan:
    """Tidy and check a plan. Raises `Invalid` with a sentence for each field that is wrong: `money.0.amount`."""
    plan = _tidied(plan)
    errors = dict(_findings(plan))
    if errors:
        raise Invalid(errors=errors)
    return ReadyPlan(plan, {language: render_markdown(text).html for language, text in plan.story.items()})


def tidy_words(words: Words) -> dict[str, str]:
    """What was said in the languages of the interface, without empty ones."""
    tidied = {language: _tidy(words.get(language) or "") for language in LOCALES}
    return {language: text for language, text in tidied.items() if text}


def _tidied(plan: Plan) -> Plan:
    is_csr = plan.kind == "csr"
    return replace(
        plan,
        name=tidy_words(plan.name),
        summary=tidy_words(plan.summary),
        story=tidy_words(plan.story),
        purpose=_tidy(plan.purpose),
        cause=tidy_words(plan.cause) if is_csr else {},
        sdg_targets=list(dict.fromkeys(one.strip().lower() for one in plan.sdg_targets)) if is_csr else [],
        currency=plan.currency.strip().upper(),
        audiences=[_tidied_row(one) for one in plan.audiences],
        money=[replace(_tidied_row(one), currency=one.currency.strip().upper()) for one in plan.money],
        targets=[_tidied_row(one) for one in plan.targets],
        partners=[_tidied_row(one) for one in plan.partners],
        pages=[_tidied_row(one) for one in plan.pages],
    )


def _tidied_row(row: Any) -> Any:
    return replace(row, **{name: _tidy(value) for name, value in vars(row).items() if isinstance(value, str)})


def _tidy(text: str) -> str:
    return strip_control(text).strip()


def _findings(plan: Plan) -> Iterable[tuple[str, str]]:
    """What is wrong, field by field."""
    yield from _findings_in_words(plan)
    yield from _findings_in_dates(plan)
    if plan.kind not in KINDS:
        yield "kind", _("Please choose what kind of campaign it is.")
    yield from _findings_in_targets_of_the_world(plan)
    if plan.currency not in DIGITS:
        yield "currency", unknown_currency(plan.currency)
    for name, rows, find in (
        ("audiences", plan.audiences, _in_audience),
        ("money", plan.money, _in_money),
        ("targets", plan.targets, _in_target),
        ("partners", plan.partners, _in_partner),
        ("pages", plan.pages, _in_page),
    ):
        yield from _findings_in_rows(name, rows, find)


def _findings_in_words(plan: Plan) -> Iterable[tuple[str, str]]:
    if not plan.name:
        yield "name", _("Please give it a name, in one language at least.")
    for name, words, longest in (
        ("name", plan.name, LONGEST_NAME),
        ("summary", plan.summary, LONGEST_SUMMARY),
        ("story", plan.story, LONGEST_STORY),
        ("cause", plan.cause, LONGEST_CAUSE),
    ):
        for language, text in words.items():
            if len(text) > longest:
                yield f"{name}.{language}", _("Please use at most %(count)d characters.", count=longest)
    if len(plan.purpose) > LONGEST_STORY:
        yield "purpose", _("Please use at most %(count)d characters.", count=LONGEST_STORY)


def _findings_in_dates(plan: Plan) -> Iterable[tuple[str, str]]:
    if plan.starts_on is None:
        yield (
            "starts_on",
            _("Please say on which day it starts: what it reaches is counted from that day on."),
        )
    if plan.ends_on is None:
        yield "ends_on", _("Please say on which day it ends. You can move the day later.")
    for name in ("starts_on", "ends_on"):
        day = getattr(plan, name)
        if day is not None and not _EARLIEST <= day <= _LATEST:
            yield name, _("Please choose a day between 1990 and 2100.")
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        yield "ends_on", _("It ends before it starts. Please choose a later day, or an earlier start.")
    try:
        zone_named(plan.zone)
    except Invalid as problem:
        yield "zone", str(problem.errors["zone"])


def _findings_in_targets_of_the_world(plan: Plan) -> Iterable[tuple[str, str]]:
    unknown = [one for one in plan.sdg_targets if one not in TARGETS]
    if unknown:
        yield (
            "sdg_targets",
            _(
                "There is no target %(targets)s among the 169 of the United Nations. They are written like 4.4 or 13.b.",
                targets=", ".join(unknown),
            ),
        )
    elif len(plan.sdg_targets) > MOST_TARGETS:
        yield (
            "sdg_targets",
            _("Please name three targets at most: those that the campaign can show something for."),
        )


def _findings_in_rows(
    name: str, rows: Sequence[Any], find: Callable[[Any], Iterable[tuple[str, str]]]
) -> Iterable[tuple[str, str]]:
    if len(rows) > MOST_ROWS:
        yield name, _("Please keep to %(count)d lines at most.", count=MOST_ROWS)
    for place, row in enumerate(rows):
        for part, sentence in find(row):
            yield f"{name}.{place}.{part}", sentence


def _in_audience(row: AudienceLine) -> Iterable[tuple[str, str]]:
    if row.kind not in AUDIENCES:
        yield "kind", _("Please choose who they are.")
    yield from _too_long(row, description=300, source=300)
    if row.size is not None and not 0 <= row.size <= LARGEST_NUMBER:
        yield "size", _("Please give a number of people from 0 to %(most)s.", most=f"{LARGEST_NUMBER:,}")
    elif row.size is not None and not row.source:
        yield (
            "source",
            _("Where does this number come from? Name the source, or leave the number out."),
        )


def _in_money(row: MoneyLine) -> Iterable[tuple[str, str]]:
    if row.side not in ("budget", "cost"):
        yield "side", _("Please choose whether it is planned or spent.")
    yield from _too_long(row, description=300)
    if row.channel is not None and len(row.channel) > 16:
        yield "channel", _("Please choose a channel from the list.")
    if row.currency not in DIGITS:
        yield "currency", unknown_currency(row.currency)
    elif sentence := _about_amount(row.amount, row.currency):
        yield "amount", sentence


def _about_amount(amount: Decimal, currency: str) -> str:
    if not amount.is_finite():
        return str(_("Please write an amount, such as 1200 or 12.50."))
    if amount < 0:
        return str(_("An amount cannot be below zero. What came back goes into its own line, as a budget."))
    try:
        units = to_smallest(amount, currency)
    except ValueError:
        digits = DIGITS[currency]
        if digits == 0:
            return str(_("%(currency)s has no smaller unit: please give a whole number.", currency=currency))
        return str(_("%(currency)s has %(count)d digits after the point.", currency=currency, count=digits))
    except InvalidOperation:
        units = LARGEST + 1
    return "" if units <= LARGEST else str(_("This amount is too large to be kept."))


def _in_target(row: TargetLine) -> Iterable[tuple[str, str]]:
    if row.measure not in MEASURES:
        yield "measure", _("Please choose what is counted.")
    if row.measure == "other" and not row.label:
        yield "label", _("Please say what is counted.")
    yield from _too_long(row, label=120)
    if not 1 <= row.number <= LARGEST_NUMBER:
        yield "number", _("Please give a number from 1 to %(most)s.", most=f"{LARGEST_NUMBER:,}")
    if row.by_on is not None and not _EARLIEST <= row.by_on <= _LATEST:
        yield "by_on", _("Please choose a day between 1990 and 2100.")


def _in_partner(row: PartnerLine) -> Iterable[tuple[str, str]]:
    if row.resource not in RESOURCES:
        yield "resource", _("Please choose whose it is.")
    if not row.name:
        yield "name", _("Please give their name.")
    yield from _too_long(row, name=160, description=300)
    if row.url and (sentence := _about_address(row.url)):
        yield "url", sentence


def _in_page(row: PageLine) -> Iterable[tuple[str, str]]:
    if sentence := _about_address(row.url):
        yield "url", sentence
    yield from _too_long(row, label=160)


def _about_address(url: str) -> str:
    sentence = _("Please give a web address that begins with https:// or http://.")
    try:
        parts = urlsplit(url)
        is_fine = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= 500
    except ValueError:
        is_fine = False
    return "" if is_fine and not any(one.isspace() for one in url) else str(sentence)


def _too_long(row: Any, **longest: int) -> Iterable[tuple[str, str]]:
    for name, most in longest.items():
        if len(getattr(row, name)) > most:
            yield name, _("Please use at most %(count)d characters.", count=most)


def unknown_currency(code: str) -> str:
    """The sentence about a currency that ISO 4217 does not have."""
    if not code:
        return str(_("Please choose a currency."))
    return str(
        _("“%(code)s” is no currency we know. Use its three letters, such as CNY, EUR or JPY.", code=code)
    )
