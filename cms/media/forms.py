"""What people say about files: which, what is in them, who made them, and where the eye should rest."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import BooleanField, DateField, FloatField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cms.core.text import strip_control
from cms.media.sniffing import ACCEPTED_PICTURES

_too_long = Length(max=2000, message=_("Please keep it under 2,000 characters."))
_percent = [
    InputRequired(_("Please give a number from 0 to 100.")),
    NumberRange(0, 100, _("The point must lie within the picture: from 0 to 100.")),
]
_PERCENT = {"type": "number", "min": 0, "max": 100, "step": "any", "inputmode": "decimal"}
ACCEPTED = ".jpg,.jpeg,.png,.webp,.gif,.avif,.mp3,.m4a,.aac,.ogg,.oga,.opus,.wav,.flac,.mp4,.m4v,.mov,.webm"


def _share(least: int, most: int) -> list[Any]:
    sentence = _("Please give a number from %(min)s to %(max)s.")
    return [InputRequired(sentence), NumberRange(least, most, sentence)]


def clean_line(text: str | None) -> str:
    """One line without control characters."""
    return " ".join(strip_control(text or "").split())


class DescribedForm(FlaskForm):  # type: ignore[misc]
    """What can be said about any file."""

    alt = TextAreaField(_("Alternative text"), [_too_long], filters=[clean_line])
    credit = StringField(
        _("Credit"),
        [Length(max=200, message=_("Please keep it under 200 characters."))],
        filters=[clean_line],
    )
    licence = StringField(
        _("Licence"),
        [Length(max=80, message=_("Please keep it under 80 characters."))],
        filters=[clean_line],
        render_kw={"list": "licences"},
    )
    licence_ends_on = DateField(_("Licence ends on"), [Optional()])


class UploadForm(DescribedForm):
    """One or several files. The alternative text is of the only one; several are described on the next page."""

    files = MultipleFileField(
        _("Files"),
        [FileRequired(_("Please choose a file."))],
        render_kw={"accept": ACCEPTED, "required": True},
    )


class EditForm(DescribedForm):
    """A file that is there. The point is in hundredths of width and height, from the top left."""

    is_decorative = BooleanField(_("It is decoration: nothing is missing without it"))
    focal_x = IntegerField(
        _("From the left, in percent"), _percent, render_kw={"min": 0, "max": 100, "inputmode": "numeric"}
    )
    focal_y = IntegerField(
        _("From the top, in percent"), _percent, render_kw={"min": 0, "max": 100, "inputmode": "numeric"}
    )


class ReplaceForm(FlaskForm):  # type: ignore[misc]
    """Another content for a file that is there."""

    file = FileField(
        _("New file"),
        [FileRequired(_("Please choose a file."))],
        render_kw={"accept": ACCEPTED, "required": True},
    )


class CropForm(FlaskForm):  # type: ignore[misc]
    """The part of a picture that is shown, in hundredths of the whole."""

    x = FloatField(_("From the left, in percent"), _share(0, 99), render_kw=_PERCENT)
    y = FloatField(_("From the top, in percent"), _share(0, 99), render_kw=_PERCENT)
    width = FloatField(_("Width, in percent"), _share(1, 100), render_kw=_PERCENT)
    height = FloatField(_("Height, in percent"), _share(1, 100), render_kw=_PERCENT)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height in shares of the whole; what sticks out is cut off."""
        x, y = (self.x.data or 0) / 100, (self.y.data or 0) / 100
        return x, y, min((self.width.data or 0) / 100, 1 - x), min((self.height.data or 0) / 100, 1 - y)


class PortraitForm(FlaskForm):  # type: ignore[misc]
    """A picture of a person."""

    file = FileField(
        _("Picture"),
        [FileRequired(_("Please choose a picture."))],
        render_kw={"accept": ACCEPTED_PICTURES, "required": True},
    )


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the proof that it came from our own page."""
