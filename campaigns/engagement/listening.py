"""Clicks on our links, while the visitor waits: a line in the spool, and nothing else."""

from collections.abc import Mapping
from typing import Any

from campaigns.engagement.clients import keep, method_of
from campaigns.engagement.gate import Gate, referrer_of
from campaigns.engagement.lines import rest_of_line
from campaigns.links.clicks import Listener
from cms.core import clock

_NOTHING_OF_A_VIEW = (0, 0, 0, 0)  # view, sequence, seconds, depth
_ID = "click-id-here"  # stands for the click id while a line is put together: nothing else in it looks like that


def hear_clicks(gate: Gate) -> Listener:
    """Who hears for this gate that a link was followed, inside the application or before it."""

    def hear(link_id: int, click_id: str, environ: Mapping[str, Any], is_scan: bool) -> None:
        """Who follows a link again says the same but for the id: what is written of it is put together once."""
        at, clients = clock.milliseconds(), gate.clients
        said = method_of(environ), link_id, is_scan, environ.get("HTTP_REFERER"), *clients.asking(environ)
        lines = clients.lines(at)
        parts = lines.get(said)
        if parts is None:
            keep(lines, said, parts := _parts(gate, link_id, environ, at, is_scan=is_scan))
        if parts:
            gate.spool.append(at, click_id.encode().join(parts))

    return hear


def _parts(gate: Gate, link_id: int, environ: Mapping[str, Any], at: int, *, is_scan: bool) -> list[bytes]:
    """What is written before and after the click id; who asks not to be tracked is counted without one, or not at all."""
    client = gate.clients.of(environ, at)
    if not client.is_counted:
        return []
    rest = rest_of_line(
        "click",
        f"{method_of(environ)}{client.marks}{'q' if is_scan else ''}",
        client.visitor,
        f"link:{link_id}",
        _ID if client.is_linked else "",
        *_NOTHING_OF_A_VIEW,
        referrer_of(environ.get("HTTP_REFERER", ""), gate.clients.choices.hosts),
        "",
        client.language,
        client.device,
        client.agent,
        "",
        gate.clients.network(environ.get("REMOTE_ADDR") or "", at) if client.is_linked else "",
        client.country,
    )
    return rest.split(_ID.encode(), 1)
