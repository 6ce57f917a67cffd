"""The addresses of links, as they stand in texts and on paper."""

from campaigns.links import codes
from campaigns.links.models import Link
from cms.core.pages import config


def short_url(link: Link) -> str:
    """What stands in a text."""
    return address_of(link.code)


def sample_url() -> str:
    """As long as the address of any link, and leading nowhere: texts are counted with it before their link is made."""
    return address_of(codes.SAMPLE)


def address_of(code: str) -> str:
    """The address of a code, at the short name of the site when it has one."""
    return f"{config().short_url}/l/{code}"
