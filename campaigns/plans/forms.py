"""What people type about a campaign: one form in sections, whose rows are added and taken out without a script."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import InputRequired, Optional

from campaigns.plans.content import AudienceLine, MoneyLine, PageLine, PartnerLine, Plan, TargetLine
from campaigns.plans.goals import MOST_TARGETS
from campaigns.plans.wording import AUDIENCE_NAMES, KIND_NAMES, MEASURE_NAMES, RESOURCE_NAMES
from cms.core.config import LOCALES
from cms.core.errors import Problem
from cms.people.models import Person

LISTS = ("audiences", "budget", "costs", "targets", "partners", "pages")
WORDS = ("name", "summary", "story", "cause")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,6})?")


def _choices(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in names.items()]


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


class AudienceRow(Form):
    """Whom it is for."""

    kind = SelectField(_("Who they are"), choices=_choices(AUDIENCE_NAMES))
    description = StringField(_("In a few words"))
    size = StringField(_("How many"), render_kw={"inputmode": "numeric"})
    source = StringField(_("Source of the number"))


class BudgetRow(Form):
    """A line of the budget."""

    description = StringField(_("What for"))
    channel = SelectField(_("Channel"), validate_choice=False)
    amount = StringField(_("Amount"), render_kw={"inputmode": "decimal"})
    currency = StringField(_("Currency"), render_kw={"list": "currencies", "maxlength": 3, "size": 4})


class CostRow(BudgetRow):
    """A line of what was spent."""

    spent_on = DateField(_("Day"), [Optional()])


class TargetRow(Form):
    """What is to be reached."""

    measure = SelectField(_("What is counted"), choices=_choices(MEASURE_NAMES))
    label = StringField(_("If something else: what"))
    number = StringField(_("How many"), render_kw={"inputmode": "numeric"})
    by_on = DateField(_("By"), [Optional()])


class PartnerRow(Form):
    """A partner, or a medium."""

    name = StringField(_("Partner"))
    resource = SelectField(_("Whose it is"), choices=_choices(RESOURCE_NAMES), default="partner")
    url = StringField(_("Address"), render_kw={"inputmode": "url"})
    description = StringField(_("In a few words"))
    is_public = BooleanField(_("Named to readers"))


class PageRow(Form):
    """A page elsewhere."""

    url = StringField(_("Address"), render_kw={"inputmode": "url"})
    label = StringField(_("What it is called"))
    is_public = BooleanField(_("Shown to readers"))


@dataclass(frozen=True)
class Finding:
    """A sentence about a field, for the summary on top."""

    id: str
    label: str
    sentence: str


class CampaignForm(FlaskForm):  # type: ignore[misc]
    """All of a campaign. Rows left empty are left out."""

    version = HiddenField()
    name_en = StringField(_("Name in English"))
    name_zh = StringField(_("Name in Chinese"))
    summary_en = TextAreaField(_("Summary in English"))
    summary_zh = TextAreaField(_("Summary in Chinese"))
    story_en = TextAreaField(_("Story in English"))
    story_zh = TextAreaField(_("Story in Chinese"))
    cover = IntegerField(_("Cover picture"), [Optional()])
    slug = StringField(_("Address"))
    is_public = BooleanField(_("Readers have a page about it"))
    purpose = TextAreaField(_("Purpose"))
    kind = RadioField(_("Kind"), choices=_choices(KIND_NAMES), default="brand")
    owner = SelectField(_("Answers for it"), coerce=int, validate_choice=False)
    cause_en = StringField(_("Cause in English"))
    cause_zh = StringField(_("Cause in Chinese"))
    goals = FieldList(
        StringField(_("Target of the United Nations"), render_kw={"list": "goals", "size": 8}),
        min_entries=MOST_TARGETS,
        max_entries=MOST_TARGETS,
    )
    starts_on = DateField(_("First day"), [Optional()], render_kw={"required": True})
    ends_on = DateField(_("Last day"), [Optional()], render_kw={"required": True})
    zone = StringField(_("Time zone"), [InputRequired()], render_kw={"list": "zones"})
    currency = StringField(_("Usual currency"), render_kw={"list": "currencies", "maxlength": 3, "size": 4})
    audiences = FieldList(FormField(AudienceRow))
    budget = FieldList(FormField(BudgetRow))
    costs = FieldList(FormField(CostRow))
    targets = FieldList(FormField(TargetRow))
    partners = FieldList(FormField(PartnerRow))
    pages = FieldList(FormField(PageRow))

    def offer(self, *, staff: Sequence[Person], networks: Mapping[str, str]) -> None:
        """Who may answer for it, and which channels there are; what was chosen once stays on offer."""
        self.owner.choices = [
            SelectChoice(0, gettext("Nobody yet")),
            *(SelectChoice(one.id, one.name) for one in staff),
        ]
        for rows in (self.budget, self.costs):
            row: Any
            for row in rows:
                key = row.channel.data
                more = {} if not key or key in networks else {key: key}
                named = {"": gettext("None in particular"), **networks, **more}
                row.channel.choices = _choices(named)

    def add_empty_rows(self) -> None:
        """Room for one more of each, without script."""
        for name in LISTS:
            if all(not _is_empty(row) for row in self[name]):
                self.add_row(name)

    def add_row(self, name: str) -> None:
        """One more empty row."""
        self[name].append_entry()

    def plan(self) -> tuple[Plan, bool]:
        """What was typed, and whether all of it could be read; what could not says so beside its field."""
        self._places: dict[str, tuple[str, int]] = {}
        self._is_readable = True
        words = {one: {locale: self[f"{one}_{locale}"].data or "" for locale in LOCALES} for one in WORDS}
        plan = Plan(
            **words,
            purpose=self.purpose.data or "",
            kind=self.kind.data or "",
            sdg_targets=[(one.data or "").split()[0] for one in self.goals if (one.data or "").strip()],
            owner_id=self.owner.data or None,
            cover_id=self.cover.data,
            is_public=self.is_public.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            zone=self.zone.data or "",
            currency=self.currency.data or "",
            audiences=[self._audience(row) for row in self._filled("audiences")],
            money=[
                *(self._money("budget", row) for row in self._filled("budget", "money")),
                *(self._money("cost", row) for row in self._filled("costs", "money")),
            ],
            targets=[self._target(row) for row in self._filled("targets")],
            partners=[PartnerLine(**_texts(row)) for row in self._filled("partners")],
            pages=[PageLine(**_texts(row)) for row in self._filled("pages")],
        )
        return plan, self._is_readable

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about; the others on top."""
        for path, sentence in (problem.errors or {"": str(problem.message)}).items():
            field = self._field(path)
            if field is None:
                self.form_errors.append(str(sentence))
            elif not field.errors:
                field.errors = [str(sentence)]

    @property
    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong, in the order of the form."""
        for field in _leaves(self):
            for sentence in field.errors:
                yield Finding(field.id, str(field.label.text), str(sentence))

    def _filled(self, name: str, kept_as: str | None = None) -> Iterator[Any]:
        """The rows that hold something; remembers which row each line of the plan came from."""
        kept_as = kept_as or name
        for place, row in enumerate(self[name]):
            if not _is_empty(row):
                line = sum(1 for one in self._places if one.startswith(f"{kept_as}."))
                self._places[f"{kept_as}.{line}"] = (name, place)
                yield row.form  # a FormField has a name, a label and a description of its own

    def _audience(self, row: Any) -> AudienceLine:
        size = self._whole(row.size, empty=None)
        return AudienceLine(row.kind.data, row.description.data or "", size, row.source.data or "")

    def _money(self, side: str, row: Any) -> MoneyLine:
        return MoneyLine(
            side,
            self._number(row.amount) or Decimal(0),
            row.currency.data or self.currency.data or "",
            row.channel.data or None,
            row.description.data or "",
            row.spent_on.data if "spent_on" in row else None,
        )

    def _target(self, row: Any) -> TargetLine:
        number = self._whole(row.number, empty=1, is_needed=True)
        assert number is not None
        return TargetLine(row.measure.data, number, row.label.data or "", row.by_on.data)

    def _number(self, field: Field) -> Decimal | None:
        number = read_number(field.data or "")
        if number is None:
            self._complain_about(field, gettext("Please write an amount, such as 1200 or 12.50."))
        return number

    def _whole(self, field: Field, *, empty: int | None, is_needed: bool = False) -> int | None:
        if not (field.data or "").strip() and not is_needed:
            return empty
        number = read_number(field.data or "")
        if number is None or number != number.to_integral_value():
            self._complain_about(field, gettext("Please write a whole number, such as 12000."))
            return empty
        return int(number)

    def _complain_about(self, field: Field, sentence: str) -> None:
        field.errors = [sentence]
        self._is_readable = False

    def _field(self, path: str) -> Field | None:
        """`name.en`, `audiences.0.source`, `sdg_targets`: the field it stands for."""
        head, *rest = path.split(".")
        if len(rest) == 2 and (place := self._places.get(f"{head}.{rest[0]}")):
            row: Any = self[place[0]][place[1]]
            found: Field | None = row.form._fields.get(rest[1])
            return found
        name = {"sdg_targets": "goals", "cover_id": "cover", "owner_id": "owner"}.get(head, head)
        if name == "goals":
            first: Field = self.goals.entries[0]
            return first
        if head in WORDS:
            name = f"{head}_{rest[0] if rest else LOCALES[0]}"
        one: Field | None = self._fields.get(name)
        return None if isinstance(one, FieldList) else one


def read_number(text: str) -> Decimal | None:
    """A number as people write it, also in full-width digits: `12,000.50` or `１２００`; None when it is none."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("−", "-")
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def without_row(typed: MultiDict[str, str], row: str) -> MultiDict[str, str]:
    """What was typed, without one row (`audiences-1`)."""
    return MultiDict(
        [(name, value) for name, value in typed.items(multi=True) if not name.startswith(f"{row}-")]
    )


def from_plan(plan: Plan, *, slug: str, version: int) -> dict[str, Any]:
    """The values a form shows for a campaign as it is."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [dict(vars(line)) for line in getattr(plan, name)]
        for name in ("audiences", "targets", "partners", "pages")
    }
    money = [
        {**vars(line), "amount": f"{line.amount:f}", "channel": line.channel or ""} for line in plan.money
    ]
    return {
        **{f"{one}_{locale}": getattr(plan, one).get(locale, "") for one in WORDS for locale in LOCALES},
        **{
            name: getattr(plan, name)
            for name in ("purpose", "kind", "is_public", "starts_on", "ends_on", "zone")
        },
        **rows,
        "budget": [line for line in money if line["side"] == "budget"],
        "costs": [line for line in money if line["side"] == "cost"],
        "goals": list(plan.sdg_targets) + [""] * (MOST_TARGETS - len(plan.sdg_targets)),
        "currency": plan.currency,
        "owner": plan.owner_id or 0,
        "cover": plan.cover_id,
        "slug": slug,
        "version": str(version),
    }


def _texts(row: Any) -> dict[str, Any]:
    return {
        name: field.data if isinstance(field, BooleanField) else field.data or ""
        for name, field in row._fields.items()
    }


def _is_empty(row: Any) -> bool:
    """Nothing was typed: what is chosen from a list, or repeated from above, says nothing alone."""
    typed = [field for name, field in row.form._fields.items() if name != "currency"]
    fields = [one for one in typed if isinstance(one, StringField | DateField)]
    return not any(_typed(one) for one in fields)


def _typed(field: Field) -> bool:
    raw = field.raw_data[0] if field.raw_data else None
    value = raw if isinstance(raw, str) else field.data
    return bool(value.strip()) if isinstance(value, str) else isinstance(value, date | int)


def _leaves(fields: Any) -> Iterator[Field]:
    for field in fields:
        if isinstance(field, FieldList):
            yield from _leaves(field)
        elif isinstance(field, FormField):
            yield from _leaves(field.form)
        else:
            yield field
