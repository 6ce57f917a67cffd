"""What the words of a comment look like, learned from what moderators decided. Naive Bayes, as small as it can be.

Words that a decision has not seen yet say nothing. The answer is a hint to hold a comment, never to remove one.
"""

import math
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from sqlalchemy import select

from cms.comments.models import SpamWord
from cms.core.database import db
from cms.core.text import search_terms
from cms.posts.wording import first_address

FEWEST = 8  # decisions of each kind before the words are asked at all
MOST_WORDS = 300
SPEAKING = 20  # only the words that say most count, so that a long text hides nothing
NEUTRAL = 0.5
TOTAL = ""  # the word that counts comments


def features(text: str) -> set[str]:
    """The words of a text, and the host it links to first."""
    words = list(dict.fromkeys(one for one in search_terms(text) if 1 < len(one) <= 34))[:MOST_WORDS]
    address = first_address(text)
    host = urlsplit(address).hostname if address else None
    return {*words, *([f"host:{host}"[:40]] if host else [])}


def spam_score(text: str) -> float:
    """From 0 (like what was let through) to 1 (like what was called spam); `NEUTRAL` until enough was decided."""
    words = features(text)
    rows = db.session.scalars(select(SpamWord).where(SpamWord.word.in_([*words, TOTAL])))
    counts = {row.word: (row.good, row.bad) for row in rows}
    return weigh(words, counts)


def weigh(words: Iterable[str], counts: Mapping[str, tuple[int, int]]) -> float:
    """The probability that these words are spam. Pure, so that it can be checked by hand."""
    good, bad = counts.get(TOTAL, (0, 0))
    if good < FEWEST or bad < FEWEST:
        return NEUTRAL
    weights = []
    for word in words:
        in_good, in_bad = counts.get(word, (0, 0))
        if in_good + in_bad:
            odds = ((in_bad + 0.5) / (bad + 1)) / ((in_good + 0.5) / (good + 1))
            weights.append(math.log(odds))
    total = sum(sorted(weights, key=abs, reverse=True)[:SPEAKING])
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def learn(text: str, *, is_spam: bool, times: int = 1) -> None:
    """Remember what a moderator decided about these words; `times=-1` takes it back. Inside a transaction."""
    words = sorted({*features(text), TOTAL})
    known = {
        row.word: row
        for row in db.session.scalars(select(SpamWord).where(SpamWord.word.in_(words)).with_for_update())
    }
    for word in words:
        row = known.get(word)
        if row is None:
            if times < 0:
                continue
            row = SpamWord(word=word, good=0, bad=0)
            db.session.add(row)
        if is_spam:
            row.bad = max(0, row.bad + times)
        else:
            row.good = max(0, row.good + times)
    db.session.flush()
