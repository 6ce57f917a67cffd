"""What a Mastodon server answers: its limits, its words, and what they mean."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext

from campaigns.channels import answers
from campaigns.channels.adapter import Later, Outcome, Paused, Refused, Seat
from campaigns.channels.http import Reply
from campaigns.channels.messages import Limits
from campaigns.channels.robots import ask

_OURS = ("image/jpeg", "image/png", "image/webp", "image/gif")


def call(seat: Seat, method: str, path: str, **how: Any) -> Reply:
    """A call as ourselves. Raises `Lost`."""
    base = str(seat.settings["url"]).strip().rstrip("/")
    headers = {"Authorization": f"Bearer {seat.secrets['token'].strip()}", **how.pop("headers", {})}
    return ask(seat, method, f"{base}{path}", headers=headers, **how)


def limits_told(instance: Mapping[str, Any], usual: Limits) -> Limits:
    """Those of `/api/v2/instance`; what a server does not tell is as usual."""
    told = instance.get("configuration")
    statuses = told.get("statuses") if isinstance(told, dict) else None
    media = told.get("media_attachments") if isinstance(told, dict) else None
    statuses = statuses if isinstance(statuses, dict) else {}
    media = media if isinstance(media, dict) else {}
    types = tuple(one for one in _OURS if one in (media.get("supported_mime_types") or _OURS))
    return replace(
        usual,
        text=_number(statuses, "max_characters", usual.text),
        link_length=_number(statuses, "characters_reserved_per_url", usual.link_length),
        pictures=_number(statuses, "max_media_attachments", usual.pictures) or 0,
        picture_bytes=_number(media, "image_size_limit", usual.picture_bytes) or 0,
        picture_types=types or usual.picture_types,
        alt=_number(media, "description_limit", usual.alt),
    )


def said_by(reply: Reply) -> str:
    """The server's own words."""
    said = reply.json.get("error_description") or reply.json.get("error")
    return said if isinstance(said, str) and said else reply.text[:200]


def failed(reply: Reply, seat: Seat, *, publishes: bool) -> Outcome:
    """An answer that is no success."""
    said, code = said_by(reply), str(reply.status)
    has_word = isinstance(reply.json.get("error"), str)
    if reply.status == 429:
        until = _reset(reply)
        if until is None:
            return answers.failed(reply, publishes=publishes, now=seat.now())
        return Later(said, code=code, until=until, whole_account=True)
    if reply.status == 401 or (reply.status == 403 and has_word):
        return Paused(said, code=code)
    if not has_word and reply.status in (403, 404):  # a firewall
        return Later(said, code=code)
    if 300 <= reply.status < 400:
        where = reply.headers.get("location", "").partition("/api/")[0]
        return Refused(gettext("The server is at another address: %(where)s", where=where), code=code)
    if has_word and reply.status < 500 and reply.status != 408:
        return Refused(said, code=code)
    if reply.is_ok:
        return answers.no_word(reply, publishes=publishes)
    return answers.failed(reply, publishes=publishes, now=seat.now())


def _number(told: Mapping[str, Any], name: str, usual: int | None) -> int | None:
    found = told.get(name)
    return found if isinstance(found, int) and found > 0 else usual


def _reset(reply: Reply) -> datetime | None:
    """When the quota begins anew: Mastodon tells an instant in ISO 8601, not seconds."""
    try:
        found = datetime.fromisoformat(reply.headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
