"""What people type about reviews, well formed or sent back with a sentence."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
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
from wtforms.validators import Length, NumberRange, Optional

from cms.core.config import LOCALES
from cms.core.errors import Invalid, Problem
from cms.people.models import Person
from cms.reviews.models import ReviewPlan
from cms.reviews.services import PlannedStep
from cms.reviews.services.plans import LONGEST_WAIT
from cms.topics.models import Section

MODE_NAMES = {"any": _("One of them is enough"), "all": lazy_pgettext("of a step", "All of them")}
VERDICT_NAMES = {
    "approved": _("Approve"),
    "changes": _("Ask for changes"),
    "comment": _("Only comment"),
}
ROLE_NAMES = {
    "": _("Nobody else"),
    "expert": _("Every expert"),
    "author": _("Every author"),
    "editor": _("Every editor"),
    "manager": _("Every manager"),
    "admin": _("Every admin"),
}
KINDS_OF_PLAN = {
    "own": _("Steps of its own"),
    "default": _("As everywhere else"),
    "none": _("No review"),
}
CLAIM_STATE_NAMES = {
    "open": lazy_pgettext("claim", "Open"),
    "expired": _("Run out"),
    "sourced": _("With a source"),
    "withdrawn": _("Withdrawn"),
}
EMPTY_ROWS = 3
_too_long = _("Please use at most %(max)d characters.")


def _choices(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in names.items()]


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


class Complaining(FlaskForm):  # type: ignore[misc]
    """A form that shows the sentences of a service."""

    def complain(self, problem: Problem) -> None:
        """Put them beside the fields they are about; the others on top."""
        for name, sentence in (problem.errors or {"": str(problem.message)}).items():
            field = self._fields.get(name)
            if field is None or isinstance(field, FieldList):
                self.form_errors.append(str(sentence))
            else:
                field.errors = [*field.errors, str(sentence)]


class DecisionForm(Complaining):
    """Yes, no, or a word."""

    verdict = RadioField(_("Your decision"), choices=_choices(VERDICT_NAMES), default="approved")
    words = TextAreaField(_("In words"), [Length(max=5000, message=_too_long)])


class ReasonForm(Complaining):
    """Why a review is set aside."""

    reason = TextAreaField(_("Why"), [Length(max=5000, message=_too_long)])


class PassageForm(Complaining):
    """Words about a passage: quoted by hand, or by a script that also says what stands around it."""

    quote = TextAreaField(_("Passage"), [Length(max=2000, message=_too_long)])
    prefix = HiddenField(validators=[Length(max=200)])
    suffix = HiddenField(validators=[Length(max=200)])
    words = TextAreaField(_("Comment"), [Length(max=5000, message=_too_long)], id="passage-words")
    suggestion = TextAreaField(_("Say instead"), [Length(max=5000, message=_too_long)])
    act = HiddenField(default="comment")

    @property
    def is_claim(self) -> bool:
        """Whether the button marks the passage as needing a source."""
        return bool(self.act.data == "claim")


class SourceForm(Complaining):
    """Where a claim is from."""

    source = TextAreaField(lazy_pgettext("claim", "Source"), [Length(max=5000, message=_too_long)])
    expires_on = DateField(_("Holds until"), [Optional()])


class WordsForm(Complaining):
    """The words that want a source, one on each line."""

    words_en = TextAreaField(_("In English"))
    words_zh = TextAreaField(_("In Chinese"))

    @property
    def by_language(self) -> dict[str, list[str]]:
        """What was typed."""
        return {locale: (self[f"words_{locale}"].data or "").splitlines() for locale in LOCALES}


class StepRow(Form):
    """One step."""

    place = IntegerField(_("Place"), [Optional(), NumberRange(0, 99)])
    name_en = StringField(_("Name in English"), [Length(max=80, message=_too_long)])
    name_zh = StringField(_("Name in Chinese"), [Length(max=80, message=_too_long)])
    people = StringField(_("People"), [Length(max=1000, message=_too_long)])
    role = SelectField(_("And"), choices=_choices(ROLE_NAMES), default="")
    mode = SelectField(_("Who must approve"), choices=_choices(MODE_NAMES), default="any")
    days = IntegerField(
        _("Days"),
        [Optional(), NumberRange(0, LONGEST_WAIT, message=_("Please give 0 to %(max)s days."))],
        default=2,
    )
    required = BooleanField(_("Nothing goes out without it"), default=True)


class PlanForm(Complaining):
    """The steps of a section, in order; a step without a name is left out."""

    kind = RadioField(_("Review"), choices=_choices(KINDS_OF_PLAN), default="own")
    rows = FieldList(FormField(StepRow), label=_("Steps"))

    def add_empty_rows(self) -> None:
        """Room for more, without script."""
        empty = sum(1 for row in self.rows if not _is_named(row))
        for _number in range(EMPTY_ROWS - empty):
            self.rows.append_entry()

    @property
    def goes_by_default(self) -> bool:
        """Whether the section has no steps of its own."""
        return bool(self.kind.data == "default")

    @property
    def is_undecided(self) -> bool:
        """Whether steps were typed, but not that they are wanted."""
        return self.kind.data != "own" and any(_is_named(row) for row in self.rows)

    @property
    def named(self) -> list[str]:
        """Everybody who was named, as typed, once."""
        return list(dict.fromkeys(word for row in self.rows for word in _words(row.people.data)))

    def steps(self, people: Mapping[str, Sequence[int]]) -> list[PlannedStep]:
        """What services take. Raises `Invalid` about a name that means nobody, or several."""
        if self.kind.data != "own":
            return []
        named = [(row.place.data or number, number, row) for number, row in enumerate(self.rows, 1)]
        rows = [row for _place, _number, row in sorted(named, key=lambda one: one[:2]) if _is_named(row)]
        return [_planned(row, people) for row in rows]


def from_plan(
    plan: ReviewPlan | None,
    steps: Sequence[PlannedStep],
    people: Mapping[int, Person],
    *,
    section: Section | None,
) -> dict[str, Any]:
    """The values a form shows for a plan as it is."""
    without = "default" if section is not None and plan is None else "none"
    return {
        "kind": "own" if steps else without,
        "rows": [
            {
                "place": place,
                **{f"name_{locale}": one.name.get(locale, "") for locale in LOCALES},
                "people": ", ".join(_spelled(people[number]) for number in one.people if number in people),
                "role": one.role or "",
                "mode": one.mode,
                "days": one.days,
                "required": one.required,
            }
            for place, one in enumerate(steps, 1)
        ],
    }


def _planned(row: Any, people: Mapping[str, Sequence[int]]) -> PlannedStep:
    for word in _words(row.people.data):
        if len(people[word]) != 1:
            raise Invalid(
                errors={"steps": gettext("Nobody, or more than one person, is called %(who)s.", who=word)}
            )
    return PlannedStep(
        name={
            locale: _one_line(row[f"name_{locale}"].data) for locale in LOCALES if row[f"name_{locale}"].data
        },
        mode=row.mode.data,
        days=2 if row.days.data is None else row.days.data,
        required=bool(row.required.data),
        role=row.role.data or None,
        people=tuple(dict.fromkeys(people[word][0] for word in _words(row.people.data))),
    )


def _is_named(row: Any) -> bool:
    return any((row[f"name_{locale}"].data or "").strip() for locale in LOCALES)


def _words(text: str | None) -> list[str]:
    parts = (word.strip() for word in re.split("[,，、;；\n]", text or ""))
    return [word for word in parts if word]


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _spelled(person: Person) -> str:
    return f"{person.name} (@{person.handle})"
