"""What staff type about posts, well formed or sent back with a sentence, and turned into what services take."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
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
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cms.core import walltime
from cms.core.errors import Invalid, Problem
from cms.core.languages import localized
from cms.people.models import Person
from cms.posts.models import Post, Revision
from cms.posts.services import Attachment
from cms.posts.services.content import LONGEST_ALT, LONGEST_SUMMARY, LONGEST_TITLE
from cms.topics.models import Section

KIND_NAMES = {
    "article": _("Article"),
    "note": _("Note"),
    "photo": _("Photo"),
    "audio": _("Audio"),
    "video": _("Video"),
}
ROLE_NAMES = {
    "author": _("Author"),
    "editor": _("Editor"),
    "photographer": _("Photographer"),
    "translator": _("Translator"),
    "speaker": _("Speaker"),
}
STATUS_NAMES = {
    "draft": _("Drafts"),
    "scheduled": _("Scheduled"),
    "live": _("Published"),
    "changed": _("Published, with a newer draft"),
    "down": _("Taken down"),
}
LANGUAGE_NAMES = {
    "en": "English",
    "zh": "简体中文",
    "zh-TW": "繁體中文",
    "ja": "日本語",
    "ko": "한국어",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "it": "Italiano",
    "ru": "Русский",
    "ar": "العربية",
    "id": "Bahasa Indonesia",
    "vi": "Tiếng Việt",
    "th": "ไทย",
}
EMPTY_ROWS = 2
_too_long = _("Please use at most %(max)d characters.")
_number = [Optional(), NumberRange(0, 2**31 - 1, message=_("Please give a whole number."))]


def _choices(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in names.items()]


class CreditRow(Form):
    """One credit: who, and what they did."""

    who = StringField(_("Who"), [Length(max=200, message=_too_long)])
    role = SelectField(_("Did what"), choices=_choices(ROLE_NAMES), default="author")
    place = IntegerField(_("Place"), _number)


class FileRow(Form):
    """One picture or recording."""

    media_id = IntegerField(_("Number of the file"), _number)
    alt = StringField(_("Alternative text"), [Length(max=LONGEST_ALT, message=_too_long)])
    caption = StringField(_("Caption"), [Length(max=LONGEST_ALT, message=_too_long)])
    place = IntegerField(_("Place"), _number)


class PostForm(FlaskForm):  # type: ignore[misc]
    """A whole post. Well formed is not yet sensible: services have the last word."""

    version = HiddenField()
    translation_of = HiddenField()
    kind = SelectField(_("Kind"), choices=_choices(KIND_NAMES), default="article")
    title = StringField(_("Title"), [Length(max=LONGEST_TITLE, message=_too_long)])
    summary = TextAreaField(_("Summary"), [Length(max=LONGEST_SUMMARY, message=_too_long)])
    body = TextAreaField(_("Text"))
    transcript = TextAreaField(_("Transcript"))
    language = SelectField(_("Language"), choices=_choices(LANGUAGE_NAMES))
    section_id = SelectField(_("Section"), coerce=int, default=0)
    tags = StringField(_("Tags"), [Length(max=1000, message=_too_long)])
    credits = FieldList(FormField(CreditRow), label=_("Credits"))
    guest_name = StringField(_("Credit a guest"), [Length(max=80, message=_too_long)])
    guest_role = SelectField(_("Did what"), choices=_choices(ROLE_NAMES), default="author")
    cover = RadioField(_("Cover"), coerce=int, default=0, validate_choice=False)
    cover_number = IntegerField(_("Another picture, by its number"), _number)
    cover_alt = StringField(_("Alternative text of the cover"), [Length(max=LONGEST_ALT, message=_too_long)])
    files = FieldList(FormField(FileRow), label=_("Pictures and recordings"))
    slug = StringField(_("Address"), [Length(max=120, message=_too_long)])
    canonical_url = StringField(_("First published at"), [Length(max=500, message=_too_long)])
    published_at = StringField(_("Time of publication"), render_kw={"type": "datetime-local"})

    def offer(
        self, sections: Sequence[Section], pictures: Mapping[int, str], *, language: str | None
    ) -> None:
        """Fill the lists to choose from; a language that is not among the common ones stays possible."""
        self.section_id.choices = [
            SelectChoice(0, _("None")),
            *(SelectChoice(one.id, localized(one.name)) for one in sections),
        ]
        if language and language not in LANGUAGE_NAMES:
            self.language.choices = [*_choices(LANGUAGE_NAMES), SelectChoice(language, language)]
        self.cover.choices = [
            SelectChoice(0, _("No cover")),
            *(SelectChoice(*one) for one in pictures.items()),
        ]

    def add_empty_rows(self) -> None:
        """Room for more, without script."""
        for rows, name in ((self.credits, "who"), (self.files, "media_id")):
            empty = sum(1 for row in rows if not row[name].data)
            for _number in range(EMPTY_ROWS - empty):
                rows.append_entry()

    @property
    def content(self) -> dict[str, Any]:
        """What `services.prepare` takes, without the format."""
        return {
            "title": self.title.data or "",
            "summary": self.summary.data or "",
            "body": self.body.data or "",
            "transcript": self.transcript.data or "",
            "cover_id": self.cover_number.data or self.cover.data or None,
            "cover_alt": self.cover_alt.data or "",
            "media": [
                Attachment(row.media_id.data, row.alt.data or "", row.caption.data or "")
                for row in _in_place(self.files)
                if row.media_id.data
            ],
        }

    @property
    def expected_version(self) -> int | None:
        """The version of the post that the form was opened with."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None

    @property
    def tag_words(self) -> list[str]:
        """Tags, parted by commas of any script."""
        words = (word.strip() for word in re.split("[,，、;；\n]", self.tags.data or ""))
        return [word for word in words if word]

    @property
    def credited(self) -> list[tuple[str, str]]:
        """Who was named and as what, in order."""
        return [
            (row.who.data.strip(), row.role.data)
            for row in _in_place(self.credits)
            if (row.who.data or "").strip()
        ]

    def published_instant(self, zone: str) -> Any:
        """The time of publication that was typed, or None."""
        if not self.published_at.data:
            return None
        try:
            return walltime.instant(self.published_at.data, zone, which=0)
        except Invalid as problem:
            raise Invalid(errors={"published_at": next(iter(problem.errors.values()))}) from problem

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about; the others on top."""
        names = {"bylines": "credits", "media": "files", "section": "section_id"}
        for name, sentence in (problem.errors or {"": str(problem.message)}).items():
            field = self._fields.get(names.get(name, name))
            if field is None or isinstance(field, FieldList):
                self.form_errors.append(str(sentence))
            else:
                field.errors = [*field.errors, str(sentence)]


class MomentForm(FlaskForm):  # type: ignore[misc]
    """A time on the wall of a place. Several stand on one page, so each kind names its fields' ids apart."""

    of = "moment"
    wall = StringField(
        _("Date and time"),
        [InputRequired(_("Please give a date and a time."))],
        render_kw={"type": "datetime-local"},
    )
    zone = StringField(
        _("Time zone"),
        [InputRequired(_("Please choose a time zone from the list.")), Length(max=64, message=_too_long)],
        render_kw={"list": "zones"},
    )
    which = RadioField(_("This time comes twice"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.id = field.label.field_id = f"{self.of}-{field.short_name}"

    def ask(self, question: walltime.AmbiguousTime) -> None:
        """Offer both moments of a time that comes twice."""
        self.which.choices = walltime.both(question.choices)

    def complain(self, problem: Problem) -> None:
        """Put the sentence of a service beside its field."""
        for name, sentence in (problem.errors or {"wall": str(problem.message)}).items():
            field = self._fields.get(name, self.wall)
            field.errors = [*field.errors, str(sentence)]

    def check(self) -> None:
        """Raise `Invalid` with a sentence by field when it is not well formed."""
        if not self.validate():
            raise Invalid(errors={name: str(errors[0]) for name, errors in self.errors.items() if name})

    @property
    def moment(self) -> dict[str, Any]:
        """What services take: wall time, zone, and which of two moments was chosen."""
        chosen = walltime.chosen(self.which.data)
        return {"wall": self.wall.data or "", "zone": self.zone.data or "", "which": chosen}

    @property
    def asked(self) -> list[str]:
        """The moments to choose from, in words."""
        return [str(option.label.text) for option in self.which] if self.which.choices else []


class ScheduleForm(MomentForm):
    """When to publish, and which text when there are two to choose from."""

    of = "schedule"
    revision_id = SelectField(_("Which text"), coerce=int, validate_choice=False, default=0)

    @property
    def revision(self) -> int | None:
        """The chosen revision; None is the latest."""
        return self.revision_id.data or None


class EndForm(MomentForm):
    """When to take down."""

    of = "end"


class EmbargoForm(MomentForm):
    """Until when nobody publishes, and why."""

    of = "embargo"
    reason = StringField(
        _("Why"),
        [
            InputRequired(_("Please say why, for those who meet the embargo.")),
            Length(max=300, message=_too_long),
        ],
    )


class ReleaseTimeForm(MomentForm):
    """When everything goes out."""

    of = "release"


class ReleaseForm(FlaskForm):  # type: ignore[misc]
    """What a release is called."""

    name = StringField(_("Name"), [InputRequired()], render_kw={"maxlength": 200})

    def complain(self, problem: Problem) -> None:
        """Put the sentence of a service beside the field."""
        self.name.errors = [str(one) for one in problem.errors.values()] or [str(problem.message)]


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """A line of the public log."""

    changed = TextAreaField(_("What was wrong, and what is right"), [InputRequired()])
    reason = TextAreaField(_("Why"))
    when = RadioField(
        _("When do readers see it"),
        choices=[
            SelectChoice("waits", _("With the saved text, when that is published")),
            SelectChoice("now", _("Now")),
        ],
        default="waits",
        validate_choice=False,
    )
    amends = HiddenField()

    @property
    def amended(self) -> int | None:
        """The line this one amends."""
        number = self.amends.data or ""
        return int(number) if number.isdecimal() and len(number) < 10 else None

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside their fields."""
        for name, sentence in (problem.errors or {"changed": str(problem.message)}).items():
            field = self._fields.get(name, self.changed)
            field.errors = [*field.errors, str(sentence)]


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


def from_post(post: Post, revision: Revision, *, zone: str) -> dict[str, Any]:
    """The values a form shows for a post as it is."""
    return {
        "version": post.version,
        "kind": post.kind,
        "language": post.language,
        "section_id": post.section_id or 0,
        "tags": ", ".join(localized(row.tag.name, post.language) for row in post.tags),
        "credits": [
            {"who": spelled(row.person), "role": row.role, "place": number}
            for number, row in enumerate(post.bylines, 1)
        ],
        "slug": post.slug or "",
        "canonical_url": post.canonical_url or "",
        "published_at": shown_time(post.published_at, zone),
        **from_revision(revision),
    }


def shown_time(at: datetime | None, zone: str) -> str:
    """An instant as the form shows it; empty when there is none."""
    return walltime.wall_time(at, zone) if at else ""


def from_revision(revision: Revision) -> dict[str, Any]:
    """The values a form shows for a text."""
    return {
        "title": revision.title,
        "summary": revision.summary,
        "body": revision.body,
        "transcript": revision.transcript,
        "cover": revision.cover_id or 0,
        "cover_alt": revision.cover_alt,
        "files": [
            {"media_id": row.media_id, "alt": row.alt, "caption": row.caption, "place": number}
            for number, row in enumerate(revision.media, 1)
        ],
    }


def spelled(person: Person) -> str:
    """A person as they are named in the form."""
    return f"{person.name} (@{person.handle})"


def _in_place(rows: Any) -> list[Any]:
    """Rows by the number beside them; those without keep their place."""
    numbered = [(row.place.data or number, number, row) for number, row in enumerate(rows, 1)]
    return [row for _place, _number, row in sorted(numbered, key=lambda one: one[:2])]
