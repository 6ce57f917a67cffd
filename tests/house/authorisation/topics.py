"""The desk's pages about sections and tags."""

from tests.factories import make_section, make_tag
from tests.house.authorisation import only

EDITORS = ("editor", "manager", "admin")


def section(rest: str = "") -> str:
    return f"/desk/sections/{make_section().id}{rest}"


def tag(rest: str = "") -> str:
    return f"/desk/tags/{make_tag().id}{rest}"


ROWS = {
    "topics.list_topics GET": only(*EDITORS, at="/desk/topics"),
    "topics.create_section POST": only(*EDITORS, at="/desk/sections"),
    "topics.order_sections POST": only(*EDITORS, at="/desk/sections/order"),
    "topics.edit_section GET": only(*EDITORS, at=section),
    "topics.save_section POST": only(*EDITORS, at=section),
    "topics.delete_section POST": only(*EDITORS, at=lambda: section("/removal")),
    "topics.create_tag POST": only(*EDITORS, at="/desk/tags"),
    "topics.edit_tag GET": only(*EDITORS, at=tag),
    "topics.save_tag POST": only(*EDITORS, at=tag),
    "topics.merge_tag POST": only(*EDITORS, at=lambda: tag("/merger")),
    "topics.delete_tag POST": only(*EDITORS, at=lambda: tag("/removal")),
}
