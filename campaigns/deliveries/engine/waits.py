"""How long to wait before the next try. Pure: the dice are given."""

import random
from datetime import datetime, timedelta

from campaigns.channels.adapter import Later

CLAIM = timedelta(
    seconds=120
)  # of a claim before its first call: composing and converting pictures happen in it
GRACE = timedelta(seconds=30)  # of a lease after the deadline of a call, to write down how it ended
MOST_ATTEMPTS = 10  # then it is refused, and a person decides
MOST_CRASHES = 3  # claims that ended without a word: then it is parked
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
JITTER = 0.2
LOOKS = tuple(
    timedelta(seconds=one) for one in (10, 60, 180, 900, 3600, 6 * 3600)
)  # after an answer was lost
BELIEVED_AFTER = timedelta(minutes=2)  # what is missing earlier may still be on its way
LONGEST_FINISHING = timedelta(hours=24)
LONGEST_ASKING = timedelta(minutes=5)
MOST_WISH_TRIES = 12


def until(later: Later, *, attempt: int, at: datetime, dice: random.Random) -> datetime:
    """When to try again what was put off: as the network asked, else twice as long as before, more or less."""
    if later.until is not None:
        return max(at, later.until)
    if later.after is not None:
        return at + timedelta(seconds=later.after)
    return at + growing(attempt, dice)


def growing(attempt: int, dice: random.Random) -> timedelta:
    """After the first, second … try: 30 seconds, a minute … two hours at most, give or take a fifth."""
    usual = min(FIRST_WAIT * (1 << min(max(attempt, 1) - 1, 20)), LONGEST_WAIT)
    return usual + usual * (JITTER * (2 * dice.random() - 1))


def next_look(lookups: int, *, at: datetime) -> datetime | None:
    """When to look again after so many looks; None when that was the last."""
    return at + LOOKS[lookups] if lookups < len(LOOKS) else None


def next_asking(after: float, *, asked: int) -> timedelta:
    """How long a network that is not done with something is left alone: never shorter than it said."""
    said = timedelta(seconds=max(after, 0.5))
    return max(said, min(said * (1 << min(asked // 5, 10)), LONGEST_ASKING))
