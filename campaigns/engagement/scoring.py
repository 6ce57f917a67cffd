"""Saying who did what, line after line, with what came in the seconds before; and saying it again for raw."""

from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import select

from campaigns.engagement.classify import RULES, VERSION, Rule, classify
from campaigns.engagement.lines import Line
from campaigns.engagement.places import Place
from campaigns.engagement.store import Event, Store
from campaigns.engagement.store.columns import CLICK, VIEW, Batch, Words
from campaigns.engagement.store.grouping import Numbers, group
from campaigns.engagement.watch import FRESH, LONGEST_MEMORY, TRAP, Seen, Watch
from cms.core.database import db
from cms.posts.models import Post


class Scorer:
    """One for each store that this process adds to. Begins with the last hour of what was added up before."""

    def __init__(self) -> None:
        self.watch = Watch()

    @classmethod
    def after(cls, store: Store) -> "Scorer":
        """That goes on where a process of before ended."""
        made = cls()
        events = store.tail(LONGEST_MEMORY)
        published = published_at({event.post for event in events if event.post})
        for event in events:
            made.rule_of(
                event.line, Place(event.post, event.link, event.campaign), published.get(event.post or 0)
            )
        return made

    def rules_of(self, batch: Batch, published: Numbers) -> Words:
        """Which rule fits each; `batch` knows its places, and `published` is when the post of each was, or nought.

        Most lines are judged by what their browser says alone, once for all that say the same. Those that rules look
        at more closely, or that are of somebody who followed a decoy, are seen one after the other.
        """
        agents = batch.browser.become(lambda said: said[4])
        first, of = group((batch.how.codes, agents.codes))
        alike = list(batch.some(first))
        rules = Words.of([*map(classify, alike), *RULES])
        codes, number = rules.codes[of], {rule: code for code, rule in enumerate(rules.words)}
        closely = (
            (batch.kind == VIEW) & (published != 0) & (batch.at >= published) & (batch.at < published + FRESH)
        )
        trapped = batch.how.each(lambda how: TRAP in how[1], np.bool_)
        suspects = np.append(batch.visitor[trapped], self.watch.trapped)
        if len(suspects):
            closely |= trapped | np.isin(batch.visitor, suspects)
        rows, lines = np.flatnonzero(closely | (batch.kind == CLICK)), batch.some(np.flatnonzero(closely))
        judged: dict[
            tuple[int, int, int], int
        ] = {}  # what is alike, and how many links were followed at once
        places = batch.place.take(rows).list()
        columns = (batch.at, batch.visitor, of, published, closely)
        values = zip(*(one[rows].tolist() for one in columns), strict=True)
        words = batch.subject.take(rows).list(), batch.origin.take(rows).list()
        for row, (at, visitor, kind, when, is_close), (post, link, campaign), subject, (network, _) in zip(
            rows.tolist(), values, places, *words, strict=True
        ):
            if is_close:
                codes[row] = number[self.rule_of(next(lines), Place(post, link, campaign), when or None)]
                continue
            case = kind, *self.watch.links(at, subject, visitor, network, campaign, post)
            if case not in judged:
                judged[case] = number[classify(alike[kind], Seen(*case[1:]))]
            codes[row] = judged[case]
        return Words(codes, rules.words).become(lambda rule: (rule.verdict, rule.id, VERSION))

    def rule_of(self, line: Line, place: Place, published: int | None) -> Rule:
        """Which rule fits. `published`: when its post was, in milliseconds."""
        seen = self.watch.see(line, post=place.post, campaign=place.campaign, published=published)
        return classify(line, seen)


def rescore(store: Store, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Score all raw again by the present table of rules, and add it up again. Gives the number of events."""
    scorer = Scorer()

    def score(events: Sequence[Event]) -> None:
        published = published_at({event.post for event in events if event.post})
        for event in events:
            place = Place(event.post, event.link, event.campaign)
            rule = scorer.rule_of(event.line, place, published.get(event.post or 0))
            event.verdict, event.rule, event.version = rule.verdict, rule.id, VERSION

    return store.rebuild(score=score, progress=progress)


def published_at(posts: set[int]) -> dict[int, int]:
    """When these were first published, in milliseconds."""
    if not posts:
        return {}
    query = select(Post.id, Post.first_published_at).where(Post.id.in_(posts))
    return {post: round(at.timestamp() * 1000) for post, at in db.session.execute(query) if at is not None}
