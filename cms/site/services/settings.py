"""Changing the settings of the site."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cms.core.database import db
from cms.core.pagecache import touch
from cms.people import audit
from cms.people.models import Person
from cms.site.models import SiteSettings
from cms.site.queries.site import get_settings


def change_settings(wanted: Mapping[str, Any], *, by: Person | None, at: datetime) -> list[str]:
    """Store these settings, by column, and leave the others; the names of those that changed, which the audit log
    keeps too."""
    row = get_settings()
    known = {name for name in SiteSettings.__table__.columns.keys() if name not in ("id", "updated_at")}  # noqa: SIM118
    assert wanted.keys() <= known
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(row, name, wanted[name])
    row.updated_at = at
    db.session.add(row)
    db.session.flush()
    audit.record("site.changed", "site", by=by, at=at, detail={"changed": changed})
    touch("site")
    return changed
