"""What is typed about circles."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import InputRequired

from cms.circles import wording
from cms.circles.models import Circle
from cms.comments.wording import REASONS
from cms.core.errors import Problem
from cms.media.sniffing import ACCEPTED_PICTURES

_PERCENT = {"type": "number", "min": 0, "max": 100, "inputmode": "numeric"}


def _radio(label: Any, of: dict[str, Any], default: str) -> RadioField:
    return RadioField(
        label, choices=[SelectChoice(*one) for one in of.items()], default=default, validate_choice=False
    )


class SpokenForm(FlaskForm):  # type: ignore[misc]
    """A form that can show the sentences of a service beside its fields."""

    first = ""

    def complain(self, problem: Problem) -> None:
        """Put each sentence beside the field it is about; one about none beside the first."""
        for name, sentence in (problem.errors or {self.first: str(problem.message)}).items():
            field = self._fields.get(name, self._fields[self.first])
            field.errors = [*field.errors, str(sentence)]


class CircleForm(SpokenForm):
    """A circle and its three settings."""

    first = "name"
    name = StringField(_("Name"), [InputRequired()], render_kw={"maxlength": 60})
    purpose = TextAreaField(_("What it is for"), [InputRequired()], render_kw={"maxlength": 300})
    about = TextAreaField(_("More about it"))
    language = SelectField(
        _("Language"),
        choices=[SelectChoice("en", "English"), SelectChoice("zh", "简体中文")],
        validate_choice=False,
    )
    tags = StringField(_("Topics"), render_kw={"list": "circle-topics"})
    visibility = _radio(_("Who knows of it"), wording.VISIBILITY, "public")
    join_policy = _radio(_("How one gets in"), wording.JOINING, "open")
    content_default = _radio(_("Who reads what is written"), wording.CONTENT, "all")
    old_topics = _radio(_("What was written before"), wording.OLD_TOPICS, "keep")
    version = HiddenField()

    def settings(self) -> dict[str, Any]:
        """As the service takes them."""
        names = "name purpose about language visibility join_policy content_default"
        words = (self.tags.data or "").replace("，", ",").replace("、", ",").split(",")
        return {**{name: self[name].data or "" for name in names.split()}, "tags": words}


class PictureForm(SpokenForm):
    """A picture of the circle. The point is in hundredths of width and height, from the top left."""

    first = "file"
    file = FileField(_("Picture"), render_kw={"accept": ACCEPTED_PICTURES})
    alt = TextAreaField(_("Alternative text"), [InputRequired()], render_kw={"maxlength": 300})
    focal_x = IntegerField(_("From the left, in percent"), [InputRequired()], render_kw=_PERCENT)
    focal_y = IntegerField(_("From the top, in percent"), [InputRequired()], render_kw=_PERCENT)

    @property
    def focus(self) -> tuple[float, float]:
        """The point in shares of the whole."""
        return (self.focal_x.data or 0) / 100, (self.focal_y.data or 0) / 100


class TopicForm(SpokenForm):
    """A topic, or a post of the site with words of one's own."""

    first = "title"
    title = StringField(_("Title"), [InputRequired()], render_kw={"maxlength": 200})
    body = TextAreaField(_("Your words"), [InputRequired()])
    audience = _radio(_("Who reads it"), wording.AUDIENCES, "all")
    post = HiddenField()


class CallForm(SpokenForm):
    """A theme, and until when texts on it are taken."""

    first = "title"
    title = StringField(_("Theme"), [InputRequired()], render_kw={"maxlength": 200})
    body = TextAreaField(_("What you ask for"), [InputRequired()])
    wall = StringField(_("Texts are taken until"), [InputRequired()], render_kw={"type": "datetime-local"})
    zone = StringField(_("Time zone"), [InputRequired()], render_kw={"maxlength": 64, "list": "zones"})
    which = HiddenField()
    audience = _radio(_("Who reads it"), wording.AUDIENCES, "all")


class CallEndForm(SpokenForm):
    """Another end of a call."""

    first = "wall"
    wall = StringField(_("Texts are taken until"), [InputRequired()], render_kw={"type": "datetime-local"})
    zone = StringField(_("Time zone"), [InputRequired()], render_kw={"maxlength": 64, "list": "zones"})
    which = HiddenField()


class OfferForm(SpokenForm):
    """A text for a call: one of one's own on the site, or one that is written here."""

    first = "title"
    post = SelectField(_("A text of yours"), validate_choice=False)
    title = StringField(_("Title"), render_kw={"maxlength": 200})
    body = TextAreaField(_("Your words"))


class ReportForm(SpokenForm):
    """What is wrong with a topic."""

    first = "reason"
    reason = _radio(_("What is wrong with it?"), REASONS, "")
    note = TextAreaField(_("What a moderator should know"), render_kw={"maxlength": 1000})


class WordsForm(SpokenForm):
    """A button with a sentence: with a request, a refusal, a ban."""

    first = "words"
    words = StringField(_("A word about yourself"), render_kw={"maxlength": 500})


class InviteForm(SpokenForm):
    """Somebody with an account."""

    first = "handle"
    handle = StringField(_("Handle"), [InputRequired()], render_kw={"maxlength": 60})


class LinkForm(SpokenForm):
    """A link for some people."""

    first = "most_uses"
    most_uses = SelectField(
        _("How many people it lets in"),
        choices=[SelectChoice(one, one) for one in ("1", "10", "100")],
        validate_choice=False,
    )


class DeviceForm(SpokenForm):
    """A private feed for a device."""

    first = "device"
    device = StringField(_("Device or program"), [InputRequired()], render_kw={"maxlength": 60})


class HourForm(SpokenForm):
    """An hour with an expert."""

    first = "title"
    title = StringField(_("What the hour is about"), [InputRequired()], render_kw={"maxlength": 200})
    expert = StringField(_("Handle of the expert"), [InputRequired()], render_kw={"maxlength": 60})
    wall = StringField(_("It begins"), [InputRequired()], render_kw={"type": "datetime-local"})
    zone = StringField(_("Time zone"), [InputRequired()], render_kw={"maxlength": 64, "list": "zones"})
    minutes = IntegerField(_("Minutes"), default=60)
    which = HiddenField()


class HourTimeForm(SpokenForm):
    """Another time for an hour."""

    first = "wall"
    wall = StringField(_("It begins"), [InputRequired()], render_kw={"type": "datetime-local"})
    zone = StringField(_("Time zone"), [InputRequired()], render_kw={"maxlength": 64, "list": "zones"})
    which = HiddenField()


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


def from_circle(circle: Circle) -> dict[str, Any]:
    """The values a form shows for a circle as it is."""
    names = "name purpose about language visibility join_policy content_default version"
    shown = {name: getattr(circle, name) for name in names.split()}
    return {**shown, "tags": ", ".join(one.tag.slug for one in circle.tags)}
