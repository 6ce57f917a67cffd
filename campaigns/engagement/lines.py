r"""One line of the spool: what happened, as it is written by web processes and read by the collector.

Fields are parted by tabs, the first is the version. A line ends with `\n`, holds no other control character, and is
shorter than 4 KiB, so that one `write` puts all of it in the file or nothing. It holds no address and no user agent.

A fact is something a reader did beside reading: `value` is `KIND` or `KIND:KEY` (`share:mastodon`, `goal:3`, `signup`),
`subject` as for views, and `view` a number of its own when it can be done only once: said again, it counts once.
"""

import re
from dataclasses import dataclass, fields
from hashlib import blake2b
from operator import attrgetter

LONGEST = 4096  # bytes of a line
_OF_TIME = 32  # of them, at most: the version and the time
KINDS = ("view", "read", "click", "fetch", "fact", "lost")
_WIDEST = 2**63  # a power of two: as no number reaches it, all of them laid over each other do not
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(slots=True)  # not frozen: making one would take three times as long. Nobody changes one
class Line:
    """What happened, and what tells people from machines."""

    at: int  # milliseconds since 1970, UTC, by the server's clock
    kind: str  # "view" page opened, "read" time and depth since the last, "click" link followed, "fetch" page asked
    # for by a machine, "fact" something else was done, "lost" lines that could not be written
    hints: str  # method G, H or P; then p prefetch, s staff, d asks not to be tracked, q QR code, n without script,
    # i from another page of ours, c from a data centre, t a decoy was followed
    visitor: int  # keyed hash under the salt of the window; 0: not to be counted as a person
    subject: str  # "post:12", "link:9", or "page:/archive"
    click: str = ""  # id that a link gave out
    view: int = 0  # of this opening of the page, or a fact that counts once: hour, then chance; 0: none
    sequence: int = 0  # of the deltas of one view
    seconds: int = 0  # in sight, since the last delta
    depth: int = 0  # percent of the page that was reached
    referrer: str = ""  # host and path elsewhere
    utm: str = ""  # source|medium|campaign|content|term
    language: str = ""
    device: str = "?"  # d, m, t
    agent: str = ""  # "browser:firefox", "preview:mastodon", "crawler:google"
    value: str = ""  # of a fact: KIND or KIND:KEY; of "lost": how many
    network: str = ""  # of a click: keyed hash of the /24 or /48 it came from, under the salt of the window
    country: str = ""  # two letters, where a proxy says it


def write_line(line: Line) -> bytes:
    """As bytes, ready to be appended. Raises `ValueError` when it is too long."""
    at, *rest = fields_of(line)
    return line_of(at, rest_of_line(*rest))


def line_of(at: int, rest: bytes) -> bytes:
    """A line of its time and its rest."""
    return b"2\t%d\t%b" % (at, rest)


def rest_of_line(
    kind: str, hints: str, visitor: int, subject: str, click: str = "", view: int = 0, sequence: int = 0,
    seconds: int = 0, depth: int = 0, referrer: str = "", utm: str = "", language: str = "", device: str = "?",
    agent: str = "", value: str = "", network: str = "", country: str = "",
) -> bytes:  # fmt: skip
    """All of a line but its time, from its fields: while a visitor waits no `Line` is made of them, and what many say
    alike is put together once. Raises `ValueError` when it is too long."""
    text = (
        f"{kind}\t{hints}\t{visitor}\t{subject}\t{click}\t{view}\t{sequence}\t{seconds}\t{depth}\t{referrer}"
        f"\t{utm}\t{language}\t{device}\t{agent}\t{value}\t{network}\t{country}"
    )
    if not text.replace("\t", "").isprintable() or text.count("\t") != _FIELDS - 2:
        words = (hints, subject, click, referrer, utm, language, device, agent, value, network, country)
        hints, subject, click, *more = (_CONTROL.sub(" ", one) for one in words)
        numbers = view, sequence, seconds, depth
        text = "\t".join(map(str, (kind, hints, visitor, subject, click, *numbers, *more)))
    said = (text + "\n").encode(errors="replace")
    if len(said) >= LONGEST - _OF_TIME:
        raise ValueError("a line of the spool is shorter than 4 KiB")
    return said


def number_of(name: str) -> int:
    """A number for a name, 63 bits, never nought: what happens under it counts once."""
    return (int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 1) or 1


def read_line(said: bytes) -> Line | None:
    """What a line says; None when it is none of ours, which is counted and left out."""
    try:
        parts = said.decode().removesuffix("\n").split("\t")
        if len(parts) != _PARTS.get(parts[0]):
            return None
        _version, when, kind, hints, who, subject, click, number, delta, time, reached, *words = parts
        at, visitor, view = int(when), int(who), int(number)
        sequence, seconds, depth = int(delta), int(time), int(reached)
    except ValueError:
        return None
    if kind not in KINDS or not 0 <= at | visitor | view | sequence | seconds | depth < _WIDEST:
        return None
    return Line(at, kind, hints, visitor, subject, click, view, sequence, seconds, depth, *words)


fields_of = attrgetter(*(one.name for one in fields(Line)))  # in their order
_FIELDS = len(fields(Line))
_PARTS = {
    "1": _FIELDS,
    "2": _FIELDS + 1,
}  # of a line of each version, with its number: those of before are still read
