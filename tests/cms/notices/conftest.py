"""Two kinds of notice for the tests: one everybody may see, one that `hidden` hides."""

from collections.abc import Callable, Collection, Iterator, Sequence

import pytest
from flask import Flask

from cms.core import clock
from cms.core.database import transaction
from cms.notices import kinds, services
from cms.notices.kinds import NoticeKind
from cms.people.models import Person

Tell = Callable[..., None]


@pytest.fixture
def hidden() -> set[str]:
    """Subjects that nobody may see."""
    return set()


@pytest.fixture(autouse=True)
def two_kinds(app: Flask, hidden: set[str]) -> Iterator[None]:
    """`text.praised`, mailed at once, and `text.read`, mailed in the digest."""

    def visible(person: Person, subjects: Collection[str]) -> Collection[str]:
        return set(subjects) - hidden

    before = app.extensions["parley_notices"]
    kinds.install(
        app,
        [
            NoticeKind(
                key="text.praised",
                label="Somebody praises a text of yours",
                sentence=lambda detail: f"{detail['who']} praises “{detail['title']}”",
                address=lambda subject, detail: f"/desk/{subject.replace(':', 's/')}",
                may_see=lambda person, subject: subject not in hidden,
                visible=visible,
            ),
            NoticeKind(
                key="text.read",
                label="Many read a text of yours",
                sentence=lambda detail: "Many read it",
                address=lambda subject, detail: "/desk",
                may_see=lambda person, subject: subject not in hidden,
                by_mail="digest",
                concerns=lambda person: True,
            ),
        ],
    )
    yield
    app.extensions["parley_notices"] = before


@pytest.fixture
def tell() -> Tell:
    """Tell somebody that a text is praised."""

    def told(
        to: Sequence[Person], subject: str = "post:1", *, kind: str = "text.praised", by: Person | None = None
    ) -> None:
        with transaction():
            detail = {"who": "Mira", "title": "Masts"}
            ids = [one.id for one in to]
            services.notify(kind, to=ids, subject=subject, by=by, at=clock.now(), detail=detail)

    return told
