"""Figures and verdicts in words. Everything that is said of a comparison is said here, so that page, API and exports say
the same in any language."""

from collections.abc import Mapping
from datetime import date
from math import floor, log10
from typing import Any

from flask_babel import format_decimal, format_percent, gettext, lazy_pgettext
from flask_babel import lazy_gettext as _

from campaigns.plans.figures import money_in_words
from campaigns.plans.wording import AUDIENCE_NAMES, day_word
from campaigns.reports.definitions import BY_KEY, WORDS
from campaigns.reports.opening import Opened
from campaigns.reports.shapes import Cell, Comparison, Per, TargetMet, Unit, Verdict
from cms.core.languages import localized

REASONS = {
    "not_counted": _("Not counted yet."),
    "no_contest": _("No contest asks for entries below its posts, or none was handed in."),
    "no_goals": _("No goal is set for it, so nothing counts as a conversion."),
    "before_counting": _("These days lie before counting began."),
    "not_asked": _("No network has told us."),
    "never_told": _("This network does not tell it."),
    "not_yet_told": _("It has not been told yet."),
    "bounds": _("Networks do not say who saw it on two of them: it is between these."),
    "not_begun": _("It has not begun."),
    "no_own_days": _("None of its own days is among those looked at."),
    "no_posts": _("None of its posts is published."),
    "few_posts": _("Too few posts for an interval."),
    "no_views": _("Nobody looked, so there is nothing to divide by."),
    "nobody_reached": _("Nobody was reached, so there is nothing to divide by."),
    "no_cost": _("No cost is written down for these days."),
    "mixed_currencies": _("It was paid in several currencies, which are never added up."),
    "not_split": _("Not known of these parts."),
    "not_tied": _("What somebody says of themselves is tied to no visit."),
    "not_added": _("People of several parts are not added up: one may be in two of them."),
}
NOTES = {
    "dates_unused": _(
        "By days since launch each campaign begins on its own first day: the dates are not used."
    ),
    "not_begun": _("A campaign that has not begun has no figures, and shortens no other."),
    "one_day": _("Of one campaign there is a single day: nothing can be said of how it goes on."),
    "longest": _("More than three years: what is older is left out."),
    "currencies_differ": _(
        "The campaigns were paid in different currencies: their costs cannot be compared."
    ),
    "accounts_shared": _(
        "An account carried several of the campaigns at the same time: followers it gained count for each of them."
    ),
    "zones_differ": _("The days of each campaign are days in its own time zone."),
    "nothing_learned": _(
        "Fewer than three other campaigns are over: nothing is known yet of how campaigns grow."
    ),
    "other_kinds": _(
        "Too few campaigns of a kind are over: how campaigns grow was learned from those of all kinds."
    ),
    "before_counting": _("Some of the days lie before counting began: what happened on them is not known."),
    "audience_unknown": _(
        "Whether readers use, buy or decide is known of those who said so in an answer. Answers are tied to no visit, so"
        " what readers did is of nobody known."
    ),
}
CLOCKS = {
    "period": _("What happened on the days that are looked at."),
    "lifetime": _("Everything since it was sent, as last asked."),
    "plan": _("What the plan of the campaign says."),
}
PERS: dict[Per, Any] = {
    "total": _("In all"),
    "post": _("Per post"),
    "reached": _("Per 1,000 people reached"),
    "money": _("Per 100 of money spent"),
}
DIVIDED: dict[Per, Any] = {
    "post": _("Divided by the posts that were out by the last day."),
    "reached": _("Divided by the people reached, and times 1,000."),
    "money": _("Divided by the cost, and times 100 of its currency."),
}
ROW_KINDS = {
    "day": lazy_pgettext("rows", "Days"),
    "post": _("Posts"),
    "channel": _("Channels"),
    "fact": _("Day and what was done"),
    "account": _("Accounts"),
    "money": _("Costs of the plan"),
}
FACTS = {
    "goal": _("Goal reached"),
    "signup": _("Sign-up"),
    "comment": _("Comment"),
    "entry": _("Contest entry"),
}
ALIGNS = {"calendar": _("By date"), "launch": _("By days since launch")}
MODES = {"cumulative": _("Added up"), "daily": _("Day by day")}
CUTS = {"youngest": _("As far as the youngest"), "none": _("As far as each goes")}
SPLITS = {
    "channel": _("Channel"),
    "post": _("Post"),
    "section": _("Section"),
    "audience": _("Audience"),
    "country": _("Country"),
    "language": _("Language"),
    "device": _("Device"),
}
CHANNELS = {
    "link": _("A link of ours"),
    "feed": _("Feeds"),
    "mail": _("Mail"),
    "search": _("Search engines"),
    "site": _("Other sites"),
    "direct": lazy_pgettext("channel", "Directly"),
    "inside": _("Our own pages"),
}
DEVICES = {"d": _("Computer"), "m": _("Telephone"), "t": _("Tablet")}


def target_state(target: TargetMet) -> str:
    """Where a target stands, in a word or three."""
    if target.is_met is None:
        return str(gettext("Nobody counts it"))
    if target.is_met:
        return str(gettext("Met"))
    return str(gettext("Not met") if target.is_over else gettext("Not met yet"))


def name_of(compared: Comparison, campaign_id: int) -> str:
    """What a campaign is called."""
    return next(localized(dict(one.name)) for one in compared.subjects if one.id == campaign_id)


def verdict_in_words(verdict: Verdict, names: Mapping[int, str]) -> str:
    """One sentence, or two. `names` are the names of the campaigns."""
    first, second = names[verdict.first], names[verdict.second]
    if verdict.kind == "few":
        return str(
            gettext("%(first)s and %(second)s: too few posts to tell them apart.", first=first, second=second)
        )
    stands = _stands(verdict, first, second)
    if verdict.kind == "early":
        return str(
            gettext(
                "%(first)s and %(second)s: too early. About %(share)s is usually in by day %(day)s. So far: %(stands)s",
                first=first,
                second=second,
                share=format_percent(round(verdict.share or 0, 2)),
                day=verdict.day,
                stands=stands,
            )
        )
    return stands


def number(value: float | None, unit: Unit = "count", *, currency: str | None = None) -> str:
    """A number as the reader's language writes it; a dash when it is missing."""
    if value is None:
        return "–"
    if unit == "money" and currency:
        return money_in_words(round(value), currency)
    if unit == "share":
        return str(format_percent(value, format="#,##0.0%"))
    if unit == "seconds":
        return _seconds(format_decimal(value, format="#,##0.0"))
    if isinstance(value, int) or float(value).is_integer() or abs(value) >= 100:
        return str(format_decimal(round(value), format="#,##0"))
    places = 1 - min(0, floor(log10(abs(value))))  # two digits that say something
    return str(format_decimal(value, format="#,##0." + "0" * places))


def cell_in_words(cell: Cell, unit: Unit) -> str:
    """`1,204`, `~1,204` where it is an estimate, `2,000–3,400` where only bounds are known, or a dash."""
    if cell.value is None and cell.low is not None and cell.high is not None:
        return f"{number(cell.low, unit)}–{number(cell.high, unit)}"
    said = number(cell.value, unit, currency=cell.currency)
    return f"~{said}" if cell.value and not cell.is_exact else said


def interval_in_words(cell: Cell, unit: Unit) -> str:
    """`1,100–1,300`; empty without one, and where the number itself is only bounds."""
    if cell.value is None or cell.low is None or cell.high is None or cell.low == cell.high:
        return ""
    if unit == "seconds":  # said once of both
        low, high = (format_decimal(bound, format="#,##0.0") for bound in (cell.low, cell.high))
        return _seconds(f"{low}–{high}")
    return "–".join(number(bound, unit, currency=cell.currency) for bound in (cell.low, cell.high))


def _seconds(said: str) -> str:
    return str(gettext("%(number)s s", number=said))


def why(cell: Cell) -> str:
    """Why it is missing, or why only bounds are known; empty otherwise."""
    return str(REASONS[cell.why]) if cell.is_missing and cell.why else ""


def fact_name(said: str) -> str:
    """`goal:Brochure` as a person says it."""
    kind, _colon, key = said.partition(":")
    name = str(FACTS.get(kind, kind))
    return f"{name}: {key}" if key else name


def interval_method(told: Opened) -> str:
    """How the interval of a figure was made; empty without one."""
    cell, key = told.cell, told.column.key
    if cell.low is None or cell.high is None or cell.value is None:
        return ""
    if not cell.value:
        return str(gettext("It was not seen once: so often it may happen all the same (Byar, 95 %)."))
    if key in ("reach", "cost") or (key == "readers" and told.per != "reached"):
        return str(gettext("Its interval is the error of telling people apart (95 %)."))
    if key == "readers":
        method = gettext("Its interval is Wilson's (95 %).")
    else:
        method = gettext("Its interval comes from drawing the posts anew (bootstrap, BCa, 95 %).")
    if cell.is_exact:
        return str(method)
    with_people = gettext("The error of telling people apart is in it.")
    return f"{method} {with_people}"


def part_name(split: str, key: str, name: str) -> str:
    """What a part of a split is called."""
    if name:
        return name
    known: Mapping[str, Any] = {"channel": CHANNELS, "device": DEVICES, "audience": AUDIENCE_NAMES}.get(
        split, {}
    )
    if key in ("…", "other"):
        return str(gettext("All others"))
    if key == "?":
        return str(gettext("Unknown"))
    return str(known.get(key, key))


def days_in_words(since: date, until: date) -> str:
    """From when to when; a dash while there is no day to look at."""
    return f"{day_word(since)} – {day_word(until)}" if until >= since else "–"


def unit_of(key: str, per: Per = "total") -> Unit:
    """The unit of a column; of people for 1,000 people it is a plain number, of money it stays money."""
    unit = BY_KEY[key].unit
    return unit if per == "total" or unit == "money" else "count"


def column_name(key: str) -> str:
    """What a column is called."""
    return str(WORDS[key].name)


def _stands(verdict: Verdict, first: str, second: str) -> str:
    is_apart = verdict.kind == "leads" or (verdict.kind == "early" and _is_apart(verdict))
    if not is_apart:
        return str(gettext("%(first)s and %(second)s cannot be told apart.", first=first, second=second))
    if verdict.low is None or verdict.high is None:
        return str(gettext("%(first)s leads %(second)s, which has none.", first=first, second=second))
    words = {"first": first, "second": second, "low": number(verdict.low), "high": number(verdict.high)}
    return str(gettext("%(first)s leads %(second)s, %(low)s–%(high)s times per post.", **words))


def _is_apart(verdict: Verdict) -> bool:
    is_clear = verdict.low is None or verdict.low > 1
    return verdict.p is not None and verdict.p <= 0.05 and is_clear
