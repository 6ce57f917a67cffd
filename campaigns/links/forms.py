"""What is typed about links."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]

from campaigns.links.models import Link
from campaigns.links.terms import LinkTerms
from cms.core import walltime
from cms.core.errors import Invalid, Problem

TYPED = ("source", "medium", "content", "term")


class LinkForm(FlaskForm):  # type: ignore[misc]
    """A link made by hand, or one of a delivery, of which only the end may be changed."""

    version = HiddenField()
    post = HiddenField()
    target = StringField(_("Where it leads"), render_kw={"inputmode": "url", "autocomplete": "off"})
    label = StringField(_("What it is called here"), render_kw={"maxlength": 160})
    campaign = SelectField(_("Campaign"), coerce=int, default=0, validate_choice=False)
    source = StringField(_("Source"), render_kw={"list": "sources", "autocomplete": "off"})
    medium = StringField(_("Medium"), render_kw={"list": "mediums", "autocomplete": "off"})
    content = StringField(_("Content"), render_kw={"autocomplete": "off"})
    term = StringField(_("Term"), render_kw={"autocomplete": "off"})
    expires = StringField(_("Works until"), render_kw={"type": "datetime-local"})
    replacement = StringField(_("Leads there afterwards"), render_kw={"inputmode": "url"})

    def offer(self, campaigns: Sequence[tuple[int, str]]) -> None:
        """The campaigns it may belong to; and where it leads must be said."""
        self.target.flags.required = True
        none = SelectChoice(0, _("None"))
        self.campaign.choices = [none, *(SelectChoice(one, name) for one, name in campaigns)]

    def terms(self, zone: str, link: Link | None = None) -> LinkTerms:
        """As services take it; what is locked in `link` stays as it is. Raises `Invalid` for a time that is none."""
        locked = link if link and link.is_locked else None
        typed = {field: self[field].data or "" for field in TYPED}
        return LinkTerms(
            target=locked.target if locked else self.target.data or "",
            label=self.label.data or "",
            campaign_id=locked.campaign_id if locked else self.campaign.data or None,
            utm=locked.utm if locked else typed,
            expires_at=self._expires_at(zone, link.expires_at if link else None),
            replacement=self.replacement.data or "",
        )

    @property
    def expected_version(self) -> int | None:
        """The version the page was opened with."""
        return _number(self.version.data)

    @property
    def post_id(self) -> int | None:
        """The post it is about, when the page of a post began it."""
        return _number(self.post.data)

    def complain(self, problem: Problem) -> None:
        """Put the sentences of a service beside the fields they are about."""
        for name, sentence in (problem.errors or {"target": str(problem.message)}).items():
            field = self._fields.get(name, self.target)
            field.errors = [*field.errors, str(sentence)]

    def _expires_at(self, zone: str, before: datetime | None) -> datetime | None:
        if not self.expires.data:
            return None
        if before is not None and self.expires.data == walltime.wall_time(before, zone):
            return before  # to the second, as a program may have set it
        try:
            return walltime.instant(self.expires.data, zone, which=1)
        except Invalid as problem:
            raise Invalid(errors={"expires": next(iter(problem.errors.values()))}) from problem
        except OverflowError as problem:  # a year that no calendar of ours has
            raise Invalid(errors={"expires": _("There is no such date or time.")}) from problem


class ValueForm(FlaskForm):  # type: ignore[misc]
    """A value to allow."""

    field = SelectField(
        _("Field"), choices=[SelectChoice("source", _("Source")), SelectChoice("medium", _("Medium"))]
    )
    value = StringField(_("Value"), render_kw={"maxlength": 80, "autocomplete": "off"})


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


def from_link(link: Link, zone: str) -> dict[str, Any]:
    """The values a form shows for a link as it is."""
    return {
        "version": link.version,
        "target": link.target,
        "label": link.label,
        "campaign": link.campaign_id or 0,
        **{field: link.utm.get(field, "") for field in TYPED},
        "expires": walltime.wall_time(link.expires_at, zone) if link.expires_at else "",
        "replacement": link.replacement,
    }


def from_request(asked: Mapping[str, str]) -> dict[str, Any]:
    """What another page says about the link to be made: `?campaign=3&target=/posts/x`."""
    return {
        "target": asked.get("target", ""),
        "campaign": _number(asked.get("campaign")) or 0,
        "post": _number(asked.get("post")) or "",
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
