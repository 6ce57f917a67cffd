"""What a note is typed into: words, up to four pictures with their alternative text, tags, and when."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
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

from cms.core import walltime
from cms.core.errors import Problem
from cms.core.languages import localized
from cms.media.sniffing import ACCEPTED_PICTURES
from cms.posts import wording
from cms.posts.models import Post, Revision
from cms.posts.services import Attachment
from cms.posts.services.content import LONGEST_ALT
from cms.posts.services.notes import MOST_PICTURES, Plan

ACTS = ("publish", "schedule", "draft")
_too_long = _("Please use at most %(max)d characters.")


class PictureRow(Form):
    """One picture: uploaded here, or one of the library by its number."""

    media_id = IntegerField(_("Number of the file"), [Optional(), NumberRange(1, 2**31 - 1)])
    file = FileField(_("Picture"), render_kw={"accept": ACCEPTED_PICTURES})
    alt = StringField(_("Alternative text"), [Length(max=LONGEST_ALT, message=_too_long)])


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note. Without script the pictures are chosen as files, and taken when the form is sent."""

    version = HiddenField()
    asked = HiddenField()  # "alt" once it was asked whether pictures shall go without alternative text
    text = TextAreaField(_("Note"))
    pictures = FieldList(
        FormField(PictureRow), label=_("Pictures"), min_entries=MOST_PICTURES, max_entries=MOST_PICTURES
    )
    tags = StringField(_("Tags"), [Length(max=1000, message=_too_long)])
    with_card = BooleanField(_("Show a card of the page that is linked first"), default=True)
    language = SelectField(_("Language"), default="")
    wall = StringField(_("Date and time"), render_kw={"type": "datetime-local"})
    which = RadioField(_("This time comes twice"), validate_choice=False)

    def offer(self, languages: dict[str, str]) -> None:
        """The languages to choose from; the first means that the words tell."""
        self.language.choices = [
            SelectChoice("", _("As the words tell")),
            *(SelectChoice(*one) for one in languages.items()),
        ]

    @property
    def attachments(self) -> list[Attachment]:
        """The pictures, in order."""
        return [
            Attachment(row.media_id.data, (row.alt.data or "").strip())
            for row in self.pictures
            if row.media_id.data
        ]

    @property
    def tag_words(self) -> list[str]:
        """Tags of the field, with or without #, parted by commas of any script."""
        words = (word.strip().strip("#").strip() for word in re.split("[,，、;；\n]", self.tags.data or ""))
        return [word for word in words if word]

    def plan(self, act: str, zone: str) -> Plan:
        """What is to become of it."""
        which = walltime.chosen(self.which.data)
        return Plan(act if act in ACTS else "draft", self.wall.data or "", zone, which)

    @property
    def expected_version(self) -> int | None:
        """The version of the post that the form was opened with."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about; the others on top."""
        if isinstance(problem, walltime.AmbiguousTime):
            self._ask_which(problem)
        names = {"body": "text", "media": "pictures"}
        for name, sentence in (problem.errors or {"": str(problem.message)}).items():
            field = self._fields.get(names.get(name, name))
            if field is None or isinstance(field, FieldList):
                self.form_errors.append(str(sentence))
            else:
                field.errors = [*field.errors, str(sentence)]

    def _ask_which(self, question: walltime.AmbiguousTime) -> None:
        self.which.choices = walltime.both(question.choices)


def from_note(post: Post, revision: Revision, *, has_card: bool, wall: str) -> dict[str, Any]:
    """The values the form shows for a note as it is. Tags that stand in the text are not repeated in the field."""
    text = wording.typed(revision.body)
    in_text = {word.casefold() for word in wording.tagged(text)}
    names = [localized(row.tag.name, post.language) for row in post.tags]
    return {
        "version": post.version,
        "text": text,
        "language": post.language,
        "tags": ", ".join(name for name in names if name.casefold() not in in_text),
        "with_card": has_card or wording.first_address(text) is None,
        "wall": wall,
        "pictures": [{"media_id": row.media_id, "alt": row.alt} for row in revision.media],
    }
