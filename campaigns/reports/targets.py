"""How far a campaign is to what it set out to reach: counted in one way, for every page that says so."""

from collections.abc import Mapping

from campaigns.engagement.store import Totals

FIGURES = {
    "reach": "people",
    "views": "views",
    "engaged": "people_engaged",
    "verified_clicks": "verified",
}
FACTS = {"comments": "comment", "sign_ups": "signup"}
_PEOPLE = ("reach", "engaged")


def so_far(measure: str, life: Totals, done: Mapping[str, int]) -> int | None:
    """What a campaign has brought since its beginning; None where nobody counts it. `done` is how often something was
    done, by kind of fact."""
    if measure in FIGURES:
        return int(getattr(life, FIGURES[measure]))
    return done.get(FACTS[measure], 0) if measure in FACTS else None


def is_exact(measure: str, life: Totals) -> bool:
    """Whether that was counted. Of many people it is an estimate."""
    return life.is_exact or measure not in _PEOPLE
