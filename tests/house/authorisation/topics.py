"""The desk's pages about sections and tags."""

from cms.core.database import transaction
from cms.topics import services
from tests.factories import make_section, make_tag
from tests.house.authorisation import only

EDITORS = ("editor", "manager", "admin")


def section(rest: str = "") -> str:
    return f"/desk/sections/{make_section().id}{rest}"


def tag(rest: str = "") -> str:
    return f"/desk/tags/{make_tag().id}{rest}"


def a_synonym() -> str:
    row = make_tag()
    with transaction():
        services.add_synonym(row.id, "Fifth generation")
    return f"/desk/tags/{row.id}/synonyms/removal"


ROWS = {
    "topics.list_topics GET": only(*EDITORS, at="/desk/topics"),
    "topics.create_section POST": only(*EDITORS, at="/desk/sections"),
    "topics.order_sections POST": only(*EDITORS, at="/desk/sections/order"),
    "topics.edit_section GET": only(*EDITORS, at=section),
    "topics.save_section POST": only(*EDITORS, at=section),
    "topics.archive_section POST": only(*EDITORS, at=lambda: section("/archive")),
    "topics.restore_section POST": only(*EDITORS, at=lambda: section("/archive/removal")),
    "topics.list_tags GET": only(*EDITORS, at="/desk/tags"),
    "topics.delete_section POST": only(*EDITORS, at=lambda: section("/removal")),
    "topics.create_tag POST": only(*EDITORS, at="/desk/tags"),
    "topics.edit_tag GET": only(*EDITORS, at=tag),
    "topics.save_tag POST": only(*EDITORS, at=tag),
    "topics.add_synonym POST": only(*EDITORS, at=lambda: tag("/synonyms")),
    "topics.remove_synonym POST": only(*EDITORS, at=a_synonym, data={"word": "fifth-generation"}),
    "topics.merge_tag POST": only(*EDITORS, at=lambda: tag("/merger")),
    "topics.delete_tag POST": only(*EDITORS, at=lambda: tag("/removal")),
}
