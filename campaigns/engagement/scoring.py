"""Saying who did what, line after line, with what came in the seconds before; and saying it again for raw."""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from campaigns.engagement.classify import VERSION, Rule, classify
from campaigns.engagement.lines import Line
from campaigns.engagement.places import Place
from campaigns.engagement.store import Event, Store
from campaigns.engagement.watch import LONGEST_MEMORY, Watch
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
