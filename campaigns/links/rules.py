"""Who may do what here. Pure: they look at what they are given and nothing else."""

from campaigns.links.models import InboundUTM, Link
from cms.people.models import Person

RUNS = ("editor", "manager", "admin")
GOVERNS = ("manager", "admin")


def can_see_links(person: Person | None) -> bool:
    """See the pages of this room, and make links."""
    return person is not None and person.is_active and person.role in RUNS


def can_change_link(person: Person | None, link: Link | None) -> bool:
    """Open one, change and end it, whoever made it; take its QR code."""
    return can_see_links(person)


def can_decide_inbound(person: Person | None, inbound: InboundUTM | None) -> bool:
    """Say where values that came in belong."""
    return can_see_links(person)


def can_govern_values(person: Person | None) -> bool:
    """Say which UTM values links made by hand may carry."""
    return person is not None and person.is_active and person.role in GOVERNS
