"""Which votes are set aside for a person to look at. Pure. Shared networks are normal: alone they hold nothing back."""

from dataclasses import dataclass

YOUNG_DAYS = 2
MANY_YOUNG = 5  # young accounts of one network that vote in the same contest
MANY = 25  # of any age


@dataclass(frozen=True)
class Circumstances:
    """What is known when a vote comes."""

    account_days: int
    same_network: int  # voters of this contest from there, this one included
    same_network_young: int


def reasons(found: Circumstances) -> list[str]:
    """Why it is set aside; nothing for most."""
    said = []
    if found.account_days < YOUNG_DAYS and found.same_network_young >= MANY_YOUNG:
        said.append("young_accounts_together")
    if found.same_network >= MANY and found.account_days < 30:
        said.append("many_from_one_network")
    return said
