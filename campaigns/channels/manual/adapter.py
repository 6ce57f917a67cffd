"""Posting by hand, where a network lets no program post, or where it is not worth one.

Nothing is ever sent: the text and the pictures are made ready within the limits of the site, a person posts them there
and pastes the address. From then on the delivery counts as sent, and our own link counts its clicks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import escape

from campaigns.channels.adapter import (
    Adapter,
    Before,
    Disconnected,
    Field,
    Identity,
    Outcome,
    Refused,
    Seat,
    Step,
)
from campaigns.channels.composing import article_draft, short_draft
from campaigns.channels.counting import excess
from campaigns.channels.cutting import cut
from campaigns.channels.manual.sites import SITES, Site, site
from campaigns.channels.messages import Draft, DraftPart, Limits, Message, Story

BY_HAND = Step("by_hand", publishes=True)


class Manual(Adapter):
    """One site, and whoever posts there."""

    key = "manual"
    name = _("By hand")
    icon = "hand"
    fields = (
        Field("site", _("Site"), kind="choice", choices=tuple((one.key, one.name) for one in SITES)),
        Field("site_name", _("Its name"), _("Of another site."), is_required=False),
        Field("page", _("Where one writes there"), kind="url", is_required=False),
        Field(
            "form",
            _("What is made ready"),
            kind="choice",
            is_required=False,
            choices=(
                ("", _("As is usual there")),
                ("article", _("The whole article")),
                ("short", _("A short text with the link")),
            ),
        ),
        Field(
            "longest",
            _("Longest text"),
            _("In characters, if there is a limit."),
            "number",
            is_required=False,
            is_advanced=True,
        ),
        Field(
            "longest_title",
            _("Longest title"),
            _("In characters."),
            "number",
            is_required=False,
            is_advanced=True,
        ),
        Field("most_pictures", _("Most pictures"), kind="number", is_required=False, is_advanced=True),
    )
    guide = (
        _("Choose the site, or name another."),
        _("When a delivery is due, those who run the account are told. They find text and pictures ready."),
        _("They post it there, and paste the address of what they posted."),
    )
    base_limits = Limits(pictures=20, picture_bytes=10_000_000, carries_html=True)
    is_by_hand = True

    def connect(self, seat: Seat) -> Identity:
        """Nobody is asked: only whether we know what to call it."""
        chosen, name = _site(seat.settings), str(seat.settings.get("site_name") or "").strip()
        if chosen.key == "other" and not name:
            raise Disconnected(_("Please say what the site is called."), "site_name")
        page = str(seat.settings.get("page") or "") or chosen.url
        return Identity(name=name or str(chosen.name), url=page, notes=chosen.tips)

    def limits(self, settings: Mapping[str, Any], told: Mapping[str, Any] | None) -> Limits:
        """Those of the site, and what the account says instead."""
        chosen = _site(settings)
        text, title, pictures = (
            _number(settings, one) for one in ("longest", "longest_title", "most_pictures")
        )
        return replace(
            chosen.limits,
            text=text if text is not None else chosen.limits.text,
            counter=chosen.limits.counter if text is None else "characters",
            title=title if title is not None else chosen.limits.title,
            pictures=pictures if pictures is not None else chosen.limits.pictures,
            carries_html=_form(settings) == "article",
        )

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """The whole article with our link below it, or a short text with it."""
        if _form(settings) == "short":
            short = (
                short_draft(replace(story, title=""), limits) if limits.title else short_draft(story, limits)
            )
            return replace(short, title=article_draft(story, limits).title)
        whole = article_draft(story, limits)
        said = _with_link(story, limits)
        html = f'{story.html}<p><a href="{escape(story.link)}">{escape(story.link)}</a></p>'
        changes = () if said.startswith(story.text) else ("shortened",)
        return replace(
            whole,
            parts=(DraftPart(said, whole.parts[0].media),),
            html=html if not changes else "",
            changes=changes,
        )

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """One, which a person makes."""
        return (BY_HAND,)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Never."""
        return Refused(gettext("This is posted by hand."), code="by_hand")


def _site(settings: Mapping[str, Any]) -> Site:
    return site(str(settings.get("site") or ""))


def _form(settings: Mapping[str, Any]) -> str:
    return str(settings.get("form") or "") or _site(settings).form


def _number(settings: Mapping[str, Any], name: str) -> int | None:
    """A number that somebody gave; what is empty is none."""
    value = str(settings.get(name) or "").strip()
    return int(value) if value.isdecimal() and int(value) > 0 else None


def _with_link(story: Story, limits: Limits) -> str:
    """The text, shortened where it must be, and always with our link below it."""

    def joined(text: str) -> str:
        return f"{text}\n\n{story.link}" if text else story.link

    return joined(cut(story.text, lambda piece: not excess(joined(piece), limits)))
