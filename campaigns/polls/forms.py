"""What is typed about questions."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]

from campaigns.polls.models import Poll
from campaigns.polls.terms import PollTerms
from campaigns.polls.wording import KIND_NAMES
from cms.core.errors import Problem

BETWEEN = "|"


class PollForm(FlaskForm):  # type: ignore[misc]
    """One question."""

    post = HiddenField()
    campaign = HiddenField()
    question_en = StringField(_("Question in English"), render_kw={"maxlength": 200})
    question_zh = StringField(_("Question in Chinese"), render_kw={"maxlength": 200})
    kind = RadioField(
        _("Kind"),
        choices=[SelectChoice(*one) for one in KIND_NAMES.items()],
        default="choice",
        validate_choice=False,
    )
    choices = TextAreaField(_("Answers to choose from"))
    asks_audience = BooleanField(_("Ask whether they use it, buy it or decide about it"))
    shows_results = BooleanField(_("Show the results to who answered"))

    def terms(self) -> PollTerms:
        """As the service takes it: an answer to a line, its Chinese behind a bar."""
        lines = [line.partition(BETWEEN) for line in (self.choices.data or "").splitlines()]
        return PollTerms(
            kind=self.kind.data or "",
            question={"en": self.question_en.data or "", "zh": self.question_zh.data or ""},
            choices=[{"en": english, "zh": chinese} for english, _bar, chinese in lines],
            asks_audience=bool(self.asks_audience.data),
            shows_results=bool(self.shows_results.data),
        )

    def place(self) -> dict[str, int | None]:
        """Where it is to stand."""
        return {"post_id": _number(self.post.data), "campaign_id": _number(self.campaign.data)}

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about."""
        for name, sentence in (problem.errors or {"question_en": str(problem.message)}).items():
            field = self._fields.get(name, self.question_en)
            field.errors = [*field.errors, str(sentence)]


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


def from_poll(poll: Poll) -> dict[str, Any]:
    """The values a form shows for a question as it is."""
    return {
        "kind": poll.kind,
        "question_en": poll.question.get("en", ""),
        "question_zh": poll.question.get("zh", ""),
        "choices": "\n".join(_line(one.label) for one in poll.choices),
        "asks_audience": poll.asks_audience,
        "shows_results": poll.shows_results,
    }


def _line(label: dict[str, str]) -> str:
    english, chinese = label.get("en", ""), label.get("zh", "")
    return f"{english} {BETWEEN} {chinese}" if chinese else english


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
