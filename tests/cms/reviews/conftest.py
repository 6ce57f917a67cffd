"""What tests of reviews share: a section with three steps, and the people who are asked in them."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask

from cms.core import clock
from cms.core.database import transaction
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.models import Post
from cms.reviews import queries, services
from cms.reviews.queries import ReviewedPost
from cms.reviews.services import PlannedStep
from cms.topics.models import Section
from tests.factories import make_person, make_post, make_section, nadia


@dataclass
class Desk:
    """A section whose texts go by an expert, then by two lawyers, then by the chief editor."""

    section: Section
    author: Person
    expert: Person
    lawyers: tuple[Person, Person]
    chief: Person
    post_id: int = 0

    @property
    def review(self) -> ReviewedPost:
        """How it stands now."""
        return queries.get_review(self.post_id)

    @property
    def step_ids(self) -> list[int]:
        """Expert, legal, chief."""
        return [one.step.id for one in self.review.steps]

    @property
    def states(self) -> list[str]:
        """Of the three steps."""
        return [one.step.state for one in self.review.steps]

    def submit(self, words: str = "") -> None:
        """The author sends it for review."""
        with transaction():
            services.submit_post(self.post_id, words=words, by=self.author, at=clock.now())

    def decide(
        self, place: int, by: Person, verdict: str = "approved", words: str = "", *, revision_id: int = 0
    ) -> None:
        """Somebody says something in a step about the newest text, or the one named."""
        step_id, latest = self.step_ids[place], self.review.post.latest_revision_id
        with transaction():
            services.decide(
                step_id,
                verdict=verdict,
                words=words,
                revision_id=revision_id or latest,
                by=by,
                at=clock.now(),
            )

    def save(self, body: str, by: Person, wish: str = "") -> None:
        """Somebody saves a text."""
        ready = posts.prepare(title="Spring notes", body=body)
        with transaction():
            posts.save_revision(self.post_id, ready, by=by, at=clock.now(), wish=wish)

    def publish(self, by: Person | None = None, at: datetime | None = None) -> None:
        """Put the newest text before readers."""
        with transaction():
            posts.publish_post(self.post_id, by=by, at=at or clock.now())

    def approve_all(self) -> None:
        """Everybody says yes to the newest text."""
        self.decide(0, self.expert)
        for lawyer in self.lawyers:
            self.decide(1, lawyer)
        self.decide(2, self.chief)


TEXT = "The network is quiet in spring."


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A draft of an author, in a section with three steps; nobody is asked yet."""
    section = make_section()
    author = make_person("Arno Weber", "author")
    expert = make_person("Eva Stone", "expert")
    lawyers = (make_person("Lin Zhao", "manager"), make_person("Omar Said", "guest", handle="omar"))
    chief = nadia()
    found = Desk(section, author, expert, lawyers, chief)
    with transaction():
        services.set_plan(
            section.id,
            [
                PlannedStep({"en": "Expert check", "zh": "专家审核"}, people=(expert.id,), days=3),
                PlannedStep(
                    {"en": "Legal", "zh": "法务"}, mode="all", people=tuple(one.id for one in lawyers)
                ),
                PlannedStep({"en": "Chief editor", "zh": "主编"}, role="editor", days=1),
            ],
            by=chief,
            at=clock.now(),
        )
    post: Post = make_post(body=TEXT, publish=False, section=section, by=author)
    found.post_id = post.id
    return found
