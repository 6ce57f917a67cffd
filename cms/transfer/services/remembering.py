"""The memory of imports: which item became which row, and what it said then."""

from datetime import datetime

from cms.core.database import db
from cms.transfer.models import ImportedItem


def remember(
    source: str, *, kind: str, target_id: int, digest: str = "", version: int | None = None, at: datetime
) -> None:
    """Note what an item became, in place of what was noted before."""
    item = db.session.get(ImportedItem, source)
    if item is None:
        item = ImportedItem(source=source)
        db.session.add(item)
    item.kind, item.target_id, item.digest, item.version = kind, target_id, digest, version
    item.imported_at = at
    db.session.flush()
