"""Conversions of some days and what each model credits, with names; asked of single events, so of one window each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.engagement.installing import store
from campaigns.plans.models import Campaign
from campaigns.reports.definitions import DONE
from campaigns.reports.figures.attribution import FEW, MODELS, Model, credits, ranks
from campaigns.reports.wording import part_name
from cms.core.database import db
from cms.core.languages import localized

By = Literal["channel", "campaign"]
UNKNOWN = "?"


@dataclass(frozen=True)
class Credited:
    """A channel or campaign: credits and place by model. `moves`: its place hangs on the model."""

    name: str
    credits: dict[Model, Fraction]
    ranks: dict[Model, int]

    @property
    def moves(self) -> bool:
        """Whether the models do not agree."""
        return len(set(self.ranks.values())) > 1


@dataclass(frozen=True)
class Attribution:
    """All of them, those with the most credit in the last model of all first."""

    conversions: int
    lines: Sequence[Credited]

    @property
    def is_few(self) -> bool:
        """Too few conversions for an order to say much."""
        return self.conversions < FEW


def attribute(by: By, *, since: date, until: date) -> Attribution:
    """Sign-ups and goals from `since` to before `until`."""
    journeys = [
        [((one.channel if by == "channel" else str(one.campaign or UNKNOWN)), at - one.at) for one in touches]
        for kind in DONE["conversions"]
        for at, touches in store().journeys(kind, None, since=since, until=until)
    ]
    found = {model: credits(journeys, model, UNKNOWN) for model in MODELS}
    places = {model: ranks(found[model]) for model in MODELS}
    keys = sorted(
        {key for one in found.values() for key in one}, key=lambda key: -found["linear"].get(key, 0)
    )
    names = _names(by, keys)
    zero, last = Fraction(), len(keys)
    return Attribution(
        len(journeys),
        [
            Credited(
                names[key],
                {model: found[model].get(key, zero) for model in MODELS},
                {model: places[model].get(key, last) for model in MODELS},
            )
            for key in keys
        ],
    )


def _names(by: By, keys: Sequence[str]) -> dict[str, str]:
    if by == "campaign":
        named = {str(one.id): localized(one.name) for one in db.session.scalars(select(Campaign))}
    else:
        named = {f"account:{one.id}": one.name for one in db.session.scalars(select(Account))}
    return {key: part_name(by, key, named.get(key, "")) for key in keys}
