"""What the worker does for cards: it asks the other site once, through the guarded client, and keeps what it says."""

import io
import logging
from typing import Any

from cms.core import clock, outbound
from cms.core.addresses import AddressRefused, OutboundProblem
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.worker import Job
from cms.media import services as media
from cms.media.services import Received
from cms.posts.cards import keeping
from cms.posts.cards.keeping import Claim
from cms.posts.cards.pages import PageFacts, read_page

log = logging.getLogger(__name__)
PAGE_BYTES, PICTURE_BYTES = 2 * 1024 * 1024, 8 * 1024 * 1024
PAGE_SECONDS, PICTURE_SECONDS = 10.0, 15.0
SMALLEST = 120  # pixels: a smaller picture is a mark, not a picture
TRY_LATER = (408, 425, 429, 500, 502, 503, 504)


def fetch_cards() -> dict[str, Any]:
    """Fetch every card that waits, one at a time; what fails shows as a plain link."""
    counts = {"ready": 0, "without": 0, "later": 0}
    while True:
        with transaction():
            claim = keeping.claim_card(at=clock.now())
        if claim is None:
            return {name: count for name, count in counts.items() if count}
        counts[_fetch(claim)] += 1


JOBS = [Job("fetch_link_cards", fetch_cards, every=2)]


def _fetch(claim: Claim) -> str:
    try:
        answer = outbound.fetch(claim.url, seconds=PAGE_SECONDS, most_bytes=PAGE_BYTES, headers=_ACCEPT)
    except AddressRefused:
        return _without(claim)
    except OutboundProblem as problem:
        log.info("link card %d: %s", claim.card_id, type(problem).__name__)
        return _later(claim)
    if answer.status in TRY_LATER:
        return _later(claim)
    kind = answer.headers.get("content-type", "")
    facts = read_page(answer.body, content_type=kind, url=answer.url) if answer.status == 200 else None
    if facts is None:
        return _without(claim)
    picture = _picture(facts)
    with transaction():
        kept = media.keep_media(picture, by=None, at=clock.now()) if picture else None
        keeping.fill_card(claim, facts, picture_id=kept.id if kept else None)
    return "ready"


_ACCEPT = {"accept": "text/html,application/xhtml+xml;q=0.9"}


def _picture(facts: PageFacts) -> Received | None:
    """The picture of a page, taken as our own; none is no misfortune."""
    if facts.picture is None:
        return None
    try:
        answer = outbound.fetch(facts.picture, seconds=PICTURE_SECONDS, most_bytes=PICTURE_BYTES)
        if answer.status != 200:
            return None
        received = media.receive_upload(io.BytesIO(answer.body), f"{facts.site_name}.jpg", only="image")
    except Problem as problem:
        log.info("a card's picture was left out: %s", type(problem).__name__)
        return None
    size = received.main
    return None if size and min(size.width or 0, size.height or 0) < SMALLEST else received


def _without(claim: Claim) -> str:
    with transaction():
        keeping.fill_card(claim, None)
    return "without"


def _later(claim: Claim) -> str:
    with transaction():
        keeping.try_again(claim, at=clock.now())
    return "later"
