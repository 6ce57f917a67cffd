"""Raw: events as they were read, some thousand packed together, with who did them and what they are about.

A pack is compressed text, a line for each event: the line of the spool, then after a tab its verdict, rule, version of
the rules, window, day, day in the zone of the campaign, post, link, campaign, channel, and whether it is the same as
seconds before. It is read from its beginning to its end or not at all: for export, to score or to add up again, and to
follow what led to a conversion. Packing costs a tenth of rows, and a fifth of their room. Packs of before are compressed
by zlib, and read as they are.
"""

import zlib
from collections.abc import Iterator
from operator import add

import zstandard

from campaigns.engagement.lines import read_line
from campaigns.engagement.store.columns import Batch
from campaigns.engagement.store.events import Event
from campaigns.engagement.store.grouping import group

LEVEL = 1  # of compression: higher ones cost more than they save


def pack(batch: Batch) -> bytes:
    """As they are kept."""
    columns = (batch.verdict.codes, batch.place.codes, batch.channel.codes, batch.window, batch.day)
    first, of = group((*columns, batch.campaign_day, batch.again))
    told = [_told(batch, row) for row in first.tolist()]  # once for all of which the same is told
    said = b"\n".join(map(add, batch.lines.tolist(), map(told.__getitem__, of.tolist())))
    return zstandard.ZstdCompressor(level=LEVEL).compress(said)


def unpack(stored: bytes) -> Iterator[Event]:
    """One after the other, in the order in which they were added up."""
    is_new = stored[:4] == zstandard.FRAME_HEADER
    said = zstandard.decompress(stored) if is_new else zlib.decompress(stored)
    for one in said.split(b"\n"):
        line, *told = one.rsplit(b"\t", 11)
        yield _event(line, told)


def _told(batch: Batch, row: int) -> bytes:
    verdict, rule, version = batch.verdict.words[batch.verdict.codes[row]]
    post, link, campaign = (one or "" for one in batch.place.words[batch.place.codes[row]])
    return (
        f"\t{verdict}\t{rule}\t{version}\t{batch.window[row]}\t{batch.day[row]}\t{batch.campaign_day[row]}"
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
