"""Web addresses that people type: read strictly, and told apart into the public internet and everything else.

What two programs could read in two ways is refused: user names, backslashes, control characters, numbers that some
resolvers take for addresses.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import idna
from flask_babel import lazy_gettext as _

from cms.core.errors import Problem

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST_URL = 2048
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(#.*)?", re.I
)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\[\]:@%]+)(:(?P<port>[0-9]{1,5}))?")
_UNWANTED = re.compile("[\\\\\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]")
_NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class OutboundProblem(Problem):
    """A request that brought no answer. `was_sent`: the other side may have got it and acted on it."""

    status = 502
    was_sent = False


class AddressRefused(OutboundProblem):
    """The address is malformed, or leads to a machine that is not on the public internet. Nothing was sent there."""

    status = 422
    message = _("This address cannot be fetched. Please give the public http or https address of a website.")


@dataclass(frozen=True)
class Target:
    """An address that has been read strictly."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        """What must be equal for secrets to be sent on."""
        return self.scheme, self.host, self.port

    @property
    def host_header(self) -> str:
        """What the Host header says."""
        return self.url.partition("://")[2].partition("/")[0]


def read_url(url: str) -> Target:
    """Read an address strictly: what two programs could read in two ways is refused. Raises `AddressRefused`."""
    if len(url) > LONGEST_URL or _UNWANTED.search(url):
        raise AddressRefused
    match = _URL.fullmatch(url)
    authority = _AUTHORITY.fullmatch(match["authority"]) if match else None
    if match is None or authority is None:
        raise AddressRefused
    scheme = match["scheme"].lower()
    host = _read_host(authority["host"])
    port = int(authority["port"] or {"http": 80, "https": 443}[scheme])
    if not 0 < port < 65536:
        raise AddressRefused
    safe = "%/:;=,@!$&'()*+~-._[]"
    path = quote(match["path"] or "/", safe=safe)
    query = quote(match["query"] or "", safe=safe + "?")
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[scheme]
    return Target(
        f"{scheme}://{shown}{'' if port == default else f':{port}'}{path}{query}", scheme, host, port
    )


def next_target(target: Target, location: str) -> Target:
    """Where a redirect leads. Servers write the header in UTF-8, whatever the standard says."""
    try:
        location = location.encode("latin-1").decode("utf-8")
    except UnicodeError as error:
        raise AddressRefused from error
    if _UNWANTED.search(location):  # `urljoin` would quietly drop some of these
        raise AddressRefused
    return read_url(urljoin(target.url, location))


def _read_host(host: str) -> str:
    """The name in the form that goes on the wire, or a literal address without brackets."""
    if host.startswith("["):
        address = parse_address(host[1:-1])
        if not isinstance(address, ipaddress.IPv6Address):
            raise AddressRefused
        return str(address)
    try:
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressRefused from error
    name = name.removesuffix(".")
    if not _NAME.fullmatch(name):
        raise AddressRefused
    if _NUMBER.fullmatch(name.rpartition(".")[2]) and literal(name) is None:
        raise AddressRefused  # 127.1, 0x7f000001, 2130706433: numbers that some resolvers take for addresses
    return name


def literal(host: str) -> Address | None:
    """The address that a host is written as, or None when it is a name."""
    address = parse_address(host)
    return address if address is None or str(address) == host or ":" in host else None


def parse_address(text: str) -> Address | None:
    """An address from its text, or None."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


# Which addresses are public ---------------------------------------------------------------------------------------

# Python's `is_global` and `is_private` answer another question and differ between versions; these lists are the
# IANA special-purpose registries (IPv4 and IPv6) as of 2026, with whatever reaches back into IPv4 refused whole.
_NOT_PUBLIC_4 = [
    ipaddress.ip_network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
    )
]
_UNICAST_6 = ipaddress.ip_network("2000::/3")  # the only part of IPv6 given out for the public internet
_NOT_PUBLIC_6 = [
    ipaddress.ip_network(one)
    for one in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID, AMT, …
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]


def is_public(address: Address) -> bool:
    """Whether an address belongs to one machine on the public internet."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _UNICAST_6 and not any(address in network for network in _NOT_PUBLIC_6)
