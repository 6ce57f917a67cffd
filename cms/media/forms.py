"""What people say about files: which, what is in them, who made them, and where the eye should rest."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from cms.core.text import strip_control

_too_long = Length(max=2000, message=_("Please keep it under 2,000 characters."))
_percent = [
    InputRequired(_("Please give a number from 0 to 100.")),
    NumberRange(0, 100, _("The point must lie within the picture: from 0 to 100.")),
]
_FROM_0_TO_100 = {"min": 0, "max": 100, "inputmode": "numeric"}
ACCEPTED = ".jpg,.jpeg,.png,.webp,.gif,.avif,.mp3,.m4a,.aac,.ogg,.oga,.opus,.wav,.flac,.mp4,.m4v,.mov,.webm"
ACCEPTED_PICTURES = ".jpg,.jpeg,.png,.webp,.gif,.avif"


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
        _("Licence"), [Length(max=80, message=_("Please keep it under 80 characters."))], filters=[clean_line]
    )


class UploadForm(DescribedForm):
    """One or several files. The alternative text is of the only one; several are described on the next page."""

    files = MultipleFileField(
        _("Files"),
        [FileRequired(_("Please choose a file."))],
        render_kw={"accept": ACCEPTED, "required": True},
    )


class EditForm(DescribedForm):
    """A file that is there. The point is in hundredths of width and height, from the top left."""

    focal_x = IntegerField(
        _("From the left, in percent"), _percent, render_kw={"min": 0, "max": 100, "inputmode": "numeric"}
    )
    focal_y = IntegerField(
        _("From the top, in percent"), _percent, render_kw={"min": 0, "max": 100, "inputmode": "numeric"}
    )


class PortraitForm(FlaskForm):  # type: ignore[misc]
    """A picture of a person."""

    file = FileField(
        _("Picture"),
        [FileRequired(_("Please choose a picture."))],
        render_kw={"accept": ACCEPTED_PICTURES, "required": True},
    )


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the proof that it came from our own page."""
