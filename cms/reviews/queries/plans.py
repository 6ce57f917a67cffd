"""Which steps there are, section by section."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from cms.core.database import db
from cms.people.models import Person
from cms.reviews.models import ReviewPlan


def plans_by_scope() -> dict[str, ReviewPlan]:
    """Every plan, by what it is for: `default`, `section:12`."""
    return {one.scope: one for one in db.session.scalars(select(ReviewPlan))}


def people_in(steps: Sequence[Mapping[str, Any]]) -> dict[int, Person]:
    """Everybody named in the steps of a plan, by number."""
    ids = {number for one in steps for number in one["people"]}
    return (
        {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}
    )
