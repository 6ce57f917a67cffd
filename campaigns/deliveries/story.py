"""A delivery's events as lines that an editor can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_datetime
from flask_babel import gettext as _

from campaigns.deliveries import wording
from campaigns.deliveries.models import DeliveryEvent
from cms.core import walltime
from cms.core.walltime import zone_named

_SAID = ("reason", "said", "words", "message")  # the network's own words
_QUIET = ("intended", "handed_on", "realigned")  # for who looks closer


@dataclass(frozen=True)
class Told:
    """One line: when, what, who, and the network's own words."""

    at: datetime
    exactly: str
    words: Any
    by: str
    said: str
    more: str
    url: str
    is_quiet: bool


def told(event: DeliveryEvent, zone: str) -> Told:
    """An event in words, with its time in a zone. Needs `by` loaded."""
    detail: Mapping[str, Any] = event.detail or {}
    local = event.at.astimezone(zone_named(zone))
    return Told(
        at=event.at,
        exactly=format_datetime(local, _("d MMM y, HH:mm:ss"), rebase=False),
        words=wording.event_words(event.kind),
        by=event.by.name if event.by else "",
        said=next((str(detail[name]) for name in _SAID if detail.get(name)), ""),
        more=_more(detail),
        url=str(detail.get("url") or ""),
        is_quiet=event.kind in _QUIET,
    )


def _more(detail: Mapping[str, Any]) -> str:
    """What a closer look may want: wall time, step, code, try."""
    parts = [
        str(wording.VERDICTS[one])
        for one in (detail.get("verdict"), detail.get("because"))
        if one in wording.VERDICTS
    ]
    if detail.get("wall"):
        wall = datetime.fromisoformat(str(detail["wall"]))
        said = format_datetime(wall, _("EEE d MMM y, HH:mm"), rebase=False)
        parts.append(walltime.shown(said, detail.get("zone") or "UTC"))
    if detail.get("step"):
        parts.append(_("step %(name)s", name=detail["step"]))
    if detail.get("code"):
        parts.append(str(detail["code"]))
    return " · ".join(parts)
