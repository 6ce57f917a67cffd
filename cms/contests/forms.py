"""What organisers and entrants type here, well formed or sent back with a sentence."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import Length, Optional

from cms.contests.content import PhaseLine, Plan, PrizeLine, TimesTwice
from cms.contests.models import PHASES, Contest, ContestRules, Entry
from cms.contests.wording import ELIGIBLE_NAMES, PHASE_NAMES
from cms.core import walltime
from cms.core.config import LOCALES
from cms.core.errors import Problem
from cms.core.languages import NAMES

SIDES = ("starts", "ends")
PRIZE_ROWS = 6
_too_long = _("Please use at most %(max)d characters.")


class ComplainingForm(FlaskForm):  # type: ignore[misc]
    """A form that takes the sentences of a service."""

    def complain(self, problem: Problem) -> None:
        """Put them beside the fields they are about; the others on top."""
        for name, sentence in (problem.errors or {"": str(problem.message)}).items():
            field = self._fields.get(self.place_of(name))
            if field is None:
                self.form_errors.append(str(sentence))
            else:
                field.errors = [*field.errors, str(sentence)]

    def place_of(self, name: str) -> str:
        """Which field a sentence stands beside."""
        return name


class EmptyForm(ComplainingForm):
    """A button."""


class ContestForm(ComplainingForm):
    """All of a contest. Phases and prizes left empty are left out."""

    version = HiddenField()
    title_en = StringField(_("Title in English"))
    title_zh = StringField(_("Title in Chinese"))
    summary_en = TextAreaField(_("In one sentence, in English"))
    summary_zh = TextAreaField(_("In one sentence, in Chinese"))
    brief_en = TextAreaField(_("The theme, in English"))
    brief_zh = TextAreaField(_("The theme, in Chinese"))
    theme_url = StringField(_("Where the idea was said"))
    theme_by = StringField(_("Whose idea it was"), render_kw={"maxlength": 60})
    slug = StringField(_("Address"))
    series = SelectField(_("Series"), coerce=int, validate_choice=False, default=0)
    new_series = StringField(_("A new series"), [Length(max=80, message=_too_long)])
    zone = StringField(_("Time zone"), render_kw={"list": "zones"})
    eligible = RadioField(_("Who may enter"), validate_choice=False, default="everyone")
    eligibility_en = TextAreaField(_("What else is asked of entrants, in English"))
    eligibility_zh = TextAreaField(_("What else is asked of entrants, in Chinese"))
    least_age = IntegerField(_("Younger than this, a grown-up agrees"), [Optional()])
    least_days = IntegerField(_("Days that an account must exist"), [Optional()], default=0)
    most_entries = IntegerField(_("Entries of one person"), [Optional()], default=1)
    most_authors = IntegerField(_("Authors of one entry"), [Optional()], default=1)
    least_words = IntegerField(_("Words at least"), [Optional()], default=0)
    most_words = IntegerField(_("Words at most"), [Optional()])
    grace_minutes = IntegerField(_("Minutes of grace"), [Optional()], default=0)
    takes_posts = BooleanField(_("What was published here before may be entered"), default=True)
    is_blind = BooleanField(_("The jury reads without names"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.eligible.choices = [SelectChoice(key, name) for key, name in ELIGIBLE_NAMES.items()]

    def place_of(self, name: str) -> str:
        """`phases.entries.ends` stands at `entries_ends`."""
        parts = name.split(".")
        if parts[0] == "phases":
            return f"{parts[1]}_{parts[2]}"
        return f"prize_{parts[1]}_en" if parts[0] == "prizes" and len(parts) > 1 else name

    def ask(self, problem: TimesTwice) -> None:
        """Offer both moments of each time that comes twice."""
        for name, moments in problem.questions.items():
            field = self._fields[self.place_of(name) + "_which"]
            field.choices = walltime.both(moments)

    def offer_series(self, series: Iterable[tuple[int, str]]) -> None:
        """Which series there are."""
        self.series.choices = [SelectChoice(0, _("None")), *(SelectChoice(*one) for one in series)]

    @property
    def phase_rows(self) -> list[tuple[str, Any, Any, list[Any]]]:
        """Each kind of phase with its fields."""
        return [
            (
                kind,
                self[f"{kind}_starts"],
                self[f"{kind}_ends"] if kind != "results" else None,
                [field for side in SIDES if (field := self[f"{kind}_{side}_which"]).choices],
            )
            for kind in PHASES
        ]

    @property
    def prize_rows(self) -> list[tuple[Any, ...]]:
        """Each prize with its fields."""
        names = ("en", "zh", "about_en", "about_zh", "places")
        return [tuple(self[f"prize_{row}_{name}"] for name in names) for row in range(PRIZE_ROWS)]

    def plan(self, *, theme_by_id: int | None) -> Plan:
        """What was typed, and who has the handle given as `theme_by`."""
        return Plan(
            title=self._words("title"),
            summary=self._words("summary"),
            brief=self._words("brief"),
            eligibility=self._words("eligibility"),
            zone=(self.zone.data or "").strip(),
            phases=[self._phase(kind) for kind in PHASES],
            prizes=[self._prize(row) for row in range(PRIZE_ROWS)],
            eligible=self.eligible.data or "",
            least_age=self.least_age.data,
            most_words=self.most_words.data,
            least_days=self._number("least_days"),
            least_words=self._number("least_words"),
            grace_minutes=self._number("grace_minutes"),
            most_entries=self._number("most_entries", 1),
            most_authors=self._number("most_authors", 1),
            takes_posts=bool(self.takes_posts.data),
            is_blind=bool(self.is_blind.data),
            theme_url=self.theme_url.data or "",
            theme_by_id=theme_by_id,
        )

    def _words(self, name: str) -> dict[str, str]:
        return {locale: self[f"{name}_{locale}"].data or "" for locale in LOCALES}

    def _number(self, name: str, usual: int = 0) -> int:
        value = self[name].data
        return usual if value is None else int(value)

    def _phase(self, kind: str) -> PhaseLine:
        first, second = (walltime.chosen(self[f"{kind}_{side}_which"].data) for side in SIDES)
        return PhaseLine(
            kind, self[f"{kind}_starts"].data or "", self[f"{kind}_ends"].data or "", (first, second)
        )

    def _prize(self, row: int) -> PrizeLine:
        places = self[f"prize_{row}_places"].data
        return PrizeLine(
            {locale: self[f"prize_{row}_{locale}"].data or "" for locale in LOCALES},
            {locale: self[f"prize_{row}_about_{locale}"].data or "" for locale in LOCALES},
            1 if places is None else int(places),
        )


for _kind in PHASES:
    for _side, _label in zip(SIDES, (_("Begins"), _("Ends")), strict=True):
        setattr(ContestForm, f"{_kind}_{_side}", StringField(_label, render_kw={"type": "datetime-local"}))
        setattr(
            ContestForm,
            f"{_kind}_{_side}_which",
            RadioField(_("This time comes twice"), validate_choice=False),
        )
for _row in range(PRIZE_ROWS):
    for _name, _label in (
        ("en", _("Prize in English")),
        ("zh", _("Prize in Chinese")),
        ("about_en", _("What it is, in English")),
        ("about_zh", _("What it is, in Chinese")),
    ):
        setattr(
            ContestForm, f"prize_{_row}_{_name}", StringField(_label, [Length(max=300, message=_too_long)])
        )
    setattr(ContestForm, f"prize_{_row}_places", IntegerField(_("Places"), [Optional()], default=1))


class RulesForm(ComplainingForm):
    """The rules and what entrants agree to."""

    rules_en = TextAreaField(_("Rules in English"))
    rules_zh = TextAreaField(_("Rules in Chinese"))
    consent_en = TextAreaField(_("What entrants agree to, in English"))
    consent_zh = TextAreaField(_("What entrants agree to, in Chinese"))
    change = TextAreaField(_("What is new"))

    def words(self, name: str) -> dict[str, str]:
        """What was typed in each language."""
        return {locale: self[f"{name}_{locale}"].data or "" for locale in LOCALES}


class ExtensionForm(ComplainingForm):
    """A later end of one phase."""

    phase = SelectField(_("Phase"), validate_choice=False)
    wall = StringField(_("New end"), render_kw={"type": "datetime-local"})
    which = RadioField(_("This time comes twice"), validate_choice=False)
    reason = TextAreaField(_("Reason"), [Length(max=1_000, message=_too_long)])

    def offer(self, contest: Contest) -> None:
        """Phases that can be extended."""
        rows = [one for one in contest.phases if one.ends_at is not None and one.closed_at is None]
        self.phase.choices = [SelectChoice(one.kind, PHASE_NAMES[one.kind]) for one in rows]

    def ask(self, question: walltime.AmbiguousTime) -> None:
        """Offer both moments."""
        self.which.choices = walltime.both(question.choices)

    @property
    def chosen(self) -> int | None:
        """Which of two moments was chosen."""
        return walltime.chosen(self.which.data)


class ReasonForm(ComplainingForm):
    """A reason that others read."""

    reason = TextAreaField(_("Reason"), [Length(max=3_000, message=_too_long)])


class PersonForm(ComplainingForm):
    """Somebody by their handle."""

    handle = StringField(_("Handle"), [Length(max=60, message=_too_long)])
    role = SelectField(
        _("Part"),
        choices=[SelectChoice("organiser", _("Runs the contest")), SelectChoice("juror", _("Judges"))],
        validate_choice=False,
    )


class CheckForm(ComplainingForm):
    """A decision about one version of an entry."""

    version = HiddenField()
    verdict = RadioField(
        _("Decision"),
        choices=[
            SelectChoice("accepted", _("Accept it")),
            SelectChoice("asked", _("Ask for a change")),
            SelectChoice("refused", _("Refuse it")),
        ],
        validate_choice=False,
    )
    reason = TextAreaField(_("Reason, for the authors"), [Length(max=3_000, message=_too_long)])

    @property
    def number(self) -> int:
        """Which version it is about; 0 when none was sent."""
        value = self.version.data or ""
        return int(value) if value.isdecimal() and len(value) < 9 else 0


class WordsForm(ComplainingForm):
    """A few words."""

    words = TextAreaField(_("Your words"), [Length(max=3_000, message=_too_long)])


class EntryForm(ComplainingForm):
    """An entry as its authors write it."""

    edits = HiddenField()
    rules = HiddenField()
    title = StringField(_("Title"), render_kw={"maxlength": 200})
    body = TextAreaField(_("Text"))
    statement = TextAreaField(_("How it came about"))
    language = SelectField(
        _("Language"), choices=[SelectChoice(one, NAMES[one]) for one in LOCALES], validate_choice=False
    )
    agrees = BooleanField(_("I agree to the rules"))
    may_republish = BooleanField(
        _("It may be published here with my name when the contest is over"), default=True
    )
    is_minor = BooleanField(_("I am younger than that"))
    guardian = StringField(_("Name of the grown-up who agrees"), [Length(max=120, message=_too_long)])

    @property
    def expected(self) -> int | None:
        """How often it had been saved when this was opened."""
        return _whole(self.edits.data)

    @property
    def rules_number(self) -> int:
        """The rules that were shown."""
        return _whole(self.rules.data) or 0


class PlacesForm(ComplainingForm):
    """Places of entries; the fields are named by entry."""

    reason = TextAreaField(_("Why, for everybody"), [Length(max=3_000, message=_too_long)])


def values_of(contest: Contest) -> dict[str, Any]:
    """The values a form shows for a contest as it is."""
    said: dict[str, Any] = {"version": str(contest.version), "series": contest.series_id or 0}
    for name in ("title", "summary", "brief", "eligibility"):
        said.update({f"{name}_{locale}": getattr(contest, name).get(locale, "") for locale in LOCALES})
    for name in (
        "zone eligible least_age least_days most_entries most_authors least_words most_words takes_posts"
        " grace_minutes is_blind slug theme_url"
    ).split():
        said[name] = getattr(contest, name)
    said["theme_by"] = contest.theme_by.handle if contest.theme_by else ""
    for phase in contest.phases:
        said[f"{phase.kind}_starts"], said[f"{phase.kind}_ends"] = phase.starts_wall, phase.ends_wall or ""
    for row, prize in enumerate(contest.prizes[:PRIZE_ROWS]):
        for locale in LOCALES:
            said[f"prize_{row}_{locale}"] = prize.name.get(locale, "")
            said[f"prize_{row}_about_{locale}"] = prize.description.get(locale, "")
        said[f"prize_{row}_places"] = prize.places
    return said


def values_of_rules(rules: ContestRules) -> dict[str, str]:
    """The values a form shows for rules as they are."""
    return {
        f"{name}_{locale}": words.get(locale, "")
        for name, words in (("rules", rules.text), ("consent", rules.consent))
        for locale in LOCALES
    }


def values_of_entry(entry: Entry, rules: ContestRules) -> dict[str, Any]:
    """The values a form shows for an entry as it is."""
    return {
        "edits": str(entry.edits),
        "rules": str(rules.number),
        **{name: getattr(entry, name) for name in ("title", "body", "statement", "language", "guardian")},
        "agrees": entry.consented_rules == rules.number,
        "may_republish": entry.may_republish if entry.submitted_at else True,
        "is_minor": not entry.is_adult,
    }


def _whole(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 9 else None
