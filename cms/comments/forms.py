"""What is typed about comments."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import InputRequired, Optional

from cms.comments.wording import POLICY_NAMES, REASONS
from cms.core.errors import Problem


def _choices(names: Mapping[str, Any]) -> list[Any]:
    return [SelectChoice(*one) for one in names.items()]


class _Complaining(FlaskForm):  # type: ignore[misc]
    """Puts the sentences of a service beside the fields they are about."""

    main = "body"

    def complain(self, problem: Problem) -> None:
        """Show what a service refused, nothing typed lost."""
        for name, sentence in (problem.errors or {self.main: str(problem.message)}).items():
            field = self._fields.get(name, self._fields[self.main])
            field.errors = [*field.errors, str(sentence)]


class CommentForm(_Complaining):
    """A comment. `website` is a trap: programs fill it in, and its label tells people not to."""

    body = TextAreaField(_("Your comment"), [InputRequired(_("Please write something."))])
    name = StringField(_("Your name"), render_kw={"maxlength": 60, "autocomplete": "name"})
    website = StringField(_("Leave this empty: it is a trap for programs"))
    to = HiddenField()
    mark = HiddenField()


class EditForm(_Complaining):
    """Other words for a comment."""

    body = TextAreaField(_("Your comment"), [InputRequired(_("Please write something."))])


class ReportForm(_Complaining):
    """What is wrong with a comment."""

    main = "reason"
    reason = RadioField(_("What is wrong with it?"), choices=_choices(REASONS), validate_choice=False)
    note = TextAreaField(_("What a moderator should know"))


class HideForm(_Complaining):
    """Why a comment is hidden."""

    main = "reason"
    reason = SelectField(_("Reason, read by its writer"), choices=_choices(REASONS), validate_choice=False)
    note = StringField(_("A word to its writer"), render_kw={"maxlength": 1000})


class AppealForm(_Complaining):
    """Why it should be looked at again."""

    main = "appeal"
    appeal = TextAreaField(_("Why should it be seen?"))


class BlockForm(_Complaining):
    """Keeping somebody from commenting."""

    main = "days"
    days = IntegerField(
        _("For how many days"), [Optional()], description=_("Empty: until somebody lifts it.")
    )
    note = StringField(_("Why, said to the person"), render_kw={"maxlength": 1000})


class PolicyForm(_Complaining):
    """Who may comment on a post."""

    main = "comments"
    comments = SelectField(_("Who may comment"), choices=_choices(POLICY_NAMES), validate_choice=False)
    comments_close = IntegerField(
        _("Closes after so many days"), [Optional()], description=_("Empty: never.")
    )


class QuestionForm(_Complaining):
    """Who answers, until when."""

    main = "owner"
    owner = SelectField(_("Who answers"), validate_choice=False)
    wall = StringField(_("Until"), render_kw={"type": "datetime-local"})
    zone = HiddenField()
    which = HiddenField()


class AnswerForm(_Complaining):
    """What the company says."""

    body = TextAreaField(_("The answer"), [InputRequired(_("Please write something."))])
    number = HiddenField()


class FAQForm(_Complaining):
    """The question in the company's words."""

    main = "faq_question"
    faq_question = StringField(_("The question, in short"), render_kw={"maxlength": 300})


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""
