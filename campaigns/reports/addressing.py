"""A question as an address asks it: what `forms` reads, written."""

from typing import Any

from campaigns.reports.shapes import ComparisonQuery

USUAL = ComparisonQuery(())


def arguments(query: ComparisonQuery, **instead: Any) -> dict[str, Any]:
    """For `url_for`: only what differs from the usual. `instead` replaces some of it: `arguments(query, mode="daily")`."""
    told: dict[str, Any] = {
        "campaign": list(query.campaign_ids),
        "from": query.since.isoformat() if query.since else None,
        "to": query.until.isoformat() if query.until else None,
    }
    for name in ("align", "mode", "cut", "split", "measure"):
        value = getattr(query, name)
        told[name] = value if value != getattr(USUAL, name) else None
    told |= instead
    return {name: value for name, value in told.items() if value not in (None, "")}
