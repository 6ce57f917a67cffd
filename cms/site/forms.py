"""What editors type about the site, well formed or sent back with a sentence."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from cms.core.text import strip_control
from cms.people import emails
from cms.site import theme
from cms.site.services.home import MOST_POSTS

MOST_LINKS = 12
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


def clean_line(text: str | None) -> str:
    """One line without control characters."""
    return " ".join(strip_control(text or "").split())


def _line(label: Any, longest: int, *, needed: bool = False, **options: Any) -> StringField:
    checks: list[Any] = [DataRequired(_("Please fill this in."))] if needed else []
    checks.append(Length(max=longest, message=_("At most %(max)d characters.")))
    return StringField(label, checks, filters=[clean_line], **options)


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """Name, colour and habits of the site."""

    name_en = _line(_("Name in English"), 80, needed=True)
    name_zh = _line(_("Name in Chinese"), 80)
    tagline_en = _line(_("Tagline in English"), 160)
    tagline_zh = _line(_("Tagline in Chinese"), 160)
    accent = StringField(
        _("Colour"),
        [DataRequired(_("Please choose a colour."))],
        filters=[clean_line],
        render_kw={"type": "color"},
        description=_("Pages make it lighter or darker where text would be hard to read."),
    )
    footer_links = TextAreaField(
        _("Links at the foot of every page"),
        [Length(max=4000, message=_("At most %(max)d characters."))],
        description=_("One in a line: English words | Chinese words | address."),
    )
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

    def validate_accent(self, given: StringField) -> None:
        """A colour as `#0b6e4f`."""
        if not theme.is_colour(given.data or ""):
            raise ValidationError(_("Please give the colour as # and six digits, like #0b6e4f."))

    def validate_footer_links(self, given: TextAreaField) -> None:
        """Every line has words and an address that a link may have."""
        lines = read_links(given.data or "")
        if len(lines) > MOST_LINKS:
            raise ValidationError(_("At most %(number)d links.", number=MOST_LINKS))
        for number, line in enumerate(lines, 1):
            if line is None:
                raise ValidationError(
                    _(
                        "Line %(number)d needs words, a bar and an address that begins with https:// or /.",
                        number=number,
                    )
                )

    def validate_podcast_email(self, given: StringField) -> None:
        """An address mail can be sent to."""
        if given.data:
            try:
                given.data = emails.normal(given.data)
            except emails.BadEmail as error:
                raise ValidationError(error.message) from error

    def validate_podcast_guid(self, given: StringField) -> None:
        """A UUID."""
        if given.data and not re.fullmatch(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", given.data.lower()):
            raise ValidationError(_("This is not an identifier of the kind podcasts have."))


class BlockForm(FlaskForm):  # type: ignore[misc]
    """One block of the home page."""

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


class NewBlockForm(FlaskForm):  # type: ignore[misc]
    """A block to add."""

    kind = SelectField(_("Kind of block"))
    section_id = SelectField(_("Section"), [Optional()], coerce=int, default=0)


class PlainForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the token against forgery."""


def read_links(text: str) -> list[dict[str, Any] | None]:
    """The links of the footer, one for each line that says something; None for a line that is no link."""
    return [_read_link(line) for line in text.splitlines() if line.strip()]


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


def write_links(links: list[Any]) -> str:
    """The same links as lines."""
    return "\n".join(
        " | ".join(
            [
                (one.get("label") or {}).get("en", ""),
                (one.get("label") or {}).get("zh", ""),
                one.get("url", ""),
            ]
        )
        for one in links
    )


def _read_link(line: str) -> dict[str, Any] | None:
    parts = [clean_line(part) for part in line.split("|")]
    if len(parts) == 2:
        parts.insert(1, "")
    if len(parts) != 3 or not (parts[0] or parts[1]) or not _may_be_linked(parts[2]):
        return None
    label = {language: words[:60] for language, words in zip(("en", "zh"), parts, strict=False) if words}
    return {"label": label, "url": parts[2]}


def _may_be_linked(url: str) -> bool:
    if url.startswith("/"):
        return not url.startswith("//")
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= 500
