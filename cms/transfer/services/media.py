"""Files of a source."""

from datetime import datetime

from cms.core.text import strip_control
from cms.media import services as media_services
from cms.media.models import Media
from cms.media.services import Received
from cms.transfer.services.remembering import remember


def bring_media(received: Received, *, alt: str, source: str, at: datetime) -> Media:
    """Keep a received file, described as the source described it."""
    media = media_services.keep_media(received, by=None, at=at, alt=strip_control(alt), source=source[:500])
    remember(source, kind="media", target_id=media.id, digest=received.digest[:32], at=at)
    return media
