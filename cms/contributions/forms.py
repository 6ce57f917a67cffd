"""What editors and people from outside type here, well formed or sent back with a sentence."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from cms.contributions.models import CAPACITIES, CREDITS, Contribution
from cms.contributions.services import Terms
from cms.contributions.services.inviting import MOST_WORDS
from cms.contributions.states import ROLE_NAMES
from cms.contributions.terms import rights_text
from cms.core import walltime
from cms.core.config import LOCALES
from cms.core.errors import Invalid, Problem
from cms.core.languages import NAMES
from cms.core.markup import render_markdown
from cms.core.text import strip_control
from cms.people import emails
from cms.people.models import Person
from cms.posts.services.content import LONGEST_SUMMARY, LONGEST_TITLE

LONGEST_BRIEF = 5_000
LONGEST_WORDS = 5_000
_too_long = _("Please use at most %(max)d characters.")


def _line(text: str | None) -> str:
    return " ".join(strip_control(text or "").split())


def _text(text: str | None) -> str:
    return strip_control(text or "").strip()


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


class DeadlineForm(ComplainingForm):
    """A time on the wall of a place."""

    wall = StringField(_("Deadline"), render_kw={"type": "datetime-local"})
    zone = StringField(_("Time zone"), [Length(max=64, message=_too_long)], render_kw={"list": "zones"})
    which = RadioField(_("This time comes twice"), validate_choice=False)

    def ask(self, question: walltime.AmbiguousTime) -> None:
        """Offer both moments of a time that comes twice."""
        self.which.choices = walltime.both(question.choices)

    @property
    def chosen(self) -> int | None:
        """Which of two moments was chosen."""
        return walltime.chosen(self.which.data)


class TermsForm(DeadlineForm):
    """What is asked for, and until when."""

    role = SelectField(_("Role"))
    brief = TextAreaField(
        _("What is asked for"), [Length(max=LONGEST_BRIEF, message=_too_long)], filters=[_text]
    )
    word_target = IntegerField(
        _("About how many words"),
        [Optional(), NumberRange(1, MOST_WORDS, message=_("Please give a number from 1 to 50,000."))],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    email = StringField(
        _("E-mail"), [Length(max=254, message=_too_long)], filters=[_line], render_kw={"type": "email"}
    )
    locale = SelectField(
        _("Language of their page"), choices=[SelectChoice(one, NAMES[one]) for one in LOCALES]
    )
    rights = TextAreaField(
        _("What they agree to first"), [Length(max=LONGEST_BRIEF, message=_too_long)], filters=[_text]
    )
    expires = StringField(_("The link works until"), render_kw={"type": "date"})

    def offer(self, purpose: str) -> None:
        """The roles that fit what is asked for."""
        roles = CREDITS if purpose == "write" else CAPACITIES
        self.role.choices = [SelectChoice(one, ROLE_NAMES[one]) for one in roles]

    def validate_email(self, field: StringField) -> None:
        """Refuse what mail could not be sent to."""
        if not field.data:
            return
        try:
            field.data = emails.normal(field.data)
        except emails.BadEmail as error:
            raise ValidationError(error.message) from error

    @property
    def terms(self) -> Terms:
        """As services take it. Raises `Invalid` for a date that is none."""
        brief = self.brief.data or ""
        return Terms(
            role=self.role.data,
            locale=self.locale.data,
            email=self.email.data or None,
            brief=brief,
            brief_html=render_markdown(brief).html if brief else "",
            word_target=self.word_target.data,
            wall=self.wall.data or "",
            zone=self.zone.data or "UTC",
            which=self.chosen,
            rights=(self.rights.data or "").strip(),
            expires_at=self._end_of_day(),
        )

    def _end_of_day(self) -> datetime | None:
        if not self.expires.data:
            return None
        try:
            return walltime.instant(f"{self.expires.data[:10]}T23:59", self.zone.data or "UTC", which=1)
        except Invalid as problem:
            raise Invalid(errors={"expires": next(iter(problem.errors.values()))}) from problem


class InvitationForm(TermsForm):
    """Whom to ask, and for what."""

    purpose = HiddenField(default="write")
    who = SelectField(_("Who"), coerce=int, default=0, validate_choice=False)
    name = StringField(
        _("Or the name of somebody new"),
        [Length(max=80, message=_("A name has at most 80 characters."))],
        filters=[_line],
    )

    def offer_people(self, people: list[Person]) -> None:
        """Guests and experts there are."""
        self.who.choices = [
            SelectChoice(0, _("Somebody new")),
            *(SelectChoice(one.id, f"{one.name} (@{one.handle})") for one in people),
        ]


class TextForm(ComplainingForm):
    """What the expert writes. `version` is the revision the page was opened with."""

    version = HiddenField()
    title = StringField(_("Title"), [Length(max=LONGEST_TITLE, message=_too_long)])
    summary = TextAreaField(_("Summary"), [Length(max=LONGEST_SUMMARY, message=_too_long)])
    body = TextAreaField(_("Text"))

    @property
    def base_id(self) -> int | None:
        """The revision it was written on."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


class WordsForm(ComplainingForm):
    """Something said."""

    words = TextAreaField(
        _("Message"),
        [InputRequired(_("Please write something first.")), Length(max=LONGEST_WORDS, message=_too_long)],
        filters=[_text],
    )


class DecisionForm(ComplainingForm):
    """Approved or refused, about exactly one text."""

    words = TextAreaField(
        _("A word about it"), [Length(max=LONGEST_WORDS, message=_too_long)], filters=[_text]
    )
    about = HiddenField()
    decision = HiddenField()


class AboutForm(ComplainingForm):
    """A button that is about exactly what was read."""

    about = HiddenField()


class ProfileForm(ComplainingForm):
    """What readers see of somebody."""

    name = StringField(
        lazy_pgettext("of a person", "Name"),
        [
            InputRequired(_("Please fill this in.")),
            Length(max=80, message=_("A name has at most 80 characters.")),
        ],
        filters=[_line],
        render_kw={"autocomplete": "name"},
    )
    headline_en = StringField(_("Headline in English"), [Length(max=120, message=_too_long)], filters=[_line])
    headline_zh = StringField(_("Headline in Chinese"), [Length(max=120, message=_too_long)], filters=[_line])
    bio_en = TextAreaField(_("About you, in English"), [Length(max=2000, message=_too_long)], filters=[_text])
    bio_zh = TextAreaField(_("About you, in Chinese"), [Length(max=2000, message=_too_long)], filters=[_text])

    @property
    def headline(self) -> dict[str, str]:
        """By language, without the empty ones."""
        return _by_language(en=self.headline_en.data, zh=self.headline_zh.data)

    @property
    def bio(self) -> dict[str, str]:
        """By language, without the empty ones."""
        return _by_language(en=self.bio_en.data, zh=self.bio_zh.data)

    @staticmethod
    def values_of(person: Person) -> dict[str, str]:
        """What the form shows for somebody as they are."""
        headline, bio = person.headline or {}, person.bio or {}
        return {
            "name": person.name,
            "headline_en": headline.get("en", ""),
            "headline_zh": headline.get("zh", ""),
            "bio_en": bio.get("en", ""),
            "bio_zh": bio.get("zh", ""),
        }


class PictureForm(ComplainingForm):
    """A picture of a person."""

    file = FileField(
        _("Picture"),
        [FileRequired(_("Please choose a picture."))],
        render_kw={"accept": ".jpg,.jpeg,.png,.webp,.gif,.avif", "required": True},
    )


class AccountForm(ComplainingForm):
    """Where to send the invitation."""

    email = StringField(
        _("E-mail"),
        [InputRequired(_("Please fill this in.")), Length(max=254, message=_too_long)],
        filters=[_line],
        render_kw={"type": "email", "autocomplete": "email"},
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what mail could not be sent to."""
        try:
            field.data = emails.normal(field.data or "")
        except emails.BadEmail as error:
            raise ValidationError(error.message) from error


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


def from_contribution(contribution: Contribution) -> dict[str, object]:
    """The values the form of terms shows for one as it is."""
    zone = contribution.due_zone or "UTC"
    names = ("role", "brief", "word_target", "email", "locale", "rights")
    return {
        **{name: getattr(contribution, name) for name in names},
        "wall": contribution.due_wall or "",
        "zone": zone,
        "expires": walltime.wall_time(contribution.expires_at, zone)[:10],
    }


def fresh_terms(*, locale: str, zone: str) -> dict[str, object]:
    """The values an empty form begins with."""
    return {"locale": locale, "zone": zone, "rights": rights_text(locale)}


def _by_language(**words: str | None) -> dict[str, str]:
    return {language: said for language, said in words.items() if said}
