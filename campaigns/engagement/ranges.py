"""Address ranges that an operator lists, such as those of data centres: whether an address lies in one."""

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cms.core.errors import Problem

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Ranges:
    """Sorted, so that a hundred thousand of them cost no more than ten."""

    def __init__(self, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> None:
        spans = sorted((_place(one[0]), _place(one[-1])) for one in _merged(networks))
        self._first, self._last = [first for first, _ in spans], [last for _, last in spans]
        self._holds = lru_cache(maxsize=8192)(self._find)

    def __contains__(self, address: str) -> bool:
        return bool(self._first) and self._holds(address)

    def _find(self, address: str) -> bool:
        try:
            read = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        mapped = read.ipv4_mapped if isinstance(read, ipaddress.IPv6Address) else None
        place = _place(mapped or read)
        at = bisect_right(self._first, place) - 1
        return at >= 0 and place <= self._last[at]


def read_ranges(path: Path | None) -> Ranges:
    """From a file with one range in a line, such as `192.0.2.0/24`; `#` begins a remark. Raises `Problem`."""
    if path is None:
        return Ranges(())
    networks = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        said = line.partition("#")[0].strip()
        if said:
            try:
                networks.append(ipaddress.ip_network(said, strict=False))
            except ValueError as error:
                raise Problem(
                    f"{path}, line {number}: {said!r} is no address range like 192.0.2.0/24."
                ) from error
    return Ranges(networks)


def _merged(
    networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Without those that lie in others."""
    some = list(networks)
    yield from ipaddress.collapse_addresses(one for one in some if isinstance(one, ipaddress.IPv4Network))
    yield from ipaddress.collapse_addresses(one for one in some if isinstance(one, ipaddress.IPv6Network))


def _place(address: _Address) -> tuple[int, int]:
    return address.version, int(address)
