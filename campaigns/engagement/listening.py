"""Clicks on our links, while the visitor waits: a line in the spool, and nothing else."""

from campaigns.engagement.clients import method_of
from campaigns.engagement.gate import Gate, referrer_of
from campaigns.engagement.spool import milliseconds
from campaigns.links.clicks import ClickFacts, Listener

_NOTHING_OF_A_VIEW = (0, 0, 0, 0)  # view, sequence, seconds, depth


def hear_clicks(gate: Gate) -> Listener:
    """Who hears for this gate that a link was followed, inside the application or before it."""

    def hear(link_id: int, click_id: str, facts: ClickFacts) -> None:
        """Who asks not to be tracked is counted without a person, or not at all."""
        client = gate.clients.of(facts.environ, facts.at)
        if not client.is_counted:
            return
        is_linked = client.is_linked
        gate.spool.note(
            milliseconds(facts.at),
            "click",
            f"{method_of(facts.environ)}{client.marks}{'q' if facts.is_scan else ''}",
            client.visitor,
            f"link:{link_id}",
            click_id if is_linked else "",
            *_NOTHING_OF_A_VIEW,
            referrer_of(facts.referrer, gate.clients.choices.hosts) if facts.referrer else "",
            "",
            client.language,
            client.device,
            client.agent,
            "",
            gate.clients.network(facts.address, facts.at) if is_linked else "",
            client.country,
        )

    return hear
