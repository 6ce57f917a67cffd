"""What is typed about a jury: how it is judged, marks, and single decisions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from cms.contests.judging.models import Judging
from cms.contests.judging.results import CRITERION, HEAD
from cms.contests.judging.services import JudgingTerms
from cms.core.errors import Problem
from cms.core.text import make_slug

BAR = "|"
OPTIONAL, ADVICE = "optional", "advice"  # what a criterion may say of itself at the end of its first line
_LEVEL = re.compile(r"(\d{1,3})\s+(.+)")


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """A decision with its reason."""

    reason = TextAreaField(_("Reason"), render_kw={"maxlength": 500})
    state = HiddenField()
    seat = HiddenField()


class SwapForm(FlaskForm):  # type: ignore[misc]
    """Which entry goes to which seat."""

    entry = IntegerField(validators=[InputRequired()])
    to = IntegerField(validators=[InputRequired()])


class CertificateForm(FlaskForm):  # type: ignore[misc]
    """What is put right on a certificate, and why."""

    name = StringField(
        _("Name on the certificate"),
        validators=[InputRequired(_("Please give the name that is to stand on it."))],
        render_kw={"maxlength": 120},
    )
    reason = StringField(
        _("Reason"),
        validators=[InputRequired(_("Please give the reason: whoever checks the certificate reads it."))],
        render_kw={"maxlength": 500},
    )

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about."""
        for name, sentence in (problem.errors or {"name": str(problem.message)}).items():
            field = self._fields.get(name, self.name)
            field.errors = [*field.errors, str(sentence)]


class ScoreForm(FlaskForm):  # type: ignore[misc]
    """What stands beside the marks; the marks themselves are one choice for each criterion of the rubric."""

    comment = TextAreaField(_("To who wrote it"), render_kw={"maxlength": 4000})
    note = TextAreaField(_("Note for yourself"), render_kw={"maxlength": 4000})
    content_hash = HiddenField()
    version = IntegerField(validators=[Optional()], render_kw={"type": "hidden"})


class JudgingForm(FlaskForm):  # type: ignore[misc]
    """How a contest is judged."""

    rubric = TextAreaField(
        _("Criteria"), validators=[InputRequired(_("Please give the criteria: nobody can judge without."))]
    )
    per_entry = IntegerField(
        _("Jurors for each entry"), validators=[InputRequired(_("Please give a number."))], default=0
    )
    public_weight = IntegerField(
        _("Weight of the public vote, in per cent"),
        validators=[InputRequired(_("Please give a number."))],
        default=0,
    )
    breaks = StringField(_("Equal values are told apart by"))
    draws_lot = BooleanField(_("Draw lots when nothing else tells them apart"))
    votes_each = IntegerField(
        _("Entries each member may vote for"),
        validators=[InputRequired(_("Please give a number."))],
        default=1,
    )
    voter_days = IntegerField(
        _("Days an account must exist to vote"),
        validators=[InputRequired(_("Please give a number."))],
        default=0,
    )

    def terms(self) -> JudgingTerms:
        """As the service takes it."""
        rubric = read_rubric(self.rubric.data or "")
        said = [one.strip() for one in re.split(r"[,，、]", self.breaks.data or "") if one.strip()]
        named = {name: one["key"] for one in rubric for name in one["name"].values()}
        breaks = [HEAD if one == HEAD else CRITERION + named.get(one, one) for one in said]
        return JudgingTerms(
            rubric,
            self.per_entry.data or 0,
            self.public_weight.data or 0,
            breaks,
            bool(self.draws_lot.data),
            self.votes_each.data or 0,
            self.voter_days.data or 0,
        )

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about."""
        for name, sentence in (problem.errors or {"rubric": str(problem.message)}).items():
            field = self._fields.get(name, self.rubric)
            field.errors = [*field.errors, str(sentence)]


def from_judging(judging: Judging | None) -> dict[str, Any]:
    """The values the form shows for what is set."""
    if judging is None:
        return {}
    return {
        "rubric": write_rubric(judging.rubric),
        "per_entry": judging.per_entry,
        "public_weight": judging.public_weight,
        "breaks": ", ".join(str(one).removeprefix(CRITERION) for one in judging.breaks),
        "draws_lot": judging.draws_lot,
        "votes_each": judging.votes_each,
        "voter_days": judging.voter_days,
    }


def read_rubric(text: str) -> list[dict[str, Any]]:
    """Criteria from lines: `Name | 名称 | weight`, then a level to a line: `3 What such an entry is like | 说明`."""
    rubric: list[dict[str, Any]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        level = _LEVEL.fullmatch(line)
        if level and rubric:
            rubric[-1]["levels"].append({"points": int(level[1]), "words": _words(level[2].split(BAR))})
        else:
            rubric.append(_criterion([one.strip() for one in line.split(BAR)], len(rubric) + 1))
    return rubric


def write_rubric(rubric: Sequence[Mapping[str, Any]]) -> str:
    """The lines that `read_rubric` reads."""
    parts = []
    for one in rubric:
        marks = [str(one["weight"])] + [OPTIONAL] * bool(one["optional"]) + [ADVICE] * (not one["counts"])
        lines = [f" {BAR} ".join([*_both(one["name"]), *marks])]
        lines += [f"{level['points']} {f' {BAR} '.join(_both(level['words']))}" for level in one["levels"]]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _criterion(parts: list[str], number: int) -> dict[str, Any]:
    marks = {one.casefold() for one in parts[1:] if one.casefold() in (OPTIONAL, ADVICE)}
    weights = [int(one) for one in parts[1:] if one.isascii() and one.isdecimal() and len(one) < 6]
    names = [
        one
        for one in parts
        if not (one.isascii() and one.isdecimal()) and one.casefold() not in (OPTIONAL, ADVICE)
    ]
    words = _words(names)
    key = make_slug(next(iter(words.values()), ""), longest=30) or f"criterion-{number}"
    return {
        "key": key,
        "name": words,
        "weight": weights[0] if weights else 1,
        "counts": ADVICE not in marks,
        "optional": OPTIONAL in marks,
        "levels": [],
    }


def _words(parts: Sequence[str]) -> dict[str, str]:
    said = dict(zip(("en", "zh"), (one.strip() for one in parts), strict=False))
    return {language: words for language, words in said.items() if words}


def _both(words: Mapping[str, str]) -> list[str]:
    return [words[language] for language in ("en", "zh") if words.get(language)]
