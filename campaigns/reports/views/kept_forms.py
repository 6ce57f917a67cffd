"""What is typed when something of reports is kept, given out, or noted."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaigns.reports.forms import ComparisonForm
from campaigns.reports.models import NAME_LIMIT
from campaigns.reports.services import LONGEST_DAYS
from campaigns.reports.shapes import ComparisonQuery
from cms.core.errors import Invalid


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """Only the token."""


class SaveForm(FlaskForm):  # type: ignore[misc]
    """A question that is asked again."""

    asked = HiddenField()
    name = StringField(_("Name of the view"), [InputRequired(), Length(max=NAME_LIMIT)])
    is_shared = BooleanField(_("Show it to the team"))


class ShareForm(FlaskForm):  # type: ignore[misc]
    """An answer for people without an account."""

    asked = HiddenField()
    title = StringField(_("Title for its readers"), [InputRequired(), Length(max=NAME_LIMIT)])
    days = IntegerField(
        _("Works for so many days"), [InputRequired(), NumberRange(1, LONGEST_DAYS)], default=30
    )


class NoteForm(FlaskForm):  # type: ignore[misc]
    """What happened on a day."""

    day = DateField(_("Day"), [InputRequired()])
    words_en = StringField(_("In English"), [Optional(), Length(max=NAME_LIMIT)])
    words_zh = StringField(_("In Chinese"), [Optional(), Length(max=NAME_LIMIT)])
    campaign = SelectField(_("Campaign"), coerce=int, default=0, validate_choice=False)
    is_private = BooleanField(_("Only for me"))

    def offer(self, campaigns: Sequence[tuple[int, str]]) -> None:
        """The campaigns it may be about."""
        every = SelectChoice(0, _("All campaigns"))
        self.campaign.choices = [every, *(SelectChoice(one, name) for one, name in campaigns)]


class MailForm(FlaskForm):  # type: ignore[misc]
    """When a view comes by mail."""

    every = SelectField(
        _("How often"),
        choices=[
            SelectChoice("week", _("On Mondays")),
            SelectChoice("month", _("On the first of the month")),
        ],
    )
    wall = StringField(_("At"), [InputRequired()], default="08:30", render_kw={"type": "time"})


def question_of(asked: str, *, known: Sequence[int]) -> ComparisonQuery:
    """The question that a form carries, as an address writes it. Raises `Invalid`."""
    form = ComparisonForm(MultiDict(parse_qsl(asked)), known=known)
    if form.query is None:
        raise Invalid(errors=form.errors)
    return form.query
