"""What editors type about the site, well formed or sent back with a sentence."""

import re
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cms.core.config import LOCALES
from cms.core.languages import NAMES
from cms.people import emails
from cms.site import theme
from cms.site.menus import clean_line
from cms.site.services.home import MOST_POSTS

CATEGORIES = (
    "Arts",
    "Business",
    "Business > Careers",
    "Business > Entrepreneurship",
    "Business > Marketing",
    "Business > Non-Profit",
    "Comedy",
    "Education",
    "Fiction",
    "Government",
    "Health & Fitness",
    "History",
    "Kids & Family",
    "Leisure",
    "Music",
    "News",
    "News > Business News",
    "News > Tech News",
    "Religion & Spirituality",
    "Science",
    "Society & Culture",
    "Sports",
    "Technology",
    "True Crime",
    "TV & Film",
)  # as podcast directories name them, in English everywhere


def _line(label: Any, longest: int, *, needed: bool = False, **options: Any) -> StringField:
    checks: list[Any] = [DataRequired(_("Please fill this in."))] if needed else []
    checks.append(Length(max=longest, message=_("At most %(max)d characters.")))
    return StringField(label, checks, filters=[clean_line], **options)


_PARAGRAPH = [Length(max=500, message=_("At most %(max)d characters."))]


class IdentityForm(FlaskForm):  # type: ignore[misc]
    """What the site is called, how it looks, and whom it speaks to."""

    name_en = _line(_("Name in English"), 80, needed=True)
    name_zh = _line(_("Name in Chinese"), 80)
    tagline_en = _line(_("Tagline in English"), 160)
    tagline_zh = _line(_("Tagline in Chinese"), 160)
    description_en = TextAreaField(_("What the site is about, in English"), _PARAGRAPH, filters=[clean_line])
    description_zh = TextAreaField(_("What the site is about, in Chinese"), _PARAGRAPH, filters=[clean_line])
    logo_id = RadioField(_("Logo"), coerce=int, default=0)
    accent = StringField(
        _("Colour"),
        [DataRequired(_("Please choose a colour."))],
        filters=[clean_line],
        render_kw={"type": "color"},
        description=_("Pages make it lighter or darker where text would be hard to read."),
    )
    contact_email = _line(
        _("E-mail for readers"),
        254,
        render_kw={"type": "email"},
        description=_("Shown at the foot of every page."),
    )
    languages = SelectMultipleField(
        _("Languages of the site"),
        choices=[SelectChoice(one, NAMES[one]) for one in LOCALES],
        validators=[DataRequired(_("Please choose at least one language."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description=_("Readers are offered these. Staff may work in any."),
    )
    timezone = _line(
        _("Time zone of the site"),
        64,
        render_kw={"list": "zones"},
        description=_(
            "Dates on public pages are in it. Empty: as the operator set it. It looks like Asia/Shanghai."
        ),
    )

    def validate_accent(self, given: StringField) -> None:
        """A colour as `#0b6e4f`."""
        if not theme.is_colour(given.data or ""):
            raise ValidationError(_("Please give the colour as # and six digits, like #0b6e4f."))

    def validate_contact_email(self, given: StringField) -> None:
        """An address mail can be sent to."""
        _normalise_email(given)

    def validate_timezone(self, given: StringField) -> None:
        """One of the IANA list, or none."""
        if given.data and given.data not in available_timezones():
            raise ValidationError(_("Please choose a time zone from the list."))


class FeedsForm(FlaskForm):  # type: ignore[misc]
    """The habits of feeds, and the podcast."""

    feed_content = RadioField(
        _("Feeds carry"),
        choices=[SelectChoice("full", _("whole texts")), SelectChoice("summary", _("summaries only"))],
        default="full",
    )
    feed_items = IntegerField(
        _("Entries in a feed"),
        [DataRequired(_("Please give a number.")), NumberRange(5, 100, _("Between %(min)d and %(max)d."))],
    )
    hold_back_minutes = IntegerField(
        _("Minutes before a new post enters feeds"),
        [
            NumberRange(0, 24 * 60, _("Between %(min)d and %(max)d.")),
        ],
        description=_(
            "A post published by mistake can be taken back on the site, but not from a feed reader."
        ),
    )
    podcast_title = _line(_("Title of the podcast"), 120)
    podcast_description = TextAreaField(
        _("What the podcast is about"),
        [Length(max=1300, message=_("At most %(max)d characters."))],
        description=_("Directories take 4,000 bytes, which are about 1,300 Chinese characters."),
    )
    podcast_author = _line(_("Who makes the podcast"), 120)
    podcast_email = _line(_("E-mail for podcast directories"), 254, render_kw={"type": "email"})
    podcast_category = SelectField(
        _("Category"), choices=[SelectChoice(one, one) for one in CATEGORIES], default="Business"
    )
    podcast_artwork = SelectField(_("Artwork"), coerce=int, default=0)
    podcast_explicit = BooleanField(_("Contains explicit language"))
    podcast_guid = _line(
        _("Identifier from an earlier feed"),
        36,
        description=_("Only when the podcast moved here: its podcast:guid, which must stay for life."),
    )

    def validate_podcast_email(self, given: StringField) -> None:
        """An address mail can be sent to."""
        _normalise_email(given)

    def validate_podcast_guid(self, given: StringField) -> None:
        """A UUID."""
        if given.data and not re.fullmatch(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", given.data.lower()):
            raise ValidationError(_("This is not an identifier of the kind podcasts have."))


class BlockForm(FlaskForm):  # type: ignore[misc]
    """One block of the home page."""

    class Meta:
        """The arrangement around it carries the token."""

        csrf = False

    title_en = _line(_("Heading in English"), 80)
    title_zh = _line(_("Heading in Chinese"), 80)
    section_id = SelectField(_("Section"), coerce=int, default=0)
    count = IntegerField(
        _("How many"),
        [
            DataRequired(_("Please give a number.")),
            NumberRange(1, MOST_POSTS, _("Between %(min)d and %(max)d.")),
        ],
    )
    lead = _line(
        _("Lead story"), 300, description=_("The address of a published post; empty for the newest one.")
    )
    is_shown = BooleanField(_("Shown"))
    is_gone = BooleanField(_("Take it off the page"))


class PlainForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the token against forgery."""


class SpecimenForm(FlaskForm):  # type: ignore[misc]
    """One field of each kind, for the page that shows the design system. It is never sent."""

    line = StringField(
        _("One line"), validators=[DataRequired()], description=_("Help stands below the field.")
    )
    wrong = StringField(_("With a mistake"), validators=[DataRequired()])
    text = TextAreaField(_("Several lines"))
    choice = SelectField(
        _("One of several"), choices=[SelectChoice("a", _("First")), SelectChoice("b", _("Second"))]
    )
    switch = RadioField(
        _("One of two"), choices=[SelectChoice("a", _("First")), SelectChoice("b", _("Second"))], default="a"
    )
    tick = BooleanField(_("Yes or no"), default=True)


def _normalise_email(given: StringField) -> None:
    if given.data:
        try:
            given.data = emails.normal(given.data)
        except emails.BadEmail as error:
            raise ValidationError(error.message) from error
