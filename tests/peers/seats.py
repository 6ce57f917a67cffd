"""A seat on a real server, and what is sent there."""

import io
import uuid
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from campaigns.channels.adapter import Adapter, Data, Seat, Sent
from campaigns.channels.http import Http
from campaigns.channels.messages import Message, Picture
from cms.core.outbound import OutboundClient
from tests.campaigns.channels.contract import LOOPBACK, drive, message


def seat_on(
    adapter: Adapter, settings: Mapping[str, Any], secrets: Mapping[str, str]
) -> tuple[Seat, dict[str, str]]:
    """The seat, and the secrets that it keeps."""
    kept: dict[str, str] = {}
    client = OutboundClient(allow=[LOOPBACK])
    seat = Seat(
        settings=settings,
        secrets=secrets,
        http=Http(client.fetch, seconds=20, addresses=client.mail_addresses),
        limits=adapter.base_limits,
        now=lambda: datetime.now(UTC),
        read=lambda one: picture_bytes(one.mime),
        secrets_now=lambda: {**secrets, **kept},
        keep=lambda new, _ends_at: kept.update(new),
        renewing=nullcontext,
    )
    return seat, kept


def fresh(text: str = "盐 eats copper slowly 👨‍👩‍👧‍👦 https://example.com/l/abc12", **fields: Any) -> Message:
    """A delivery that was never sent."""
    now = datetime.now(UTC).replace(microsecond=0)
    return replace(message(text), key=str(uuid.uuid4()), planned_at=now, **fields)


def picture(number: int, mime: str = "image/jpeg", alt: str = "A mast & its sail") -> Picture:
    """A picture whose bytes are real."""
    return Picture(number, f"carried/{number}", mime, 80, 60, len(picture_bytes(mime)), alt)


def picture_bytes(mime: str) -> bytes:
    """An image of this type; for other types, something that is none."""
    if not mime.startswith("image/"):
        return b"<?php echo 1;"
    file = io.BytesIO()
    Image.new("RGB", (80, 60), "navy").save(file, mime.partition("/")[2])
    return file.getvalue()


def all_but_last(adapter: Adapter, told: Message, seat: Seat) -> dict[str, Data]:
    """Make every step before the one that publishes last; gives their results."""
    made: dict[str, Data] = {}
    last = adapter.steps(told, seat.settings)[-1]
    for step in adapter.steps(told, seat.settings):
        if step != last:
            outcome = adapter.send(step, told, seat, made)
            made[step.key] = outcome.data  # type: ignore[union-attr]
    return made


def remote(sent: Any) -> Data:
    """What editing and deleting are given."""
    assert isinstance(sent, Sent), sent
    return {**sent.data, "remote_id": sent.remote_id, "url": sent.url}


__all__: Iterable[str] = ["all_but_last", "drive", "fresh", "picture", "picture_bytes", "remote", "seat_on"]
