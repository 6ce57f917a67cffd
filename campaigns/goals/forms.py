"""What is typed about goals."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]

from campaigns.goals.models import Goal
from campaigns.goals.terms import GoalTerms
from campaigns.goals.wording import FACT_NAMES, KIND_NAMES
from campaigns.plans.money import from_smallest
from cms.core.errors import Invalid, Problem

LONGEST_AMOUNT = 20


class GoalForm(FlaskForm):  # type: ignore[misc]
    """One goal. What its kind does not need is not looked at."""

    version = HiddenField()
    name = StringField(_("What the desk calls it"), render_kw={"maxlength": 120})
    kind = RadioField(
        _("What has to happen"),
        choices=[SelectChoice(*one) for one in KIND_NAMES.items()],
        default="page",
        validate_choice=False,
    )
    path = StringField(_("Page"), render_kw={"autocomplete": "off"})
    link = SelectField(_("Link"), coerce=int, default=0, validate_choice=False)
    fact = SelectField(
        _("What people do"), choices=[SelectChoice(*one) for one in FACT_NAMES.items()], validate_choice=False
    )
    fact_key = StringField(_("Only this one"), render_kw={"maxlength": 160, "autocomplete": "off"})
    is_each = BooleanField(_("Count every time, not each person once"))
    amount = StringField(_("What one is worth"), render_kw={"inputmode": "decimal", "autocomplete": "off"})
    currency = StringField(_("Currency"), render_kw={"maxlength": 3, "size": 4})

    def offer(self, links: Sequence[tuple[int, str]]) -> None:
        """The links it may wait for."""
        self.name.flags.required = True
        self.link.choices = [
            SelectChoice(0, _("None")),
            *(SelectChoice(one, name) for one, name in links),
        ]

    def terms(self) -> GoalTerms:
        """As the service takes it. Raises `Invalid` for an amount that is no number."""
        return GoalTerms(
            name=self.name.data or "",
            kind=self.kind.data or "",
            path=self.path.data or "",
            link_id=self.link.data or None,
            fact=self.fact.data or "",
            fact_key=self.fact_key.data or "",
            is_each=bool(self.is_each.data),
            amount=self._amount(),
            currency=self.currency.data or "",
        )

    @property
    def expected_version(self) -> int | None:
        """The version the page was opened with."""
        said = self.version.data or ""
        return int(said) if said.isdecimal() and len(said) < 10 else None

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about."""
        for name, sentence in (problem.errors or {"name": str(problem.message)}).items():
            field = self._fields.get(name, self.name)
            field.errors = [*field.errors, str(sentence)]

    def _amount(self) -> Decimal | None:
        said = (self.amount.data or "").strip().replace(",", "")
        if not said:
            return None
        whole, _dot, part = said.partition(".")
        if (
            len(said) > LONGEST_AMOUNT
            or not (whole.isdecimal() and (part or "0").isdecimal())
            or not said.isascii()
        ):
            raise Invalid(errors={"amount": gettext("Please type an amount such as 120 or 12.50.")})
        return Decimal(said)


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


def from_goal(goal: Goal) -> dict[str, Any]:
    """The values a form shows for a goal as it is."""
    has_value = goal.value_units is not None and goal.currency
    return {
        **{
            name: getattr(goal, name)
            for name in ("version", "name", "kind", "path", "fact", "fact_key", "is_each")
        },
        "link": goal.link_id or 0,
        "amount": str(from_smallest(goal.value_units or 0, goal.currency or "")) if has_value else "",
        "currency": goal.currency or "",
    }
