"""Raw: events as they were read, some thousand packed together, with who did them and what they are about.

A pack is compressed text, a line for each event: the line of the spool, then after a tab its verdict, rule, version of
the rules, window, day, day in the zone of the campaign, post, link, campaign, channel, and whether it is the same as
seconds before. It is read from its beginning to its end or not at all: for export, to score or to add up again, and to
follow what led to a conversion. Packing costs a tenth of rows, and a fifth of their room.
"""

import zlib
from collections.abc import Iterable, Iterator

from campaigns.engagement.lines import read_line, write_line
from campaigns.engagement.store.events import Event

LEVEL = 1  # of compression: higher ones cost more than they save


def pack(events: Iterable[Event]) -> bytes:
    """As they are kept."""
    return zlib.compress(b"\n".join(map(_said, events)), LEVEL)


def unpack(stored: bytes) -> Iterator[Event]:
    """One after the other, in the order in which they were added up."""
    for said in zlib.decompress(stored).split(b"\n"):
        line, *told = said.rsplit(b"\t", 11)
        yield _event(line, told)


def _said(event: Event) -> bytes:
    told = (
        f"\t{event.verdict}\t{event.rule}\t{event.version}\t{event.window}\t{event.day}\t{event.campaign_day}"
        f"\t{event.post or ''}\t{event.link or ''}\t{event.campaign or ''}\t{event.channel}\t{event.again}"
    )
    return (event.said or write_line(event.line)[:-1]) + told.encode()


def _event(said: bytes, told: list[bytes]) -> Event:
    line = read_line(said)
    if line is None:
        raise ValueError("raw holds a line that is none of ours")
    verdict, rule, version, window, day, campaign_day, post, link, campaign, channel, again = told
    return Event(
        line,
        verdict.decode(),
        int(rule),
        int(version),
        int(window),
        int(post) if post else None,
        int(link) if link else None,
        int(campaign) if campaign else None,
        int(day),
        int(campaign_day),
        channel.decode(),
        int(again),
        said,
    )
