"""Making links and changing them, the UTM rules, and what to do with values that came in."""

from campaigns.links.services.changing import (
    LinkChanged,
    LinkLocked,
    change_link,
    create_link,
    end_link,
    resume_link,
)
from campaigns.links.services.governing import allow_value, disallow_value
from campaigns.links.services.inbound import (
    ignore_inbound,
    map_inbound,
    merge_inbound,
    note_inbound,
    part_inbound,
    reopen_inbound,
)
from campaigns.links.services.minting import mint_link

__all__ = [
    "LinkChanged",
    "LinkLocked",
    "allow_value",
    "change_link",
    "create_link",
    "disallow_value",
    "end_link",
    "ignore_inbound",
    "map_inbound",
    "merge_inbound",
    "mint_link",
    "note_inbound",
    "part_inbound",
    "reopen_inbound",
    "resume_link",
]
