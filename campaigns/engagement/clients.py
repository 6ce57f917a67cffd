"""What a request says about who asks, told from its headers.

Of many people the headers are alike: what they tell is remembered, without the address, and who it is is worked out anew
for each request. Where the whole line of a request is remembered, as somebody asks for the same again, it lies in the
memory of a process alone, is bounded, and is forgotten with the salt of its window.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any, NamedTuple, TypeVar

from campaigns.engagement.agents import device_of, name_agent
from campaigns.engagement.ranges import Ranges
from campaigns.engagement.visitors import Salts, visitor_of

DESK_COOKIE = "parley_desk"  # a browser that was at the desk; see `staff`
NO_RANGES = Ranges(())
MOST = 8192  # of each kind that are remembered
LONGEST = 2000  # letters of what is remembered
_HOUR = 3_600_000  # milliseconds
What = TypeVar("What")


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


class Kind(NamedTuple):
    """What the headers tell of somebody, whoever it is."""

    marks: str  # without the one that the address gives
    may_link: bool  # what they do may be tied together, as they do not ask us not to
    may_count: bool
    language: str
    device: str
    agent: str
    country: str


class Clients:
    """Those who ask. Moments are in milliseconds since 1970."""

    def __init__(self, salts: Salts, choices: Choices) -> None:
        self.salts, self.choices = salts, choices
        self._headers = (
            "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_DNT", "HTTP_SEC_GPC", "HTTP_SEC_PURPOSE", "HTTP_PURPOSE",
            "HTTP_X_MOZ", choices.country,
        )  # fmt: skip
        self._kinds: dict[tuple[object, ...], Kind] = {}
        self._memory = _Memory(0, {}, None, {})

    def asking(self, environ: Mapping[str, Any]) -> tuple[object, ...]:
        """All that a request says about who asks: who says the same is the same client."""
        return environ.get("REMOTE_ADDR"), *self._said(environ)

    def of(self, environ: Mapping[str, Any], at: int) -> Client:
        """Who sent this."""
        marks, may_link, may_count, *rest = self.kind_of(environ)
        address = environ.get("REMOTE_ADDR") or ""
        if address in self.choices.machines:
            marks += "c"
        salt = self._remembered(at).salt
        visitor = visitor_of(salt, address, environ.get("HTTP_USER_AGENT", "")) if may_link else 0
        return Client(marks, visitor, may_link, may_count, *rest)

    def kind_of(self, environ: Mapping[str, Any]) -> Kind:
        """What the headers of this tell, without working out who sent it."""
        said = self._said(environ)
        kind = self._kinds.get(said)
        if kind is None:
            keep(self._kinds, said, kind := _look_at(environ, self.choices))
        return kind

    def network(self, address: str, at: int) -> str:
        """The network an address lies in, as `Salts.network` says it."""
        return self.salts.network(address, at=_moment(at))

    def lines(self, at: int) -> "Lines":
        """What was written of requests that said the same: to be asked and added to by who writes, with `keep`."""
        return self._remembered(at).lines

    def _said(self, environ: Mapping[str, Any]) -> tuple[object, ...]:
        cookies = environ.get("HTTP_COOKIE")
        return cookies is not None and _is_at_desk(cookies), *map(environ.get, self._headers)

    def _remembered(self, at: int) -> "_Memory":
        """What is known under the salt of that moment; what was known under another is forgotten. A salt can only change
        with the hour, as windows do, or when salts were read."""
        memory, hour, salts = self._memory, at // _HOUR, self.salts.known
        if memory.hour != hour or memory.salts is not salts:
            salt = self.salts.at(_moment(at))
            memory = self._memory = _Memory(hour, salts, salt, memory.lines if memory.salt == salt else {})
        return memory


Lines = dict[tuple[object, ...], list[bytes]]  # parts of the rest of a line; none where nothing is written


class _Memory(NamedTuple):
    hour: int
    salts: Mapping[int, bytes]
    salt: bytes | None
    lines: Lines


def keep(known: dict[tuple[object, ...], What], asking: tuple[object, ...], what: What) -> None:
    """Remember it, unless somebody says a whole book. When there are too many all are forgotten at once: finding the oldest
    would cost every beacon."""
    if sum(len(part) for part in asking if isinstance(part, str)) > LONGEST:
        return
    if len(known) >= MOST:
        known.clear()
    known[asking] = what


def hints_of(environ: Mapping[str, str], choices: Choices) -> str:
    """The method in a letter, then what the request gives away about itself."""
    is_machine = environ.get("REMOTE_ADDR", "") in choices.machines
    return method_of(environ) + _marks(environ) + "c" * is_machine


def method_of(environ: Mapping[str, str]) -> str:
    """In a letter, as it was before the page cache made GET of HEAD."""
    return str(environ.get("parley.method", environ["REQUEST_METHOD"]))[:1]


def country_of(environ: Mapping[str, str], choices: Choices) -> str:
    """Two letters, where a proxy says it."""
    said = environ.get(choices.country, "") if choices.country else ""
    return (
        said.upper() if len(said) == 2 and said.isascii() and said.isalpha() and said.upper() != "XX" else ""
    )


def _look_at(environ: Mapping[str, str], choices: Choices) -> Kind:
    marks, agent = _marks(environ), environ.get("HTTP_USER_AGENT", "")
    asks_not = "d" in marks and choices.do_not_track != "ignore"
    return Kind(
        marks,
        not asks_not,
        not asks_not or choices.do_not_track != "drop",
        environ.get("HTTP_ACCEPT_LANGUAGE", "").partition(",")[0].partition(";")[0][:16],
        device_of(agent),
        name_agent(agent),
        country_of(environ, choices),
    )


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def _marks(environ: Mapping[str, str]) -> str:
    get = environ.get
    announced = f"{get('HTTP_SEC_PURPOSE', '')}{get('HTTP_PURPOSE', '')}{get('HTTP_X_MOZ', '')}".lower()
    asks_not = get("HTTP_DNT") == "1" or get("HTTP_SEC_GPC") == "1"
    is_staff = _is_at_desk(get("HTTP_COOKIE", ""))
    return "p" * ("pre" in announced) + "s" * is_staff + "d" * asks_not


def _is_at_desk(cookies: str) -> bool:
    return DESK_COOKIE in cookies and DESK_COOKIE in _names(cookies)


def _names(cookies: str) -> Iterable[str]:
    try:
        return SimpleCookie(cookies).keys()
    except CookieError:
        return ()
