"""Changing the settings of the site."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cms.core.database import db
from cms.core.pagecache import touch
from cms.people import audit
from cms.people.models import Person
from cms.site.models import SiteSettings


@dataclass(frozen=True)
class Wanted:
    """The settings as somebody wants them to be."""

    name: dict[str, str]
    tagline: dict[str, str]
    accent: str
    footer_links: list[dict[str, Any]]
    feed_content: str
    feed_items: int
    hold_back_minutes: int
    podcast: dict[str, Any] = field(default_factory=dict)


def change_settings(wanted: Wanted, *, by: Person | None, at: datetime) -> list[str]:
    """Store the settings; the names of those that changed, which the audit log keeps too."""
    row = db.session.get(SiteSettings, 1)
    if row is None:
        row = SiteSettings(id=1, name={}, tagline={}, updated_at=at)
        db.session.add(row)
    changed = [name for name, value in asdict(wanted).items() if getattr(row, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(row, name, getattr(wanted, name))
    row.updated_at = at
    db.session.flush()
    audit.record("site.changed", "site", by=by, at=at, detail={"changed": changed})
    touch("site")
    return changed
