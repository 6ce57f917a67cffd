"""What is typed into the calendar."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField


class MoveForm(FlaskForm):  # type: ignore[misc]
    """When something should be instead. It is sent to the address of the room the entry comes from."""

    wall = StringField(_("Date and time"))
    zone = StringField(_("Time zone"))
