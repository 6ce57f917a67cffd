"""What an archive holds: every table and every file, but nothing that lets somebody in and no machinery."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Column, ForeignKey, Table

from cms.core import sealed
from cms.core.database import Base

FORMAT = "parley-archive"
VERSION = 1

LEFT_OUT = {  # table: why. Rooms below add theirs, see `wiring.py`
    "sign_ins": "who is signed in where",
    "one_time_links": "links that let somebody in",
    "invitations": "links that let somebody in",
    "contribution_links": "links that let somebody in",
    "calendar_feeds": "addresses that are secrets",
    "circle_links": "links that let somebody in",
    "circle_feeds": "addresses that are secrets",
    "api_tokens": "secrets of programs",
    "second_steps": "secrets of the second step",
    "recovery_codes": "secrets of the second step",
    "attempts": "counts of tries, kept for a day",
    "remembered_answers": "answers of the API, kept for a day",
    "outgoing_mail": "letters on their way, some with links that let somebody in",
    "heartbeats": "when workers were last seen",
    "page_changes": "which kept pages are out of date",
}
BLANKED: Mapping[tuple[str, str], Any] = {  # (table, column): what stands there instead
    ("people", "password_hash"): None,
}


@dataclass(frozen=True)
class Contents:
    """The tables that are carried, parents first where there is an order, and what is blanked in them."""

    tables: tuple[Table, ...]
    left_out: Mapping[str, str]
    blanked: Mapping[tuple[str, str], Any]

    def columns(self, table: Table) -> list[Column[Any]]:
        """The columns whose values are carried: not those that are blanked or point into a table that is left out."""
        return [
            column
            for column in table.columns
            if (table.name, column.name) not in self.blanked
            and not any(self._leads_out(key) for key in column.foreign_keys)
        ]

    def blanks(self, table: Table) -> dict[str, Any]:
        """What stands in the columns that are not carried; what is not named here holds nothing."""
        return {name: value for (where, name), value in self.blanked.items() if where == table.name}

    def _leads_out(self, key: ForeignKey) -> bool:
        return key.column.table.name in self.left_out


def contents() -> Contents:
    """Of the running application, with what its rooms leave out. Encrypted columns are blanked wherever they are."""
    added: Mapping[str, str] = current_app.extensions.get("parley_left_out", {})
    left_out = {**LEFT_OUT, **added}
    encrypted = {(one.column.class_.__tablename__, one.column.key): "" for one in sealed.columns()}
    tables = tuple(table for table in Base.metadata.sorted_tables if table.name not in left_out)
    return Contents(tables, left_out, {**BLANKED, **encrypted})
