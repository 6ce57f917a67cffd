"""People, as their profile pages show them."""

from flask import Response
from flask_babel import lazy_gettext as _

from cms.api import presenting, queries
from cms.api.answering import answer
from cms.api.cursors import cut, read_number
from cms.api.operations import operation
from cms.api.rules import can_call, can_see_profile
from cms.api.schemas.people import PeopleAsked, Person, PersonList
from cms.api.views import bp
from cms.core.access import allowed, person
from cms.core.errors import NotFound
from cms.media.queries import portraits_of
from cms.people.rules import can_see_people


@bp.get("/people")
@allowed(can_call)
@operation("people", _("List people"), scope="people:read", query=PeopleAsked, answer=PersonList)
def list_people(asked: PeopleAsked) -> Response:
    """Those who write here, and guests; all accounts for those who look after them."""
    by = person()
    found = queries.people(person=by, before=read_number("people", asked.cursor), limit=asked.limit)
    rows, following = cut("people", found, asked.limit, lambda one: one.id)
    portraits, with_role = portraits_of([row.id for row in rows]), can_see_people(by)
    return answer(
        PersonList(
            items=[
                presenting.person(row, portrait=portraits.get(row.id), with_role=with_role) for row in rows
            ],
            next=following,
        )
    )


@bp.get("/people/<handle>")
@allowed(can_call)
@operation("people", _("Read about somebody"), scope="people:read", answer=Person)
def show_person(handle: str) -> Response:
    """By handle; an old one leads to who had it."""
    by, found = person(), queries.get_profile(handle)
    if not can_see_profile(by, found):
        raise NotFound
    portrait = portraits_of([found.id]).get(found.id)
    return answer(presenting.person(found, portrait=portrait, with_role=can_see_people(by)))
