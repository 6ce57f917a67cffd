"""For the metrics: what waits to be added up, and what was refused, dropped or could not be read."""

from flask import current_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from campaigns.engagement.gate import Gate
from campaigns.engagement.installing import store
from campaigns.engagement.spool import waiting_bytes


def figures() -> list[Metric]:
    """Of this process (refused) and of all (the rest)."""
    gate: Gate = current_app.extensions["parley_gate"]
    refused = CounterMetricFamily(
        "parley_beacons_refused", "Beacons that no page of ours would send", labels=["why"]
    )
    for why, count in gate.refused.items():
        refused.add_metric([why], count)
    spool = GaugeMetricFamily(
        "parley_spool_bytes", "What waits in the spool, read or not", value=waiting_bytes(gate.spool.folder)
    )
    lines = CounterMetricFamily(
        "parley_lines_lost", "Lines that were dropped, or say nothing", labels=["how"]
    )
    try:
        notes = store().notes()
    except SQLAlchemyError:
        return [refused, spool]
    for how in ("dropped", "unread"):
        lines.add_metric([how], notes[how])
    return [refused, spool, lines]
