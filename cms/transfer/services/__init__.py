"""Writing what was read. Each function brings one item, inside one transaction, and remembers that it did."""

from cms.transfer.services.comments import place_comments, place_waiting
from cms.transfer.services.lists import bring_person, bring_section, bring_tag, lead_to, remap_person
from cms.transfer.services.media import bring_media
from cms.transfer.services.posts import bring_post, renew_post

__all__ = [
    "bring_media",
    "bring_person",
    "bring_post",
    "bring_section",
    "bring_tag",
    "lead_to",
    "place_comments",
    "place_waiting",
    "remap_person",
    "renew_post",
]
