"""Budget against cost, as a page shows it. Currencies are never added to each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import format_decimal

from campaigns.plans.models import CampaignMoney
from campaigns.plans.money import DIGITS, from_smallest


@dataclass(frozen=True)
class Balance:
    """What is planned and what was spent of one currency, in its smallest unit."""

    currency: str
    channel: str | None
    budget: int
    cost: int

    @property
    def left(self) -> int:
        """What is left; below nought when more was spent."""
        return self.budget - self.cost

    @property
    def is_over(self) -> bool:
        """More was spent than planned."""
        return self.cost > self.budget

    @property
    def percent(self) -> int | None:
        """The part of the budget that was spent, in whole percent; None without a budget: no part of nothing."""
        return self.cost * 100 // self.budget if self.budget else None


def balances(lines: Iterable[CampaignMoney]) -> list[Balance]:
    """One balance for each currency, by its code."""
    return _balances((line.currency, None, line.side, line.amount) for line in lines)


def balances_by_channel(lines: Iterable[CampaignMoney]) -> list[Balance]:
    """One balance for each channel and currency; what is for no channel in particular comes last."""
    return _balances((line.currency, line.channel, line.side, line.amount) for line in lines)


def from_sums(budget: dict[str, int], cost: dict[str, int]) -> list[Balance]:
    """Balances of sums that the database made."""
    return [Balance(one, None, budget.get(one, 0), cost.get(one, 0)) for one in sorted({*budget, *cost})]


def money_in_words(units: int, currency: str) -> str:
    """`CNY 12,000.50`, grouped as the reader's language does, with all digits the currency has."""
    digits = DIGITS[currency]
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    amount: Decimal = from_smallest(units, currency)
    return f"{currency} {format_decimal(amount, format=pattern)}"


def _balances(lines: Iterable[tuple[str, str | None, str, int]]) -> list[Balance]:
    added: dict[tuple[str, str | None], dict[str, int]] = {}
    for currency, channel, side, units in lines:
        sides = added.setdefault((currency, channel), {"budget": 0, "cost": 0})
        sides[side] += units
    keys: Sequence[tuple[str, str | None]] = sorted(
        added, key=lambda key: (key[1] is None, key[1] or "", key[0])
    )
    return [Balance(key[0], key[1], **added[key]) for key in keys]
