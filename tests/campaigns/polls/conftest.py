"""Counting, as in the room above."""

from tests.campaigns.engagement.conftest import collect, counting, lines, reader, store

__all__ = ["collect", "counting", "lines", "reader", "store"]
