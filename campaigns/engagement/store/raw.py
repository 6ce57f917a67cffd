"""Raw: events as they were read, some thousand packed together, with who did them and what they are about.

A pack is compressed text. Its first line says how many different things are told of its events, and how many events
there are. Then come a line for each thing that is told (verdict, rule, version of the rules, window, day, day in the zone
of the campaign, post, link, campaign, channel, and whether it is the same as seconds before, parted by tabs), the lines
of the spool, and for each of them the number of what is told of it, in four bytes (little-endian). It is read from its
beginning to its end or not at all: for export, to score or to add up again, and to follow what led to a conversion.
Packing costs a tenth of rows, and a fifth of their room. In packs of before each line of the spool ends with what is told
of it; the oldest are compressed by zlib. They are read as they are.
"""

import zlib
from collections.abc import Iterator

import numpy as np
import zstandard

from campaigns.engagement.lines import read_line
from campaigns.engagement.store.columns import Batch
from campaigns.engagement.store.events import Event
from campaigns.engagement.store.grouping import group

LEVEL = 1  # of compression: higher ones cost more than they save
_NUMBER = np.dtype("<u4")


def pack(batch: Batch) -> bytes:
    """As they are kept."""
    columns = (batch.verdict.codes, batch.place.codes, batch.channel.codes, batch.window, batch.day)
    first, of = group((*columns, batch.campaign_day, batch.again))
    told = [_told(batch, row) for row in first.tolist()]
    head = b"%d %d" % (len(told), len(batch))
    said = b"\n".join((head, *told, batch.lines.joined(), of.astype(_NUMBER).tobytes()))
    return zstandard.ZstdCompressor(level=LEVEL).compress(said)


def unpack(stored: bytes) -> Iterator[Event]:
    """One after the other, in the order in which they were added up."""
    is_zlib = stored[:4] != zstandard.FRAME_HEADER
    said = zlib.decompress(stored) if is_zlib else zstandard.decompress(stored)
    head, _, rest = said.partition(b"\n")
    if b"\t" in head:  # a line of the spool: as packs were before
        for one in said.split(b"\n"):
            line, *told = one.rsplit(b"\t", 11)
            yield _event(line, told)
        return
    kinds, many = map(int, head.split())
    *lines, numbers = rest.split(b"\n", kinds + many)
    told_of = [line.split(b"\t") for line in lines[:kinds]]
    for line, of in zip(lines[kinds:], np.frombuffer(numbers, _NUMBER).tolist(), strict=True):
        yield _event(line, told_of[of])


def _told(batch: Batch, row: int) -> bytes:
    verdict, rule, version = batch.verdict.words[batch.verdict.codes[row]]
    post, link, campaign = (one or "" for one in batch.place.words[batch.place.codes[row]])
    return (
        f"{verdict}\t{rule}\t{version}\t{batch.window[row]}\t{batch.day[row]}\t{batch.campaign_day[row]}"
        f"\t{post}\t{link}\t{campaign}\t{batch.channel.words[batch.channel.codes[row]]}\t{batch.again[row]}"
    ).encode()


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
