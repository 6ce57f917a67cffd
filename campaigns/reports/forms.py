"""The question of a comparison, as an address asks it. Whatever is wrong gets a sentence, and nothing typed is lost."""

from collections.abc import Sequence
from datetime import date
from typing import Any, get_args

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from campaigns.reports.shapes import (
    FEWEST,
    MEASURES,
    MOST,
    Align,
    ComparisonQuery,
    Cut,
    Mode,
    Split,
)


class ComparisonForm:
    """Reads `campaign=1&campaign=2&from=&to=&align=&mode=&cut=&split=&measure=`. `query` is None while `errors` has any."""

    def __init__(self, asked: MultiDict[str, str], *, known: Sequence[int]) -> None:
        """`known` are the numbers of campaigns that are there."""
        self.asked = asked
        self.errors: dict[str, str] = {}
        self.campaigns = self._campaigns(known)
        self.since, self.until = self._day("from"), self._day("to")
        if self.since and self.until and self.since > self.until:
            self.errors["to"] = _("The last day is before the first one.")
        self.align: Align = self._one_of("align", get_args(Align), "calendar")
        self.mode: Mode = self._one_of("mode", get_args(Mode), "cumulative")
        self.cut: Cut = self._one_of("cut", get_args(Cut), "youngest")
        self.split: Split | None = self._one_of("split", ("", *get_args(Split)), "") or None
        self.measure: str = self._one_of("measure", MEASURES, "engaged")

    @property
    def is_empty(self) -> bool:
        """Nobody chose a campaign yet."""
        return not any(self.asked.getlist("campaign"))

    def said(self, name: str) -> str:
        """What was typed."""
        return self.asked.get(name, "")

    @property
    def query(self) -> ComparisonQuery | None:
        """The question, once it is one."""
        if self.errors:
            return None
        return ComparisonQuery(
            tuple(self.campaigns),
            self.since,
            self.until,
            self.align,
            self.mode,
            self.cut,
            self.split,
            self.measure,
        )

    def _campaigns(self, known: Sequence[int]) -> list[int]:
        said = [one for one in self.asked.getlist("campaign") if one]  # a choice left open says nothing
        numbers = [int(one) if one.isascii() and one.isdecimal() and len(one) < 10 else 0 for one in said]
        chosen = list(dict.fromkeys(numbers))
        if any(number not in known for number in chosen):
            self.errors["campaign"] = _("There is no such campaign.")
        elif len(chosen) < FEWEST:
            self.errors["campaign"] = _("Choose at least two campaigns.")
        elif len(chosen) > MOST:
            self.errors["campaign"] = _("Choose six campaigns at most.")
        return [number for number in chosen if number in known]

    def _day(self, name: str) -> date | None:
        said = self.asked.get(name, "").strip()
        if not said:
            return None
        try:
            return date.fromisoformat(said)
        except ValueError:
            self.errors[name] = _("There is no such day.")
            return None

    def _one_of(self, name: str, choices: Sequence[Any], usual: Any) -> Any:
        said = self.asked.get(name, "") or usual
        if said in choices:
            return said
        self.errors[name] = _("This is not one of the choices.")
        return usual
