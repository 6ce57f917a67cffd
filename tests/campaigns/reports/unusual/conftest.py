"""A gate that counts, and a collector that adds up, as in the room below."""

from tests.campaigns.engagement.conftest import collect, counting, store

__all__ = ["collect", "counting", "store"]
