"""What people type about deliveries: when, to whom, and what they found; well formed, or sent back with a sentence."""

from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.deliveries.timing import AtWall, NextSlot, Now, When, WithPost
from campaigns.deliveries.wording import RULES
from cms.core import walltime
from cms.core.errors import Invalid, Problem
from cms.core.text import strip_control

SHARE = "share-"  # begins the names of its fields: the page of a post has other times
LONGEST_WAIT = 60 * 24 * 30  # minutes after the post
_too_long = _("Please use at most %(max)d characters.")


class ComplainingForm(FlaskForm):  # type: ignore[misc]
    """A form that takes the sentences of a service; `named` says which field one of its names means."""

    named: ClassVar[dict[str, str]] = {}

    def complain(self, problem: Problem) -> None:
        """Put them beside the fields they are about; the others on top."""
        for name, sentence in (problem.errors or {"": str(problem.message)}).items():
            field = self._fields.get(self.named.get(name, name))
            if field is None:
                self.form_errors.append(str(sentence))
            else:
                field.errors = [*field.errors, str(sentence)]

    def complaint(self) -> str:
        """All of what is wrong as one text, for pages that show it as a notice."""
        return " ".join(str(one) for problems in self.errors.values() for one in problems)


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


class MoveForm(ComplainingForm):
    """A time on the wall of a place."""

    wall = StringField(_("Date and time"), render_kw={"type": "datetime-local"})
    zone = StringField(_("Time zone"), [Length(max=64, message=_too_long)], render_kw={"list": "zones"})
    which = RadioField(_("This time comes twice"), validate_choice=False)

    def ask(self, question: walltime.AmbiguousTime) -> None:
        """Offer both moments of a time that comes twice."""
        self.which.choices = walltime.both(question.choices)

    @property
    def at_wall(self) -> AtWall:
        """As services take it."""
        chosen = walltime.chosen(self.which.data)
        return AtWall((self.wall.data or "")[:16], self.zone.data or "UTC", chosen)


class WhenForm(MoveForm):
    """With the post, at a time, in the next free place of the queue, or at once."""

    when = RadioField(
        _("When"),
        choices=[
            SelectChoice("post", _("With the post")),
            SelectChoice("slot", _("In the next free slot")),
            SelectChoice("wall", _("At a time")),
            SelectChoice("now", _("Now")),
        ],
        default="post",
    )
    after_minutes = IntegerField(
        _("Minutes after the post"),
        [Optional(), NumberRange(0, LONGEST_WAIT, message=_("Please give 0 to 43,200 minutes."))],
        default=0,
        render_kw={"inputmode": "numeric", "min": 0, "max": LONGEST_WAIT},
    )

    @property
    def chosen(self) -> When:
        """As services take it."""
        if self.when.data == "now":
            return Now()
        if self.when.data == "slot":
            return NextSlot()
        if self.when.data == "wall":
            return self.at_wall
        return WithPost(self.after_minutes.data or 0)


class ShareForm(WhenForm):
    """To which accounts, and when."""

    named: ClassVar[dict[str, str]] = {"accounts": "account_id"}
    account_id = SelectMultipleField(
        _("Accounts"),
        coerce=int,
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    again = BooleanField(_("Also where it was sent already"))
    ignores_quiet = BooleanField(_("Also in quiet hours"))

    @classmethod
    def first(cls, *, zone: str, is_live: bool) -> Self:
        """The form as it is shown for the first time."""
        return cls(formdata=None, prefix=SHARE, when="now" if is_live else "post", zone=zone)


class DecisionForm(WhenForm):
    """What becomes of one that was missed or held."""

    verdict = RadioField(
        _("What becomes of it"),
        choices=[SelectChoice("drop", _("Drop it")), SelectChoice("send", _("Send it"))],
        default="drop",
    )


class VerdictForm(ComplainingForm):
    """What a person saw when they looked at the network."""

    verdict = RadioField(
        _("What did you find there?"),
        choices=[
            SelectChoice("arrived", _("It arrived")),
            SelectChoice("did_not_arrive", _("It did not arrive: send it again")),
        ],
        validators=[InputRequired(_("Please say what you found."))],
        validate_choice=True,
    )
    url = StringField(
        _("Its address there"), [Length(max=1000, message=_too_long)], render_kw={"type": "url"}
    )


class AddressForm(ComplainingForm):
    """Where a person posted it."""

    url = StringField(
        _("Its address there"),
        [InputRequired(_("Please paste the address.")), Length(max=1000, message=_too_long)],
        render_kw={"type": "url", "placeholder": "https://"},
    )


class HoldForm(ComplainingForm):
    """What to pause, and why."""

    scope = SelectField(lazy_pgettext("to pause", "What"), validate_choice=False)
    reason = StringField(
        _("Reason"),
        [InputRequired(_("Please say why: others read it.")), Length(max=300, message=_too_long)],
        filters=[lambda text: " ".join(strip_control(text or "").split())],
    )

    @property
    def target(self) -> tuple[str, int | None]:
        """Scope and number, as services take it. Raises `Invalid`."""
        scope, _colon, number = (self.scope.data or "").partition(":")
        if scope == "everything" and not number:
            return scope, None
        if scope in ("campaign", "account") and number.isdecimal() and len(number) < 10:
            return scope, int(number)
        raise Invalid(errors={"scope": gettext("Please choose what to pause.")})


class VariantForm(ComplainingForm):
    """What one account says of a post. Parts and pictures are read from the request: there are as many as one likes."""

    version = StringField()
    title = StringField(_("Title"), [Length(max=300, message=_too_long)])
    summary = TextAreaField(_("Summary"))
    body = TextAreaField(_("Text"))

    @property
    def expected_version(self) -> int | None:
        """The version the page was opened with; None when there was no variant."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


class TableForm(ComplainingForm):
    """A table as a file or as text; `doing` says that it was tried and is meant."""

    file = FileField(_("Table (CSV)"), render_kw={"accept": ".csv,.tsv,.txt"})
    table = TextAreaField(_("Or paste it"))
    zone = StringField(_("Time zone"), [Length(max=64, message=_too_long)], render_kw={"list": "zones"})
    doing = HiddenField()

    @property
    def bytes(self) -> bytes:
        """What was given. Raises `Invalid` when it is nothing."""
        data = self.file.data.read() if self.file.data else (self.table.data or "").encode()
        if not data.strip():
            raise Invalid(errors={"file": gettext("Please choose a file, or paste a table.")})
        return bytes(data)


class RepeatForm(ComplainingForm):
    """Again and again, by a rule."""

    named: ClassVar[dict[str, str]] = {"rule": "every", "accounts": "account_id", "until_on": "until"}
    account_id = SelectField(_("Account"), coerce=int, validate_choice=False)
    every = SelectField(
        _("How often"),
        choices=[SelectChoice(rule, words) for rule, words in RULES.items()],
    )
    wall = StringField(_("First time"), render_kw={"type": "datetime-local"})
    zone = StringField(_("Time zone"), [Length(max=64, message=_too_long)], render_kw={"list": "zones"})
    until = StringField(_("Until"), render_kw={"type": "date"})

    @property
    def until_on(self) -> Any:
        """The last day. Raises `Invalid` for what is no date."""
        if not self.until.data:
            return None
        try:
            return datetime.strptime(self.until.data[:10], "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError as error:
            raise Invalid(errors={"until": gettext("Please give a date.")}) from error
