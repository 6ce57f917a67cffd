"""What a request says about who asks: told from its headers, and remembered for a while, as most ask more than once.

A page sends several beacons, and an office or a school shares one address and one browser. What is remembered lies in
the memory of a process alone, is bounded, and is forgotten with the salt of its window.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple

from campaigns.engagement.agents import device_of, name_agent
from campaigns.engagement.ranges import Ranges
from campaigns.engagement.visitors import Salts

DESK_COOKIE = "parley_desk"  # a browser that was at the desk; see `staff`
NO_RANGES = Ranges(())
MOST = 8192  # clients that are remembered


@dataclass(frozen=True)
class Choices:
    """What the operator chose, and which names this site has."""

    hosts: frozenset[str]
    do_not_track: str  # "drop" leaves them out, "unlink" counts views without a person, "ignore"
    country: str = (
        ""  # key in the WSGI environment of the header in which a proxy says the country; empty: none does
    )
    machines: Ranges = NO_RANGES  # addresses of data centres


class Client(NamedTuple):
    """Who asks, as far as it is kept."""

    marks: str  # what the request gives away about itself, as in `Line.hints` after the method
    visitor: int  # 0: not to be counted as a person
    is_linked: bool  # whether what they do may be tied together
    is_counted: bool
    language: str
    device: str
    agent: str
    country: str


class Clients:
    """Those who asked last."""

    def __init__(self, salts: Salts, choices: Choices) -> None:
        self.salts, self.choices = salts, choices
        self._memory = _Memory(None, {}, {})

    def of(self, environ: Mapping[str, str], at: datetime) -> Client:
        """Who sent this."""
        get, known = environ.get, self._remembered(at).clients
        cookies = get("HTTP_COOKIE")
        key = (
            get("REMOTE_ADDR"),
            get("HTTP_USER_AGENT"),
            get("HTTP_ACCEPT_LANGUAGE"),
            get("HTTP_DNT"),
            get("HTTP_SEC_GPC"),
            get("HTTP_SEC_PURPOSE"),
            get("HTTP_PURPOSE"),
            get("HTTP_X_MOZ"),
            get(self.choices.country),
            cookies is not None and _is_at_desk(cookies),
        )
        client = known.get(key)
        if client is None:
            if len(known) >= MOST:
                known.clear()  # at once: finding the oldest would cost every beacon something
            client = known[key] = _look_at(environ, self.salts, self.choices, at)
        return client

    def network(self, address: str, at: datetime) -> str:
        """The network an address lies in, as `Salts.network` says it."""
        known = self._remembered(at).networks
        network = known.get(address)
        if network is None:
            if len(known) >= MOST:
                known.clear()
            network = known[address] = self.salts.network(address, at=at)
        return network

    def _remembered(self, at: datetime) -> "_Memory":
        """What is known under the salt of that moment; what was known under another is forgotten."""
        memory, salt = self._memory, self.salts.at(at)
        if memory.salt != salt:
            memory = self._memory = _Memory(salt, {}, {})
        return memory


class _Memory(NamedTuple):
    salt: bytes | None
    clients: dict[tuple[object, ...], Client]
    networks: dict[str, str]


def hints_of(environ: Mapping[str, str], choices: Choices) -> str:
    """The method in a letter, then what the request gives away about itself."""
    return method_of(environ) + _marks(environ, choices)


def method_of(environ: Mapping[str, str]) -> str:
    """In a letter, as it was before the page cache made GET of HEAD."""
    return str(environ.get("parley.method", environ["REQUEST_METHOD"]))[:1]


def country_of(environ: Mapping[str, str], choices: Choices) -> str:
    """Two letters, where a proxy says it."""
    said = environ.get(choices.country, "") if choices.country else ""
    return (
        said.upper() if len(said) == 2 and said.isascii() and said.isalpha() and said.upper() != "XX" else ""
    )


def identify(
    environ: Mapping[str, str], salts: Salts, choices: Choices, marks: str, at: datetime
) -> tuple[int, bool] | None:
    """The visitor's number, and whether what they do may be tied together; None when nothing may be counted."""
    if "d" in marks and choices.do_not_track != "ignore":
        return None if choices.do_not_track == "drop" else (0, False)
    agent = environ.get("HTTP_USER_AGENT", "")
    return salts.visitor(environ.get("REMOTE_ADDR", ""), agent, at=at), True


def _look_at(environ: Mapping[str, str], salts: Salts, choices: Choices, at: datetime) -> Client:
    marks, agent = _marks(environ, choices), environ.get("HTTP_USER_AGENT", "")
    who = identify(environ, salts, choices, marks, at)
    return Client(
        marks,
        who[0] if who else 0,
        who[1] if who else False,
        who is not None,
        environ.get("HTTP_ACCEPT_LANGUAGE", "").partition(",")[0].partition(";")[0][:16],
        device_of(agent),
        name_agent(agent),
        country_of(environ, choices),
    )


def _marks(environ: Mapping[str, str], choices: Choices) -> str:
    get = environ.get
    announced = f"{get('HTTP_SEC_PURPOSE', '')}{get('HTTP_PURPOSE', '')}{get('HTTP_X_MOZ', '')}".lower()
    asks_not = get("HTTP_DNT") == "1" or get("HTTP_SEC_GPC") == "1"
    is_staff = _is_at_desk(get("HTTP_COOKIE", ""))
    is_machine = get("REMOTE_ADDR", "") in choices.machines
    return "p" * ("pre" in announced) + "s" * is_staff + "d" * asks_not + "c" * is_machine


def _is_at_desk(cookies: str) -> bool:
    return DESK_COOKIE in cookies and DESK_COOKIE in _names(cookies)


def _names(cookies: str) -> Iterable[str]:
    try:
        return SimpleCookie(cookies).keys()
    except CookieError:
        return ()
