"""What members and editors type here, well formed or sent back with a sentence."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import InputRequired, Length

from cms.blogs.models import Blog
from cms.blogs.services import Face
from cms.blogs.services.opening import LONGEST_ABOUT, LONGEST_TITLE, LONGEST_WORDS
from cms.core.config import LOCALES
from cms.core.errors import Problem
from cms.core.languages import NAMES, localized
from cms.posts import wording
from cms.posts.models import Post
from cms.posts.services.content import LONGEST_SUMMARY
from cms.posts.services.content import LONGEST_TITLE as LONGEST_POST_TITLE
from cms.site.queries.site import SectionLink

_too_long = _("Please use at most %(max)d characters.")
_LANGUAGES = [SelectChoice(one, NAMES[one]) for one in LOCALES]


class ComplainingForm(FlaskForm):  # type: ignore[misc]
    """A form that takes the sentences of a service."""

    def complain(self, problem: Problem) -> None:
        """Put them beside the fields they are about; the others on top."""
        for name, sentence in (problem.errors or {"": str(problem.message)}).items():
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(str(sentence))
            else:
                field.errors = [*field.errors, str(sentence)]


class FaceForm(ComplainingForm):
    """What a blog says of itself."""

    title = StringField(
        _("Title of your blog"),
        [InputRequired(_("Please give your blog a title.")), Length(max=LONGEST_TITLE, message=_too_long)],
    )
    about = TextAreaField(_("What it is about"), [Length(max=LONGEST_ABOUT, message=_too_long)])
    language = SelectField(_("Language you mostly write in"), choices=_LANGUAGES)

    @property
    def face(self) -> Face:
        """As the service takes it."""
        return Face(self.title.data or "", self.about.data or "", self.language.data or "")

    @staticmethod
    def values_of(blog: Blog) -> dict[str, str]:
        """What the form shows for a blog as it is."""
        return {name: getattr(blog, name) for name in ("title", "about", "language", "wish")}


class ApplicationForm(FaceForm):
    """Asking for a blog."""

    wish = TextAreaField(_("What you would like to write"), [Length(max=LONGEST_WORDS, message=_too_long)])


class TextForm(ComplainingForm):
    """One text of a blog."""

    version = HiddenField()
    title = StringField(_("Title"), [Length(max=LONGEST_POST_TITLE, message=_too_long)])
    body = TextAreaField(_("Text"))
    summary = TextAreaField(_("Summary"), [Length(max=LONGEST_SUMMARY, message=_too_long)])
    tags = StringField(_("Tags"), [Length(max=1000, message=_too_long)])
    language = SelectField(_("Language"), choices=_LANGUAGES)

    @property
    def base_id(self) -> int | None:
        """The revision the form was opened with."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None

    @property
    def tag_words(self) -> list[str]:
        """Tags with or without #, parted by commas of any script."""
        words = (word.strip().strip("#").strip() for word in re.split("[,，、;；\n]", self.tags.data or ""))
        return [word for word in words if word]


class ReasonForm(ComplainingForm):
    """Why not."""

    reason = TextAreaField(_("Reason"), [Length(max=LONGEST_WORDS, message=_too_long)])


class PitchForm(ComplainingForm):
    """A word to the editors."""

    words = TextAreaField(_("A word to the editors"), [Length(max=LONGEST_WORDS, message=_too_long)])


class AcceptanceForm(ComplainingForm):
    """Where the main blog puts it."""

    section = SelectField(_("Section"), default="")

    def offer(self, sections: list[SectionLink]) -> None:
        """The sections there are."""
        self.section.choices = [
            SelectChoice("", _("None")),
            *(SelectChoice(str(one.id), localized(one.name)) for one in sections),
        ]

    @property
    def section_id(self) -> int | None:
        """The chosen one."""
        return int(self.section.data) if (self.section.data or "").isdecimal() else None


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


def from_post(post: Post) -> dict[str, Any]:
    """The values the form shows for a text as it is. Tags that stand in a note are not repeated in the field."""
    assert post.latest is not None
    is_note = post.kind == "note"
    body = wording.typed(post.latest.body) if is_note else post.latest.body
    in_text = {word.casefold() for word in wording.tagged(body)} if is_note else set()
    names = [localized(row.tag.name, post.language) for row in post.tags]
    return {
        "version": post.latest_revision_id,
        "title": post.latest.title,
        "summary": post.latest.summary,
        "body": body,
        "tags": ", ".join(name for name in names if name.casefold() not in in_text),
        "language": post.language,
    }
