"""What editors type about sections and tags."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import DataRequired, Length

from cms.core.config import LOCALES
from cms.core.errors import Problem
from cms.topics.models import Section, Tag

_short = [Length(max=80, message=_("Please use at most %(max)d characters."))]
_long = [Length(max=500, message=_("Please use at most %(max)d characters."))]
HOT_NAMES = {
    "auto": _("By how much is written about it"),
    "pinned": _("Always, on top"),
    "never": _("Never"),
}


class TopicForm(FlaskForm):  # type: ignore[misc]
    """A name in every language of the interface, and an address."""

    name_en = StringField(_("Name in English"), _short)
    name_zh = StringField(_("Name in Chinese"), _short)
    slug = StringField(_("Address"), _short)

    def words(self, field: str) -> dict[str, str]:
        """What was typed for `name`, `description` or `label`, by language."""
        return {locale: self[f"{field}_{locale}"].data or "" for locale in LOCALES}

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about."""
        for name, sentence in (problem.errors or {"slug": str(problem.message)}).items():
            field = self._fields.get(name, self.name_en)
            field.errors = [*field.errors, str(sentence)]


class SectionForm(TopicForm):
    """A section."""

    description_en = TextAreaField(_("What it is about, in English"), _long)
    description_zh = TextAreaField(_("What it is about, in Chinese"), _long)


class TagForm(TopicForm):
    """A tag, and how it runs as a hot word."""

    label_en = StringField(_("Wording as a hot word, in English"), _short)
    label_zh = StringField(_("Wording as a hot word, in Chinese"), _short)
    hot = SelectField(
        _("Among the hot words"), choices=[SelectChoice(value, label) for value, label in HOT_NAMES.items()]
    )


class MergeForm(FlaskForm):  # type: ignore[misc]
    """Which tag takes over."""

    into = StringField(_("Address of the tag that stays"), _short)


class SynonymForm(FlaskForm):  # type: ignore[misc]
    """Another word for a tag."""

    word = StringField(_("Another word for it"), [DataRequired(_("Please type a word.")), *_short])


class RemovalForm(FlaskForm):  # type: ignore[misc]
    """The address of what is removed, typed by hand, because it cannot be undone."""

    slug = StringField(_("Its address, to be sure"), [DataRequired(), *_short])


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


def from_section(section: Section) -> dict[str, Any]:
    """The values a form shows for a section as it is."""
    return {
        "slug": section.slug,
        **_spread("name", section.name),
        **_spread("description", section.description),
    }


def from_tag(tag: Tag) -> dict[str, Any]:
    """The values a form shows for a tag as it is."""
    return {"slug": tag.slug, "hot": tag.hot, **_spread("name", tag.name), **_spread("label", tag.label)}


def _spread(field: str, words: dict[str, str]) -> dict[str, str]:
    return {f"{field}_{locale}": words.get(locale, "") for locale in LOCALES}
