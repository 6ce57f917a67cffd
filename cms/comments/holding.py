"""Whether a comment appears at once or waits, and why. Layers, each of which can only make it wait and is named to the
writer: nothing is refused or lost for looking like spam."""

import re
from dataclasses import dataclass
from datetime import datetime

from cms.comments.models import Standing
from cms.comments.subjects import Subject
from cms.people.models import Person

FASTEST = 4.0  # seconds in which nobody reads a form and fills it in
LIKE_SPAM = 0.9
SURELY_SPAM = 0.99  # holds even those who are trusted
TRUSTED = 5  # comments let through, and none hidden among as many
_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)


@dataclass(frozen=True)
class Signals:
    """What the way a form came says about who sent it. `age` in seconds since it was opened, None where there is none,
    such as in the API."""

    age: float | None = None
    is_trap_filled: bool = False


def count_links(text: str) -> int:
    """Addresses in a text, as links or plain."""
    return len(_LINK.findall(text))


def level(person: Person | None, standing: Standing | None) -> int:
    """How far somebody is trusted: 0 a stranger, 1 known, 2 trusted, 3 one of us."""
    if person is not None and person.is_staff:
        return 3
    if person is None or standing is None or standing.approved == 0:
        return 0
    return 2 if standing.approved >= TRUSTED and standing.approved > 4 * standing.refused else 1


MOST_LINKS = {0: 0, 1: 2, 2: 5, 3: 20}


def reasons_to_hold(
    text: str,
    *,
    subject: Subject,
    by: Person | None,
    standing: Standing | None,
    signals: Signals,
    score: float,
    at: datetime,
) -> list[str]:
    """Why this waits for a moderator; nothing when it appears at once. Who decides here, or wrote the subject, never
    waits for themselves."""
    if by is not None and (subject.may_moderate(by) or by.id in subject.author_ids):
        return []
    trust = level(by, standing)
    found = [
        ("moderated", subject.policy.kind == "moderated" and trust < 3),
        ("visitor", by is None),
        ("first", by is not None and trust == 0),
        ("refused", standing is not None and standing.refused > standing.approved),
        ("links", count_links(text) > MOST_LINKS[trust]),
        ("trap", signals.is_trap_filled),
        ("fast", signals.age is not None and signals.age < FASTEST),
        ("words", trust < 3 and score >= (SURELY_SPAM if trust == 2 else LIKE_SPAM)),
    ]
    return [reason for reason, is_so in found if is_so]
